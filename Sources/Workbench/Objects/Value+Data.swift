import Formats
import PixelScript

extension Value {
  /// What a file says in a script: a number that no number of a script holds is the text of it, as `init(whole:)` has it.
  init(data json: JSON) {
    switch json {
    case .null: self = .nil
    case .bool(let truth): self = .bool(truth)
    case .integer(let number): self = Value(whole: number)
    case .number(let number): self = .number(number)
    case .string(let text), .literal(let text): self = .string(text)
    case .array(let elements): self = .list(elements.map { Value(data: $0) })
    case .object(let fields): self = .map(fields.map { ($0.name, Value(data: $0.value)) })
    }
  }
  /// A whole number of a file: from 2^53 on, where not every one is a number of a script, its digits as a text, so that no id is
  /// rounded and ids of one length are of one type.
  init(whole number: Int) { self = number.magnitude <= 1 << 53 ? .number(number) : .string(String(number)) }
}
