/// Writes a parquet file row group by row group; no more than one of them is in memory.
///
/// The file gets its name in `finish()`: dropped before, or after an error, it leaves nothing behind. Every column may hold
/// nulls and is described under the key `huggingface` too, so that the Python library `datasets` gives pictures as pictures
/// and ids as nested lists. Pages are of the first version, compressed, and carry checksums; ids and texts of which
/// few differ are stored as indices of a dictionary, everything else plainly.
///
/// pyarrow 26 and datasets 5.2 read back every value of every kind and codec, nulls and empty lists among them: the tests
/// keep a file that `Tests/FormatsTests/Fixtures/parquet/check.py` reads with both.
public final class ParquetWriter {
  /// How the pages of a file are compressed.
  public enum Compression: Sendable {
    /// Not at all.
    case none
    /// Fast.
    case snappy
    /// Small and fast; the default.
    case zstd

    var pages: PageCompression {
      switch self {
      case .none: .none
      case .snappy: .snappy
      case .zstd: .zstd
      }
    }
  }

  /// The columns, in the order in which their values are given.
  public let columns: [ParquetField]
  /// The number of rows so far.
  public private(set) var rowCount = 0
  private let metadata: [String: String]
  private let compression: PageCompression
  private let file: PendingFile
  private var groups: [(rows: Int, chunks: [ChunkWriter])] = []

  /// Starts a file that will replace what is at `path`; `metadata` are texts that it keeps beside the rows.
  ///
  /// Throws a `FormatError` when the folder cannot be written to or two columns have one name.
  public init(
    to path: String, columns: [ParquetField], metadata: [String: String] = [:], compression: Compression = .zstd
  ) throws(FormatError) {
    precondition(!columns.isEmpty, "a parquet file without columns")
    var names: Set<String> = []
    for column in columns where !names.insert(column.name).inserted {
      throw FormatError(.malformed, in: path, "two columns are called \"\(column.name)\"")
    }
    self.columns = columns
    var described = ["huggingface": ParquetField.features(columns)]
    described["pixelbytes"] = ParquetField.absences(columns)
    self.metadata = metadata.merging(described) { given, _ in given }
    self.compression = compression.pages
    file = try PendingFile(for: path)
    try file.write(Array("PAR1".utf8))
  }

  /// Adds a row group: the values of each column, in the order of the columns, all of the same number of rows.
  ///
  /// Values of another kind than their column are a programmer's mistake, but for those inside of lists and structures. Throws a
  /// `FormatError` for such, when the disk is full, or when a column takes more than can be read again (2^26 values, 2^30 bytes); the file
  /// is gone then.
  public func append(_ values: [ParquetRows]) throws(FormatError) {
    precondition(values.count == columns.count, "\(values.count) columns of values for \(columns.count) columns")
    let rows = values.first?.count ?? 0
    for (column, values) in zip(columns, values) {
      precondition(values.count == rows && values.fits(column.kind), "the values of column \"\(column.name)\"")
    }
    if rows == 0 { return }
    do throws(FormatError) {
      var chunks: [ChunkWriter] = []
      for (column, values) in zip(columns, values) {
        for leaf in column.leaves {
          let chunk = try write(values, leaf)
          guard chunk.valueCount <= ParquetLimit.values, chunk.size <= ParquetLimit.chunk else {
            throw FormatError(
              .limit, in: file.path,
              "column \"\(column.name)\" has \(chunk.valueCount) values in \(chunk.size) bytes; a row group can hold "
                + "\(ParquetLimit.values) values in \(ParquetLimit.chunk) bytes of a column")
          }
          chunks.append(chunk)
        }
      }
      groups.append((rows, chunks))
      rowCount += rows
    } catch {
      file.discard()
      throw error
    }
  }

  /// Writes the description of the rows, brings the file to the disk and gives it its name; nothing can be added then.
  public func finish() throws(FormatError) {
    let footer = ThriftWriter.structure { describe(&$0) }
    guard footer.count <= ParquetLimit.footer else {
      file.discard()
      throw FormatError(
        .limit, in: file.path,
        "\(groups.count) row groups take \(footer.count) bytes to describe; write fewer, larger ones")
    }
    var bytes = footer
    bytes.appendLittleEndian(UInt32(footer.count))
    bytes += Array("PAR1".utf8)
    try file.write(bytes)
    try file.finish()
  }

  private func write(_ values: ParquetRows, _ leaf: ParquetField.Leaf) throws(FormatError) -> ChunkWriter {
    var chunk = ChunkWriter(leaf, compression, to: file)
    func piece(_ bytes: some Collection<UInt8>, _ page: inout [UInt8]) {
      page.appendLittleEndian(UInt32(truncatingIfNeeded: bytes.count))
      page.append(contentsOf: bytes)
    }
    switch values {
    case .texts(let texts):
      try chunk.write(count: texts.count, level: { texts[$0] == nil ? 0 : 1 }) { piece((texts[$0] ?? "").utf8, &$1) }
    case .words(let words, let codes): try chunk.write(words: words, codes: codes)
    case .integers(let numbers):
      try chunk.write(count: numbers.count, level: { numbers[$0] == nil ? 0 : 1 }) {
        $1.appendLittleEndian(UInt64(bitPattern: Int64(numbers[$0] ?? 0)))
      }
    case .numbers(let numbers):
      try chunk.write(count: numbers.count, level: { numbers[$0] == nil ? 0 : 1 }) {
        $1.appendLittleEndian((numbers[$0] ?? 0).bitPattern)
      }
    case .booleans(let flags):
      try chunk.write(count: flags.count, level: { flags[$0] == nil ? 0 : 1 }) { $1.append(flags[$0] == true ? 1 : 0) }
    case .values(let values): try chunk.write(values)
    case .ids(let ids, let ends):
      guard case .ids(let inner) = leaf.kind else { preconditionFailure("ids for the column \"\(leaf.path[0])\"") }
      try chunk.write(ids: ids, ends: ends, inner: inner)
    }
    return chunk
  }
}

extension ParquetWriter {
  private func describe(_ footer: inout ThriftWriter) {
    footer.int32(1, 2)
    let root = (name: "schema", children: columns.count)
    let elements = columns.flatMap(\.elements)
    footer.list(2, [nil] + elements.map(Optional.some)) { writer, element in
      if let element { return element.write(to: &writer) }
      writer.text(4, root.name)
      writer.int32(5, root.children)
    }
    footer.int64(3, rowCount)
    footer.list(4, groups) { writer, group in describe(group.rows, group.chunks, &writer) }
    footer.list(5, metadata.sorted { $0.key < $1.key }) { writer, text in
      writer.text(1, text.key)
      writer.text(2, text.value)
    }
    footer.text(6, "PixelBytes")
  }

  private func describe(_ rows: Int, _ chunks: [ChunkWriter], _ writer: inout ThriftWriter) {
    writer.list(1, chunks) { writer, chunk in
      writer.int64(2, 0)
      writer.structure(3) {
        $0.int32(1, chunk.leaf.type.rawValue)
        $0.list(2, chunk.encodings)
        $0.list(3, chunk.leaf.path)
        $0.int32(4, compression.rawValue)
        $0.int64(5, chunk.valueCount)
        $0.int64(6, chunk.size)
        $0.int64(7, chunk.storedSize)
        $0.int64(9, chunk.start)
        if let dictionary = chunk.dictionaryStart { $0.int64(11, dictionary) }
      }
    }
    writer.int64(2, chunks.reduce(0) { $0 + $1.size })
    writer.int64(3, rows)
    writer.int64(6, chunks.reduce(0) { $0 + $1.storedSize })
  }
}
