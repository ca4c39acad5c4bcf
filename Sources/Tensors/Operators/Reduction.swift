extension Tensor {
  /// The sum of all elements, as a single number.
  public func sum() -> Tensor {
    let shape = shape
    let total = Float(total)
    guard isRecorded else { return Tensor(total) }
    return .recorded([total], [], from: [self], keeping: .only()) { gradient in
      [gradient.broadcast(to: shape)]
    }
  }

  /// The sum of all elements in double precision, in the order in which they stand.
  var total: Double {
    if bytes != nil { return Double(setCount) }
    if view != nil {
      if let single { return 0 + Double(single) * Double(count) }
      if let order = turn { return constant.permuted(order).total }
      if let row = wholeRow { return Kernel.totals(row, (1, count, 1))[0] }
      if let step = Rows.step(shape[...], layout.steps[...]) {
        return Kernel.total(layout.base, start: layout.start, step: step, count: count)
      }
      let axis = axisBeforeRows
      if let rows = rows(around: axis) { return Kernel.totals(rows, shape.around(axis)).reduce(0, +) }
    }
    return Tensor(values, [count], elementType: elementType, rest: rest).totals(0)[0]
  }

  /// The sums along one axis, which the result keeps with size 1 when `keep` is set.
  public func sum(axis: Int, keep: Bool = false) -> Tensor {
    let axis = fitting { () throws(ShapeError) in try ShapeRule.axis(axis, of: shape) }
    let sums = sums(along: axis, .rounded)
    guard keep || isRecorded else { return Tensor(sums, shape.removing(axis)) }
    let kept = shape.keeping(axis)
    guard isRecorded else { return Tensor(sums, kept) }
    let (from, target) = (shape, keep ? kept : shape.removing(axis))
    return .recorded(sums, target, from: [self], keeping: .only()) { gradient in
      [gradient.reshaped(checked: kept).broadcast(to: from)]
    }
  }

  /// The sums along several axes in order, which the result leaves out.
  public func sum(axes: [Int]) -> Tensor {
    let runs = axes.enumerated().reduce(into: [Range<Int>]()) { runs, next in
      if let last = runs.last, last.upperBound == next.element {
        runs[runs.count - 1] = last.lowerBound..<next.element + 1
      } else {
        runs.append(next.element..<next.element + 1)
      }
    }
    guard rest == nil, let last = runs.last else {
      return collapsed(axes).sum(axis: shape.count - axes.count)
    }
    func count(_ axes: Range<Int>) -> Int { Array(shape[axes]).elementCount }
    var sums = Kernel.totals(
      values, (count(0..<last.lowerBound), count(last), count(last.upperBound..<shape.count)))
    // Axes that stand side by side are one; the first ones are added up of the sums.
    var inner = count(last.upperBound..<shape.count)
    var end = last.lowerBound
    for run in runs.dropLast().reversed() {
      inner *= count(run.upperBound..<end)
      sums = sums.sums((count(0..<run.lowerBound), count(run), inner))
      end = run.lowerBound
    }
    let (from, kept) = (shape, shape.indices.map { axes.contains($0) ? 1 : shape[$0] })
    let target = shape.indices.filter { !axes.contains($0) }.map { shape[$0] }
    guard isRecorded else { return Tensor(sums.rounded, target) }
    return .recorded(sums.rounded, target, from: [self], keeping: .only()) { gradient in
      [gradient.reshaped(checked: kept).broadcast(to: from)]
    }
  }

  /// What `finish` makes of the sums along one axis, whole numbers exactly.
  private func sums(along axis: Int, _ finish: Kernel.Finish) -> [Float] {
    let around = shape.around(axis)
    guard rest == nil, once({ $0 == axis }) == nil else { return totals(axis).map { finish($0) } }
    return Kernel.sums(of: .elements, rows(around: axis) ?? Rows(values, around), around, finish)
  }

  /// The sums along one axis in double precision, whole numbers exactly.
  func totals(_ axis: Int) -> [Double] {
    if let (elements, times) = once({ $0 == axis }) { return elements.totals(axis).map { 0 + $0 * Double(times) } }
    let around = shape.around(axis)
    var sums = Kernel.totals(rows(around: axis) ?? Rows(values, around), around)
    guard let rest else { return sums }
    let rests = Kernel.totals(rest, shape.around(axis))
    Pieces.walk(sums.count) { for k in $0 { sums[k] += rests[k] } }
    return sums
  }

  /// The mean of all elements; NaN for an empty tensor.
  public func mean() -> Tensor {
    let (shape, count) = (shape, Float(count))
    let mean = Float(total) / count
    guard isRecorded else { return Tensor(mean) }
    return .recorded([mean], [], from: [self], keeping: .only()) { gradient in
      [Tensor(gradient.values[0] / count).broadcast(to: shape)]
    }
  }

  /// The means along one axis.
  public func mean(axis: Int, keep: Bool = false) -> Tensor {
    let index = fitting { () throws(ShapeError) in try ShapeRule.axis(axis, of: shape) }
    let (from, kept, count) = (shape, shape.keeping(index), Float(shape[index]))
    let means = sums(along: index, .divided(count))
    let target = keep ? kept : shape.removing(index)
    guard isRecorded else { return Tensor(means, target) }
    return .recorded(means, target, from: [self], keeping: .only()) { gradient in
      [(gradient / Tensor(count)).reshaped(checked: kept).broadcast(to: from)]
    }
  }

  /// The means along several axes in order, which the result leaves out.
  public func mean(axes: [Int]) -> Tensor {
    sum(axes: axes) / Tensor(Float(Array(axes.map { shape[$0] }).elementCount))
  }

  /// The variance of all elements around their mean, divided by the count less `correction` (PyTorch's default is 1).
  public func variance(correction: Float = 1) -> Tensor {
    flat.variance(axis: 0, correction: correction)
  }

  /// The variances along one axis, divided by its size less `correction`.
  public func variance(axis: Int, keep: Bool = false, correction: Float = 1) -> Tensor {
    spread(axis, keep, correction, { $0 }) { gradient, _, divisor in gradient.scaled(by: 2 / divisor) }
  }

  /// The standard deviation of all elements, the square root of the variance.
  public func deviation(correction: Float = 1) -> Tensor { flat.deviation(axis: 0, correction: correction) }

  /// The standard deviations along one axis: their gradient where they are 0 is taken as 0 (PyTorch's `std`).
  public func deviation(axis: Int, keep: Bool = false, correction: Float = 1) -> Tensor {
    spread(axis, keep, correction, { $0.squareRoot() }) { gradient, roots, divisor in
      Tensor.choosing(roots.compared(.equal, Tensor(0)), Tensor(0), gradient / roots).scaled(by: 1 / divisor)
    }
  }

  /// `figure` of the variances in double precision, whose squares are no floats where elements are below 1e-19 or above 1e19, and for the gradient
  /// of each what the distances from the mean are multiplied by.
  private func spread(
    _ axis: Int, _ keep: Bool, _ correction: Float, _ figure: (Double) -> Double,
    _ slope: @escaping (_ gradient: Tensor, _ figures: Tensor, _ divisor: Float) -> Tensor
  ) -> Tensor {
    let axis = fitting { () throws(ShapeError) in try ShapeRule.axis(axis, of: shape) }
    let around = shape.around(axis)
    let numbers = rest == nil ? nil : self.numbers
    let means = totals(axis).map { $0 / Double(around.size) }
    var spread =
      numbers.map { $0.squares(around, means) }
      ?? Kernel.squares(rows(around: axis) ?? Rows(values, around), around, means: means)
    let divisor = Swift.max(Double(around.size) - Double(correction), 0)
    Pieces.walk(spread.count) { for k in $0 { spread[k] = figure(spread[k] / divisor) } }
    let from = shape
    var kept = shape
    kept[axis] = 1
    let (column, target) = (kept, keep ? kept : shape.removing(axis))
    let figures = spread.rounded
    guard isRecorded else { return Tensor(figures, target) }
    let centered = Kernel.centered(values, around, means: means)
    return .recorded(figures, target, from: [self], keeping: .only(count)) { gradient in
      let factors = slope(
        Tensor(gradient.values, column), Tensor(figures, column), Float(around.size) - correction)
      return [Tensor(centered, from) * factors]
    }
  }

  /// The Euclidean norm of all elements; its gradient at 0 is taken as 0.
  public func norm() -> Tensor {
    let x = constant
    let length = Float(Kernel.squares(values, (1, count, 1), means: [0])[0].squareRoot())
    guard isRecorded else { return Tensor(length) }
    return .recorded([length], [], from: [self]) { gradient in
      [length == 0 ? Tensor(repeating: 0, x.shape) : x.scaled(by: gradient.values[0] / length)]
    }
  }

  /// The Euclidean norms along one axis; the gradient of one that is 0 is taken as 0.
  public func norm(axis: Int, keep: Bool = false) -> Tensor {
    let axis = fitting { () throws(ShapeError) in try ShapeRule.axis(axis, of: shape) }
    let around = shape.around(axis)
    let rows = rows(around: axis) ?? Rows(values, around)
    let lengths = Kernel.sums(of: .squares, rows, around, .root)
    var kept = shape
    kept[axis] = 1
    let (x, column, target) = (constant, kept, keep ? kept : shape.removing(axis))
    return .recorded(lengths, target, from: [self]) { gradient in
      let shares = zip(gradient.values, lengths).map { $1 == 0 ? 0 : $0 / $1 }
      return [x * Tensor(shares, column)]
    }
  }

  /// The largest element; equal ones share the gradient (PyTorch's `max` and `amax`). The tensor must not be empty.
  public func max() -> Tensor { extreme(.largest) }

  /// The smallest element; equal ones share the gradient. The tensor must not be empty.
  public func min() -> Tensor { extreme(.smallest) }

  private func extreme(_ order: Order) -> Tensor {
    guard !isRecorded, rest == nil, count > 0 else { return flat.extreme(0, keep: false, order) }
    let axis = axisBeforeRows
    if let row = wholeRow { return Tensor(Kernel.largest(row, (1, count, 1), sign: order.rawValue), []) }
    guard view != nil, let rows = rows(around: axis) else {
      return Tensor(Kernel.largest(values, (1, count, 1), sign: order.rawValue), [])
    }
    let found = Kernel.largest(rows, shape.around(axis), sign: order.rawValue)
    return Tensor(Kernel.largest(found, (1, found.count, 1), sign: order.rawValue), [])
  }

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
    return Tensor(positions: best, of: shape[axis], shape.removing(axis))
  }

  private enum Order: Float {
    case largest = 1
    case smallest = -1
  }

  /// The positions along an axis of the largest or smallest elements: the first NaN, else the first of equal ones.
  private func best(_ axis: Int, _ order: Order) -> [Int32] {
    precondition(shape[axis] > 0, "an axis of size 0 has no largest or smallest element, shape \(shape)")
    guard isRounded else { return Kernel.extremes(values, shape.around(axis), sign: order.rawValue) }
    return Self.best(numbers, shape.around(axis), order == .largest ? (>) : (<))
  }

  private static func best(
    _ numbers: [Double], _ around: (outer: Int, size: Int, inner: Int), _ better: (Double, Double) -> Bool
  ) -> [Int32] {
    let (outer, size, inner) = around
    var best = [Int32](repeating: 0, count: outer * inner)
    Pieces.walk(rows: outer * inner, width: size, cost: 2) { place, part in
      let start = place / inner * size * inner + place % inner
      var (k, number) = (Int(best[place]), numbers[start + Int(best[place]) * inner])
      for candidate in part where better(numbers[start + candidate * inner], number) {
        (k, number) = (candidate, numbers[start + candidate * inner])
      }
      best[place] = Int32(k)
    }
    return best
  }

  private func extreme(_ axis: Int, keep: Bool, _ order: Order) -> Tensor {
    let axis = fitting { () throws(ShapeError) in try ShapeRule.axis(axis, of: shape) }
    let (_, size, inner) = shape.around(axis)
    let target = keep ? shape.keeping(axis) : shape.removing(axis)
    guard let rest else {
      precondition(shape[axis] > 0, "an axis of size 0 has no largest or smallest element, shape \(shape)")
      let around = shape.around(axis)
      let rows = rows(around: axis) ?? Rows(values, around)
      return sharing(Tensor(Kernel.largest(rows, around, sign: order.rawValue), target), axis: axis)
    }
    let best = best(axis, order)
    var places = Kernel.uninitializedPlaces(best.count)
    Pieces.walk(best.count, cost: 8) {
      for index in $0 { places[index] = (index / inner * size + Int(best[index])) * inner + index % inner }
    }
    return Tensor(values.picked(places), target, elementType: elementType, rest: rest.picked(places))
  }

  /// Elements of the tensor, one of each row along an axis, as what was made of it: all of the row that are equal to it share the
  /// gradient evenly.
  public func sharing(_ chosen: Tensor, axis: Int) -> Tensor {
    guard isRecorded else { return chosen }
    let (x, y, around) = (constant, chosen.values, shape.around(axis))
    return .recorded(y, chosen.shape, from: [self]) { gradient in
      [Tensor(Kernel.shared(gradient.values, x.values, around, chosen: y), x.shape)]
    }
  }

  /// The running sums along one axis.
  public func cumulativeSum(axis: Int) -> Tensor {
    let axis = fitting { () throws(ShapeError) in try ShapeRule.axis(axis, of: shape) }
    let (around, from) = (shape.around(axis), shape)
    return .recorded(Kernel.running(values, around, backwards: false), shape, from: [self]) { gradient in
      [Tensor(Kernel.running(gradient.values, around, backwards: true), from)]
    }
  }
}

extension [Double] {
  /// The sums along the middle axis of [outer, size, inner].
  fileprivate func sums(_ around: (outer: Int, size: Int, inner: Int)) -> [Double] {
    let (outer, size, inner) = around
    var sums = Kernel.totals(outer * inner)
    Pieces.walk(rows: outer, width: size, cost: inner + 4) { o, part in
      for k in part { for i in 0..<inner { sums[o * inner + i] += self[(o * size + k) * inner + i] } }
    }
    return sums
  }

  /// The sums of the squared distances from the means along the middle axis of [outer, size, inner].
  fileprivate func squares(_ around: (outer: Int, size: Int, inner: Int), _ means: [Double]) -> [Double] {
    let (outer, size, inner) = around
    var squares = Kernel.totals(outer * inner)
    Pieces.walk(rows: outer, width: size, cost: 2 * inner + 4) { o, part in
      for k in part {
        for i in 0..<inner {
          let distance = self[(o * size + k) * inner + i] - means[o * inner + i]
          squares[o * inner + i] += distance * distance
        }
      }
    }
    return squares
  }
}
