import PixelScript
import Tensors

extension TensorObject {
  /// Arithmetic and comparisons element by element with tensors and numbers, `@`, and `number in tensor`.
  ///
  /// Whole-number types stay int32 under `+ - * // % **`, exactly or with an error; all else gives float32, comparisons bool.
  public func binary(_ operation: Operation, _ other: Value, reflected: Bool) throws -> Value? {
    if let result = small(operation, other, reflected) { return .object(result) }
    if operation == .contains { return contains(other, reflected) }
    if operation == .and || operation == .or { return try joined(operation, other) }
    if operation.isOfSets {
      return try operation.ofMasks.flatMap { try isMask ? joined($0, other) : nil }
    }
    guard let operand = try TensorOperand.convert(other)?.object ?? Self.compared(other, operation) else { return nil }
    let (left, right) = reflected ? (operand, self) : (self, operand)
    if operation == .matrixProduct { return .object(try Self.matrixProduct(left, right)) }
    let shape = try ShapeRule.broadcast(left.shape, right.shape, operation: operation.verb)
    try Self.check(shape)
    if operation.isComparison { return .object(TensorObject(try Self.comparison(operation, left, right, shape))) }
    let isWhole = operation.keepsWholeNumbers && left.isWhole && right.isWhole
    if isWhole, let result = Self.smallWholeNumbers(operation, left, right, shape) { return .object(result) }
    let result =
      left.isConstant && right.isConstant
      ? TensorObject(operation.combined(left.own, right.own))
      : Self.result(of: [left, right]) { operation.combined($0[0], $0[1]) }
    guard isWhole, !result.tensor.isRecorded else { return .object(result) }
    return .object(TensorObject(try Self.wholeNumbers(operation, left, right, result.tensor)))
  }

  /// The numbers in lists beside which a tensor stands in a comparison; nil for other values.
  private static func compared(_ other: Value, _ operation: Operation) throws -> TensorObject? {
    guard operation.isComparison else { return nil }
    switch other {
    case .list, .range:
      do { return TensorObject(try identifiers(from: other)) } catch let error as ScriptError where error.kind == .type
      {
        return nil
      }
    case .bool(let truth): return TensorObject(Tensor([truth ? 1 : 0], [], elementType: .bool))
    default: return nil
    }
  }

  /// The result for few floats that nobody records, which most operators of a loop work on; nil for all else.
  private func small(_ operation: Operation, _ other: Value, _ reflected: Bool) -> TensorObject? {
    guard parameter == nil, literal == nil, let small = operation.small else { return nil }
    let result: Tensor?
    switch other {
    case .number(let number): result = Tensor.small(small, own, Float(number), isReflected: reflected)
    case .object(let object as TensorObject):
      guard object.parameter == nil, object.literal == nil else { return nil }
      result = reflected ? Tensor.small(small, object.own, own) : Tensor.small(small, own, object.own)
    default: return nil
    }
    return result.map { TensorObject($0) }
  }

  /// `w -= 0.1 * w.grad` changes a parameter itself, outside every tape, whatever holds it (PyTorch's `no_grad` update).
  public func update(_ operation: Operation, _ other: Value) throws -> Bool {
    guard let parameter else { return false }
    var operand = other
    if let object = try TensorObject.convert(other) { operand = .object(TensorObject(object.tensor.constant)) }
    let value = try TensorObject(tensor).binary(operation, operand, reflected: false)
    guard let result = try TensorObject.convert(value ?? .nil) else { return false }
    guard result.shape == shape else {
      throw ShapeError("cannot change \(shape) in place to \(result.shape)")
    }
    parameter.value = Tensor(result.tensor.values, shape)
    return true
  }

  /// The matrix product; of whole-number types as int32.
  static func matrixProduct(_ a: TensorObject, _ b: TensorObject) throws -> TensorObject {
    try checkProduct(a.shape, b.shape)
    if a.isPlain, b.isPlain { return TensorObject(a.own.matrixProduct(b.own)) }
    guard areWholeConstants([a, b]) else { return result(of: [a, b]) { $0[0].matrixProduct($0[1]) } }
    // So few small ones that no float on the way is rounded.
    let most = (16_777_216 / Float(max(a.shape.last ?? 1, 1))).squareRoot()
    if a.own.areWholes(within: most), a === b || b.own.areWholes(within: most) {
      let product = a.own.constant.matrixProduct(b.own.constant)
      return TensorObject(Tensor(product.values, product.shape, elementType: .int32))
    }
    let equation =
      switch (a.shape.count == 1, b.shape.count == 1) {
      case (true, true): "j,j->"
      case (true, false): "j,...jk->...k"
      case (false, true): "...ij,j->...i"
      case (false, false): "...ij,...jk->...ik"
      }
    let sum = try Einsum.plan(equation, shapes: [a.shape, b.shape])
    return try products(of: [a, b], sum) { $0[0].matrixProduct($0[1]) }
  }

  /// Throws unless the matrix product of these shapes, and what its operands are stretched to, are small enough.
  private static func checkProduct(_ a: Shape, _ b: Shape) throws {
    let result = try ShapeRule.product(a, b)
    try check(result)
    guard a.count > 1, b.count > 2 else { return }
    let outer = Array(result.dropLast(2))
    for shape in [a, b] where Array(shape.dropLast(2)) != outer { try check(outer + shape.suffix(2)) }
  }

  /// `-x`, which gives int32 of whole-number types, and `not` of a mask.
  public func unary(_ operation: UnaryOperator) throws -> Value? {
    guard operation == .negate else { return isMask ? opposite : nil }
    // From 0, as whole numbers have no -0.
    return isWhole ? try binary(.subtract, .number(0), reflected: true) : .object(Self.result(of: self) { -$0 })
  }

  private func contains(_ other: Value, _ reflected: Bool) -> Value? {
    let number: Double
    switch other.plain {
    case .number(let other) where reflected: number = other
    case .bool(let truth) where reflected: number = truth ? 1 : 0
    default: return nil
    }
    return .bool(tensor.isRounded ? tensor.numbers.contains(number) : tensor.values.contains { Double($0) == number })
  }
}

extension Operation {
  /// The operator as a verb, for errors about shapes.
  fileprivate var verb: String {
    switch self {
    case .add: "add"
    case .subtract: "subtract"
    case .multiply, .matrixProduct: "multiply"
    case .divide, .floorDivide, .remainder: "divide"
    case .power: "raise"
    case .and, .or: "join"
    default: "compare"
    }
  }

  var small: Tensor.SmallOperation? {
    switch self {
    case .add: .add
    case .subtract: .subtract
    case .multiply: .multiply
    case .divide: .divide
    case .floorDivide: .floorDivide
    case .remainder: .remainder
    default: isComparison ? .compare(comparison) : nil
    }
  }

  fileprivate var keepsWholeNumbers: Bool { self != .divide }

  fileprivate func combined(_ a: Tensor, _ b: Tensor) -> Tensor {
    switch self {
    case .add: a + b
    case .subtract: a - b
    case .multiply: a * b
    case .divide: a / b
    case .floorDivide: a.floorQuotient(b)
    case .remainder: a.remainder(b)
    case .power: a.power(b)
    default: preconditionFailure("\(symbol) is not arithmetic")
    }
  }
}
