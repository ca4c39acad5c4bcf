/// A Swift type that values of parquet columns are read as.
protocol ParquetElement {
  /// What stands for null.
  static var empty: Self { get }

  /// Returns the next `count` values of a page; `encoding` is none that needs a dictionary.
  static func decode(
    _ count: Int, _ encoding: ParquetEncoding, of leaf: ParquetSchema.Leaf, from input: inout ByteReader,
    into store: inout ByteStore
  ) throws(ParquetFault) -> [Self]
}

/// How the values of a page are stored.
enum ParquetEncoding: Int {
  case plain = 0
  case plainDictionary = 2
  case runs, packedBits, deltas, deltaLengths, deltaBytes, dictionary, split

  /// An error for values of the type that are not stored so, as far as the format says.
  func unsupported(_ leaf: ParquetSchema.Leaf) -> ParquetFault {
    ParquetFault(.unsupported, "values of type \(leaf.type) are stored as \(self), which is not read")
  }
}

extension Bool: ParquetElement {
  static var empty: Bool { false }

  static func decode(
    _ count: Int, _ encoding: ParquetEncoding, of leaf: ParquetSchema.Leaf, from input: inout ByteReader,
    into store: inout ByteStore
  ) throws(ParquetFault) -> [Bool] {
    switch encoding {
    case .plain:
      var bits = BitReader(input.bytes, try input.take((count + 7) / 8, "truth values"))
      return (0..<count).map { _ in bits.take(1) == 1 }
    case .runs:
      let size = Int(try input.word32("the length of truth values"))
      var runs = try HybridDecoder(try input.part(size, "truth values"), width: 1)
      return try runs.read(count, as: UInt8.self, maximum: 1, "truth values").map { $0 == 1 }
    default: throw encoding.unsupported(leaf)
    }
  }
}

extension Int: ParquetElement {
  static var empty: Int { 0 }

  static func decode(
    _ count: Int, _ encoding: ParquetEncoding, of leaf: ParquetSchema.Leaf, from input: inout ByteReader,
    into store: inout ByteStore
  ) throws(ParquetFault) -> [Int] {
    let isShort = leaf.type == .int32
    if encoding == .deltas {
      let values = try DeltaDecoder.read(count, from: &input)
      return isShort
        ? try decode(values.map { UInt32(truncatingIfNeeded: $0) }, leaf)
        : try decode(values.map { UInt64(bitPattern: $0) }, leaf)
    }
    return isShort
      ? try decode(wordsOfValues(count, encoding, of: leaf, from: &input) as [UInt32], leaf)
      : try decode(wordsOfValues(count, encoding, of: leaf, from: &input) as [UInt64], leaf)
  }

  private static func decode(_ words: [UInt32], _ leaf: ParquetSchema.Leaf) throws(ParquetFault) -> [Int] {
    leaf.isUnsigned ? words.map { Int($0) } : words.map { Int(Int32(bitPattern: $0)) }
  }

  private static func decode(_ words: [UInt64], _ leaf: ParquetSchema.Leaf) throws(ParquetFault) -> [Int] {
    if leaf.isUnsigned, let huge = words.first(where: { $0 > UInt64(Int.max) }) {
      throw ParquetFault(.unsupported, "the number \(huge) is greater than \(Int.max)")
    }
    return words.map { Int(truncatingIfNeeded: $0) }
  }
}

extension Float: ParquetElement {
  static var empty: Float { 0 }

  static func decode(
    _ count: Int, _ encoding: ParquetEncoding, of leaf: ParquetSchema.Leaf, from input: inout ByteReader,
    into store: inout ByteStore
  ) throws(ParquetFault) -> [Float] {
    (try wordsOfValues(count, encoding, of: leaf, from: &input)).map { Float(bitPattern: $0) }
  }
}

extension Double: ParquetElement {
  static var empty: Double { 0 }

  static func decode(
    _ count: Int, _ encoding: ParquetEncoding, of leaf: ParquetSchema.Leaf, from input: inout ByteReader,
    into store: inout ByteStore
  ) throws(ParquetFault) -> [Double] {
    (try wordsOfValues(count, encoding, of: leaf, from: &input)).map { Double(bitPattern: $0) }
  }
}

/// Numbers of fixed size, one after the other or byte by byte.
private func wordsOfValues<Word: FixedWidthInteger & UnsignedInteger>(
  _ count: Int, _ encoding: ParquetEncoding, of leaf: ParquetSchema.Leaf, from input: inout ByteReader
) throws(ParquetFault) -> [Word] {
  let source = try fixedBytes(count, encoding, of: leaf, from: &input)
  let width = Word.bitWidth / 8
  return (0..<count).map { source.bytes.littleEndian(at: source.place + $0 * width) }
}

/// The bytes of values of fixed size, one after the other.
func fixedBytes(
  _ count: Int, _ encoding: ParquetEncoding, of leaf: ParquetSchema.Leaf, from input: inout ByteReader
) throws(ParquetFault) -> ByteReader {
  guard encoding == .plain || encoding == .split else { throw encoding.unsupported(leaf) }
  let (size, isHuge) = count.multipliedReportingOverflow(by: leaf.width)
  let source = try input.part(isHuge ? .max : size, "\(count) values")
  if encoding == .plain { return source }
  var bytes = [UInt8](repeating: 0, count: size)
  for byte in 0..<leaf.width {
    let start = source.place + byte * count
    for index in 0..<count { bytes[index * leaf.width + byte] = source.bytes[start + index] }
  }
  return ByteReader(bytes)
}
