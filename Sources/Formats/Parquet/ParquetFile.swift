import Dispatch
import Safepoint
import Synchronization

/// A parquet file, opened: its columns are known, and its rows are read group by group.
///
/// Read are booleans, whole numbers, floats, texts and bytes, structures and lists of them to a depth of 32, in every
/// encoding of the format; pages of both versions, uncompressed or compressed with snappy, gzip, zstd, LZ4 or brotli. A file is
/// not trusted: every length in it is checked before memory is taken, and no page or column of a row group may be larger than
/// fixed limits. Errors name the file, the column and the page.
public final class ParquetFile: Sendable {
  /// The path of the file.
  public let path: String
  /// The number of rows.
  public let rowCount: Int
  /// The columns, in the order of the file.
  public let columns: [ParquetColumn]
  /// The number of rows of each row group.
  public let groups: [Int]
  private let file: SystemFile
  private let leaves: [ParquetSchema.Leaf]
  private let chunks: [[ChunkDescription]]
  /// Whether the stated sizes of columns may be too small, by a header of a page.
  private let isShort: Bool
  private let columnsEnd: Int
  private let classes: ClassNames
  private let shapes: [String: [Int]]
  private let turned: Set<String>

  /// Opens the file at `path` and reads the description at its end; throws a `FormatError` when it is missing or wrong.
  public init(_ path: String) throws(FormatError) {
    self.path = path
    file = try SystemFile.reading(path)
    do throws(ParquetFault) {
      let end = try Self.footerRange(file)
      let footer = try ParquetFooter(try Self.bytes(of: file, end))
      let schema = try ParquetSchema(footer.elements, meanings: footer.meanings)
      rowCount = try Self.checkedRows(footer)
      leaves = schema.leaves
      columns = footer.absences.isEmpty ? schema.columns : schema.columns.map { $0.marking(footer.absences) }
      groups = footer.groups.map(\.rowCount)
      chunks = footer.groups.map(\.chunks)
      (classes, shapes, turned) = (footer.classes, footer.shapes, footer.turned)
      (isShort, columnsEnd) = (footer.hasShortSizes, end.lowerBound)
      for (number, chunks) in chunks.enumerated() {
        do throws(ParquetFault) { try Self.check(chunks, leaves, rows: groups[number], end: end.lowerBound) } catch {
          throw error.at("row group \(number)")
        }
      }
    } catch { throw error.error(in: path) }
  }

  /// Why a column is not read, as far as the description of the file tells; nil for one that is.
  public func obstacle(in column: ParquetColumn) -> String? {
    guard column.type.isRead else { return "it is a \(column.type)" }
    for chunks in chunks {
      for leaf in column.leaves {
        if chunks[leaf].isEncrypted { return "it is encrypted" }
        switch PageCompression(rawValue: chunks[leaf].codec) {
        case nil: return "it has the unknown compression \(chunks[leaf].codec)"
        case .lzo: return "it is compressed with lzo"
        default: break
        }
      }
    }
    return nil
  }

  /// What tells that a column is not read, and why; nil for one that is.
  public func note(leavingOut column: ParquetColumn) -> String? {
    guard let obstacle = obstacle(in: column) else { return nil }
    return column.type == .repeated
      ? "\(path): there are several columns \"\(column.name)\", of which the first is read"
      : "\(path): the column \"\(column.name)\" is left out: \(obstacle), which is not read"
  }

  /// The classes that whole numbers in a column count, as the file says or else as `others` do.
  public func classes(of column: ParquetColumn, or others: ClassNames = ClassNames()) -> ClassNames {
    let known = classes.merging(others)
    var found: [[String]: [String]] = [:]
    func look(_ type: ParquetType, _ place: [String]) {
      switch type {
      case .integer: found[place] = known[place]
      case .list(let element): look(element.type, place)
      case .structure(let parts): for part in parts { look(part.type, place + [part.name]) }
      default: break
      }
    }
    if !known.isEmpty { look(column.type, [column.name]) }
    return ClassNames(found)
  }

