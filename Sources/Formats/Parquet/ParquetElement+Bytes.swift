/// Bytes that pieces are parts of; it grows to what a chunk may hold and no further.
struct ByteStore {
  private(set) var bytes: [UInt8] = []

  /// Adds bytes and returns where they begin.
  mutating func append(_ more: some Collection<UInt8>) throws(ParquetFault) -> Int {
    guard more.count <= ParquetLimit.chunk - bytes.count else {
      throw ParquetFault(.limit, "the values take more than \(ParquetLimit.chunk) bytes")
    }
    defer { bytes.append(contentsOf: more) }
    return bytes.count
  }
}

extension ByteSpan: ParquetElement {
  static var empty: ByteSpan { ByteSpan(start: 0, count: 0) }

  private init(_ start: Int, _ count: Int) { self.init(start: UInt32(start), count: UInt32(count)) }

  static func decode(
    _ count: Int, _ encoding: ParquetEncoding, of leaf: ParquetSchema.Leaf, from input: inout ByteReader,
    into store: inout ByteStore
  ) throws(ParquetFault) -> [ByteSpan] {
    switch encoding {
    case .plain where leaf.type == .bytes: return try plain(count, from: &input, into: &store)
    case .plain, .split:
      guard leaf.type == .fixedBytes else { throw encoding.unsupported(leaf) }
      let source = try fixedBytes(count, encoding, of: leaf, from: &input)
      let base = try store.append(source.bytes[source.place..<source.end])
      return (0..<count).map { ByteSpan(base + $0 * leaf.width, leaf.width) }
    case .deltaLengths where leaf.type == .bytes: return try deltaLengths(count, from: &input, into: &store)
    case .deltaBytes:
      let spans = try deltaBytes(count, from: &input, into: &store)
      if leaf.type == .fixedBytes, let wrong = spans.first(where: { Int($0.count) != leaf.width }) {
        throw ParquetFault(.malformed, "a value has \(wrong.count) bytes; expected \(leaf.width)")
      }
      return spans
    default: throw encoding.unsupported(leaf)
    }
  }

  /// Each piece behind its length.
  private static func plain(
    _ count: Int, from input: inout ByteReader, into store: inout ByteStore
  ) throws(ParquetFault) -> [ByteSpan] {
    guard count <= input.remaining / 4 else {
      throw ParquetFault(.malformed, "\(count) values cannot be in \(input.remaining) bytes")
    }
    let offset = try store.append(input.bytes[input.place..<input.end]) - input.place
    var spans: [ByteSpan] = []
    spans.reserveCapacity(count)
    for _ in 0..<count {
      let length = Int(try input.word32("the length of a value"))
      let range = try input.take(length, "the bytes of a value")
      spans.append(ByteSpan(offset + range.lowerBound, length))
    }
    return spans
  }

  /// All lengths, then all pieces.
  private static func deltaLengths(
    _ count: Int, from input: inout ByteReader, into store: inout ByteStore
  ) throws(ParquetFault) -> [ByteSpan] {
    let lengths = try DeltaDecoder.lengths(count, from: &input)
    var place = try store.append(input.bytes[input.place..<input.end])
    var spans: [ByteSpan] = []
    spans.reserveCapacity(count)
    for length in lengths {
      _ = try input.take(length, "the bytes of a value")
      spans.append(ByteSpan(place, length))
      place += length
    }
    return spans
  }

  /// How much of each piece is as in the one before, then the rest of each.
  private static func deltaBytes(
    _ count: Int, from input: inout ByteReader, into store: inout ByteStore
  ) throws(ParquetFault) -> [ByteSpan] {
    let shared = try DeltaDecoder.lengths(count, from: &input)
    let lengths = try DeltaDecoder.lengths(count, from: &input)
    var piece: [UInt8] = []
    var spans: [ByteSpan] = []
    spans.reserveCapacity(count)
    for (shared, length) in zip(shared, lengths) {
      guard shared <= piece.count else {
        throw ParquetFault(.malformed, "a value begins as \(shared) bytes of the one before, which has \(piece.count)")
      }
      piece.removeLast(piece.count - shared)
      piece.append(contentsOf: input.bytes[try input.take(length, "the bytes of a value")])
      spans.append(ByteSpan(try store.append(piece), piece.count))
    }
    return spans
  }
}

extension String: ParquetElement {
  static var empty: String { "" }

  static func decode(
    _ count: Int, _ encoding: ParquetEncoding, of leaf: ParquetSchema.Leaf, from input: inout ByteReader,
    into store: inout ByteStore
  ) throws(ParquetFault) -> [String] {
    var own = ByteStore()
    let spans = try ByteSpan.decode(count, encoding, of: leaf, from: &input, into: &own)
    var texts: [String] = []
    texts.reserveCapacity(count)
    for (index, span) in spans.enumerated() {
      guard let text = String(validating: own.bytes[span.range], as: UTF8.self) else {
        throw ParquetFault(.malformed, "value \(index) is not UTF-8 text")
      }
      texts.append(text)
    }
    return texts
  }
}
