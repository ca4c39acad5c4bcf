/// Reads structures in Thrift's compact protocol, in which parquet describes files and pages.
struct ThriftReader {
  /// The number of a field and the form of its value; elements of lists have the number of their list.
  struct Field {
    let id: Int
    let form: Form
  }

  enum Form: UInt8 {
    case yes = 1, no, byte, int16, int32, int64, double, binary, list, set, map, structure

    /// What errors call a value of the form.
    var name: String {
      switch self {
      case .yes, .no: "a truth value"
      case .byte, .int16, .int32, .int64: "a whole number"
      case .double: "a number"
      case .binary: "a text"
      case .list, .set: "a list"
      case .map: "a map"
      case .structure: "a structure"
      }
    }
  }

  private(set) var input: ByteReader
  private var depth = 0

  init(_ input: ByteReader) { self.input = input }

  /// Calls `body` for each field of a structure; it must read or skip the field's value.
  mutating func fields(
    _ body: (inout ThriftReader, Field) throws(ParquetFault) -> Void
  ) throws(ParquetFault) {
    try descend()
    defer { depth -= 1 }
    var id = 0
    while true {
      let head = try input.byte()
      if head == 0 { return }
      let step = Int(head >> 4)
      id = step == 0 ? Int(Int16(truncatingIfNeeded: try input.zigzag())) : id + step
      guard let form = Form(rawValue: head & 0x0F) else {
        throw ParquetFault(.malformed, "a field has the unknown form \(head & 0x0F)")
      }
      try body(&self, Field(id: id, form: form))
    }
  }

  /// Calls `body` for each element of a list, after telling `count` how many there are.
  mutating func list(
    _ field: Field, _ body: (inout ThriftReader, Field) throws(ParquetFault) -> Void
  ) throws(ParquetFault) {
    guard field.form == .list || field.form == .set else { throw unexpected(field, "a list") }
    try descend()
    defer { depth -= 1 }
    let head = try input.byte()
    // Of a list without elements some writers state no form.
    if head == 0 { return }
    guard let form = Form(rawValue: head & 0x0F) else {
      throw ParquetFault(.malformed, "a list has elements of the unknown form \(head & 0x0F)")
    }
    let count = head >> 4 == 15 ? try input.size("the length of a list") : Int(head >> 4)
    guard count <= input.remaining else {
      throw ParquetFault(.malformed, "a list of \(count) elements has only \(input.remaining) bytes left")
    }
    for _ in 0..<count { try body(&self, Field(id: field.id, form: form)) }
  }

  /// A whole number; one of 0 or 1 may be written as a truth value, as fastparquet does.
  mutating func integer(_ field: Field) throws(ParquetFault) -> Int {
    switch field.form {
    case .yes: return 1
    case .no: return 0
    case .byte: return Int(Int8(bitPattern: try input.byte()))
    case .int16, .int32, .int64: return Int(try input.zigzag())
    default: throw unexpected(field, "a whole number")
    }
  }

  func boolean(_ field: Field) throws(ParquetFault) -> Bool {
    guard field.form == .yes || field.form == .no else { throw unexpected(field, "a truth value") }
    return field.form == .yes
  }

  mutating func text(_ field: Field) throws(ParquetFault) -> String {
    let range = try letters(field)
    guard let text = String(validating: input.bytes[range], as: UTF8.self) else {
      throw ParquetFault(.malformed, "a name is not UTF-8 text")
    }
    return text
  }

  /// A text of which nothing is told but whether it is a known one, so that it may be any bytes.
  mutating func looseText(_ field: Field) throws(ParquetFault) -> String {
    String(decoding: input.bytes[try letters(field)], as: UTF8.self)
  }

  private mutating func letters(_ field: Field) throws(ParquetFault) -> Range<Int> {
    guard field.form == .binary else { throw unexpected(field, "a text") }
    return try input.take(try input.size("the length of a text"), "the letters of a text")
  }

  mutating func skip(_ field: Field) throws(ParquetFault) {
    switch field.form {
    case .yes, .no: break
    case .byte: _ = try input.byte()
    case .int16, .int32, .int64: _ = try input.varint()
    case .double: _ = try input.take(8, "a number")
    case .binary: _ = try input.take(try input.size("the length of a text"), "the letters of a text")
    case .list, .set: try list(field) { (reader, element) throws(ParquetFault) in try reader.skipElement(element) }
    case .map: try skipMap()
    case .structure: try fields { (reader, field) throws(ParquetFault) in try reader.skip(field) }
    }
  }

  /// Unlike a field, an element that is a truth value takes a byte.
  private mutating func skipElement(_ element: Field) throws(ParquetFault) {
    switch element.form {
    case .yes, .no: _ = try input.byte()
    default: try skip(element)
    }
  }

  private mutating func skipMap() throws(ParquetFault) {
    try descend()
    defer { depth -= 1 }
    let count = try input.size("the length of a map")
    if count == 0 { return }
    let forms = try input.byte()
    guard let key = Form(rawValue: forms >> 4), let value = Form(rawValue: forms & 0x0F), count <= input.remaining
    else { throw ParquetFault(.malformed, "a map of \(count) entries cannot be read") }
    for _ in 0..<count {
      try skipElement(Field(id: 0, form: key))
      try skipElement(Field(id: 0, form: value))
    }
  }

  private mutating func descend() throws(ParquetFault) {
    guard depth < ParquetLimit.depth else { throw ParquetFault(.limit, "structures nest too deeply") }
    depth += 1
  }

  private func unexpected(_ field: Field, _ expected: String) -> ParquetFault {
    ParquetFault(.malformed, "field \(field.id) holds \(field.form.name); expected \(expected)")
  }
}
