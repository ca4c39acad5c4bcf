import Foundation

extension ParquetValue {
  /// The value as text: a text as it is, anything else as JSON, in which bytes are base64; nil for null.
  public var text: String? {
    switch self {
    case .null: nil
    case .text(let text): text
    case .bytes(let bytes): Data(bytes).base64EncodedString()
    default: json
    }
  }

  private var json: String {
    switch self {
    case .null: "null"
    case .boolean(let value): String(value)
    case .integer(let value): String(value)
    case .number(let value): String(value)
    case .text(let text): Self.quoted(text)
    case .bytes(let bytes): Self.quoted(Data(bytes).base64EncodedString())
    case .list(let values): "[" + values.map(\.json).joined(separator: ", ") + "]"
    case .structure(let parts):
      "{" + parts.map { "\(Self.quoted($0.name)): \($0.value.json)" }.joined(separator: ", ") + "}"
    }
  }

  private static func quoted(_ text: String) -> String {
    var result = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": result += "\\\""
      case "\\": result += "\\\\"
      case "\n": result += "\\n"
      case _ where scalar.value < 0x20:
        let digits = String(scalar.value, radix: 16)
        result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result + "\""
  }
}
