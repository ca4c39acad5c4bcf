import PixelScript
import Safepoint
import Tensors

/// A list of tensors that are more than the numbers they count as: they have several elements, or gradients flow through them.
private struct TensorList: ScriptConvertible {
  let tensors: [any ScriptObject]

  static let scriptName = "list of tensors"
  static let kinds = ValueKinds.list

  /// How many numbers are passed over in the search for the first tensor.
  private static let patience = 8

  static func convert(_ value: Value) throws(Stopped) -> TensorList? {
    guard case .list(let list) = value else { return nil }
    guard list.hasObject(among: patience) else { return nil }
    let hasTensor = (0..<min(list.count, patience)).contains { place in
      if case .object(let object) = list[place] { object is TensorObject || object is ColumnObject } else { false }
    }
    guard hasTensor, let operands = try [Summand].convert(value) else { return nil }
    return operands.contains(where: \.isMore) ? TensorList(tensors: operands.map(\.object)) : nil
  }

  var scriptValue: Value { .list(tensors.map { .object($0) }) }

  /// The sum, with broadcasting.
  func sum() throws -> any ScriptObject {
    var total = tensors[0]
    for tensor in tensors.dropFirst() {
      try Safepoint.check(after: 200)
      let sum =
        try total.binary(.add, .object(tensor), reflected: false)
        ?? tensor.binary(.add, .object(total), reflected: true)
      guard case .object(let next)? = sum else {
        throw ScriptError(.type, "`+` does not work on \(describe(.object(total))) and \(describe(.object(tensor)))")
      }
      total = next
    }
    return total
  }
}

/// What stands in a list that is added up: a tensor, a column, or a number beside them.
private struct Summand: ScriptConvertible {
  let object: any ScriptObject

  static let scriptName = "tensor"

  static func convert(_ value: Value) throws(Stopped) -> Summand? {
    if case .object(let column as ColumnObject) = value { return Summand(object: column) }
    return try TensorOperand.convert(value).map { Summand(object: $0.object) }
  }

  var scriptValue: Value { .object(object) }

  /// Whether it is more than the number that it counts as.
  var isMore: Bool {
    guard let tensor = object as? TensorObject else { return true }
    return tensor.parameter != nil || tensor.tensor.isRecorded || tensor.tensor.count != 1
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
