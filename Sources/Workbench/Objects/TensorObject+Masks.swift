import PixelScript
import Tensors

/// What a tensor of one element counts as, and what `and`, `or` and `not` make of masks.
extension TensorObject {
  /// The only element; nil for several or none.
  public var number: Double? { tensor.count == 1 ? tensor.number(at: 0) : nil }

  /// Element by element.
  public var isElementwise: Bool { true }

  /// The only element of a mask; nil for several or none, and for numbers.
  public var truth: Bool? {
    let tensor = tensor
    return tensor.count == 1 && tensor.elementType == .bool ? tensor.values[0] != 0 : nil
  }

  /// The result of `and` or `or` with another mask or a bool, element by element with broadcasting.
  func joined(_ operation: Operation, _ other: Value) throws -> Value? {
    let mask: Tensor
    if case .bool(let truth) = other {
      mask = Tensor([truth ? 1 : 0], [], elementType: .bool)
    } else {
      guard let object = try TensorObject.convert(other) else { return nil }
      mask = object.tensor
    }
    for tensor in [tensor, mask] where tensor.elementType != .bool {
      throw ScriptError(
        .type, "`\(operation.symbol)` joins masks and bools, found a tensor of \(tensor.elementType.rawValue)",
        help: "a mask is made by a comparison, as in `x > 0`")
    }
    try Self.check(ShapeRule.broadcast(shape, mask.shape, operation: "join"))
    let (a, b) = (tensor.constant, mask.constant)
    return .object(TensorObject(operation == .and ? a.logicalAnd(b) : a.logicalOr(b)))
  }

  /// The opposite of each element of a mask.
  var opposite: Value { .object(TensorObject(tensor.constant.logicalNot())) }
}