  /// What tells that a column holds arrays that are read as lists of all their elements in the order of the file; nil for others.
  public func note(ofArrays column: ParquetColumn) -> String? {
    turned.contains(column.name)
      ? "\(path): the column \"\(column.name)\" holds arrays whose elements do not stand row by row; they are lists without rows"
      : nil
  }

  /// What a column holds, as the description of the file tells.
  public func content(of column: ParquetColumn) -> ColumnContent {
    switch column.type {
    case .text: leaves[column.leaves.lowerBound].meaning == .text ? .texts : .textsOfValues
    case .bytes: .bytes
    case .boolean, .integer, .float, .double:
      leaves[column.leaves.lowerBound].meaning == .nothing ? .nulls : .values
    case .list, .structure, .unsupported: .others
    }
  }

  /// What a column holds, as far as what is done with texts depends on it.
  public enum ColumnContent: Sendable {
    /// Texts, as such.
    case texts
    /// Dates, durations, identifiers and other values that are read as texts.
    case textsOfValues
    /// Bytes, which may be texts.
    case bytes
    /// Numbers or truth values.
    case values
    /// Nulls alone.
    case nulls
    /// Lists, structures, and what is not read.
    case others
  }

  /// What the values of some columns in a row group take in memory, about, in bytes, as far as the description of the file tells.
  public func cost(ofGroup group: Int, columns names: [String]) -> Int {
    let leaves = Set(names).compactMap { name in columns.first { $0.name == name }?.leaves }.joined()
    return Size.sum(leaves.map { chunks[group][$0].cost })
  }

  /// Returns the values of the columns called `names`, in that order, in one row group; nil stands for all columns.
  ///
  /// Only those columns are read from the file. A name that no column has, or a column of a type that is not read,
  /// throws; a number of a row group outside is a programmer's mistake.
  public func values(group: Int, columns names: [String]? = nil) throws(FormatError) -> [ParquetValues] {
    var wanted: [ParquetColumn] = []
    for name in names ?? columns.map(\.name) {
      guard let column = columns.first(where: { $0.name == name }) else {
        let found = columns.map { "\"\($0.name)\"" }.joined(separator: ", ")
        throw FormatError(.malformed, in: path, "has no column \"\(name)\"; its columns are \(found)")
      }
      guard !column.leaves.isEmpty else {
        throw FormatError(.unsupported, in: path, "column \"\(name)\" is a \(column.type), which is not read")
      }
      wanted.append(column)
    }
    do throws(ParquetFault) {
      let assembly = RowAssembly(leaves: try leaves(of: wanted, group: group))
      var result: [ParquetValues] = []
      for column in wanted {
        do throws(ParquetFault) {
          let values = try assembly.values(of: column)
          guard values.count == groups[group] else {
            throw ParquetFault(.malformed, "holds \(values.count) rows; expected \(groups[group])")
          }
          result.append(shapes[column.name].map { values.shaped($0) } ?? values)
        } catch { throw error.at("column \"\(column.name)\"") }
      }
      return result
    } catch { throw error.at("row group \(group)").error(in: path) }
  }

  /// Reads the leaves of columns on all cores, the largest first; of several faults the one of the first leaf is thrown.
  private func leaves(
    of columns: [ParquetColumn], group: Int
  ) throws(ParquetFault) -> [Int: RowAssembly.Leaf] {
    let numbers = Set(columns.flatMap(\.leaves)).sorted { chunks[group][$0].size > chunks[group][$1].size }
    let results = Mutex<[Int: Result<RowAssembly.Leaf, ParquetFault>]>([:])
    DispatchQueue.concurrentPerform(iterations: numbers.count) { index in
      let number = numbers[index]
      let result = Result { () throws(ParquetFault) in
        try read(leaves[number], chunks[group][number], firstRow: groups[..<group].reduce(0, +))
      }
      results.withLock { $0[number] = result }
    }
    var found: [Int: RowAssembly.Leaf] = [:]
    for (number, result) in results.withLock({ $0 }).sorted(by: { $0.key < $1.key }) {
      do throws(ParquetFault) { found[number] = try result.get() } catch {
        throw error.at("column \"\(leaves[number].path)\"")
      }
    }
    return found
  }
}

