import Safepoint

extension Tensor {
  /// The sum, element by element, the shapes stretched to each other (NumPy's broadcasting).
  public static func + (a: Tensor, b: Tensor) -> Tensor {
    let (x, y, needs) = (a.shape, b.shape, (a.isRecorded, b.isRecorded))
    return combined(a, b, "add", fast: Kernel.add, keeping: .only(), +) { gradient in
      [needs.0 ? gradient.summed(to: x) : nil, needs.1 ? gradient.summed(to: y) : nil]
    }
  }

  /// The difference, element by element, with broadcasting.
  public static func - (a: Tensor, b: Tensor) -> Tensor {
    let (x, y) = (a.shape, b.shape)
    return combined(a, b, "subtract", keeping: .only(), -) { gradient in
      [gradient.summed(to: x), (-gradient).summed(to: y)]
    }
  }

  /// The product, element by element, with broadcasting.
  public static func * (a: Tensor, b: Tensor) -> Tensor {
    let (x, y) = (a.constant, b.constant)
    return combined(a, b, "multiply", fast: Kernel.multiply, *) { gradient in
      [(gradient * y).summed(to: x.shape), (gradient * x).summed(to: y.shape)]
    }
  }

  /// The quotient, element by element, with broadcasting.
  public static func / (a: Tensor, b: Tensor) -> Tensor {
    let (x, y) = (a.constant, b.constant)
    return combined(a, b, "divide", /) { gradient in
      [(gradient / y).summed(to: x.shape), (-gradient * x / (y * y)).summed(to: y.shape)]
    }
  }

  /// `self` to the power `exponent`, element by element, with broadcasting.
  public func power(_ exponent: Tensor) -> Tensor {
    let (x, y) = (self.constant, exponent.constant)
    return Tensor.combined(self, exponent, "raise", Elementary.power) { gradient in
      let base = gradient * y * Tensor.combined(x, y - Tensor(1), "raise", Elementary.power) { _ in [] }
      let value = Tensor.combined(x, y, "raise", Elementary.power) { _ in [] }
      let logarithm = Tensor.combined(x, Tensor(0), "raise", { x, _ in x > 0 ? Elementary.log(x) : 0 }) { _ in [] }
      return [base.summed(to: x.shape), (gradient * value * logarithm).summed(to: y.shape)]
    }
  }

  /// The larger of two elements, with broadcasting; where they are equal the gradient is shared.
  public func maximum(_ other: Tensor) -> Tensor { extremum(other, "compare", Swift.max) }

  /// The smaller of two elements, with broadcasting; where they are equal the gradient is shared.
  public func minimum(_ other: Tensor) -> Tensor { extremum(other, "compare", Swift.min) }

  private func extremum(_ other: Tensor, _ name: String, _ f: @escaping (Float, Float) -> Float) -> Tensor {
    let (x, y) = (self.constant, other.constant)
    return Tensor.combined(self, other, name, f) { gradient in
      let share = Tensor.combined(x, y, name, { $0 == $1 ? 0.5 : f($0, $1) == $0 ? 1 : 0 }) { _ in [] }
      return [(gradient * share).summed(to: x.shape), (gradient - gradient * share).summed(to: y.shape)]
    }
  }

  /// The negative of every element.
  public static prefix func - (a: Tensor) -> Tensor {
    recorded(a.values.mapped(cost: 1) { -$0 }, a.shape, from: [a], keeping: .only()) { gradient in [-gradient] }
  }

  /// A constant of 1 where `compare` holds for two elements and 0 elsewhere, with broadcasting.
  public func mask(_ other: Tensor, where compare: (Float, Float) -> Bool) -> Tensor {
    let result = Tensor.combined(constant, other.constant, "compare", { compare($0, $1) ? 1 : 0 }) { _ in [] }
    return Tensor(result.values, result.shape, elementType: .bool)
  }

  /// `f` of the elements of `a` and `b` stretched to one shape; `fast` may serve where `b`, end to end, fills `a`.
  private static func combined(
    _ a: Tensor, _ b: Tensor, _ name: String, fast: (([Float], [Float]) -> [Float])? = nil,
    keeping kept: Tape.Kept = .inputs, _ f: (Float, Float) -> Float, pullback: @escaping Tape.Pullback
  ) -> Tensor {
    if let fast, a.shape.suffix(b.shape.count) == b.shape[...], b.count > 0 {
      return recorded(fast(a.values, b.values), a.shape, from: [a, b], keeping: kept, pullback: pullback)
    }
    let shape = fitting { () throws(ShapeError) in try ShapeRule.broadcast(a.shape, b.shape, operation: name) }
    return recorded(Broadcast(a, b, shape).map(f), shape, from: [a, b], keeping: kept, pullback: pullback)
  }

