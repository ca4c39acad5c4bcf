extension Tensor {
  /// The sum, element by element, the shapes stretched to each other (NumPy's broadcasting).
  public static func + (a: Tensor, b: Tensor) -> Tensor {
    let (x, y, needs) = (a.shape, b.shape, (a.isRecorded, b.isRecorded))
    return combined(.add, a, b, "add", keeping: .only()) { gradient in
      [needs.0 ? gradient.summed(to: x) : nil, needs.1 ? gradient.summed(to: y) : nil]
    }
  }

  /// The difference, element by element, with broadcasting.
  public static func - (a: Tensor, b: Tensor) -> Tensor {
    let (x, y, needs) = (a.shape, b.shape, (a.isRecorded, b.isRecorded))
    return combined(.subtract, a, b, "subtract", keeping: .only()) { gradient in
      [needs.0 ? gradient.summed(to: x) : nil, needs.1 ? -gradient.summed(to: y) : nil]
    }
  }

  /// The product, element by element, with broadcasting.
  public static func * (a: Tensor, b: Tensor) -> Tensor {
    let (x, y, needs) = (a.constant, b.constant, (a.isRecorded, b.isRecorded))
    return combined(.multiply, a, b, "multiply") { gradient in
      [
        needs.0 ? (gradient * y).summed(to: x.shape) : nil,
        needs.1 ? (gradient * x).summed(to: y.shape) : nil,
      ]
    }
  }

  /// The quotient, element by element, with broadcasting.
  public static func / (a: Tensor, b: Tensor) -> Tensor {
    let (x, y, needs) = (a.constant, b.constant, (a.isRecorded, b.isRecorded))
    return combined(.divide, a, b, "divide") { gradient in
      [
        needs.0 ? (gradient / y).summed(to: x.shape) : nil,
        needs.1 ? -(gradient * (x / y / y)).summed(to: y.shape) : nil,
      ]
    }
  }

  /// The quotient rounded down, element by element, with broadcasting; that by 0 is infinite or NaN (PyTorch's `//`). It has no gradient.
  public func floorQuotient(_ divisor: Tensor) -> Tensor {
    let (x, y) = (shape, divisor.shape)
    return Tensor.combined(.floorDivide, self, divisor, "divide", keeping: .only()) { _ in
      [Tensor(0).broadcast(to: x), Tensor(0).broadcast(to: y)]
    }
  }

  /// What is left of a division rounded down, element by element, with broadcasting; NaN where the divisor is 0 (PyTorch's `%`).
  public func remainder(_ divisor: Tensor) -> Tensor {
    let (x, y, needs) = (self.constant, divisor.constant, (isRecorded, divisor.isRecorded))
    return Tensor.combined(.remainder, self, divisor, "divide") { gradient in
      [
        needs.0 ? gradient.summed(to: x.shape) : nil,
        needs.1 ? -(gradient * x.floorQuotient(y)).summed(to: y.shape) : nil,
      ]
    }
  }

  /// `self` to the power `exponent`, element by element, with broadcasting.
  ///
  /// With respect to an exponent the gradient is NaN where the base is below 0, and 0 where the base is 0 and the exponent is not below
  /// it; with respect to a base it is 0 where the exponent is 0 (PyTorch's `pow`).
  public func power(_ exponent: Tensor) -> Tensor {
    if exponent.shape.isEmpty, !exponent.isRecorded { return mapped(.power(exponent.values[0])) }
    let (x, y, needs) = (self.constant, exponent.constant, (isRecorded, exponent.isRecorded))
    return Tensor.combined(.power, self, exponent, "raise") { gradient in
      [
        needs.0 ? x.powerGradient(y, gradient).summed(to: x.shape) : nil,
        needs.1 ? x.exponentGradient(y, gradient).summed(to: y.shape) : nil,
      ]
    }
  }

  /// What the base of a power gets of a gradient: nothing where the exponent is 0, whatever the gradient is.
  private func powerGradient(_ exponent: Tensor, _ gradient: Tensor) -> Tensor {
    let part = gradient * (exponent * power(exponent - Tensor(1)))
    return Tensor.choosing(exponent.compared(.equal, Tensor(0)), Tensor(0), part)
  }

  /// What the exponent of a power gets of a gradient.
  private func exponentGradient(_ exponent: Tensor, _ gradient: Tensor) -> Tensor {
    let isFlat = compared(.equal, Tensor(0)) * Tensor(0).compared(.lessOrEqual, exponent)
    return Tensor.choosing(isFlat, Tensor(0), gradient * (power(exponent) * log()))
  }

  /// The larger of two elements, with broadcasting, NaN where one is; where they are equal the gradient is shared, and at NaN both get it
  /// (PyTorch's `maximum`).
  public func maximum(_ other: Tensor) -> Tensor { extremum(other, .maximum, .shareOfLarger) }

  /// The smaller of two elements, with broadcasting, and gradients as of `maximum`.
  public func minimum(_ other: Tensor) -> Tensor { extremum(other, .minimum, .shareOfSmaller) }

  private func extremum(_ other: Tensor, _ function: PairFunction, _ share: PairFunction) -> Tensor {
    let (x, y) = (self.constant, other.constant)
    return Tensor.combined(function, self, other, "compare") { gradient in
      func part(_ own: Tensor, _ other: Tensor) -> Tensor {
        gradient.shared(Tensor(Kernel.combine(share, own, other, gradient.shape), gradient.shape), to: own.shape)
      }
      return [part(x, y), part(y, x)]
    }
  }

  /// The part of a gradient that shares take, added up to a shape: none of what is infinite or NaN where a share is 0.
  private func shared(_ shares: Tensor, to shape: Shape) -> Tensor {
    Tensor.choosing(shares, self * shares, Tensor(0)).summed(to: shape)
  }

  /// Every element held between those of two others, with broadcasting; NaN where one is (PyTorch's `clamp` with tensors).
  ///
  /// An element shares the gradient with a bound that it is equal to, where the bounds differ; bounds that are no interval give the gradient to the
  /// upper one, and where one is NaN the element has it.
  public func held(_ low: Tensor, _ high: Tensor) -> Tensor {
    let shape = fitting { () throws(ShapeError) in
      try ShapeRule.broadcast(
        ShapeRule.broadcast(self.shape, low.shape, operation: "compare"), high.shape, operation: "compare")
    }
    let result = Kernel.held(.hold, self, low, high, shape)
    guard isRecorded || low.isRecorded || high.isRecorded else { return Tensor(result, shape) }
    let (x, a, b) = (self.constant, low.constant, high.constant)
    let needs = (isRecorded, low.isRecorded, high.isRecorded)
    return Tensor.recorded(result, shape, from: [self, low, high]) { gradient in
      func part(_ share: PairFunction, _ own: Tensor) -> Tensor {
        gradient.shared(Tensor(Kernel.held(share, x, a, b, shape), shape), to: own.shape)
      }
      return [
        needs.0 ? part(.shareOfHeld, x) : nil, needs.1 ? part(.shareOfLow, a) : nil,
        needs.2 ? part(.shareOfHigh, b) : nil,
      ]
    }
  }

  /// What a small operation on constants does.
  public enum SmallOperation: Sendable {
    case add, subtract, multiply, divide, floorDivide, remainder
    case compare(Comparison)

    /// Whether the result for whole numbers, where it is small, is the right one.
    fileprivate var keepsSmallWholes: Bool {
      switch self {
      case .add, .subtract, .multiply: true
      default: false
      }
    }

    /// What it makes of two elements; nil for a comparison.
    var arithmetic: PairFunction? { if case .compare = self { nil } else { function.0 } }

    fileprivate var function: (PairFunction, isSwapped: Bool) {
      switch self {
      case .add: (.add, false)
      case .subtract: (.subtract, false)
      case .multiply: (.multiply, false)
      case .divide: (.divide, false)
      case .floorDivide: (.floorDivide, false)
      case .remainder: (.remainder, false)
      case .compare(.equal): (.equal, false)
      case .compare(.notEqual): (.notEqual, false)
      case .compare(.less): (.less, false)
      case .compare(.lessOrEqual): (.lessOrEqual, false)
      case .compare(.greater): (.less, true)
      case .compare(.greaterOrEqual): (.lessOrEqual, true)
      }
    }
  }

  /// The sums, differences or products of whole numbers, as int32, where floats give them exactly; nil for all else.
  public static func wholes(_ operation: SmallOperation, _ a: Tensor, _ b: Tensor, _ shape: Shape) -> Tensor? {
    guard operation.keepsSmallWholes, a.rest == nil, b.rest == nil, let function = operation.arithmetic,
      let values = Kernel.combine(function, a, b, shape, within: 16_777_215)
    else { return nil }
    return Tensor(values, shape, elementType: .int32)
  }

  /// Whether these are few floats off every tape.
  private var isSmall: Bool { held.count < Self.leastMany && elementType == .float32 && place == nil && view == nil }

  /// The result of an operation on few floats off every tape, with broadcasting, as the operators give it but without what large or recorded ones
  /// need; nil for all else.
  public static func small(_ operation: SmallOperation, _ a: Tensor, _ b: Tensor) -> Tensor? {
    guard a.isSmall, b.isSmall, let shape = smallShape(a.shape, b.shape) else { return nil }
    let (function, isSwapped) = operation.function
    let (x, y) = isSwapped ? (b, a) : (a, b)
    let values =
      x.shape == y.shape ? Kernel.combineSmall(function, x.held, y.held) : Kernel.combine(function, x, y, shape)
    if case .compare = operation { return Tensor(values, shape, elementType: .bool) }
    return Tensor(values, shape)
  }

  /// The shape that both of two stretch to; nil where they do not, or its elements are not few.
  private static func smallShape(_ a: Shape, _ b: Shape) -> Shape? {
    if a == b { return a }
    guard let shape = try? ShapeRule.broadcast(a, b), shape.elementCount < leastMany else { return nil }
    return shape
  }

  /// The same with a number on one side, the left one when `isReflected`.
  public static func small(_ operation: SmallOperation, _ a: Tensor, _ number: Float, isReflected: Bool) -> Tensor? {
    guard a.isSmall else { return nil }
    let (function, isSwapped) = operation.function
    let values = Kernel.combineSmall(function, a.values, number, isReflected: isReflected != isSwapped)
    if case .compare = operation { return Tensor(values, a.shape, elementType: .bool) }
    return Tensor(values, a.shape)
  }

  /// A comparison of two elements.
  public enum Comparison: Sendable {
    case equal, notEqual, less, lessOrEqual, greater, greaterOrEqual
  }

  /// A constant of 1 where the comparison holds for two elements and 0 elsewhere, with broadcasting.
  public func compared(_ comparison: Comparison, _ other: Tensor) -> Tensor {
    let shape = fitting { () throws(ShapeError) in
      try ShapeRule.broadcast(self.shape, other.shape, operation: "compare")
    }
    if let mask = comparedBytes(comparison, other) { return mask }
    let (function, isSwapped) = SmallOperation.compare(comparison).function
    let (a, b) = isSwapped ? (other, self) : (self, other)
    let count = shape.elementCount
    if count >= Self.leastMany, a.view == nil, b.view == nil, a.shape == shape || a.count == 1,
      b.shape == shape || b.count == 1
    {
      return Tensor(mask: Kernel.bytes(function, a.held, b.held, count), shape)
    }
    guard view != nil || other.view != nil else {
      return Tensor(Kernel.combine(function, a, b, shape), shape, elementType: .bool)
    }
    return Tensor.pairs(function, a, b, shape).elements(as: .bool)
  }

  /// `function` of the elements of `a` and `b` stretched to one shape.
  private static func combined(
    _ function: PairFunction, _ a: Tensor, _ b: Tensor, _ name: String, keeping kept: Tape.Kept = .inputs,
    pullback: @escaping Tape.Pullback
  ) -> Tensor {
    let shape =
      a.shape == b.shape
      ? a.shape : fitting { () throws(ShapeError) in try ShapeRule.broadcast(a.shape, b.shape, operation: name) }
    let result = pairs(function, a, b, shape)
    guard a.isRecorded || b.isRecorded else { return result }
    return recorded(result, from: [a, b], keeping: kept, pullback: pullback)
  }

  /// The same off every tape. Where an operand stands in another order of its axes, and the other one too or is small, so does the result.
  static func pairs(_ function: PairFunction, _ a: Tensor, _ b: Tensor, _ shape: Shape) -> Tensor {
    if a.view != nil || b.view != nil {
      if let (x, y, few) = once(a, b, shape) { return pairs(function, x, y, few).broadcast(to: shape) }
      let turns = [a, b].map { $0.shape == shape ? $0.turn : nil }
      if let order = turns[0] ?? turns[1],
        turns[0] == turns[1] || 16 * Swift.min(a.count, b.count) <= shape.elementCount
      {
        let (x, y) = (a.constant.turned(order), b.constant.turned(order))
        let turned = order.map { shape[$0] }
        return Tensor(Kernel.combine(function, x, y, turned), turned).permuted(order.inverse)
      }
    }
    return Tensor(Kernel.combine(function, a, b, shape), shape)
  }

  /// The axes, as many as there are in an order after ones of size 1 were put before them, in that order.
  private func turned(_ order: [Int]) -> Tensor {
    let missing = order.count - shape.count
    return (missing > 0 ? reshaped(Shape(repeating: 1, count: missing) + shape) : self).permuted(order)
  }

  /// This tensor summed over the axes along which `shape` was stretched to become its own.
  func summed(to shape: Shape) -> Tensor {
    if shape == self.shape { return self }
    guard count > 0 else { return Tensor(Kernel.zeros(shape.elementCount), shape) }
    let missing = self.shape.count - shape.count
    func isSummed(_ axis: Int) -> Bool { axis < missing || shape[axis - missing] == 1 }
    // As often the same element, of which the sum is exact.
    if let (elements, times) = once(isSummed),
      elements.shape.indices.allSatisfy({ elements.shape[$0] == 1 || !isSummed($0) })
    {
      // Up to 2^24 the number of them is a float.
      if times <= 1 << 24 { return elements.scaled(by: Float(times)).reshaped(checked: shape) }
      return Tensor(elements.values.map { Float(0 + Double($0) * Double(times)) }, shape)
    }
    return Tensor(sums(isSummed)?.rounded ?? values, shape)
  }

  /// The sums along some axes; nil where all of these are of size 1.
  private func sums(_ isChosen: (_ axis: Int) -> Bool) -> [Double]? {
    // Neighboring axes of one kind are one.
    var (sizes, areSummed, sums) = ([Int](), [Bool](), [Double]?.none)
    for (axis, size) in shape.enumerated() where size != 1 {
      let isSummed = isChosen(axis)
      if areSummed.last == isSummed {
        sizes[sizes.count - 1] *= size
      } else {
        sizes.append(size)
        areSummed.append(isSummed)
      }
    }
    // Axis by axis, the last first; between two of them sums stay in double precision.
    for axis in sizes.indices.reversed() where areSummed[axis] {
      let around = sizes.around(axis)
      sums = sums?.summed(around) ?? Kernel.totals(values, around)
      sizes[axis] = 1
    }
    return sums
  }

  /// This tensor stretched to `shape`, which broadcasting must allow.
  public func broadcast(to shape: Shape) -> Tensor {
    if shape == self.shape { return self }
    let fits = fitting { () throws(ShapeError) in try ShapeRule.broadcast(self.shape, shape, operation: "stretch") }
    precondition(fits == shape, "cannot stretch \(self.shape) to \(shape)")
    let layout = layout
    let stretched = viewed(
      shape, in: layout.base, start: layout.start, steps: Walk.steps(self.shape, layout.steps, in: shape))
    guard isRecorded else { return stretched }
    let from = self.shape
    return Tensor.recorded(stretched, from: [self], keeping: .only()) { gradient in [gradient.summed(to: from)] }
  }
}

extension [Double] {
  /// The sums along the middle axis of [outer, size, inner].
  fileprivate func summed(_ around: (outer: Int, size: Int, inner: Int)) -> [Double] {
    let (outer, size, inner) = around
    var sums = Kernel.totals(outer * inner)
    Pieces.walk(rows: outer, width: size, cost: inner) { o, part in
      for k in part { for i in 0..<inner { sums[o * inner + i] += self[(o * size + k) * inner + i] } }
    }
    return sums
  }
}
