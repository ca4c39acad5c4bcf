import Formats
import PixelBytes
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

extension DataValue {
  /// How deep pictures are looked for.
  private static let depth = 32

  /// A value of a script as a column of a file holds it, with the pictures in it as files of a name; throws what `JSONText.column` throws.
  init(_ value: Value, named name: String) throws {
    guard Self.holdsPictures(value) else {
      self = .plain(try JSONText.column(value))
      return
    }
    switch value {
    case .list(let list): self = .list(try (0..<list.count).map { try DataValue(list[$0], named: name) })
    case .map(let map):
      self = .map(try map.entries.map { NamedValue($0.key.description, try DataValue($0.value, named: name)) })
    default:
      guard let image = ImageObject.convert(value) else {
        self = .plain(try JSONText.column(value))
        return
      }
      self = .picture(PictureFile(try PNG.encode(image.image), name: name))
    }
  }

  /// Whether a value is a picture, or pictures are in it.
  static func holdsPictures(_ value: Value, depth: Int = 0) -> Bool {
    guard depth < Self.depth else { return false }
    return switch value {
    case .object: ImageObject.convert(value) != nil
    case .list(let list): (0..<list.count).contains { holdsPictures(list[$0], depth: depth + 1) }
    case .map(let map): map.entries.contains { holdsPictures($0.value, depth: depth + 1) }
    default: false
    }
  }
}
