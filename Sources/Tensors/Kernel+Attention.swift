import Kernels
import Safepoint

extension Kernel {
  /// Sizes, rows and dropout of attention; k and v are two halves of rows of `keyValues`.
  struct Attention {
    let batch, time, queries, heads, depth: Int
    /// Floats from one row of `q` to the next, and where the queries begin in the first.
    let queryStride, queryOffset: Int
    /// Floats from one row of `keyValues` to the next, where keys and values begin in it, and from one sequence's rows to
    /// the next sequence's.
    let stride, keyOffset, valueOffset, sequenceStride: Int
    let q, keyValues: [Float]
    /// What the queries see of the keys, and the positions of the first query and key in their sequence; nil where each sees
    /// all.
    let sees: (rule: AttentionMask, query: Int, key: Int)?
    let keep: Float
    let seed: UInt32
    /// The mask of all queries, where it is kept for the gradient.
    private var prepared: (mask: [Float], ranges: [Int32])?

    init(
      batch: Int, time: Int, queries: Int, heads: Int, depth: Int, queryStride: Int, queryOffset: Int, stride: Int,
      keyOffset: Int, valueOffset: Int, sequenceStride: Int, q: [Float], keyValues: [Float],
      sees: (rule: AttentionMask, query: Int, key: Int)?, keep: Float = 1, seed: UInt32 = 0
    ) {
      (self.batch, self.time, self.queries, self.heads, self.depth) = (batch, time, queries, heads, depth)
      (self.queryStride, self.queryOffset, self.stride) = (queryStride, queryOffset, stride)
      (self.keyOffset, self.valueOffset, self.sequenceStride) = (keyOffset, valueOffset, sequenceStride)
      (self.q, self.keyValues, self.sees, self.keep, self.seed) = (q, keyValues, sees, keep, seed)
      if fitsAtOnce { prepared = mask(of: 0..<queries) }
    }

    /// Whether the mask of all queries is small enough to be laid out.
    private var fitsAtOnce: Bool { sees == nil || time * rowStride(queries) <= Self.largestMask }

    private func mask(of queries: Range<Int>) -> (mask: [Float], ranges: [Int32]) {
      guard let sees else { return ([], []) }
      return sees.rule.values(
        queries: queries.count, from: sees.query + queries.lowerBound, keys: sees.key..<sees.key + time)
    }

    private var width: Int { heads * depth }
    /// The queries of one block.
    static let blockSize = Int(PB_ATTENTION_QUERIES)

    /// Some queries of some sequences, which run at once.
    private struct Part {
      let sequences, queries: Range<Int>
    }

    /// The largest mask that is laid out at once, in floats.
    static let largestMask = 1 << 22

    /// All queries at once, or where their mask would be large, block by block.
    private var parts: [Part] {
      guard !fitsAtOnce else {
        return [Part(sequences: 0..<batch, queries: 0..<queries)]
      }
      let size = max(1, Self.largestMask / time / Self.blockSize) * Self.blockSize
      return (0..<batch).flatMap { b in
        Swift.stride(from: 0, to: queries, by: size).map { first in
          Part(sequences: b..<b + 1, queries: first..<min(first + size, queries))
        }
      }
    }

    /// Runs `body` for every part until the work must stop.
    private func run(_ body: (Part, borrowing pb_attention, inout [Float]) -> Void) {
      let queryEnd = queryOffset + (batch * queries - 1) * queryStride + width
      let end = (batch - 1) * sequenceStride + (time - 1) * stride + width
      precondition(batch > 0 && queries > 0 && time > 0 && queryEnd <= q.count)
      precondition(max(keyOffset, valueOffset) + end <= keyValues.count)
      var scratch = uninitialized(pb_attention_scratch(time, depth))
      for part in parts {
        if Safepoint.mustStop(after: 0) { break }
        unsafe withC(part) { unsafe body(part, $0, &scratch) }
      }
    }

