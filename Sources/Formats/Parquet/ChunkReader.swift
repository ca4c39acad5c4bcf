import Safepoint

/// Reads the pages of one column in one row group.
struct ChunkReader<Element: ParquetElement> {
  private let leaf: ParquetSchema.Leaf
  private let compression: PageCompression
  private let count: Int
  private var input: ByteReader
  private var dictionary: [Element]?
  private var decompressed = 0
  private(set) var levels = ParquetLevels()
  /// The values that are there; nulls and empty lists have none.
  private(set) var values: [Element] = []
  private(set) var store = ByteStore()

  /// Reads `count` entries, whatever their pages are.
  init(
    _ leaf: ParquetSchema.Leaf, _ compression: PageCompression, count: Int, from bytes: [UInt8]
  ) throws(ParquetFault) {
    (self.leaf, self.compression, self.count) = (leaf, compression, count)
    input = ByteReader(bytes)
    // What a value takes at least is not known, so what is stated is believed as far as the bytes may bear it.
    let room = min(count, 8 * bytes.count)
    values.reserveCapacity(room)
    if leaf.definition > 0 { levels.definitions.reserveCapacity(room) }
    if leaf.repetition > 0 { levels.repetitions.reserveCapacity(room) }
    var number = 0
    while levels.count < count {
      do throws(ParquetFault) { try page() } catch { throw error.at("page \(number)") }
      number += 1
    }
    guard levels.repetitions.first ?? 0 == 0 else {
      throw ParquetFault(.malformed, "the first value goes on with a row that there is not")
    }
    if values.count == levels.count { levels.findEnds(depth: leaf.repetition) }
  }

  private mutating func page() throws(ParquetFault) {
    guard input.remaining > 0 else {
      throw ParquetFault(.malformed, "is missing: \(count) values are stated, \(levels.count) are there")
    }
    var reader = ThriftReader(input)
    let header = try PageHeader(&reader)
    input = reader.input
    let page = try input.part(header.storedSize, "its contents")
    if let checksum = header.checksum, checksum != PageCompression.checksum(page) {
      throw ParquetFault(.malformed, "is damaged: its checksum is wrong")
    }
    guard header.size <= ParquetLimit.chunk - decompressed else {
      throw ParquetFault(.limit, "is beyond the \(ParquetLimit.chunk) bytes that are read of a column in a row group")
    }
    if Safepoint.mustStop(after: 4 * header.size) { throw ParquetFault(.unsupported, "was not read") }
    decompressed += header.size
    switch header.kind {
    case .index: break
    case .dictionary: try readDictionary(header, page)
    case .data, .dataV2:
      guard header.count <= count - levels.count else {
        throw ParquetFault(
          .malformed,
          "holds \(header.count) values, but only \(count - levels.count) of the \(count) stated are missing")
      }
      header.kind == .data ? try readData(header, page) : try readDataV2(header, page)
    }
  }

  private mutating func readDictionary(_ header: PageHeader, _ page: ByteReader) throws(ParquetFault) {
    guard dictionary == nil, levels.count == 0 else {
      throw ParquetFault(.malformed, "is a second dictionary")
    }
    guard header.encoding == 0 || header.encoding == 2 else {
      throw ParquetFault(.unsupported, "is a dictionary of the encoding \(header.encoding)")
    }
    guard header.count <= ParquetLimit.values else {
      throw ParquetFault(.limit, "is a dictionary of \(header.count) values")
    }
    var body = try compression.decompress(page, size: header.size)
    var elements: [Element] = []
    try Element.decode(header.count, .plain, of: leaf, from: &body, into: &elements, &store)
    dictionary = elements
  }

  private mutating func readData(_ header: PageHeader, _ page: ByteReader) throws(ParquetFault) {
    var body = try compression.decompress(page, size: header.size)
    // What a page states about levels that its column does not have means nothing.
    if leaf.repetition > 0 { try readLevels(\.repetitions, leaf.repetition, header, header.repetitionEncoding, &body) }
    if leaf.definition > 0 { try readLevels(\.definitions, leaf.definition, header, header.definitionEncoding, &body) }
    try readValues(header, body)
  }

