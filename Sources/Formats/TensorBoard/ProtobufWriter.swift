/// Writes fields of Protocol Buffers messages (encoding of proto3), in the order of the calls.
struct ProtobufWriter {
  /// The message so far.
  private(set) var bytes: [UInt8] = []

  /// A whole number, a truth value or a case of an enumeration.
  mutating func integer(_ field: Int, _ value: Int) {
    tag(field, wire: 0)
    varint(UInt64(bitPattern: Int64(value)))
  }

  /// A double.
  mutating func double(_ field: Int, _ value: Double) {
    tag(field, wire: 1)
    for shift in stride(from: 0, to: 64, by: 8) { bytes.append(UInt8(truncatingIfNeeded: value.bitPattern >> shift)) }
  }

  /// A float.
  mutating func float(_ field: Int, _ value: Float) {
    tag(field, wire: 5)
    for shift in stride(from: 0, to: 32, by: 8) { bytes.append(UInt8(truncatingIfNeeded: value.bitPattern >> shift)) }
  }

  /// Bytes.
  mutating func bytes(_ field: Int, _ value: [UInt8]) {
    tag(field, wire: 2)
    varint(UInt64(value.count))
    bytes += value
  }

  /// A text.
  mutating func string(_ field: Int, _ value: String) { bytes(field, Array(value.utf8)) }

  /// A message inside.
  mutating func message(_ field: Int, _ body: (inout ProtobufWriter) -> Void) {
    var inner = ProtobufWriter()
    body(&inner)
    bytes(field, inner.bytes)
  }

  private mutating func tag(_ field: Int, wire: UInt64) { varint(UInt64(field) << 3 | wire) }

  private mutating func varint(_ value: UInt64) {
    var rest = value
    while rest >= 0x80 {
      bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
      rest >>= 7
    }
    bytes.append(UInt8(rest))
  }
}
