extension ParquetValue {
  /// The value as one of JSON: bytes are the list of their numbers, and a whole number that a double does not hold exactly a text.
  public var json: JSON {
    switch self {
    case .null: .null
    case .boolean(let value): .bool(value)
    case .integer(let value): value.magnitude <= 1 << 53 ? .integer(value) : .string(String(value))
    case .number(let value): .number(value)
    case .text(let text): .string(text)
    case .bytes(let bytes): .array(bytes.map { .integer(Int($0)) })
    case .list(let values): .array(values.map(\.json))
    case .structure(let parts): .object(parts.map { .init($0.name, $0.value.json) })
    }
  }
}

extension ParquetValues {
  /// The values, in which bytes of a column that are text in every row are texts: older writers do not say which columns are.
  public var withTexts: ParquetValues {
    let content: Content
    switch self.content {
    case .bytes(let bytes):
      guard let texts = bytes.texts else { return self }
      content = .texts(texts)
    case .lists(let ends, let elements): content = .lists(ends: ends, elements: elements.withTexts)
    case .structures(let parts): content = .structures(parts.map { ($0.name, $0.values.withTexts) })
    default: return self
    }
    return ParquetValues(count: count, content: content, presence: presence, isMap: isMap)
  }
}

extension ParquetBytes {
  /// The pieces as texts; nil when one is no UTF-8, or has characters that stand in no text.
  fileprivate var texts: [String]? {
    var texts: [String] = []
    for place in 0..<count {
      let piece = self[place]
      let isText = piece.allSatisfy { $0 >= 0x20 && $0 != 0x7F || $0 == 0x09 || $0 == 0x0A || $0 == 0x0D }
      guard isText, let text = String(validating: piece, as: UTF8.self) else { return nil }
      texts.append(text)
    }
    return texts
  }
}
