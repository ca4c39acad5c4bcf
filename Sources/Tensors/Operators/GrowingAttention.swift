/// Attention of all positions of one sequence that grows to one another, without a mask.
///
/// A new key adds a term to the sums of every earlier query, into which it is merged; none is worked out again.
public struct GrowingAttention {
  private let heads, width: Int
  private var count = 0
  private var queries: [Float] = [], keyValues: [Float] = [], out: [Float] = []
  /// The logarithm of the sum of each query, one list a head.
  private var logarithms: [[Float]]

  /// The attention before the first position of vectors of `width` numbers.
  public init(width: Int, heads: Int) {
    (self.width, self.heads) = (width, heads)
    logarithms = Array(repeating: [], count: heads)
  }

  /// The outputs [1, positions so far, D] of every position, after the next ones x [1, time, D].
  public mutating func next(_ x: Tensor, _ weights: AttentionWeights) -> Tensor {
    let time = x.shape[1]
    let fresh = weights.project(x.values, rows: time, 1..<3)
    if count > 0 { merge(attend(queries, count, to: fresh, time)) }
    keyValues.append(inPieces: fresh)
    let asked = weights.project(x.values, rows: time, 0..<1)
    let part = attend(asked, time, to: keyValues, count + time)
    queries.append(inPieces: asked)
    out.append(inPieces: part.out)
    for h in 0..<heads { logarithms[h] += part.logarithms[h * time..<(h + 1) * time] }
    count += time
    return Tensor(out, [1, count, width])
  }

  private func attend(
    _ queries: [Float], _ queryCount: Int, to keyValues: [Float], _ keyCount: Int
  ) -> (out: [Float], logarithms: [Float]) {
    Kernel.Attention(
      batch: 1, time: keyCount, queries: queryCount, heads: heads, depth: width / heads, queryStride: width,
      queryOffset: 0, stride: 2 * width, keyOffset: 0, valueOffset: width, sequenceStride: keyCount * 2 * width,
      q: queries, keyValues: keyValues, sees: nil
    ).forward()
  }

  /// Weighs what the earlier queries found among new keys by the shares of these in the sums.
  private mutating func merge(_ part: (out: [Float], logarithms: [Float])) {
    let depth = width / heads
    for h in 0..<heads {
      let gains = (0..<count).map { part.logarithms[h * count + $0] - logarithms[h][$0] }
      let shares = Kernel.sigmoid(gains)
      logarithms[h] = Kernel.add(logarithms[h], Kernel.softplus(gains))
      for (t, share) in shares.enumerated() {
        let start = t * width + h * depth
        for k in start..<start + depth { out[k] += share * (part.out[k] - out[k]) }
      }
    }
  }
}
