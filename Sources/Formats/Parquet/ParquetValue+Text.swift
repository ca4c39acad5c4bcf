extension ParquetValue {
  /// The value as text: a text as it is, anything else as JSON; nil for null.
  public var text: String? {
    switch self {
    case .null: nil
    case .text(let text), .document(let text): text
    case .integer(let value): String(value)
    default: json.text(.spaced, writesEndless: true)
    }
  }
}
