extension Tensor {
  /// The sum of all elements, as a single number.
  public func sum() -> Tensor {
    let shape = shape
    var sum = 0.0
    Pieces.walk(count) { for k in $0 { sum += Double(values[k]) } }
    let total = Float(sum)
    return .recorded([total], [], from: [self], keeping: .only()) { gradient in [gradient.broadcast(to: shape)] }
  }

  /// The sums along one axis, which the result keeps with size 1 when `keep` is set.
  public func sum(axis: Int, keep: Bool = false) -> Tensor {
    let axis = fitting { () throws(ShapeError) in try ShapeRule.axis(axis, of: shape) }
    let (outer, size, inner) = shape.around(axis)
    var sums = Kernel.zeros(outer * inner)
    for o in 0..<outer {
      Pieces.walk(size, cost: inner + 1) {
        for k in $0 {
          let row = (o * size + k) * inner
          for i in 0..<inner { sums[o * inner + i] += values[row + i] }
        }
      }
    }
    var kept = shape
    kept[axis] = 1
    let from = shape
    return .recorded(sums, keep ? kept : shape.removing(axis), from: [self], keeping: .only()) { gradient in
      [Tensor(gradient.values, kept).broadcast(to: from)]
    }
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
    let centered = self - mean()
    return (centered * centered).sum() / Tensor(Float(count) - correction)
  }

  /// The variances along one axis, divided by its size less `correction`.
  public func variance(axis: Int, keep: Bool = false, correction: Float = 1) -> Tensor {
    let index = fitting { () throws(ShapeError) in try ShapeRule.axis(axis, of: shape) }
    let centered = self - mean(axis: index, keep: true)
    return (centered * centered).sum(axis: index, keep: keep) / Tensor(Float(shape[index]) - correction)
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
  public func max() -> Tensor { reshaped([count]).extreme(0, keep: false, >) }

  /// The smallest element; the first of equal ones gets the gradient. The tensor must not be empty.
  public func min() -> Tensor { reshaped([count]).extreme(0, keep: false, <) }

  /// The largest elements along one axis.
  public func max(axis: Int, keep: Bool = false) -> Tensor { extreme(axis, keep: keep, >) }

  /// The smallest elements along one axis.
  public func min(axis: Int, keep: Bool = false) -> Tensor { extreme(axis, keep: keep, <) }

  /// The positions of the largest elements along one axis, the first of equal ones.
  public func argmax(axis: Int) -> Tensor { positions(axis, >) }

  /// The positions of the smallest elements along one axis, the first of equal ones.
  public func argmin(axis: Int) -> Tensor { positions(axis, <) }

  private func positions(_ axis: Int, _ better: (Float, Float) -> Bool) -> Tensor {
    let axis = fitting { () throws(ShapeError) in try ShapeRule.axis(axis, of: shape) }
    let (outer, size, inner) = shape.around(axis)
    precondition(size > 0, "an axis of size 0 has no largest or smallest element, shape \(shape)")
    var best = Kernel.zeros(outer * inner)
    for o in 0..<outer {
      for i in 0..<inner {
        var (k, value) = (0, values[o * size * inner + i])
        Pieces.walk(size, cost: 2) {
          for candidate in $0 where better(values[(o * size + candidate) * inner + i], value) {
            (k, value) = (candidate, values[(o * size + candidate) * inner + i])
          }
        }
        best[o * inner + i] = Float(k)
      }
    }
    return Tensor(best, shape.removing(axis), elementType: .int32)
  }

  private func extreme(_ axis: Int, keep: Bool, _ better: (Float, Float) -> Bool) -> Tensor {
    let axis = fitting { () throws(ShapeError) in try ShapeRule.axis(axis, of: shape) }
    let (_, size, inner) = shape.around(axis)
    let best = positions(axis, better).values
    var places = Kernel.uninitializedPlaces(best.count)
    Pieces.walk(best.count, cost: 8) {
      for index in $0 { places[index] = (index / inner * size + Int(best[index])) * inner + index % inner }
    }
    var kept = shape
    kept[axis] = 1
    let from = shape
    return .recorded(values.picked(places), keep ? kept : shape.removing(axis), from: [self]) { gradient in
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
    let (outer, size, inner) = shape.around(axis)
    var sums = values
    for o in 0..<(values.isEmpty ? 0 : outer) {
      Pieces.walk(size, cost: inner + 1) {
        for k in $0 where k > 0 {
          let (here, before) = backwards ? (size - 1 - k, size - k) : (k, k - 1)
          for i in 0..<inner { sums[(o * size + here) * inner + i] += sums[(o * size + before) * inner + i] }
        }
      }
    }
    return sums
  }
}