extension ParquetFile {
  private static let magic = Array("PAR1".utf8)
  private static let encryptedMagic = Array("PARE".utf8)
  private static let encrypted = ParquetFault(
    .unsupported, "is an encrypted parquet file, which is not read; write it without encryption where its keys are")

  private static func bytes(of file: borrowing SystemFile, _ range: Range<Int>) throws(ParquetFault) -> [UInt8] {
    do throws(FormatError) {
      let bytes = try file.read(range.count, at: range.lowerBound)
      guard bytes.count == range.count else { throw FormatError(.io, in: "", "became shorter while it was read") }
      return bytes
    } catch { throw ParquetFault(error.kind, error.message) }
  }

  /// Where the description at the end of the file is.
  private static func footerRange(_ file: borrowing SystemFile) throws(ParquetFault) -> Range<Int> {
    let size: Int
    do throws(FormatError) { size = try file.size() } catch { throw ParquetFault(error.kind, error.message) }
    let start = try bytes(of: file, 0..<min(size, 512))
    if start.starts(with: encryptedMagic) { throw encrypted }
    guard start.starts(with: magic) else {
      if let found = ForeignFile(start)?.description ?? ForeignFile.text(start) {
        throw ParquetFault(.malformed, "is not a parquet file; it is \(found)")
      }
      throw ParquetFault(.malformed, "is not a parquet file: it does not begin with PAR1")
    }
    guard size >= 12 else { throw ParquetFault(.malformed, "is not a whole parquet file: it ends after \(size) bytes") }
    let end = try bytes(of: file, size - 8..<size)
    if Array(end[4...]) == encryptedMagic { throw encrypted }
    guard Array(end[4...]) == magic else {
      throw ParquetFault(.malformed, "is not a whole parquet file: it does not end with PAR1")
    }
    let length = Int(end.littleEndian(at: 0) as UInt32)
    guard length <= size - 12 else {
      throw ParquetFault(.malformed, "states a footer of \(length) bytes, but has only \(size - 12) before its end")
    }
    guard length <= ParquetLimit.footer else {
      throw ParquetFault(.limit, "has a footer of \(length) bytes; at most \(ParquetLimit.footer) are read")
    }
    return size - 8 - length..<size - 8
  }

  private static func checkedRows(_ footer: ParquetFooter) throws(ParquetFault) -> Int {
    var rows = 0
    for group in footer.groups {
      let (sum, isHuge) = rows.addingReportingOverflow(group.rowCount)
      rows = isHuge ? .max : sum
    }
    guard rows == footer.rowCount else {
      throw ParquetFault(.malformed, "states \(footer.rowCount) rows, but its row groups have \(rows)")
    }
    return rows
  }

  private static func check(
    _ chunks: [ChunkDescription], _ leaves: [ParquetSchema.Leaf], rows: Int, end: Int
  ) throws(ParquetFault) {
    guard chunks.count == leaves.count else {
      throw ParquetFault(.malformed, "has \(chunks.count) columns; the schema has \(leaves.count)")
    }
    for (chunk, leaf) in zip(chunks, leaves) where !chunk.isEncrypted {
      let name = "column \"\(leaf.path)\""
      guard chunk.type == leaf.type.rawValue else {
        throw ParquetFault(.malformed, "\(name) has the type \(chunk.type); the schema says \(leaf.type)")
      }
      let isThere = chunk.start >= 4 && chunk.start <= end && chunk.size <= end - chunk.start
      guard isThere || chunk.valueCount == 0 else {
        throw ParquetFault(
          .malformed, "\(name) has \(chunk.size) bytes from \(chunk.start) on, but the columns end at \(end)")
      }
      guard leaf.repetition > 0 ? chunk.valueCount >= rows : chunk.valueCount == rows else {
        throw ParquetFault(.malformed, "\(name) has \(chunk.valueCount) values for \(rows) rows")
      }
      if chunk.isElsewhere { throw ParquetFault(.unsupported, "\(name) is in another file") }
    }
  }

