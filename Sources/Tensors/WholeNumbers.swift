import Safepoint

extension Tensor {
  /// Creates a tensor of numbers; throws the first that its type can't hold. Floats are rounded to the nearest.
  public init(numbers: [Double], _ shape: Shape, elementType: ElementType = .float32) throws(ElementError) {
    if let range = elementType.range {
      var stranger: Int?
      Pieces.walk(numbers.count, cost: 2) { piece in
        guard stranger == nil else { return }
        stranger = piece.first { !range.contains(numbers[$0]) || numbers[$0] != numbers[$0].rounded() }
      }
      if let place = stranger {
        let index = zip(shape, shape.strides).map { place / $1 % $0 }
        throw ElementError(number: numbers[place], index: index, type: elementType)
      }
    }
    self.init(exactly: numbers, shape, elementType: elementType)
  }

  /// Creates a tensor of numbers that its type holds.
  package init(exactly numbers: [Double], _ shape: Shape, elementType: ElementType) {
    let values = numbers.rounded
    var rest: [Float]?
    // 2^24 itself may stand for its neighbor.
    if elementType == .int32, !values.allSatisfied({ Swift.abs($0) < 16_777_216 }) {
      rest = Tensor.counted(numbers.count) { Float(numbers[$0] - Double(values[$0])) }
    }
    self.init(values, shape, elementType: elementType, rest: rest)
  }

  /// Creates a tensor of places on an axis of `size`; work that stops leaves zeros, which are places too.
  init(positions: [Int32], of size: Int, _ shape: Shape) {
    if size <= 1 << 24 || positions.allSatisfy({ $0 < 1 << 24 }) {
      self.init(Kernel.floats(ofPlaces: positions), shape, elementType: .int32)
    } else {
      self.init(exactly: Tensor.numbers(positions.count) { Double(positions[$0]) }, shape, elementType: .int32)
    }
  }

  /// The elements, exactly.
  public var numbers: [Double] {
    let values = values
    guard let rest else { return Tensor.numbers(count) { Double(values[$0]) } }
    return Tensor.numbers(count) { Double(values[$0]) + Double(rest[$0]) }
  }

  /// The element at a place in row-major order, exactly.
  public func number(at place: Int) -> Double {
    guard view == nil else { return Double(values[place]) }
    return Double(held[place]) + (rest.map { Double($0[place]) } ?? 0)
  }

  /// Whether the elements are whole numbers from `low` on below `limit`, as far as floats tell.
  package func areWholes(from low: Float, below limit: Float) -> Bool {
    rest == nil && Kernel.areWholes(values, from: low, below: limit)
  }

  /// Whether the elements are whole numbers of at most such a size, as far as floats tell.
  package func areWholes(within size: Float) -> Bool {
    if elementType != .float32 { return rest == nil && Kernel.areWithin(values, size) }
    return areWholes(from: -size, below: size.nextUp)
  }

  /// Whether the elements are places 0 ..< `limit`, as far as floats tell.
  package func arePlaces(below limit: Int) -> Bool {
    Int(exactly: Float(limit)) == limit && areWholes(from: 0, below: Float(limit))
  }

  /// The elements as places 0 ..< `limit`; nil where one is none.
  package func places(below limit: Int) -> [Int]? {
    guard arePlaces(below: limit) else { return nil }
    let places = Kernel.places(values)
    return Safepoint.mustStop ? nil : places
  }

  /// The elements as classes 0 ..< `limit`; nil where one is none.
  package func labels(below limit: Int) -> [Int32]? {
    guard arePlaces(below: limit) else { return nil }
    var labels = [Int32](repeating: 0, count: count)
    let values = values
    Pieces.walk(count) { for k in $0 { labels[k] = Int32(values[k]) } }
    return Safepoint.mustStop ? nil : labels
  }

  /// Whether some element is a whole number that `values` holds rounded.
  public var isRounded: Bool { rest != nil }

  /// What the elements take as floats, and what those leave of whole numbers.
  package var arrayBytes: Int { (isRounded ? 8 : 4) * count }

