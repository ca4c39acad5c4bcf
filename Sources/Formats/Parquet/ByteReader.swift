/// A part of some bytes that is read from front to end; every step is checked against its end.
struct ByteReader {
  let bytes: [UInt8]
  private(set) var place: Int
  let end: Int

  init(_ bytes: [UInt8]) { self.init(bytes, 0..<bytes.count) }

  init(_ bytes: [UInt8], _ range: Range<Int>) {
    self.bytes = bytes
    (place, end) = (range.lowerBound, range.upperBound)
  }

  var remaining: Int { end - place }

  /// Passes over `count` bytes and returns where they are.
  mutating func take(_ count: Int, _ what: String) throws(ParquetFault) -> Range<Int> {
    guard count >= 0, count <= remaining else {
      throw ParquetFault(.malformed, "expected \(count) bytes for \(what), found \(remaining)")
    }
    defer { place += count }
    return place..<place + count
  }

  /// Passes over `count` bytes and returns a reader of them alone.
  mutating func part(_ count: Int, _ what: String) throws(ParquetFault) -> ByteReader {
    ByteReader(bytes, try take(count, what))
  }

  mutating func byte() throws(ParquetFault) -> UInt8 {
    guard place < end else { throw ParquetFault(.malformed, "the bytes end too early") }
    defer { place += 1 }
    return bytes[place]
  }

  /// An unsigned number in groups of seven bits, the lowest first.
  mutating func varint() throws(ParquetFault) -> UInt64 {
    var value: UInt64 = 0
    for shift in stride(from: UInt64(0), to: 70, by: 7) {
      let next = try byte()
      if shift == 63, next > 1 { break }
      value |= UInt64(next & 0x7F) << shift
      if next < 0x80 { return value }
    }
    throw ParquetFault(.malformed, "a number is longer than 64 bits")
  }

  /// An unsigned number that must be a size or count of this machine.
  mutating func size(_ what: String) throws(ParquetFault) -> Int {
    let value = try varint()
    guard let size = Int(exactly: value) else { throw ParquetFault(.malformed, "\(what) is \(value)") }
    return size
  }

  /// A signed number whose lowest bit is its sign.
  mutating func zigzag() throws(ParquetFault) -> Int64 {
    let value = try varint()
    return Int64(bitPattern: value >> 1) ^ -Int64(bitPattern: value & 1)
  }

  /// Four bytes, the lowest first.
  mutating func word32(_ what: String) throws(ParquetFault) -> UInt32 {
    bytes.littleEndian(at: try take(4, what).lowerBound)
  }
}
