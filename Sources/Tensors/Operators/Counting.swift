import Safepoint

extension Tensor {
  /// How often each whole number from 0 on is there, or the sums of their weights; at least `least` numbers (PyTorch's `bincount`).
  ///
  /// The elements are whole numbers from 0 on, in a row.
  public func counts(weights: Tensor? = nil, least: Int = 0) -> Tensor {
    var most = -1
    Pieces.walk(count, cost: 2) { for k in $0 { most = Swift.max(most, Int(number(at: k))) } }
    var sums = Kernel.totals(Swift.max(most + 1, least))
    Pieces.walk(count, cost: 4) {
      for k in $0 { sums[Int(number(at: k))] += weights.map { Double($0.values[k]) } ?? 1 }
    }
    guard weights == nil else { return Tensor(sums.rounded, [sums.count]) }
    return Tensor(exactly: sums, [sums.count], elementType: .int32)
  }

  /// How many elements lie in each of `bins` equal parts between two bounds, the last with its upper bound, and the bounds of the
  /// parts (PyTorch's `histogram`).
  public func histogram(bins: Int, from low: Float, to high: Float) -> (counts: Tensor, edges: Tensor) {
    let (low, high) = low == high ? (low - 0.5, high + 0.5) : (low, high)
    let width = (Double(high) - Double(low)) / Double(bins)
    let edges = (0...bins).map { $0 == bins ? high : Float(Double(low) + Double($0) * width) }
    var sums = Kernel.totals(bins)
    Pieces.walk(count, cost: 8) {
      for k in $0 where values[k] >= low && values[k] <= high {
        var bin = Swift.min(Int((Double(values[k]) - Double(low)) / width), bins - 1)
        // Rounding may lead to the part beside.
        while bin > 0, values[k] < edges[bin] { bin -= 1 }
        while bin < bins - 1, values[k] >= edges[bin + 1] { bin += 1 }
        sums[bin] += 1
      }
    }
    return (Tensor(sums.rounded, [bins]), Tensor(edges, [bins + 1]))
  }
}
