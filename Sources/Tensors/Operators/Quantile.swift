import Safepoint

extension Tensor {
  /// The positions along an axis of the medians, the lower one of two, or of the first NaN (PyTorch's `median`), as int32.
  ///
  /// The axis must not be empty.
  public func medianPositions(axis: Int) -> Tensor {
    let axis = fitting { () throws(ShapeError) in try ShapeRule.axis(axis, of: shape) }
    let around = shape.around(axis)
    let (outer, size, inner) = around
    if rest == nil, size <= 64 {
      // Of a short row it takes no longer to order all.
      let order = Kernel.orderRows(values, around, descending: false, taken: size)
      var positions = [Int32](repeating: 0, count: outer * inner)
      Pieces.walk(positions.count, cost: size) {
        for row in $0 {
          let (start, ordered) = (row / inner * size * inner + row % inner, order[row * size..<(row + 1) * size])
          let isMissing = { (place: Int32) in values[start + Int(place) * inner].isNaN }
          let middle = ordered[row * size + (size - 1) / 2]
          positions[row] = isMissing(order[(row + 1) * size - 1]) ? ordered.first(where: isMissing) ?? middle : middle
        }
      }
      return Tensor(positions: positions, shape.removing(axis))
    }
    let places = Kernel.places(
      rows: outer * inner, size: size, count: 1, cost: 3 * size + 64,
      keys: { writeKeys($0, around, descending: false, into: &$1) }
    ) { keys, spare in
      // A whole number may have the key of NaN.
      if rest == nil, let missing = keys.firstIndex(of: .max) { return [Int32(missing)] }
      return Kernel.rankedPlaces(keys, [(size - 1) / 2], spare: &spare)
    }
    let positions = Tensor.numbers(places.count) { Double(places[$0]) }
    return Tensor(exactly: positions, shape.removing(axis), elementType: .int32)
  }

  /// The quantiles along an axis, between two elements in proportion to the distances (PyTorch's `quantile`): for each of `shares` one
  /// entry of a new first axis. NaN where an element is; the axis must not be empty.
  public func quantiles(_ shares: [Double], axis: Int) -> Tensor {
    let axis = fitting { () throws(ShapeError) in try ShapeRule.axis(axis, of: shape) }
    let around = shape.around(axis)
    let (outer, size, inner) = around
    let rows = outer * inner
    // The ranks that the shares lie between, and the last, which is that of NaN.
    let ranks = shares.map { $0 * Double(size - 1) }
    let below = ranks.map { Swift.min(Swift.max(Int($0), 0), size - 1) }
    let above = below.map { Swift.min($0 + 1, size - 1) }
    let wanted = below + above + [size - 1]
    // Of many it takes longer to find each than to sort all.
    let places = Kernel.places(
      rows: rows, size: size, count: wanted.count, cost: 3 * Swift.min(wanted.count, 10) * size + 64,
      keys: { writeKeys($0, around, descending: false, into: &$1) }
    ) { keys, spare in
      if wanted.count <= 16 { return Kernel.rankedPlaces(keys, wanted, spare: &spare) }
      let order = Self.order(of: keys)
      return wanted.map { order[$0] }
    }
    var (lower, upper) = (
      Kernel.uninitializedPlaces(shares.count * rows), Kernel.uninitializedPlaces(shares.count * rows)
    )
    var weights = Kernel.zeros(shares.count * rows)
    for (number, rank) in ranks.enumerated() {
      Pieces.walk(rows, cost: 16) {
        for row in $0 {
          let start = row / inner * size * inner + row % inner
          func place(_ k: Int) -> Int { start + Int(places[row * wanted.count + k]) * inner }
          let last = place(wanted.count - 1)
          let isMissing = values[last].isNaN
          lower[number * rows + row] = isMissing ? last : place(number)
          upper[number * rows + row] = isMissing ? last : place(shares.count + number)
          weights[number * rows + row] = isMissing ? 0 : Float(rank - Double(below[number]))
        }
      }
    }
    let target = [shares.count] + shape.removing(axis)
    let (low, high, weight) = (gathered(lower, target), gathered(upper, target), Tensor(weights, target))
    // From the nearer one, as PyTorch's `lerp`, which matters where one is infinite.
    let isNear = weight.compared(.less, Tensor(0.5))
    let (step, rest) = (high - low, Tensor(1) - weight)
    let between = Tensor.choosing(isNear, low + step * weight, high - step * rest)
    // Of infinite elements the difference is none.
    let exact = low.constant.compared(.equal, high.constant)
    let isMissing = low.constant.compared(.notEqual, low.constant)
    let whole = weight.compared(.equal, Tensor(0))
    let isLow = exact.maximum(whole).maximum(isMissing)
    return isLow.allSatisfy { $0 == 0 } ? between : Tensor.choosing(isLow, low, between)
  }
}
