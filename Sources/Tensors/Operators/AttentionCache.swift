/// The keys and values of all positions so far of sequences that grow, so that a new position costs one row of scores.
public struct AttentionCache: Sendable {
  private let batch, width: Int
  /// The positions so far.
  public private(set) var count = 0
  /// Keys and values of each position side by side, [batch, capacity, 2 width].
  private var rows: [Float] = []
  private var capacity = 0

  /// The cache before the first position of `batch` sequences.
  public init(batch: Int, width: Int) { (self.batch, self.width) = (batch, width) }

  private mutating func append(_ fresh: [Float], _ time: Int) {
    let size = 2 * width
    if count + time > capacity {
      let wider = max(64, 2 * (count + time))
      var moved = Kernel.zeros(batch * wider * size)
      for b in 0..<batch {
        moved.copy(from: rows, b * capacity * size, to: b * wider * size, count: count * size)
      }
      (rows, capacity) = (moved, wider)
    }
    for b in 0..<batch {
      let start = (b * capacity + count) * size
      rows.copy(from: fresh, b * time * size, to: start, count: time * size)
    }
    count += time
  }

  fileprivate mutating func attend(_ x: Tensor, _ weights: AttentionWeights, _ options: AttentionOptions) -> Tensor {
    let time = x.shape[1]
    append(weights.project(x.values, rows: batch * time, 1..<3), time)
    let mask = options.sees ?? .causal
    let start = mask.firstKey(query: count - time)
    let kernel = Kernel.Attention(
      batch: batch, time: count - start, queries: time, heads: options.heads, depth: width / options.heads,
      queryStride: width, queryOffset: 0, stride: 2 * width, keyOffset: start * 2 * width,
      valueOffset: start * 2 * width + width,
      sequenceStride: capacity * 2 * width, q: weights.project(x.values, rows: batch * time, 0..<1), keyValues: rows,
      sees: time == 1 && mask == .causal ? nil : (mask, count - time, start))
    return Tensor(kernel.forward().out, x.shape)
  }
}

extension Tensor {
  /// What `attention` gives of the next positions x [batch, time, D], each of which sees those in `cache` and the new ones
  /// up to itself that its mask allows; they join the cache. No gradient.
  public func attention(
    _ weights: AttentionWeights, _ options: AttentionOptions, from cache: inout AttentionCache
  ) -> Tensor {
    cache.attend(self, weights, options)
  }
}
