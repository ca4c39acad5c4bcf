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
      let values = values
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
      return Tensor(positions: positions, of: size, shape.removing(axis))
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
    let isShort = rest == nil && size <= 64
    let places: [Int32]
    if isShort {
      places = Kernel.orderRows(values, around, descending: false, taken: size)
    } else {
      // Of many it takes longer to find each than to sort all.
      places = Kernel.places(
        rows: rows, size: size, count: wanted.count, cost: 3 * Swift.min(wanted.count, 10) * size + 64,
        keys: { writeKeys($0, around, descending: false, into: &$1) }
      ) { keys, spare in
        if wanted.count <= 16 { return Kernel.rankedPlaces(keys, wanted, spare: &spare) }
        let order = Self.order(of: keys)
        return wanted.map { order[$0] }
      }
    }
    /// Where in a row's places the one of a wanted rank stands.
    func rank(_ k: Int) -> Int { isShort ? wanted[k] : k }
    let width = isShort ? size : wanted.count
    let target = [shares.count] + shape.removing(axis)
    var (lower, upper) = (
      Kernel.uninitializedPlaces(shares.count * rows), Kernel.uninitializedPlaces(shares.count * rows)
    )
    var weights = Kernel.zeros(shares.count * rows)
    let values = values
    for (number, share) in ranks.enumerated() {
      let (low, high, most) = (rank(number), rank(shares.count + number), rank(wanted.count - 1))
      let weight = Float(share - Double(below[number]))
      Pieces.walk(rows, cost: 16) {
        for row in $0 {
          let start = inner == 1 ? row * size : row / inner * size * inner + row % inner
          let last = start + Int(places[row * width + most]) * inner
          let isMissing = values[last].isNaN
          lower[number * rows + row] = isMissing ? last : start + Int(places[row * width + low]) * inner
          upper[number * rows + row] = isMissing ? last : start + Int(places[row * width + high]) * inner
          weights[number * rows + row] = isMissing ? 0 : weight
        }
      }
    }
    guard isRecorded else {
      return Tensor(
        Tensor.counted(lower.count) { Self.between(values[lower[$0]], values[upper[$0]], weights[$0]) }, target)
    }
    let (low, high, weight) = (gathered(lower, target), gathered(upper, target), Tensor(weights, target))
    // The same as of two numbers, with a gradient.
    let isNear = weight.compared(.less, Tensor(0.5))
    let (step, rest) = (high - low, Tensor(1) - weight)
    let between = Tensor.choosing(isNear, low + step * weight, high - step * rest)
    let exact = low.constant.compared(.equal, high.constant)
    let isMissing = low.constant.compared(.notEqual, low.constant)
    let whole = weight.compared(.equal, Tensor(0))
    let isLow = exact.maximum(whole).maximum(isMissing)
    return isLow.allSatisfy { $0 == 0 } ? between : Tensor.choosing(isLow, low, between)
  }

  /// The number between two in proportion, from the nearer one, as PyTorch's `lerp`, which matters where one is infinite; of infinite ones
  /// the difference is none.
  private static func between(_ low: Float, _ high: Float, _ weight: Float) -> Float {
    if low == high || weight == 0 || low.isNaN { return low }
    let step = high - low
    return weight < 0.5 ? low + step * weight : high - step * (1 - weight)
  }
}