  /// Reads one leaf of one row group.
  private func read(
    _ leaf: ParquetSchema.Leaf, _ chunk: ChunkDescription, firstRow: Int
  ) throws(ParquetFault) -> RowAssembly.Leaf {
    switch leaf.content {
    case .boolean where leaf.meaning == .truth:
      let reader: ChunkReader<Int> = try reader(leaf, chunk)
      return (reader.levels, .booleans(reader.values.map { $0 != 0 }))
    case .boolean:
      let reader: ChunkReader<Bool> = try reader(leaf, chunk)
      return (reader.levels, .booleans(reader.values))
    case .integer:
      if leaf.repetition > 0 {
        do throws(ParquetFault) {
          let reader: ChunkReader<UInt8> = try reader(leaf, chunk)
          return (reader.levels, .smallIntegers(reader.values))
        } catch { if error != .tooLarge { throw error } }
      }
      do throws(ParquetFault) {
        let reader: ChunkReader<Int> = try reader(leaf, chunk)
        return (reader.levels, .integers(reader.values))
      } catch { if error != .tooLarge { throw error } }
      let reader: ChunkReader<String> = try reader(leaf, chunk)
      return (reader.levels, .digits(reader.values))
    case .float:
      let reader: ChunkReader<Float> = try reader(leaf, chunk)
      return (reader.levels, .floats(reader.values))
    case .double where leaf.meaning?.isLongDecimal ?? false:
      let reader: ChunkReader<String> = try reader(leaf, chunk)
      return (reader.levels, .digits(reader.values))
    case .double:
      let reader: ChunkReader<Double> = try reader(leaf, chunk)
      return (reader.levels, .doubles(reader.values))
    case .text:
      do throws(ParquetFault) {
        let reader: ChunkReader<String> = try reader(leaf, chunk)
        return (reader.levels, .texts(reader.values))
      } catch {
        guard error.isOtherText, let row = try rowOfOtherText(leaf, chunk) else { throw error }
        throw ParquetFault(
          .malformed, "row \(firstRow + row): a text is not UTF-8, as those of parquet files are", otherText: leaf.path)
      }
    case .bytes:
      let reader: ChunkReader<ByteSpan> = try reader(leaf, chunk)
      return (reader.levels, .bytes(ParquetBytes(buffers: reader.store.buffers, pieces: reader.values)))
    case .list, .structure, .unsupported:
      throw ParquetFault(.unsupported, "holds values of type \(leaf.content), which is not read")
    }
  }

  /// The first row of a group with a text in a column that is not UTF-8; nil where all are.
  private func rowOfOtherText(_ leaf: ParquetSchema.Leaf, _ chunk: ChunkDescription) throws(ParquetFault) -> Int? {
    let reader: ChunkReader<ByteSpan> = try reader(leaf, chunk)
    let value = reader.values.firstIndex { String.text(reader.store.buffers[Int($0.buffer)], $0.range) == nil }
    return value.map { reader.levels.row(ofValue: $0, definition: leaf.definition) }
  }

  /// The most bytes that a header of a page takes which a size leaves out.
  private static let headerRoom = 100

  private func reader<Element: ParquetElement>(
    _ leaf: ParquetSchema.Leaf, _ chunk: ChunkDescription
  ) throws(ParquetFault) -> ChunkReader<Element> {
    guard let compression = PageCompression(rawValue: chunk.codec) else {
      throw ParquetFault(.unsupported, "has the unknown compression \(chunk.codec)")
    }
    guard chunk.valueCount <= ParquetLimit.values, chunk.size <= ParquetLimit.chunk else {
      throw ParquetFault(
        .limit,
        "has \(chunk.valueCount) values in \(chunk.size) bytes; at most \(ParquetLimit.values) values in "
          + "\(ParquetLimit.chunk) bytes are read of a row group")
    }
    let size = isShort ? min(chunk.size + Self.headerRoom, columnsEnd - chunk.start) : chunk.size
    let range = chunk.valueCount == 0 ? 0..<0 : chunk.start..<chunk.start + size
    let bytes = try Self.bytes(of: file, range)
    return try ChunkReader(leaf, compression, count: chunk.valueCount, from: bytes)
  }
}
