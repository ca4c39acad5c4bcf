extension ParquetValue {
  /// The value as one of JSON: bytes are the list of their numbers, and a text of JSON is what it tells, or itself where it is none.
  public var json: JSON {
    switch self {
    case .null: .null
    case .boolean(let value): .bool(value)
    case .integer(let value): .integer(value)
    case .number(let value): .number(value)
    case .text(let text): .string(text)
    case .document(let text): JSON(document: text) ?? .string(text)
    case .bytes(let bytes): .array(bytes.map { .integer(Int($0)) })
    case .list(let values): .array(values.map(\.json))
    case .structure(let parts): .object(parts.map { .init($0.name, $0.value.json) })
    }
  }
}

extension ParquetValue {
  /// A value of JSON; nil for one that holds a number beyond those that parquet has.
  public init?(_ json: JSON) {
    switch json {
    case .null: self = .null
    case .bool(let value): self = .boolean(value)
    case .integer(let value): self = .integer(value)
    case .number(let value): self = .number(value)
    case .literal: return nil
    case .string(let text): self = .text(text)
    case .array(let elements):
      let values = elements.compactMap { ParquetValue($0) }
      if values.count < elements.count { return nil }
      self = .list(values)
    case .object(let fields):
      let values = fields.compactMap { field in ParquetValue(field.value).map { (field.name, $0) } }
      if values.count < fields.count { return nil }
      self = .structure(values)
    }
  }
}

extension JSON {
  /// What a text of JSON tells, whose numbers may be infinite or none; nil for any other text.
  fileprivate init?(document text: String) {
    do throws(JSONFault) { try self.init(Array(text.utf8), readsEndless: true) } catch { return nil }
  }
}

extension ParquetValues {
  /// Whether they are files: their bytes and where they were.
  private var isFile: Bool {
    guard case .structures(let parts) = content, parts.allSatisfy({ ["bytes", "path"].contains($0.name) }) else {
      return false
    }
    return parts.contains { if case .bytes = $0.values.content { $0.name == "bytes" } else { false } }
  }

  /// The values, in which bytes of a column that are text in every row are texts, those of files aside: older writers do not say which
  /// columns are.
  public var withTexts: ParquetValues {
    let content: Content
    switch self.content {
    case .bytes(let bytes):
      guard let texts = bytes.texts else { return self }
      content = .texts(texts)
    case .lists(let ends, let elements): content = .lists(ends: ends, elements: elements.withTexts)
    case .structures(let parts) where !isFile: content = .structures(parts.map { ($0.name, $0.values.withTexts) })
    default: return self
    }
    var values = ParquetValues(count: count, content: content, presence: presence, isMap: isMap)
    values = values.marked(isSparse: isSparse)
    return values
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
