import PixelScript
import Safepoint
import Tensors

/// A list of tensors that are more than the numbers they count as: they have several elements, or gradients flow through them.
private struct TensorList: ScriptConvertible {
  let tensors: [TensorObject]

  static let scriptName = "list of tensors"
  static let kinds = ValueKinds.list

  /// How many numbers are passed over in the search for the first tensor.
  private static let patience = 8

  static func convert(_ value: Value) throws(Stopped) -> TensorList? {
    guard case .list(let list) = value else { return nil }
    guard list.hasObject(among: patience), let operands = try [TensorOperand].convert(value) else { return nil }
    let tensors = operands.map(\.object)
    let isMore = tensors.contains { $0.parameter != nil || $0.tensor.isRecorded || $0.tensor.count != 1 }
    return isMore ? TensorList(tensors: tensors) : nil
  }

  var scriptValue: Value { .list(tensors.map { .object($0) }) }

  /// The sum, with broadcasting.
  func sum() throws -> TensorObject {
    var total = tensors[0]
    for tensor in tensors.dropFirst() {
      try Safepoint.check(after: 200)
      guard case .object(let next as TensorObject)? = try total.binary(.add, .object(tensor), reflected: false) else {
        break
      }
      total = next
    }
    return total
  }
}

extension Command {
  /// Sums of lists of tensors; one of tensors that only count as numbers is a number.
  static var listSums: [Command] {
    let values = Parameter<TensorList>("values", "the tensors, of shapes that fit together")
    return [
      Command(
        "sum", "Adds up the tensors of a list, element by element.", values,
        example: "print sum([tensor([1, 2]), tensor([3, 4])])  # expect: tensor([4, 6], shape [2], float32)"
      ) { _, list in .object(try list.sum()) },
      Command(
        "mean", "Takes the mean of the tensors of a list, element by element.", values,
        example: "print mean([tensor([1, 2]), tensor([3, 4])])  # expect: tensor([2, 3], shape [2], float32)"
      ) { _, list in try list.sum().binary(.divide, .number(list.tensors.count), reflected: false) ?? .nil },
    ]
  }
}
