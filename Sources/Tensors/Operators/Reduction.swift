extension Tensor {
  /// The sum of all elements, as a single number.
  public func sum() -> Tensor {
    let shape = shape
    let total = Tensor(values, [count], rest: rest).totals(0)[0]
    return .recorded([Float(total)], [], from: [self], keeping: .only()) { gradient in
      [gradient.broadcast(to: shape)]
    }
  }

  /// The sums along one axis, which the result keeps with size 1 when `keep` is set.
  public func sum(axis: Int, keep: Bool = false) -> Tensor {
    let axis = fitting { () throws(ShapeError) in try ShapeRule.axis(axis, of: shape) }
    let sums = totals(axis).rounded
    var kept = shape
    kept[axis] = 1
    let from = shape
    return .recorded(sums, keep ? kept : shape.removing(axis), from: [self], keeping: .only()) { gradient in
      [Tensor(gradient.values, kept).broadcast(to: from)]
    }
  }

  /// The sums along one axis in double precision, whole numbers exactly.
  func totals(_ axis: Int) -> [Double] {
    var sums = Self.totals(values, shape.around(axis))
    guard let rest else { return sums }
    let rests = Self.totals(rest, shape.around(axis))
    Pieces.walk(sums.count) { for k in $0 { sums[k] += rests[k] } }
    return sums
  }

  private static func totals(_ values: [Float], _ around: (outer: Int, size: Int, inner: Int)) -> [Double] {
    let (outer, size, inner) = around
    if inner > 1 { return Kernel.totals(values, outer, rows: size, columns: inner) }
    var sums = Kernel.totals(outer)
    Pieces.walk(rows: outer, width: size) { row, part in
      var sum = sums[row]
      for k in part { sum += Double(values[row * size + k]) }
      sums[row] = sum
    }
    return sums
  }

  /// The mean of all elements; NaN for an empty tensor.
  public func mean() -> Tensor { sum() / Tensor(Float(count)) }

  /// The means along one axis.
  public func mean(axis: Int, keep: Bool = false) -> Tensor {
    let index = fitting { () throws(ShapeError) in try ShapeRule.axis(axis, of: shape) }
    return sum(axis: index, keep: keep) / Tensor(Float(shape[index]))
  }

  /// The variance of all elements around their mean, divided by the count less `correction` (PyTorch's default is 1).
  public func variance(correction: Float = 1) -> Tensor {
    let constant = Tensor(values, [count], rest: rest)
    let (spread, centered) = constant.spread(0, correction)
    let shape = shape
    return .recorded([Float(spread[0])], [], from: [self], keeping: .only(count)) { gradient in
      [Tensor(centered, shape) * (gradient * Tensor(2 / (Float(centered.count) - correction)))]
    }
  }

  /// The variances along one axis, divided by its size less `correction`.
  public func variance(axis: Int, keep: Bool = false, correction: Float = 1) -> Tensor {
    let axis = fitting { () throws(ShapeError) in try ShapeRule.axis(axis, of: shape) }
    let (spread, centered) = constant.spread(axis, correction)
    let from = shape
    var kept = shape
    kept[axis] = 1
    let target = keep ? kept : shape.removing(axis)
    return .recorded(spread.rounded, target, from: [self], keeping: .only(count)) { gradient in
      [Tensor(centered, from) * (Tensor(gradient.values, kept) * Tensor(2 / (Float(from[axis]) - correction)))]
    }
  }

  /// The variances along an axis and the distances of the elements from their means, worked out in double precision.
  private func spread(_ axis: Int, _ correction: Float) -> (variances: [Double], centered: [Float]) {
    let (outer, size, inner) = shape.around(axis)
    var means = totals(axis)
    Pieces.walk(means.count) { for k in $0 { means[k] /= Double(size) } }
    let (rest, hasRest) = (rest ?? [], rest != nil)
    var centered = Kernel.uninitialized(count)
    var squares = Kernel.totals(outer * inner)
    Pieces.walk(rows: outer, width: size, cost: 2 * inner + 4) { o, part in
      for k in part {
        let row = (o * size + k) * inner
        for i in 0..<inner {
          let number = Double(values[row + i]) + (hasRest ? Double(rest[row + i]) : 0)
          let distance = number - means[o * inner + i]
          centered[row + i] = Float(distance)
          squares[o * inner + i] += distance * distance
        }
      }
    }
    let divisor = Double(size) - Double(correction)
    Pieces.walk(squares.count) { for k in $0 { squares[k] /= divisor } }
    return (squares, centered)
  }

  /// The Euclidean norm of all elements; its gradient at 0 is taken as 0.
  public func norm() -> Tensor {
    let x = constant
    var squares = 0.0
    Pieces.walk(count) { for k in $0 { squares += Double(values[k]) * Double(values[k]) } }
    let length = Float(squares.squareRoot())
    return .recorded([length], [], from: [self]) { gradient in
      [length == 0 ? Tensor(repeating: 0, x.shape) : gradient * x / Tensor(length)]
    }
  }

  /// The largest element; the first of equal ones gets the gradient. The tensor must not be empty.
  public func max() -> Tensor { flat.extreme(0, keep: false, .largest) }

  /// The smallest element; the first of equal ones gets the gradient. The tensor must not be empty.
  public func min() -> Tensor { flat.extreme(0, keep: false, .smallest) }

  private var flat: Tensor { Tensor.moving([self], as: elementType) { $0[0].reshaped([count]) } }

  /// The largest elements along one axis.
  public func max(axis: Int, keep: Bool = false) -> Tensor { extreme(axis, keep: keep, .largest) }

  /// The smallest elements along one axis.
  public func min(axis: Int, keep: Bool = false) -> Tensor { extreme(axis, keep: keep, .smallest) }

  /// The positions of the largest elements along one axis, the first of equal ones.
  public func argmax(axis: Int) -> Tensor { positions(axis, .largest) }

  /// The positions of the smallest elements along one axis, the first of equal ones.
  public func argmin(axis: Int) -> Tensor { positions(axis, .smallest) }

  private func positions(_ axis: Int, _ order: Order) -> Tensor {
    let axis = fitting { () throws(ShapeError) in try ShapeRule.axis(axis, of: shape) }
    let best = best(axis, order)
    let numbers = Tensor.numbers(best.count) { Double(best[$0]) }
    return Tensor(exactly: numbers, shape.removing(axis), elementType: .int32)
  }

  private enum Order {
    case largest, smallest
  }

  /// The positions along an axis of the largest or smallest elements, the first of equal ones.
  private func best(_ axis: Int, _ order: Order) -> [Int] {
    precondition(shape[axis] > 0, "an axis of size 0 has no largest or smallest element, shape \(shape)")
    let around = shape.around(axis)
    switch (order, isRounded) {
    case (.largest, false): return Self.best(values, around, >)
    case (.smallest, false): return Self.best(values, around, <)
    case (.largest, true): return Self.best(numbers, around, >)
    case (.smallest, true): return Self.best(numbers, around, <)
    }
  }

  private static func best<Number>(
    _ numbers: [Number], _ around: (outer: Int, size: Int, inner: Int), _ better: (Number, Number) -> Bool
  ) -> [Int] {
    let (outer, size, inner) = around
    var best = [Int](repeating: 0, count: outer * inner)
    Pieces.walk(rows: outer * inner, width: size, cost: 2) { place, part in
      let start = place / inner * size * inner + place % inner
      var (k, number) = (best[place], numbers[start + best[place] * inner])
      for candidate in part where better(numbers[start + candidate * inner], number) {
        (k, number) = (candidate, numbers[start + candidate * inner])
      }
      best[place] = k
    }
    return best
  }

  private func extreme(_ axis: Int, keep: Bool, _ order: Order) -> Tensor {
    let axis = fitting { () throws(ShapeError) in try ShapeRule.axis(axis, of: shape) }
    let (_, size, inner) = shape.around(axis)
    let best = best(axis, order)
    var places = Kernel.uninitializedPlaces(best.count)
    Pieces.walk(best.count, cost: 8) {
      for index in $0 { places[index] = (index / inner * size + best[index]) * inner + index % inner }
    }
    var kept = shape
    kept[axis] = 1
    let from = shape
    let target = keep ? kept : shape.removing(axis)
    if let rest {
      return Tensor(values.picked(places), target, elementType: elementType, rest: rest.picked(places))
    }
    return .recorded(values.picked(places), target, from: [self], keeping: .only(2 * places.count)) { gradient in
      [Tensor(gradient.values.spread(over: places, count: from.elementCount), from)]
    }
  }

  /// The running sums along one axis.
  public func cumulativeSum(axis: Int) -> Tensor {
    let axis = fitting { () throws(ShapeError) in try ShapeRule.axis(axis, of: shape) }
    let from = shape
    return .recorded(Self.running(values, shape, axis, backwards: false), shape, from: [self]) { gradient in
      [Tensor(Tensor.running(gradient.values, from, axis, backwards: true), from)]
    }
  }

  private static func running(_ values: [Float], _ shape: Shape, _ axis: Int, backwards: Bool) -> [Float] {
    // Without elements the sizes beside the axis may be anything.
    guard !values.isEmpty else { return [] }
    let (outer, size, inner) = shape.around(axis)
    var sums = Kernel.uninitialized(values.count)
    var totals = Kernel.totals(inner)
    Pieces.walk(rows: outer, width: size, cost: inner + 4) { o, part in
      if part.lowerBound == 0 { for i in totals.indices { totals[i] = 0 } }
      for k in part {
        let row = (o * size + (backwards ? size - 1 - k : k)) * inner
        for i in 0..<inner {
          totals[i] += Double(values[row + i])
          sums[row + i] = Float(totals[i])
        }
      }
    }
    return sums
  }
}
