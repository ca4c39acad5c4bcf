import Formats
import PixelScript

extension Value {
  /// What a file says in a script: a whole number that a double does not hold exactly is the text of it.
  init(data json: JSON) {
    switch json {
    case .null: self = .nil
    case .bool(let truth): self = .bool(truth)
    case .integer(let number): self = number.magnitude <= 1 << 53 ? .number(number) : .string(String(number))
    case .number(let number): self = .number(number)
    case .string(let text): self = .string(text)
    case .array(let elements): self = .list(elements.map { Value(data: $0) })
    case .object(let fields): self = .map(fields.map { ($0.name, Value(data: $0.value)) })
    }
  }
}
