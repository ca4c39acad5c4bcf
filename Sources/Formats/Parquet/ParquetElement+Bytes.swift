/// The buffers that pieces are parts of: pages as they were decompressed, without another copy.
struct ByteStore {
  private(set) var buffers: [[UInt8]] = []

  /// Keeps a buffer and returns its number.
  mutating func keep(_ buffer: [UInt8]) -> UInt32 {
    buffers.append(buffer)
    return UInt32(buffers.count - 1)
  }
}

extension ByteSpan: ParquetElement {
  static var empty: ByteSpan { ByteSpan(buffer: 0, start: 0, count: 0) }

  /// No page has more bytes than fit, and no chunk more pages.
  private init(_ buffer: UInt32, _ start: Int, _ count: Int) {
    self.init(buffer: buffer, start: UInt32(start), count: UInt32(count))
  }

  static func decode(
    _ count: Int, _ encoding: ParquetEncoding, of leaf: ParquetSchema.Leaf, from input: inout ByteReader,
    into values: inout [ByteSpan], _ store: inout ByteStore
  ) throws(ParquetFault) {
    switch encoding {
    case .plain where leaf.type == .bytes: try plain(count, from: &input, into: &values, &store)
    case .plain, .split:
      guard leaf.type == .fixedBytes else { throw encoding.unsupported(leaf) }
      let source = try fixedBytes(count, encoding, of: leaf, from: &input)
      let buffer = store.keep(source.bytes)
      values += (0..<count).map { ByteSpan(buffer, source.place + $0 * leaf.width, leaf.width) }
    case .deltaLengths where leaf.type == .bytes: try deltaLengths(count, from: &input, into: &values, &store)
    case .deltaBytes:
      let first = values.count
      try deltaBytes(count, from: &input, into: &values, &store)
      if leaf.type == .fixedBytes, let wrong = values[first...].first(where: { Int($0.count) != leaf.width }) {
        throw ParquetFault(.malformed, "a value has \(wrong.count) bytes; expected \(leaf.width)")
      }
    default: throw encoding.unsupported(leaf)
    }
  }

  /// Each piece behind its length.
  private static func plain(
    _ count: Int, from input: inout ByteReader, into spans: inout [ByteSpan], _ store: inout ByteStore
  ) throws(ParquetFault) {
    guard count <= input.remaining / 4 else {
      throw ParquetFault(.malformed, "\(count) values cannot be in \(input.remaining) bytes")
    }
    let buffer = store.keep(input.bytes)
    for _ in 0..<count {
      let length = Int(try input.word32("the length of a value"))
      let range = try input.take(length, "the bytes of a value")
      spans.append(ByteSpan(buffer, range.lowerBound, length))
    }
  }

  /// All lengths, then all pieces.
  private static func deltaLengths(
    _ count: Int, from input: inout ByteReader, into spans: inout [ByteSpan], _ store: inout ByteStore
  ) throws(ParquetFault) {
    let lengths = try DeltaDecoder.lengths(count, from: &input)
    let buffer = store.keep(input.bytes)
    for length in lengths {
      spans.append(ByteSpan(buffer, try input.take(length, "the bytes of a value").lowerBound, length))
    }
  }

  /// How much of each piece is as in the one before, then the rest of each.
  private static func deltaBytes(
    _ count: Int, from input: inout ByteReader, into spans: inout [ByteSpan], _ store: inout ByteStore
  ) throws(ParquetFault) {
    let shared = try DeltaDecoder.lengths(count, from: &input)
    let lengths = try DeltaDecoder.lengths(count, from: &input)
    var (pieces, previous): ([UInt8], Range<Int>) = ([], 0..<0)
    let first = spans.count
    for (shared, length) in zip(shared, lengths) {
      guard shared <= previous.count else {
        throw ParquetFault(
          .malformed, "a value begins as \(shared) bytes of the one before, which has \(previous.count)")
      }
      let rest = try input.take(length, "the bytes of a value")
      guard pieces.count + shared + length <= ParquetLimit.chunk else {
        throw ParquetFault(.limit, "the values take more than \(ParquetLimit.chunk) bytes")
      }
      let start = pieces.count
      pieces.append(contentsOf: pieces[previous.prefix(shared)])
      pieces.append(contentsOf: input.bytes[rest])
      previous = start..<pieces.count
      spans.append(ByteSpan(0, start, previous.count))
    }
    let buffer = store.keep(pieces)
    for index in first..<spans.count { spans[index].buffer = buffer }
  }
}

extension String: ParquetElement {
  static var empty: String { "" }

  static func decode(
    _ count: Int, _ encoding: ParquetEncoding, of leaf: ParquetSchema.Leaf, from input: inout ByteReader,
    into values: inout [String], _ store: inout ByteStore
  ) throws(ParquetFault) {
    if leaf.type == .int96 { return try oldTimestamps(count, encoding, of: leaf, from: &input, into: &values) }
    switch leaf.meaning {
    case .decimal(let scale, _):
      return try decimals(count, encoding, of: leaf, scale: scale, from: &input, into: &values)
    case .date: return try numbers(count, encoding, of: leaf, from: &input, into: &values) { CalendarText.date($0) }
    case .dayInMilliseconds:
      return try numbers(count, encoding, of: leaf, from: &input, into: &values) { CalendarText.date(milliseconds: $0) }
    case .time(let unit):
      return try numbers(count, encoding, of: leaf, from: &input, into: &values) { CalendarText.time($0, unit) }
    case .timestamp(let unit, let isUTC):
      return try numbers(count, encoding, of: leaf, from: &input, into: &values) {
        CalendarText.timestamp($0, unit, isUTC: isUTC)
      }
    case .duration(let unit):
      return try numbers(count, encoding, of: leaf, from: &input, into: &values) { CalendarText.duration($0, unit) }
    case .period(let period):
      return try numbers(count, encoding, of: leaf, from: &input, into: &values) { CalendarText.period($0, period) }
    case .uuid: return try pieces(count, encoding, of: leaf, from: &input, into: &values) { uuid($0) }
    case .interval:
      return try pieces(count, encoding, of: leaf, from: &input, into: &values) { CalendarText.interval($0) }
    case .unsigned where leaf.content == .integer, .wide:
      return try digits(count, encoding, of: leaf, from: &input, into: &values)
    case .text, .json, .list, .map, .unsigned, .half, .truth, .nothing, nil: break
    }
    var own = ByteStore()
    var spans: [ByteSpan] = []
    try ByteSpan.decode(count, encoding, of: leaf, from: &input, into: &spans, &own)
    values.reserveCapacity(values.count + count)
    for (index, span) in spans.enumerated() {
      guard let text = text(own.buffers[Int(span.buffer)], span.range) else {
        throw ParquetFault(.malformed, "value \(index) is not UTF-8 text", otherText: leaf.path)
      }
      values.append(text)
    }
  }

  static func text(_ bytes: [UInt8], _ range: Range<Int>) -> String? {
    let bytes = bytes.span
    do { return String(copying: try UTF8Span(validating: bytes.extracting(range))) } catch { return nil }
  }
}
