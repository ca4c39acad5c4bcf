import PixelScript
import Safepoint
import Tensors

/// Whole numbers are computed with exactly: what does not fit into int32 is an error, never rounded.
extension TensorObject {
  /// True for the types of whole numbers, and for a plain number without a fraction.
  var isWhole: Bool {
    guard let literal else { return elementType != .float32 }
    return literal == literal.rounded() && abs(literal) <= 9_007_199_254_740_992
  }

  /// `f` of every whole number, as int32; `quick` does it with floats that stand for themselves.
  func whole(_ f: (Double) -> Double, quick: ((Tensor) -> Tensor)?) throws -> TensorObject {
    let tensor = tensor
    if let quick, tensor.areWholes(within: 2_147_483_520) {
      return TensorObject(Tensor(quick(tensor.constant).values, shape, elementType: .int32))
    }
    let numbers = Tensor.numbers(tensor.count) { f(tensor.number(at: $0)) }
    return TensorObject(try Tensor(numbers: numbers, shape, elementType: .int32))
  }

  /// The result of arithmetic on whole numbers; `estimate` is what floats give, which is exact below 2^24.
  static func wholeNumbers(
    _ operation: Operation, _ left: TensorObject, _ right: TensorObject, _ estimate: Tensor
  ) throws -> Tensor {
    // A quotient of larger floats could have been rounded to the next whole number.
    let operands = [.add, .subtract, .multiply].contains(operation) ? [] : [left.tensor, right.tensor]
    let isExact =
      !left.isInexact && !right.isInexact && operands.allSatisfy { $0.areWholes(within: 16_777_216) }
      && estimate.areWholes(within: 16_777_215)
    if isExact { return Tensor(estimate.values, estimate.shape, elementType: .int32) }
    let (a, b) = (left.stretched(to: estimate.shape), right.stretched(to: estimate.shape))
    try Safepoint.check()
    try Safepoint.reserve(8, times: a.count, for: "a tensor")
    var results: [Double] = []
    results.reserveCapacity(a.count)
    for place in a.indices {
      if place & 0xffff == 0 { try Safepoint.check() }
      results.append(try operation.whole(Int(a[place]), Int(b[place])))
    }
    return try Tensor(numbers: results, estimate.shape, elementType: .int32)
  }

  /// Sums, differences and products of whole numbers that nobody records where floats give them exactly, in one pass; nil for all else.
  static func smallWholeNumbers(
    _ operation: Operation, _ left: TensorObject, _ right: TensorObject, _ shape: Shape
  ) -> TensorObject? {
    guard let small = operation.small, !left.isInexact, !right.isInexact,
      [left, right].allSatisfy({ $0.parameter == nil && !$0.own.isRecorded })
    else { return nil }
    return Tensor.wholes(small, left.own, right.own, shape).map { TensorObject($0) }
  }

  /// The truth of a comparison for every element; whole numbers are compared exactly.
  static func comparison(
    _ operation: Operation, _ left: TensorObject, _ right: TensorObject, _ shape: Shape
  ) throws -> Tensor {
    let isExact = (left.hasWholeType || right.hasWholeType) && (left.isInexact || right.isInexact)
    guard isExact else { return left.tensor.compared(operation.comparison, right.tensor) }
    let order: (Double, Double) -> Bool = operation.order()
    let (a, b) = (left.stretched(to: shape), right.stretched(to: shape))
    let values = Tensor.counted(a.count) { order(a[$0], b[$0]) ? 1 : 0 }
    return Tensor(values, shape, elementType: .bool)
  }

  /// Sums of products, which `body` makes of floats; of whole-number types as int32, exactly or with an error.
  static func products(
    of inputs: [TensorObject], _ plan: @autoclosure () throws -> Einsum, _ body: ([Tensor]) -> Tensor
  ) throws -> TensorObject {
    guard areWholeConstants(inputs) else { return result(of: inputs, body) }
    let sum = try plan()
    let count = inputs.reduce(sum.shape.elementCount) { max($0, $1.own.count) }
    try Safepoint.reserve(24, times: count, for: "a tensor")
    return TensorObject(try sum.wholeNumbers(inputs.map(\.own)))
  }

  /// True for tensors of whole-number types that nobody records.
  static func areWholeConstants(_ inputs: [TensorObject]) -> Bool {
    inputs.allSatisfy { $0.hasWholeType && $0.parameter == nil && !$0.own.isRecorded }
  }

  private var hasWholeType: Bool { literal == nil && elementType != .float32 }

  /// True when the tensor's floats are not the numbers that it stands for.
  var isInexact: Bool { literal.map { Double(Float($0)) != $0 } ?? tensor.isRounded }

  /// The numbers, repeated along the axes that broadcasting stretches.
  private func stretched(to shape: Shape) -> [Double] {
    if let literal { return Tensor.numbers(shape.elementCount) { _ in literal } }
    return Tensor.moving([tensor.constant], as: tensor.elementType) { $0[0].broadcast(to: shape) }.numbers
  }
}

extension Operation {
  var isComparison: Bool {
    switch self {
    case .equal, .notEqual, .less, .lessOrEqual, .greater, .greaterOrEqual: true
    default: false
    }
  }

  var comparison: Tensor.Comparison {
    switch self {
    case .equal: .equal
    case .notEqual: .notEqual
    case .less: .less
    case .lessOrEqual: .lessOrEqual
    case .greater: .greater
    default: .greaterOrEqual
    }
  }

  fileprivate func order<Number: Comparable>() -> (Number, Number) -> Bool {
    switch self {
    case .equal: (==)
    case .notEqual: (!=)
    case .less: (<)
    case .lessOrEqual: (<=)
    case .greater: (>)
    default: (>=)
    }
  }

  /// The exact result for whole numbers; infinite where it is too large for any.
  fileprivate func whole(_ x: Int, _ y: Int) throws(ScriptError) -> Double {
    switch self {
    case .add: return Double(x + y)
    case .subtract: return Double(x - y)
    case .multiply:
      let (product, overflow) = x.multipliedReportingOverflow(by: y)
      return overflow ? Double(x) * Double(y) : Double(product)
    case .floorDivide, .remainder:
      guard y != 0 else { throw ScriptError(.value, "division by zero among whole numbers") }
      let (quotient, rest) = x.quotientAndRemainder(dividingBy: y)
      let isBelow = rest != 0 && (rest < 0) != (y < 0)
      return Double(self == .floorDivide ? quotient - (isBelow ? 1 : 0) : isBelow ? rest + y : rest)
    default: return try wholePower(x, y)
    }
  }

  private func wholePower(_ x: Int, _ y: Int) throws(ScriptError) -> Double {
    if y < 0, x == 0 { throw ScriptError(.value, "division by zero among whole numbers") }
    if abs(x) <= 1 { return x == -1 && y % 2 == 0 ? 1 : y == 0 ? 1 : Double(x) }
    // A 64th power fits into no type of whole numbers, and a negative one is none.
    let power = (0..<min(abs(y), 64)).reduce(1.0) { product, _ in product * Double(x) }
    return y < 0 ? 1 / power : power
  }
}
