/// A Swift type that values of parquet columns are read as.
protocol ParquetElement {
  /// What stands for null.
  static var empty: Self { get }

  /// Adds the next `count` values of a page to `values`; `encoding` is none that needs a dictionary.
  static func decode(
    _ count: Int, _ encoding: ParquetEncoding, of leaf: ParquetSchema.Leaf, from input: inout ByteReader,
    into values: inout [Self], _ store: inout ByteStore
  ) throws(ParquetFault)
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
    into values: inout [Bool], _ store: inout ByteStore
  ) throws(ParquetFault) {
    switch encoding {
    case .plain:
      let (bytes, range) = (input.bytes, try input.take((count + 7) / 8, "truth values"))
      values.append(addingCapacity: count) { values in
        for index in 0..<count { values.append(bytes[range.lowerBound + index >> 3] >> UInt8(index & 7) & 1 == 1) }
      }
    case .runs:
      let size = Int(try input.word32("the length of truth values"))
      var runs = try HybridDecoder(try input.part(size, "truth values"), width: 1)
      values += try runs.read(count, maximum: 1, "truth values").map { $0 == 1 }
    default: throw encoding.unsupported(leaf)
    }
  }
}

extension Int: ParquetElement {
  static var empty: Int { 0 }

  static func decode(
    _ count: Int, _ encoding: ParquetEncoding, of leaf: ParquetSchema.Leaf, from input: inout ByteReader,
    into values: inout [Int], _ store: inout ByteStore
  ) throws(ParquetFault) {
    let first = values.count
    if leaf.type == .fixedBytes {
      var (spans, own) = ([ByteSpan](), ByteStore())
      try ByteSpan.decode(count, encoding, of: leaf, from: &input, into: &spans, &own)
      for span in spans {
        guard let number = WideNumber(own.buffers[Int(span.buffer)][span.range], of: leaf).integer else {
          throw .tooLarge
        }
        values.append(number)
      }
    } else if encoding == .deltas {
      let numbers = try DeltaDecoder.read(count, from: &input)
      values += leaf.type == .int64 ? numbers.map { Int($0) } : numbers.map { Int(Int32(truncatingIfNeeded: $0)) }
    } else if leaf.type == .int64 {
      try fixedWords(count, encoding, of: leaf, from: &input, into: &values) { (word: UInt64) in
        Int(truncatingIfNeeded: word)
      }
    } else {
      try fixedWords(count, encoding, of: leaf, from: &input, into: &values) { (word: UInt32) in
        Int(Int32(bitPattern: word))
      }
    }
    guard leaf.meaning == .unsigned else { return }
    for index in first..<values.count where values[index] < 0 {
      guard leaf.type == .int32 else { throw .tooLarge }
      values[index] &= 0xFFFF_FFFF
    }
  }
}

/// Small numbers, which long lists are made of.
extension UInt8: ParquetElement {
  static var empty: UInt8 { 0 }

  /// Throws `ParquetFault.tooLarge` when a number is not from 0 to 255.
  static func decode(
    _ count: Int, _ encoding: ParquetEncoding, of leaf: ParquetSchema.Leaf, from input: inout ByteReader,
    into values: inout [UInt8], _ store: inout ByteStore
  ) throws(ParquetFault) {
    var numbers: [Int] = []
    try Int.decode(count, encoding, of: leaf, from: &input, into: &numbers, &store)
    guard numbers.allSatisfy({ 0...255 ~= $0 }) else { throw .tooLarge }
    values.append(addingCapacity: count) { values in
      for number in numbers { values.append(UInt8(truncatingIfNeeded: number)) }
    }
  }
}

extension Float: ParquetElement {
  static var empty: Float { 0 }

  static func decode(
    _ count: Int, _ encoding: ParquetEncoding, of leaf: ParquetSchema.Leaf, from input: inout ByteReader,
    into values: inout [Float], _ store: inout ByteStore
  ) throws(ParquetFault) {
    if leaf.meaning == .half {
      try fixedWords(count, encoding, of: leaf, from: &input, into: &values) { Float(Float16(bitPattern: $0)) }
    } else {
      try fixedWords(count, encoding, of: leaf, from: &input, into: &values) { Float(bitPattern: $0) }
    }
  }
}

extension Double: ParquetElement {
  static var empty: Double { 0 }

  static func decode(
    _ count: Int, _ encoding: ParquetEncoding, of leaf: ParquetSchema.Leaf, from input: inout ByteReader,
    into values: inout [Double], _ store: inout ByteStore
  ) throws(ParquetFault) {
    if case .decimal(let scale, _) = leaf.meaning, leaf.type != .double {
      var texts: [String] = []
      try String.decimals(count, encoding, of: leaf, scale: scale, from: &input, into: &texts)
      for text in texts { values.append(Double(text) ?? .nan) }
    } else {
      try fixedWords(count, encoding, of: leaf, from: &input, into: &values) { Double(bitPattern: $0) }
    }
  }
}

/// Numbers of fixed size, one after the other or byte by byte.
@inline(__always)
private func fixedWords<Word: FixedWidthInteger & UnsignedInteger, Element>(
  _ count: Int, _ encoding: ParquetEncoding, of leaf: ParquetSchema.Leaf, from input: inout ByteReader,
  into values: inout [Element], _ element: (Word) -> Element
) throws(ParquetFault) {
  let source = try fixedBytes(count, encoding, of: leaf, from: &input)
  let width = Word.bitWidth / 8
  values.append(addingCapacity: count) { values in
    for index in 0..<count { values.append(element(source.bytes.littleEndian(at: source.place + index * width))) }
  }
}

/// The bytes of values of fixed size, one after the other.
func fixedBytes(
  _ count: Int, _ encoding: ParquetEncoding, of leaf: ParquetSchema.Leaf, from input: inout ByteReader
) throws(ParquetFault) -> ByteReader {
  if encoding == .deltaBytes, leaf.type == .fixedBytes {
    var (spans, store, bytes) = ([ByteSpan](), ByteStore(), [UInt8]())
    try ByteSpan.decode(count, encoding, of: leaf, from: &input, into: &spans, &store)
    for span in spans { bytes += store.buffers[Int(span.buffer)][span.range] }
    return ByteReader(bytes)
  }
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
