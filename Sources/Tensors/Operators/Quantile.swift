import Safepoint

extension Tensor {
  /// The positions along an axis of the medians, the lower one of two, or of the first NaN (PyTorch's `median`), as int32.
  ///
  /// The axis must not be empty.
  public func medianPositions(axis: Int) -> Tensor {
    let axis = fitting { () throws(ShapeError) in try ShapeRule.axis(axis, of: shape) }
    let order = sortedPositions(axis: axis).numbers
    let (outer, size, inner) = shape.around(axis)
    var positions = Kernel.totals(outer * inner)
    Pieces.walk(rows: positions.count, width: size) { row, part in
      let start = row / inner * size * inner + row % inner
      if part.lowerBound == 0 { positions[row] = order[start + (size - 1) / 2 * inner] }
      // NaN come last in order, and equal ones as they were.
      let firstNaN = part.first { values[start + $0 * inner].isNaN }
      if let firstNaN, !values[start + Int(positions[row]) * inner].isNaN { positions[row] = Double(firstNaN) }
      if let firstNaN, Double(firstNaN) < positions[row] { positions[row] = Double(firstNaN) }
    }
    return Tensor(exactly: positions, shape.removing(axis), elementType: .int32)
  }

  /// The quantiles along an axis, between two elements in proportion to the distances (PyTorch's `quantile`): for each of `shares` one
  /// entry of a new first axis. NaN where an element is; the axis must not be empty.
  public func quantiles(_ shares: [Double], axis: Int) -> Tensor {
    let axis = fitting { () throws(ShapeError) in try ShapeRule.axis(axis, of: shape) }
    let order = constant.sortedPositions(axis: axis).numbers
    let (outer, size, inner) = shape.around(axis)
    let rows = outer * inner
    var (lower, upper) = (
      Kernel.uninitializedPlaces(shares.count * rows), Kernel.uninitializedPlaces(shares.count * rows)
    )
    var weights = Kernel.zeros(shares.count * rows)
    for (number, share) in shares.enumerated() {
      let rank = share * Double(size - 1)
      let below = Swift.min(Swift.max(Int(rank), 0), size - 1)
      Pieces.walk(rows, cost: 16) {
        for row in $0 {
          let start = row / inner * size * inner + row % inner
          func place(_ k: Int) -> Int { start + Int(order[start + k * inner]) * inner }
          let isMissing = values[place(size - 1)].isNaN
          lower[number * rows + row] = place(isMissing ? size - 1 : below)
          upper[number * rows + row] = place(isMissing ? size - 1 : Swift.min(below + 1, size - 1))
          weights[number * rows + row] = isMissing ? 0 : Float(rank - Double(below))
        }
      }
    }
    let target = [shares.count] + shape.removing(axis)
    let (low, high, weight) = (gathered(lower, target), gathered(upper, target), Tensor(weights, target))
    let between = low + (high - low) * weight
    // Of infinite elements the difference is none.
    let exact = low.constant.compared(.equal, high.constant)
    let isMissing = low.constant.compared(.notEqual, low.constant)
    let whole = weight.compared(.equal, Tensor(0))
    let isLow = exact.maximum(whole).maximum(isMissing)
    return isLow.allSatisfy { $0 == 0 } ? between : Tensor.choosing(isLow, low, between)
  }
}
