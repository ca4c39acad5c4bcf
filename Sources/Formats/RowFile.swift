import Safepoint

/// The rows of a CSV, TSV or JSON Lines file, as it is or packed: found in one walk over it, and read again from their place when they are asked for, so
/// that a file of any size takes a byte or so a row.
public final class RowFile: Sendable {
  /// One row.
  public struct Row: Sendable {
    /// The line that it begins on, counted from 1.
    public let line: Int
    /// A value for each column; null where the row has none.
    public let values: [JSON]
  }

  /// The bytes that the walk over a file reads at a time, and the most that a row takes.
  public static let pieceSize = 1 << 20
  private static let rowLimit = 1 << 28

  /// The path of the file.
  public let path: String
  /// The names of the columns, in the order in which they come up.
  public let names: [String]
  /// Whether each column holds anything but texts.
  public let hasOthers: [Bool]
  private let file: SystemFile
  private let stamp: SystemFile.Stamp
  private let blocks: RowBlocks
  /// Whether it is one list of JSON, whose objects are the rows.
  private let isList: Bool
  /// What parts the fields of a table; nil for JSON Lines.
  private let separator: UInt8?
  private let skipsSpaces: Bool
  private let places: [String: Int]

  /// The number of rows.
  public var count: Int { blocks.rows }

  /// What a file is.
  public enum Form: Sendable {
    /// An object a line.
    case lines
    /// A table of fields, which a byte parts; nil where the header tells which.
    case table(separator: UInt8?)

    /// The form that the name of a file tells.
    public init(path: String) {
      let name = PackedFile.unpackedName(path).lowercased()
      self =
        [".jsonl", ".ndjson", ".json"].contains { name.hasSuffix($0) }
        ? .lines : .table(separator: name.hasSuffix(".tsv") ? UInt8(ascii: "\t") : nil)
    }
  }

  /// Walks over the file at `path`, whose characters are written in an encoding, so many bytes at a time, and gives the texts that each row has in the columns that `watched` names;
  /// throws a `FormatError` with the number of the wrong line.
  public init(
    _ path: String, _ form: Form? = nil, encoding: TextEncoding = .utf8, watched: [String] = [],
    pieceSize: Int = pieceSize, row: ([String?]) throws -> Void = { _ in }
  ) throws {
    self.path = path
    let form = form ?? Form(path: path)
    let lines =
      if case .lines = form { try JSONList.lines(path, encoding) } else { nil as [UInt8]? }
    isList = lines != nil
    if let lines {
      file = try SystemFile.holding(lines, for: path)
    } else if encoding != .utf8 {
      file = try SystemFile.holding(try encoding.utf8(try readFile(path, limit: Self.rowLimit), file: path), for: path)
    } else {
      file = try SystemFile.reading(path)
    }
    stamp = try file.stamp()
    switch form {
    case .lines:
      var walk = LineWalk(path, watched: watched)
      try Self.walk(file, &walk, pieceSize, row)
      (blocks, names, hasOthers, places, separator) = (walk.blocks, walk.names, walk.hasOthers, walk.places, nil)
      skipsSpaces = false
    case .table(let stated):
      var walk = FieldWalk(path, watched: watched, separator: stated)
      try Self.walk(file, &walk, pieceSize, row)
      (blocks, names, hasOthers, places) = (walk.blocks, walk.names, walk.names.map { _ in false }, [:])
      (separator, skipsSpaces) = (walk.separator, walk.skipsSpaces)
    }
  }

  /// What tells that spaces behind what parts its fields are left out; nil where none are.
  public var noteOfSpaces: String? {
    separator.flatMap { skipsSpaces ? CSVFields.note(ofSpacesBehind: $0, in: path) : nil }
  }

  /// What the row that begins on a line is called in errors.
  public func place(ofLine line: Int) -> String { isList ? "object \(line)" : "line \(line)" }

