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
  public func histogram(bins: Int, from low: Double, to high: Double) -> (counts: Tensor, edges: Tensor) {
    // Around a single number stands a part of it where halves are too small to tell bounds apart.
    let half = Swift.max(0.5, low.ulp * Double(bins))
    let (low, high) = low == high ? (low - half, high + half) : (low, high)
    let width = (high - low) / Double(bins)
    let edges = (0...bins).map { $0 == bins ? high : low + Double($0) * width }
    var sums = Kernel.totals(bins)
    let isFloat = elementType == .float32
    Pieces.walk(count, cost: 8) {
      for k in $0 {
        let value = isFloat ? Double(values[k]) : number(at: k)
        guard value >= low, value <= high else { continue }
        // Bounds a few units of the last place apart have parts without a width.
        var bin = width > 0 ? Swift.min(Int((value - low) / width), bins - 1) : 0
        // Rounding may lead to the part beside.
        while bin > 0, value < edges[bin] { bin -= 1 }
        while bin < bins - 1, value >= edges[bin + 1] { bin += 1 }
        sums[bin] += 1
      }
    }
    return (Tensor(sums.rounded, [bins]), Tensor(edges.map { Float($0) }, [bins + 1]))
  }
}