  /// The second version keeps levels outside the compressed part.
  private mutating func readDataV2(_ header: PageHeader, _ page: ByteReader) throws(ParquetFault) {
    var page = page
    let repetitions = try page.part(header.repetitionSize, "repetition levels")
    let definitions = try page.part(header.definitionSize, "definition levels")
    if leaf.repetition > 0 { try readLevels(\.repetitions, leaf.repetition, header.count, repetitions) }
    if leaf.definition > 0 { try readLevels(\.definitions, leaf.definition, header.count, definitions) }
    let size = header.size - repetitions.remaining - definitions.remaining
    guard size >= 0 else { throw ParquetFault(.malformed, "is smaller than its levels") }
    let isStored = header.isCompressed ? compression : .none
    try readValues(header, try isStored.decompress(page, size: size))
  }

  /// Reads levels that stand in front of the values, either as runs behind their size, or packed.
  private mutating func readLevels(
    _ path: WritableKeyPath<ParquetLevels, [UInt8]>, _ maximum: Int, _ header: PageHeader, _ encoding: Int,
    _ body: inout ByteReader
  ) throws(ParquetFault) {
    switch encoding {
    case PageHeader.runs:
      let part = try body.part(Int(try body.word32("the size of its levels")), "levels")
      try readLevels(path, maximum, header.count, part)
    case PageHeader.packed: try readPackedLevels(path, maximum, header.count, &body)
    default: throw ParquetFault(.unsupported, "has levels of the encoding \(encoding), which are not read")
    }
  }

  /// Levels as the first years of the format packed them: one behind the other, the highest bit first.
  private mutating func readPackedLevels(
    _ path: WritableKeyPath<ParquetLevels, [UInt8]>, _ maximum: Int, _ count: Int, _ body: inout ByteReader
  ) throws(ParquetFault) {
    let width = Int.bitWidth - maximum.leadingZeroBitCount
    let range = try body.take((count * width + 7) / 8, "levels")
    for index in 0..<count {
      var level = 0
      for bit in index * width..<(index + 1) * width {
        level = level << 1 | Int(body.bytes[range.lowerBound + bit >> 3] >> UInt8(7 - bit & 7) & 1)
      }
      guard level <= maximum else { throw ParquetFault(.malformed, "levels hold \(level); at most \(maximum) fits") }
      levels[keyPath: path].append(UInt8(level))
    }
  }

  private mutating func readLevels(
    _ path: WritableKeyPath<ParquetLevels, [UInt8]>, _ maximum: Int, _ count: Int, _ input: ByteReader
  ) throws(ParquetFault) {
    let what = path == \.repetitions ? "repetition levels" : "definition levels"
    var runs = try HybridDecoder(input, width: Int.bitWidth - maximum.leadingZeroBitCount)
    try runs.read(count, maximum: UInt8(maximum), what, into: &levels[keyPath: path])
  }

  private mutating func readValues(_ header: PageHeader, _ body: ByteReader) throws(ParquetFault) {
    var body = body
    let present =
      leaf.definition == 0
      ? header.count : levels.definitions[levels.count...].count { Int($0) == leaf.definition }
    levels.count += header.count
    guard let encoding = ParquetEncoding(rawValue: header.encoding) else {
      throw ParquetFault(.malformed, "has values of the unknown encoding \(header.encoding)")
    }
    if present == 0 { return }
    if encoding == .dictionary || encoding == .plainDictionary {
      guard let dictionary else { throw ParquetFault(.malformed, "needs a dictionary, and there is none") }
      guard !dictionary.isEmpty else { throw ParquetFault(.malformed, "needs a value of the empty dictionary") }
      var indices = try HybridDecoder(body, behindWidth: ())
      try indices.read(present, from: dictionary, "indices", into: &values)
    } else {
      try Element.decode(present, encoding, of: leaf, from: &body, into: &values, &store)
    }
  }
}

extension HybridDecoder {
  /// Dictionary indices state their width in the first byte.
  fileprivate init(_ input: ByteReader, behindWidth: Void) throws(ParquetFault) {
    var input = input
    let width = Int(try input.byte())
    try self.init(input, width: width)
  }
}
