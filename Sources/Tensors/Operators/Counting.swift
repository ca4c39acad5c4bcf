import Safepoint

extension Tensor {
  /// How often each place 0 ..< `size` is among these elements, which must be such, or the sums of their weights (PyTorch's
  /// `bincount`).
  public func placeCounts(_ size: Int, weights: Tensor? = nil) -> Tensor {
    var sums: [Double]
    if rest == nil {
      sums = Kernel.sums(size, of: values, weights: weights?.values)
    } else {
      sums = Kernel.totals(size)
      let weights = weights?.values
      Pieces.walk(count, cost: 4) {
        for k in $0 { sums[Int(number(at: k))] += weights.map { Double($0[k]) } ?? 1 }
      }
    }
    guard weights == nil else { return Tensor(sums.rounded, [size]) }
    return Tensor(exactly: sums, [size], elementType: .int32)
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
    let edges = Self.edges(bins: bins, from: low, to: high)
    let (low, high) = (edges[0], edges[bins])
    let width = (high - low) / Double(bins)
    let isFloat = rest == nil
    let blocks = bins <= 1 << 12 ? Swift.max(1, count >> 16) : 1
    var sums = Kernel.totals(bins * blocks)
    let values = values
    unsafe sums.withUnsafeMutableBufferPointer { sums in
      Parallel.pieces(blocks, nanoseconds: 4 * count, unit: 1) { part in
        for block in part {
          let (first, end) = (block * (count / blocks), block + 1 == blocks ? count : (block + 1) * (count / blocks))
          Pieces.walk(end - first, cost: 4) {
            for k in $0 {
              let value = isFloat ? Double(values[first + k]) : number(at: first + k)
              guard value >= low, value <= high else { continue }
              // Bounds a few units of the last place apart have parts without a width.
              var bin = width > 0 ? Swift.min(Int((value - low) / width), bins - 1) : 0
              // Rounding may lead to the part beside.
              while bin > 0, value < edges[bin] { bin -= 1 }
              while bin < bins - 1, value >= edges[bin + 1] { bin += 1 }
              unsafe sums[block * bins + bin] += 1
            }
          }
        }
      }
    }
    let counts = Tensor.counted(bins) { bin in Float((0..<blocks).reduce(0) { $0 + sums[$1 * bins + bin] }) }
    return (Tensor(counts, [bins]), Tensor(edges.rounded, [bins + 1]))
  }

  /// The bounds of so many equal parts of a range.
  public static func edges(bins: Int, from low: Double, to high: Double) -> [Double] {
    // Around a single number stands a part of it where halves are too small to tell bounds apart.
    let half = Swift.max(0.5, low.ulp * Double(bins))
    let (low, high) = low == high ? (low - half, high + half) : (low, high)
    let width = (high - low) / Double(bins)
    return Tensor.numbers(bins + 1) { $0 == bins ? high : low + Double($0) * width }
  }

  /// How many elements lie between each of some bounds that grow and the next, the last one with its upper bound; bounds of floats are
  /// floats (NumPy's `histogram`).
  public func histogram(edges: [Double]) -> Tensor {
    let isFloat = rest == nil
    let bounds = isFloat ? edges.map { Double(Float($0)) } : edges
    var sums = Kernel.totals(edges.count - 1)
    let values = values
    Pieces.walk(count, cost: 20) {
      for k in $0 {
        let value = isFloat ? Double(values[k]) : number(at: k)
        if let bin = Self.bin(of: value, between: bounds) { sums[bin] += 1 }
      }
    }
    return Tensor(Tensor.counted(sums.count) { Float(sums[$0]) }, [sums.count])
  }

  /// The number of the part between two bounds in which a number lies; nil for one outside of all.
  public static func bin(of number: Double, between bounds: [Double]) -> Int? {
    guard let first = bounds.first, let last = bounds.last, number >= first, number <= last else { return nil }
    var (low, high) = (0, bounds.count)
    while low < high {
      let middle = (low + high) / 2
      if bounds[middle] <= number { low = middle + 1 } else { high = middle }
    }
    return Swift.min(low - 1, bounds.count - 2)
  }
}
