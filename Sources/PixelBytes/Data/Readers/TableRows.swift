import Formats

/// The rows of a CSV, JSONL or parquet file whose pictures are files beside it; pictures are read when their row is asked for.
///
/// Columns whose names end in `_file_name` name files of further pictures.
final class TableRows: RowSource {
  private static let fileSuffix = "_file_name"

  private struct Further {
    let name: String
    let place: Int
    let isFile: Bool
  }

  private let file: String
  private let folder: String
  private let table: TextTable
  private let imageColumn: Int?
  private let captionColumn: Int?
  private let extra: [Further]
  private let options: ReadingOptions
  /// The rows of the table that are ours; nil for all.
  private let rows: [Int]?
  let count: Int
  let columns: [String]
  let notes: [String]
  let tokens: (any TokenStore)? = nil

  /// Opens a table; a column `file_name` serves when there is none of the pictures' name. `split` chooses the rows by the folder that
  /// their pictures lie in.
  init(_ file: String, _ options: ReadingOptions, split: SplitChoice = .all, poll: () throws -> Void) throws {
    try options.willRead(file)
    (self.file, self.options) = (file, options)
    folder = file.lastIndex(of: "/").map { String(file[..<$0]) } ?? "."
    let table = try ReadingOptions.reading { try TextTable(file, poll: poll) }
    self.table = table
    func column(among names: [String], called what: String) throws -> Int {
      for name in names { if let index = table.names.firstIndex(of: name) { return index } }
      let expected = names.map { "\"\($0)\"" }.joined(separator: " or ")
      let found = table.names.map { "\"\($0)\"" }.joined(separator: ", ")
      throw DataError(.value, "\(file): expected the column \(expected) for \(what), found \(found)")
    }
    let image = try options.image.map { try column(among: [$0, "file_name"], called: "the picture's file") }
    let caption = try options.caption.map { try column(among: [$0], called: "the caption") }
    (imageColumn, captionColumn) = (image, caption)
    let further = table.names.indices.filter { $0 != image && $0 != caption }.map { place in
      let name = table.names[place]
      let isFile = image != nil && name.hasSuffix(Self.fileSuffix) && name.count > Self.fileSuffix.count
      return Further(name: isFile ? String(name.dropLast(Self.fileSuffix.count)) : name, place: place, isFile: isFile)
    }
    let wanted = Set(try options.further(further.map(\.name), in: file))
    extra = further.filter { wanted.contains($0.name) }
    columns = (image == nil ? ["caption"] : ["image", "caption"]) + extra.map(\.name)
    rows = try Self.rows(table, image: image, split, file)
    count = min(rows?.count ?? table.count, max(0, options.limit ?? .max))
    notes = Self.notes(file, table)
  }

  /// The rows whose pictures lie in the folder of a split; nil for all of them.
  private static func rows(
    _ table: TextTable, image: Int?, _ split: SplitChoice, _ file: String
  ) throws(DataError) -> [Int]? {
    if split == .all { return nil }
    var found: [String: [Int]] = ["": []]
    for row in 0..<table.count {
      guard let image else { break }
      let parts = (table.text(row, image) ?? "").split(whereSeparator: { $0 == "/" || $0 == "\\" })
      found[parts.count > 1 ? String(parts[0]) : "", default: []].append(row)
    }
    return try split.chosen(of: found, in: file)
  }

  private static func notes(_ file: String, _ table: TextTable) -> [String] {
    var notes: [String] = []
    if table.count == 0 { notes.append("\(file) has no rows") }
    var spellings: [String: String] = [:]
    for name in table.names {
      if let other = spellings.updateValue(name, forKey: name.lowercased()) {
        notes.append("\(file) has the columns \"\(other)\" and \"\(name)\", which differ in the case of letters alone")
      }
    }
    return notes
  }

  var kinds: [String: DataColumnKind] {
    Dictionary(
      extra.map { ($0.name, $0.isFile ? .pictures : table.hasOthers($0.place) ? .values : .texts) },
      uniquingKeysWith: { first, _ in first })
  }

  func row(at index: Int) throws -> DataRow {
    let row = rows?[index] ?? index
    return try RowError.placed("\(file), \(table.place(of: row))") {
      let name = try imageColumn.map { try fileName(row, $0) }
      return DataRow(
        caption: try captionColumn.map { try caption(row, $0, name) } ?? "",
        image: try name.map { try options.picture($0, in: folder) },
        extra: try extra.map { NamedValue($0.name, try value(row, $0)) })
    }
  }

  private func fileName(_ row: Int, _ column: Int) throws(RowError) -> String {
    guard let name = table.text(row, column), !name.isEmpty else { throw RowError(reason: "names no picture") }
    return name
  }

  private func caption(_ row: Int, _ column: Int, _ name: String?) throws(RowError) -> String {
    let start = name.map { "\($0): " } ?? ""
    switch table[row, column] {
    case .string(let text): return text
    case .null: throw RowError(reason: "\(start)has no \(table.names[column])")
    case let other:
      if other.number != nil { return other.text(writesEndless: true) }
      throw RowError(reason: "\(start)its \(table.names[column]) is no text: \(other.text(.spaced).prefix(60))")
    }
  }

  private func value(_ row: Int, _ column: Further) throws -> DataValue {
    let value = table[row, column.place]
    guard column.isFile, let name = value.string, !name.isEmpty else { return .plain(column.isFile ? .null : value) }
    return .picture(try options.bytes(name, in: folder), name: name)
  }
}
