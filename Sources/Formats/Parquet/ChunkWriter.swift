/// Writes the pages of one column in one row group.
struct ChunkWriter {
  /// The values of a page, in bytes, after which it ends.
  private static let pageSize = 1 << 20

  let leaf: ParquetField.Leaf
  private let file: PendingFile
  private let compression: PageCompression
  private(set) var valueCount = 0
  private(set) var dictionaryStart: Int?
  private(set) var start = 0
  /// The bytes of the pages with their headers, before compression.
  private(set) var size = 0
  /// The bytes of the pages with their headers, as they are stored.
  private(set) var storedSize = 0
  private(set) var encodings = [0, 3]

  init(_ leaf: ParquetField.Leaf, _ compression: PageCompression, to file: PendingFile) {
    (self.leaf, self.compression, self.file) = (leaf, compression, file)
    start = file.count
  }

  /// Writes values that lie in no list: the value at an index is written where its level is the leaf's.
  @inline(__always)
  mutating func write(
    count: Int, level: (Int) -> UInt8, value: (Int, inout [UInt8]) -> Void
  ) throws(FormatError) {
    var levels: [UInt8] = []
    var values: [UInt8] = []
    for index in 0..<count {
      levels.append(level(index))
      if Int(levels[levels.count - 1]) == leaf.definition { value(index, &values) }
      guard values.count >= Self.pageSize || levels.count >= Self.pageSize || index == count - 1 else { continue }
      try dataPage([], levels, packed(values), encoding: .plain)
      levels.removeAll(keepingCapacity: true)
      values.removeAll(keepingCapacity: true)
    }
  }

  /// Writes what the leaf has of lists, structures and other values; throws for one of another kind than the column.
  mutating func write(_ rows: [ParquetValue]) throws(FormatError) {
    var part = LeafValues(leaf)
    for (row, value) in rows.enumerated() {
      guard part.add(value) else {
        throw FormatError(.malformed, in: file.path, "the column \"\(leaf.path[0])\" holds values of several kinds")
      }
      guard part.values.count >= Self.pageSize || part.definitions.count >= Self.pageSize || row == rows.count - 1
      else { continue }
      try dataPage(part.repetitions, part.definitions, packed(part.values), encoding: .plain)
      part = LeafValues(leaf)
    }
  }

  /// Truth values as bits.
  private func packed(_ values: [UInt8]) -> [UInt8] {
    guard leaf.type == .boolean else { return values }
    var packed: [UInt8] = []
    HybridEncoder.packed(values, width: 1, &packed)
    return packed
  }

  /// Writes texts as their places in a dictionary of different ones, below 0 for null.
  mutating func write(words: [String], codes: [Int32]) throws(FormatError) {
    var dictionary: [UInt8] = []
    for word in words {
      dictionary.appendLittleEndian(UInt32(truncatingIfNeeded: word.utf8.count))
      dictionary += word.utf8
    }
    try write(dictionary: dictionary, count: words.count)
    let width = max(1, Int.bitWidth - (words.count - 1).leadingZeroBitCount)
    for start in stride(from: 0, to: codes.count, by: Self.pageSize) {
      let part = codes[start..<min(start + Self.pageSize, codes.count)]
      try dataPage(
        [], part.map { $0 < 0 ? 0 : 1 },
        [UInt8(width)] + HybridEncoder.encode(part.filter { $0 >= 0 }.map { UInt32($0) }, width: width),
        encoding: .dictionary)
    }
  }

  private mutating func write(dictionary: [UInt8], count: Int) throws(FormatError) {
    dictionaryStart = file.count
    try page(dictionary) { header, _ in
      header.structure(7) {
        $0.int32(1, count)
        $0.int32(2, ParquetEncoding.plain.rawValue)
      }
    }
    encodings.append(ParquetEncoding.dictionary.rawValue)
    start = file.count
  }

  /// Writes ids in lists whose inner sizes are `inner`; `ends` tells where the ids of each row end.
  ///
  /// The dictionary is the numbers from 0 on, so that the ids are their own indices and a page holds them as they are.
  mutating func write(ids: [UInt8], ends: [Int], inner: [Int]) throws(FormatError) {
    var dictionary: [UInt8] = []
    for id in 0...(ids.max() ?? 0) { dictionary.appendLittleEndian(UInt32(id)) }
    try write(dictionary: dictionary, count: dictionary.count / 4)
    let pattern = Self.repetitions(inner)
    var (row, place) = (0, 0)
    while row < ends.count {
      var repetitions: [UInt8] = []
      var definitions: [UInt8] = []
      let first = place
      while row < ends.count, repetitions.count < Self.pageSize {
        if ends[row] == place {
          repetitions.append(0)
          definitions.append(1)
        } else {
          let begin = repetitions.count
          for _ in 0..<(ends[row] - place) / pattern.count { repetitions.append(contentsOf: pattern) }
          repetitions[begin] = 0
          definitions.append(contentsOf: repeatElement(UInt8(leaf.definition), count: ends[row] - place))
        }
        place = ends[row]
        row += 1
      }
      try dataPage(repetitions, definitions, [8] + HybridEncoder.bytes(ids[first..<place]), encoding: .dictionary)
    }
  }

  /// The repetition levels of the ids of one element of the outermost list: how many of the lists they lie in go on.
  private static func repetitions(_ inner: [Int]) -> [UInt8] {
    var levels: [UInt8] = [1]
    for (depth, size) in inner.enumerated().reversed() {
      var repeated = levels
      repeated[0] = UInt8(depth + 2)
      levels += (1..<size).flatMap { _ in repeated }
    }
    return levels
  }

  private mutating func dataPage(
    _ repetitions: [UInt8], _ definitions: [UInt8], _ values: [UInt8], encoding: ParquetEncoding
  ) throws(FormatError) {
    var body: [UInt8] = []
    body.reserveCapacity(values.count + definitions.count / 4)
    for (levels, maximum) in [(repetitions, leaf.repetition), (definitions, leaf.definition)] where maximum > 0 {
      let encoded = HybridEncoder.encode(levels, width: Int.bitWidth - maximum.leadingZeroBitCount)
      body.appendLittleEndian(UInt32(encoded.count))
      body += encoded
    }
    body += values
    let count = definitions.count
    try page(body) { header, runs in
      header.structure(5) {
        $0.int32(1, count)
        $0.int32(2, encoding.rawValue)
        $0.int32(3, runs)
        $0.int32(4, runs)
      }
    }
    valueCount += count
  }

  private mutating func page(
    _ body: [UInt8], _ describe: (inout ThriftWriter, _ runs: Int) -> Void
  ) throws(FormatError) {
    guard body.count <= ParquetLimit.page else {
      throw FormatError(
        .limit, in: file.path, "a page would hold \(body.count) bytes; at most \(ParquetLimit.page) can be read again")
    }
    guard let stored = compression.compress(body) else {
      throw FormatError(.limit, in: file.path, "\(body.count) bytes cannot be compressed by \(compression)")
    }
    let isDictionary = dictionaryStart == file.count
    let header = ThriftWriter.structure {
      $0.int32(1, isDictionary ? PageHeader.Kind.dictionary.rawValue : PageHeader.Kind.data.rawValue)
      $0.int32(2, body.count)
      $0.int32(3, stored.count)
      $0.int32(4, Int(Int32(bitPattern: PageCompression.checksum(stored))))
      describe(&$0, ParquetEncoding.runs.rawValue)
    }
    try file.write(header)
    try file.write(stored)
    size += header.count + body.count
    storedSize += header.count + stored.count
  }
}