    private func withC(_ part: Part, _ body: (borrowing pb_attention) -> Void) {
      let count = part.queries.count
      let (mask, ranges) = prepared ?? mask(of: part.queries)
      precondition(mask.isEmpty || mask.count == time * rowStride(count))
      precondition(ranges.isEmpty || ranges.count == (count + Self.blockSize - 1) / Self.blockSize * 2)
      precondition(ranges.allSatisfy { (0...Int32(time)).contains($0) })
      let first = queryOffset + (part.sequences.lowerBound * queries + part.queries.lowerBound) * queryStride
      let row = part.sequences.lowerBound * sequenceStride
      unsafe q.withUnsafeBufferPointer { q in
        unsafe keyValues.withUnsafeBufferPointer { rows in
          unsafe mask.withUnsafeBufferPointer { mask in
            unsafe ranges.withUnsafeBufferPointer { ranges in
              let attention = unsafe pb_attention(
                first_head: part.sequences.lowerBound * heads, first_query: part.queries.lowerBound,
                all_queries: queries, accumulate: part.queries.lowerBound > 0 ? 1 : 0,
                batch: part.sequences.count, time: time, queries: count, heads: heads, depth: depth,
                q_stride: queryStride, kv_stride: stride, kv_batch: sequenceStride,
                q: q.baseAddress.map { unsafe $0 + first },
                k: rows.baseAddress.map { unsafe $0 + row + keyOffset },
                v: rows.baseAddress.map { unsafe $0 + row + valueOffset },
                mask: mask.isEmpty ? nil : mask.baseAddress, mask_stride: rowStride(count),
                ranges: ranges.isEmpty ? nil : ranges.baseAddress, keep: keep, seed: seed)
              unsafe body(attention)
            }
          }
        }
      }
    }

    /// Where the output of a part begins, and the logarithms of its first head.
    private func places(_ part: Part) -> (out: Int, logarithms: Int) {
      let (b, first) = (part.sequences.lowerBound, part.queries.lowerBound)
      return ((b * queries + first) * width, b * heads * queries + first)
    }

    /// The outputs [batch * queries, width], and the logarithm of each query's sum for `backward`.
    func forward() -> (out: [Float], logarithms: [Float]) {
      var out = uninitialized(batch * queries * width)
      var logarithms = uninitialized(batch * heads * queries)
      unsafe run { part, attention, scratch in
        let place = places(part)
        unsafe out.withUnsafeMutableBufferPointer { out in
          unsafe logarithms.withUnsafeMutableBufferPointer { logarithms in
            guard let out = out.baseAddress, let logarithms = logarithms.baseAddress else { return }
            unsafe withUnsafePointer(to: attention) {
              unsafe pb_attention_forward($0, out + place.out, logarithms + place.logarithms, &scratch)
            }
          }
        }
      }
      return (out, logarithms)
    }

    /// The gradients of q and of the rows of keys and values, laid out as those; what is neither stays zero.
    func backward(
      _ out: [Float], _ logarithms: [Float], _ gradient: [Float]
    ) -> (q: [Float], keyValues: [Float]) {
      precondition(out.count == batch * queries * width && gradient.count == out.count)
      precondition(logarithms.count == batch * heads * queries)
      var (dq, rows) = (zeros(q.count), zeros(keyValues.count))
      unsafe run { part, attention, scratch in
        let place = places(part)
        let query = queryOffset + place.out / width * queryStride
        let row = part.sequences.lowerBound * sequenceStride
        unsafe dq.withUnsafeMutableBufferPointer { dq in
          unsafe rows.withUnsafeMutableBufferPointer { rows in
            unsafe out.withUnsafeBufferPointer { out in
              unsafe logarithms.withUnsafeBufferPointer { logarithms in
                unsafe gradient.withUnsafeBufferPointer { gradient in
                  guard let startQ = dq.baseAddress, let start = rows.baseAddress, let out = out.baseAddress,
                    let logarithms = logarithms.baseAddress, let gradient = gradient.baseAddress
                  else { return }
                  unsafe withUnsafePointer(to: attention) {
                    unsafe pb_attention_backward(
                      $0, out + place.out, logarithms + place.logarithms, gradient + place.out, startQ + query,
                      start + row + keyOffset, start + row + valueOffset, &scratch)
                  }
                }
              }
            }
          }
        }
      }
      return (dq, rows)
    }
  }

  static func dropout(_ x: [Float], keep: Float, seed: UInt32) -> [Float] {
    var y = uninitialized(x.count)
    unsafe pb_dropout(x.count, seed, keep, x, &y)
    return y
  }

  static func reluDropout(_ x: [Float], keep: Float, seed: UInt32) -> [Float] {
    var y = uninitialized(x.count)
    unsafe pb_relu_dropout(x.count, seed, keep, x, &y)
    return y
  }

  /// The gradient of `reluDropout` from what came out of it.
  static func reluDropoutBackward(_ y: [Float], _ dy: [Float], keep: Float) -> [Float] {
    precondition(y.count == dy.count)
    var dx = uninitialized(y.count)
    unsafe pb_relu_dropout_backward(y.count, keep, y, dy, &dx)
    return dx
  }
}
