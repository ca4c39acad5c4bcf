import Safepoint

extension Tensor {
  /// How often each whole number from 0 on is among some, or the sums of their weights; at least `least` numbers (PyTorch's
  /// `bincount`).
  public static func counts(of numbers: [Int], weights: Tensor? = nil, least: Int = 0) -> Tensor {
    var most = -1
    Pieces.walk(numbers.count) { for k in $0 { most = Swift.max(most, numbers[k]) } }
    var sums = Kernel.totals(Swift.max(most + 1, least))
    guard let weights else {
      Pieces.walk(numbers.count, cost: 2) { for k in $0 { sums[numbers[k]] += 1 } }
      return Tensor(exactly: sums, [sums.count], elementType: .int32)
    }
    Pieces.walk(numbers.count, cost: 2) { for k in $0 { sums[numbers[k]] += Double(weights.values[k]) } }
    return Tensor(sums.rounded, [sums.count])
  }

  /// Where elements are among some numbers, as bool; NaN is among none (PyTorch's `isin`).
  public func mask(among numbers: [Double]) -> Tensor {
    guard rest == nil else {
      let wanted = Set(numbers)
      return Tensor(Tensor.counted(count) { wanted.contains(number(at: $0)) ? 1 : 0 }, shape, elementType: .bool)
    }
    // What is no float is no element.
    var wanted = [Float]()
    Pieces.walk(numbers.count) {
      for k in $0 where Double(Float(numbers[k])) == numbers[k] { wanted.append(Float(numbers[k])) }
    }
    if wanted.count > Kernel.fewNumbers {
      let (unsorted, order) = (wanted, Tensor(wanted, [wanted.count]).sortedPositions(axis: 0).numbers)
      Pieces.walk(wanted.count) { for k in $0 { wanted[k] = unsorted[Int(order[k])] } }
    }
    return Tensor(Kernel.memberships(values, wanted), shape, elementType: .bool)
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