  /// This tensor summed over the axes along which `shape` was stretched to become its own.
  func summed(to shape: Shape) -> Tensor {
    if shape == self.shape { return self }
    if !shape.isEmpty, self.shape.suffix(shape.count) == shape[...] {
      let inner = shape.elementCount
      if inner > 0 {
        return Tensor(Kernel.columnSums(values, rows: count / inner, columns: inner, stride: inner), shape)
      }
    }
    var sums = Kernel.totals(shape.elementCount)
    let steps = Broadcast.steps(shape, in: self.shape)
    Broadcast.walk(self.shape, steps) { index, target in sums[target] += Double(values[index]) }
    return Tensor(sums.rounded, shape)
  }

  /// This tensor stretched to `shape`, which broadcasting must allow.
  public func broadcast(to shape: Shape) -> Tensor {
    if shape == self.shape { return self }
    let fits = fitting { () throws(ShapeError) in try ShapeRule.broadcast(self.shape, shape, operation: "stretch") }
    precondition(fits == shape, "cannot stretch \(self.shape) to \(shape)")
    var stretched = Kernel.uninitialized(shape.elementCount)
    Broadcast.walk(shape, Broadcast.steps(self.shape, in: shape)) { index, source in stretched[index] = values[source] }
    let from = self.shape
    return Tensor.recorded(stretched, shape, from: [self], keeping: .only()) { gradient in [gradient.summed(to: from)] }
  }
}

/// Two tensors walked together as if both had one shape.
private struct Broadcast {
  let a, b: [Float]
  let shape: Shape
  let stepsA, stepsB: [Int]

  init(_ a: Tensor, _ b: Tensor, _ shape: Shape) {
    (self.a, self.b, self.shape) = (a.values, b.values, shape)
    stepsA = Self.steps(a.shape, in: shape)
    stepsB = Self.steps(b.shape, in: shape)
  }

  /// How far one moves in a tensor of `shape` for a step along each axis of `whole`: 0 where it is stretched.
  static func steps(_ shape: Shape, in whole: Shape) -> [Int] {
    let missing = whole.count - shape.count
    let strides = shape.strides
    return whole.indices.map { $0 < missing || shape[$0 - missing] == 1 ? 0 : strides[$0 - missing] }
  }

  func map(_ f: (Float, Float) -> Float) -> [Float] {
    var result = Kernel.uninitialized(shape.elementCount)
    if stepsA == stepsB {
      Pieces.walk(result.count, cost: 2) { for k in $0 { result[k] = f(a[k], b[k]) } }
    } else if b.count == 1 {
      Pieces.walk(result.count, cost: 2) { for k in $0 { result[k] = f(a[k], b[0]) } }
    } else if a.count == 1 {
      Pieces.walk(result.count, cost: 2) { for k in $0 { result[k] = f(a[0], b[k]) } }
    } else {
      let (innerA, innerB) = (stepsA[shape.count - 1], stepsB[shape.count - 1])
      Self.rows(shape, stepsA, stepsB) { index, x, y, part in
        for k in part { result[index + k] = f(a[x + k * innerA], b[y + k * innerB]) }
      }
    }
    return result
  }

  /// Calls `body` in pieces for every element of `shape` with its own index and the index that `steps` lead to.
  static func walk(_ shape: Shape, _ steps: [Int], _ body: (Int, Int) -> Void) {
    guard let step = steps.last else { return body(0, 0) }
    rows(shape, steps, steps) { index, place, _, part in
      for k in part { body(index + k, place + k * step) }
    }
  }

  /// Calls `body` until the work must stop for every innermost row or parts of it: where the row starts, the places that two
  /// sets of steps lead to, and which of its elements are meant.
  @inline(__always)
  private static func rows(_ shape: Shape, _ a: [Int], _ b: [Int], _ body: (Int, Int, Int, Range<Int>) -> Void) {
    let inner = shape[shape.count - 1]
    guard shape.elementCount > 0 else { return }
    var counter = [Int](repeating: 0, count: shape.count - 1)
    var (x, y) = (0, 0)
    Pieces.walk(rows: shape.elementCount / inner, width: inner, cost: 2) { row, part in
      body(row * inner, x, y, part)
      guard part.upperBound == inner else { return }
      for axis in counter.indices.reversed() {
        counter[axis] += 1
        x += a[axis]
        y += b[axis]
        if counter[axis] < shape[axis] { break }
        x -= a[axis] * shape[axis]
        y -= b[axis] * shape[axis]
        counter[axis] = 0
      }
    }
  }
}