  /// Gives the walk one piece of the file after the other, each from where the walk stopped in the one before.
  private static func walk(
    _ file: borrowing SystemFile, _ walk: inout some RowWalk, _ pieceSize: Int, _ row: ([String?]) throws -> Void
  ) throws {
    let size = try file.size()
    var (start, length) = (0, pieceSize)
    while true {
      let piece = try file.read(min(length, size - start), at: start)
      guard piece.count == min(length, size - start) else {
        throw FormatError(.io, in: file.path, "was not read to its end")
      }
      let isLast = start + piece.count == size
      let used = try walk.take(piece, at: start, isLast: isLast, row)
      if isLast { return }
      // A row that is longer than the piece needs a longer one.
      length = used == 0 ? 2 * length : pieceSize
      guard length <= rowLimit, length == pieceSize || Safepoint.mayMake(2 * length) else {
        throw FormatError(
          .limit, in: file.path,
          "line \(walk.line): is a row of more than \(length >> 21) MB, the most that is read of one")
      }
      start += used
    }
  }

  /// Reads a row again; throws a `FormatError` when the file was changed. A number outside is a programmer's mistake.
  public func row(at index: Int) throws(FormatError) -> Row {
    let (block, range) = blocks.block(of: index)
    guard try file.stamp() == stamp else { throw changed }
    let bytes = try file.read(range.count, at: range.lowerBound)
    guard bytes.count == range.count else { throw changed }
    let skipped = index - block.row
    guard let separator else {
      guard let line = try JSONLine.line(skipped, in: bytes, from: block.line, file: path) else { throw changed }
      var values = [JSON](repeating: .null, count: names.count)
      for field in line.fields { if let place = places[field.name] { values[place] = field.value } }
      return Row(line: line.number, values: values)
    }
    let fields = try CSVFields(
      piece: bytes, columns: names, separator, skipsSpaces: skipsSpaces, file: path, line: block.line, isLast: true,
      most: skipped + 1)
    guard fields.count > skipped else { throw changed }
    return Row(line: Int(fields.lines[skipped]), values: fields.texts(ofRow: skipped).map { .string($0) })
  }

  private var changed: FormatError { FormatError(.io, in: path, "was changed since it was opened; open it again") }
}

/// A walk over the rows of a file, piece by piece.
protocol RowWalk {
  /// The line that it has reached.
  var line: Int { get }
  /// Goes over the rows that end inside of a piece, which stands at a place of the file, and returns how many bytes it is done with.
  mutating func take(_ piece: [UInt8], at start: Int, isLast: Bool, _ row: ([String?]) throws -> Void) throws -> Int
}

/// Where the rows of a file are: every sixteenth or so, the others behind it.
struct RowBlocks: Sendable {
  /// Rows that stand together.
  struct Block {
    /// The place of the first byte.
    let start: Int
    /// The number of the first row.
    let row: Int
    /// The line of the first row.
    let line: Int
  }

  /// The most rows of a block, and the bytes from which on it takes no more.
  private static let mostRows = 16
  private static let mostBytes = 1 << 16

  private var blocks: [Block] = []
  private(set) var rows = 0
  /// The place behind the last row.
  private var end = 0

  /// Adds a row.
  mutating func append(_ range: Range<Int>, line: Int) {
    let isFull = blocks.last.map { rows - $0.row >= Self.mostRows || end - $0.start >= Self.mostBytes } ?? true
    if isFull { blocks.append(Block(start: range.lowerBound, row: rows, line: line)) }
    (rows, end) = (rows + 1, range.upperBound)
  }

  /// The block of a row, and where it stands in the file.
  func block(of row: Int) -> (Block, Range<Int>) {
    var (low, high) = (0, blocks.count - 1)
    while low < high {
      let middle = (low + high + 1) / 2
      if blocks[middle].row <= row { low = middle } else { high = middle - 1 }
    }
    return (blocks[low], blocks[low].start..<(low + 1 < blocks.count ? blocks[low + 1].start : end))
  }
}