  /// The same elements as another type, which must hold them: a whole number has no fraction and lies in the type's range. As
  /// booleans all but 0 are 1.
  public func converted(to type: ElementType) throws(ElementError) -> Tensor {
    if type == elementType { return constant }
    if type == .bool { return Tensor(values.mapped { $0 == 0 ? 0 : 1 }, shape, elementType: .bool) }
    if type == .float32, rest == nil { return Tensor(self, elementType: .float32, place: nil) }
    if type == .float32 { return Tensor(values, shape) }
    if let range = type.range, areWholes(from: Float(range.lowerBound), below: Float(range.upperBound + 1)) {
      return Tensor(values, shape, elementType: type)
    }
    return try Tensor(numbers: numbers, shape, elementType: type)
  }

  /// What `body`, which only moves elements about, makes of tensors, as elements of `type`; whole numbers stay exact.
  ///
  /// A recorded result is of float32.
  public static func moving(
    _ tensors: [Tensor], as type: ElementType, _ body: ([Tensor]) throws -> Tensor
  ) rethrows -> Tensor {
    let result = try body(tensors)
    guard !result.isRecorded, type != result.elementType || type == .int32 else { return result }
    guard type == .int32, tensors.contains(where: \.isRounded) else {
      return Tensor(result, elementType: type, place: nil)
    }
    let rest = try body(
      tensors.map { Tensor($0.rest ?? Kernel.zeros($0.count), $0.shape) })
    return Tensor(result.values, result.shape, elementType: type, rest: rest.values)
  }

  /// The sums of whole numbers, along an axis or of all, as int32; throws where one does not fit.
  public func wholeSum(axis: Int? = nil, keep: Bool = false) throws(ElementError) -> Tensor {
    let axis = axis.map { axis in fitting { () throws(ShapeError) in try ShapeRule.axis(axis, of: shape) } }
    var target = axis == nil ? [] : shape
    if let axis { if keep { target[axis] = 1 } else { target.remove(at: axis) } }
    // Below 2^24 the sum of as many as fit into memory is exact in double precision.
    guard isRounded else {
      let sums = axis.map { totals($0) } ?? [total]
      return try Tensor(numbers: sums, target, elementType: .int32)
    }
    let (outer, size, inner) = axis.map { shape.around($0) } ?? (1, count, 1)
    var sums = [Int](repeating: 0, count: outer * inner)
    Pieces.walk(rows: outer, width: size, cost: 2 * inner + 4) { o, part in
      for k in part {
        let row = (o * size + k) * inner
        for i in 0..<inner { sums[o * inner + i] += whole(row + i) }
      }
    }
    return try Tensor(numbers: sums.map { Double($0) }, target, elementType: .int32)
  }

  /// The running sums of whole numbers along an axis, as int32; throws where one does not fit.
  public func wholeCumulativeSum(axis: Int) throws(ElementError) -> Tensor {
    let axis = fitting { () throws(ShapeError) in try ShapeRule.axis(axis, of: shape) }
    // Without elements the sizes beside the axis may be anything.
    guard count > 0 else { return Tensor([], shape, elementType: .int32) }
    let (outer, size, inner) = shape.around(axis)
    // So few small ones that no float on the way is rounded.
    if areWholes(within: 16_777_216 / Float(size)) {
      return Tensor(constant.cumulativeSum(axis: axis).values, shape, elementType: .int32)
    }
    var sums = Kernel.totals(count)
    var totals = [Int](repeating: 0, count: inner)
    Pieces.walk(rows: outer, width: size, cost: 2 * inner + 4) { o, part in
      if part.lowerBound == 0 { for i in totals.indices { totals[i] = 0 } }
      for k in part {
        let row = (o * size + k) * inner
        for i in 0..<inner {
          totals[i] += whole(row + i)
          sums[row + i] = Double(totals[i])
        }
      }
    }
    return try Tensor(numbers: sums, shape, elementType: .int32)
  }

  private func whole(_ place: Int) -> Int {
    guard view == nil else { return Int(values[place]) }
    return Int(held[place]) + (rest.map { Int($0[place]) } ?? 0)
  }
}
