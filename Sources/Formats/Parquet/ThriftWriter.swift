/// Writes structures in Thrift's compact protocol, in which parquet describes files and pages.
struct ThriftWriter {
  private(set) var bytes: [UInt8] = []
  private var field = 0

  /// Writes a 32-bit field; those of a structure come in the order of their numbers.
  mutating func int32(_ id: Int, _ value: Int) {
    head(id, .int32)
    zigzag(value)
  }

  /// Writes a 64-bit field.
  mutating func int64(_ id: Int, _ value: Int) {
    head(id, .int64)
    zigzag(value)
  }

  mutating func byte(_ id: Int, _ value: Int8) {
    head(id, .byte)
    bytes.append(UInt8(bitPattern: value))
  }

  mutating func boolean(_ id: Int, _ value: Bool) { head(id, value ? .yes : .no) }

  mutating func text(_ id: Int, _ value: String) {
    head(id, .binary)
    text(value)
  }

  mutating func structure(_ id: Int, _ body: (inout ThriftWriter) -> Void = { _ in }) {
    head(id, .structure)
    structure(body)
  }

  /// A list of structures, each written by `body`.
  mutating func list<Element>(_ id: Int, _ elements: [Element], _ body: (inout ThriftWriter, Element) -> Void) {
    listHead(id, elements.count, .structure)
    for element in elements { structure { body(&$0, element) } }
  }

  mutating func list(_ id: Int, _ numbers: [Int]) {
    listHead(id, numbers.count, .int32)
    for number in numbers { zigzag(number) }
  }

  mutating func list(_ id: Int, _ texts: [String]) {
    listHead(id, texts.count, .binary)
    for text in texts { self.text(text) }
  }

  /// The outermost structure, which has no head of its own.
  static func structure(_ body: (inout ThriftWriter) -> Void) -> [UInt8] {
    var writer = ThriftWriter()
    writer.structure(body)
    return writer.bytes
  }

  private mutating func structure(_ body: (inout ThriftWriter) -> Void) {
    let outer = field
    field = 0
    body(&self)
    bytes.append(0)
    field = outer
  }

  private mutating func head(_ id: Int, _ form: ThriftReader.Form) {
    let step = id - field
    precondition(1...15 ~= step, "field \(id) behind field \(field)")
    bytes.append(UInt8(step) << 4 | form.rawValue)
    field = id
  }

  private mutating func listHead(_ id: Int, _ count: Int, _ form: ThriftReader.Form) {
    head(id, .list)
    if count < 15 {
      bytes.append(UInt8(count) << 4 | form.rawValue)
    } else {
      bytes.append(0xF0 | form.rawValue)
      bytes.appendVarint(UInt64(count))
    }
  }

  private mutating func text(_ value: String) {
    bytes.appendVarint(UInt64(value.utf8.count))
    bytes.append(contentsOf: value.utf8)
  }

  private mutating func zigzag(_ value: Int) {
    bytes.appendVarint(UInt64(bitPattern: Int64(value << 1 ^ value >> 63)))
  }
}

extension [UInt8] {
  /// Adds an unsigned number in groups of seven bits, the lowest first.
  mutating func appendVarint(_ value: UInt64) {
    var value = value
    while value >= 0x80 {
      append(UInt8(truncatingIfNeeded: value) | 0x80)
      value >>= 7
    }
    append(UInt8(value))
  }

  /// Adds a number, its lowest byte first.
  @inline(__always)
  mutating func appendLittleEndian(_ word: some FixedWidthInteger & UnsignedInteger) {
    for shift in stride(from: 0, to: word.bitWidth, by: 8) { append(UInt8(truncatingIfNeeded: word >> shift)) }
  }
}
