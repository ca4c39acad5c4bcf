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
    case .text(let text): JSON.string(text).text()
    case .bytes(let bytes): JSON.string(Data(bytes).base64EncodedString()).text()
    case .list(let values): "[" + values.map(\.json).joined(separator: ", ") + "]"
    case .structure(let parts):
      "{" + parts.map { "\(JSON.string($0.name).text()): \($0.value.json)" }.joined(separator: ", ") + "}"
    }
  }
}
