import Kernels

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
    /// 0 or -infinity for each key and query, rows of `rowStride(queries)`; empty for none.
    let mask: [Float]
    /// The keys that each block of `blockSize` queries sees, first and end one after the other; empty for all.
    let ranges: [Int32]
    let keep: Float
    let seed: UInt32

    private var width: Int { heads * depth }
    /// The queries of one block.
    static let blockSize = Int(PB_ATTENTION_QUERIES)

    private func withC(_ body: (borrowing pb_attention, inout [Float]) -> Void) {
      let queryEnd = queryOffset + (batch * queries - 1) * queryStride + width
      let end = (batch - 1) * sequenceStride + (time - 1) * stride + width
      precondition(batch > 0 && queries > 0 && time > 0 && queryEnd <= q.count)
      precondition(max(keyOffset, valueOffset) + end <= keyValues.count)
      precondition(mask.isEmpty || mask.count == time * rowStride(queries))
      precondition(ranges.isEmpty || ranges.count == (queries + Self.blockSize - 1) / Self.blockSize * 2)
      precondition(ranges.allSatisfy { (0...Int32(time)).contains($0) })
      var scratch = uninitialized(pb_attention_scratch(time, depth))
      unsafe q.withUnsafeBufferPointer { q in
        unsafe keyValues.withUnsafeBufferPointer { rows in
          unsafe mask.withUnsafeBufferPointer { mask in
            unsafe ranges.withUnsafeBufferPointer { ranges in
              let attention = unsafe pb_attention(
                batch: batch, time: time, queries: queries, heads: heads, depth: depth, q_stride: queryStride,
                kv_stride: stride, kv_batch: sequenceStride, q: q.baseAddress.map { unsafe $0 + queryOffset },
                k: rows.baseAddress.map { unsafe $0 + keyOffset }, v: rows.baseAddress.map { unsafe $0 + valueOffset },
                mask: mask.isEmpty ? nil : mask.baseAddress, mask_stride: rowStride(queries),
                ranges: ranges.isEmpty ? nil : ranges.baseAddress, keep: keep, seed: seed)
              unsafe body(attention, &scratch)
            }
          }
        }
      }
    }

    /// The outputs [batch * queries, width], and the logarithm of each query's sum for `backward`.
    func forward() -> (out: [Float], logarithms: [Float]) {
      var out = uninitialized(batch * queries * width)
      var logarithms = uninitialized(batch * heads * queries)
      unsafe withC { attention, scratch in
        unsafe withUnsafePointer(to: attention) { unsafe pb_attention_forward($0, &out, &logarithms, &scratch) }
      }
      return (out, logarithms)
    }

    /// The gradients of q and of the rows of keys and values, laid out as those; what is neither stays zero.
    func backward(
      _ out: [Float], _ logarithms: [Float], _ gradient: [Float]
    ) -> (q: [Float], keyValues: [Float]) {
      precondition(out.count == batch * queries * width && gradient.count == out.count)
      precondition(logarithms.count == batch * heads * queries)
      var (dq, rows) = ([Float](repeating: 0, count: q.count), [Float](repeating: 0, count: keyValues.count))
      unsafe withC { attention, scratch in
        unsafe dq.withUnsafeMutableBufferPointer { dq in
          unsafe rows.withUnsafeMutableBufferPointer { rows in
            guard let startQ = dq.baseAddress, let start = rows.baseAddress else { return }
            unsafe withUnsafePointer(to: attention) {
              unsafe pb_attention_backward(
                $0, out, logarithms, gradient, startQ + queryOffset, start + keyOffset, start + valueOffset, &scratch)
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
