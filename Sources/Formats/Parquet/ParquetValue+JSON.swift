extension ParquetValue {
  /// The value as one of JSON: bytes are the list of their numbers, and a text of JSON is what it tells, or itself where it is none.
  public var json: JSON {
    switch self {
    case .null: .null
    case .boolean(let value): .bool(value)
    case .integer(let value): .integer(value)
    case .digits(let text): .literal(text)
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
  /// A value of JSON; nil for one that holds a number beyond those of 64 bits.
  public init?(_ json: JSON) {
    switch json {
    case .null: self = .null
    case .bool(let value): self = .boolean(value)
    case .integer(let value): self = .integer(value)
    case .number(let value): self = .number(value)
    case .literal(let text):
      if ParquetShape.LongNumber(text) == nil { return nil }
      self = .digits(text)
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

  /// For each place at which bytes stand in the values, those of files aside, in the order of their type, whether all are texts: older
  /// writers do not say which columns are.
  public var textPlaces: [Bool] {
    switch content {
    case .bytes(let bytes): [bytes.texts != nil]
    case .lists(_, let elements): elements.textPlaces
    case .structures(let parts) where !isFile: parts.flatMap(\.values.textPlaces)
    default: []
    }
  }

  /// The values, in which bytes are texts at the places that say so, as far as they are.
  public func withTexts(at places: [Bool]) -> ParquetValues {
    var places = places[...]
    return places.contains(true) ? withTexts(at: &places) : self
  }

  private func withTexts(at places: inout ArraySlice<Bool>) -> ParquetValues {
    let content: Content
    switch self.content {
    case .bytes(let bytes):
      guard places.popFirst() ?? false, let texts = bytes.texts else { return self }
      content = .texts(texts)
    case .lists(let ends, let elements): content = .lists(ends: ends, elements: elements.withTexts(at: &places))
    case .structures(let parts) where !isFile:
      content = .structures(parts.map { ($0.name, $0.values.withTexts(at: &places)) })
    default: return self
    }
    return ParquetValues(count: count, content: content, presence: presence, isMap: isMap).marked(isSparse: isSparse)
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
