import Formats
import Safepoint

/// The rows of a CSV or JSONL file whose pictures are files beside it; pictures are read when their row is asked for.
final class TableRows: RowSource {
  private let file: String
  private let folder: String
  private let table: TextTable
  private let imageColumn: Int?
  private let captionColumn: Int
  private let extra: [Int]
  private let options: ReadingOptions
  let count: Int
  let columns: [String]
  let tokens: (any TokenStore)? = nil

  /// Opens a table; a column `file_name` serves when there is none of the pictures' name.
  init(_ file: String, _ options: ReadingOptions) throws {
    try options.willRead(file)
    (self.file, self.options) = (file, options)
    folder = file.lastIndex(of: "/").map { String(file[..<$0]) } ?? "."
    let table = try ReadingOptions.reading { try TextTable(file) }
    self.table = table
    func column(among names: [String], called what: String) throws -> Int {
      for name in names { if let index = table.columns.firstIndex(of: name) { return index } }
      let expected = names.map { "\"\($0)\"" }.joined(separator: " or ")
      let found = table.columns.map { "\"\($0)\"" }.joined(separator: ", ")
      throw DataError(.value, "\(file): expected the column \(expected) for \(what), found \(found)")
    }
    let image = try options.image.map { try column(among: [$0, "file_name"], called: "the picture's file") }
    let caption = try column(among: [options.caption], called: "the caption")
    (imageColumn, captionColumn) = (image, caption)
    extra = table.columns.indices.filter { $0 != image && $0 != caption }
    columns = (image == nil ? ["caption"] : ["image", "caption"]) + extra.map { table.columns[$0] }
    count = min(table.count, max(0, options.limit ?? .max))
  }

  func row(at index: Int) throws -> DataRow {
    let (line, fields) = table[index]
    return try RowError.placed("\(file), line \(line)") {
      let name = imageColumn.map { fields[$0] ?? "" }
      if name?.isEmpty == true { throw RowError(reason: "names no picture") }
      guard let caption = fields[captionColumn] else {
        throw RowError(reason: "\(name.map { "\($0): " } ?? "")has no \(options.caption)")
      }
      return DataRow(
        caption: caption, image: try name.map { try options.picture($0, in: folder) },
        extra: extra.compactMap { column in fields[column].map { NamedText(table.columns[column], $0) } })
    }
  }
}

/// The texts of a CSV or JSONL file, column by column; nil stands for what a row does not have.
private struct TextTable {
  private static let sizeLimit = 1 << 28

  private(set) var columns: [String] = []
  private var lines: [Int] = []
  private var texts: [PackedTexts] = []

  init(_ file: String) throws(FormatError) {
    if file.hasSuffix(".csv") { try readTable(file) } else { try readLines(file) }
  }

  var count: Int { lines.count }

  /// A row, with a text or nil for each column, and the line on which it starts.
  subscript(row: Int) -> (line: Int, fields: [String?]) { (lines[row], texts.map { $0[row] }) }

  private mutating func readTable(_ file: String) throws(FormatError) {
    let fields = try CSVFields(file, limit: Self.sizeLimit)
    columns = fields.columns
    lines = fields.lines.map(Int.init)
    for column in columns.indices {
      var column = (place: column, texts: PackedTexts(capacity: fields.count))
      for row in 0..<fields.count {
        if Safepoint.mustStop(after: 50) { throw FormatError(.limit, in: file, "was not read to its end") }
        column.texts.append(utf8: fields[row, column.place].text)
      }
      texts.append(column.texts)
    }
  }

  private mutating func readLines(_ file: String) throws(FormatError) {
    var places: [String: Int] = [:]
    try JSONLine.read(file, limit: Self.sizeLimit) { line in
      var fields = [String?](repeating: nil, count: columns.count)
      for (name, text) in line.fields {
        if let place = places[name] {
          fields[place] = text
        } else {
          places[name] = columns.count
          columns.append(name)
          fields.append(text)
          texts.append(PackedTexts())
          for _ in lines { texts[texts.count - 1].append(nil) }
        }
      }
      lines.append(line.number)
      for (place, text) in fields.enumerated() { texts[place].append(text) }
    }
  }
}
