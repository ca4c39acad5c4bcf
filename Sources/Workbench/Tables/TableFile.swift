import Formats
import PixelBytes
import PixelScript
import Safepoint

/// A table as the files it is saved to.
struct TableFile {
  private let table: Table

  init(_ table: Table) { self.table = table }

  /// Writes the table whole or not at all.
  func write(to path: String, ending: String) throws {
    guard !table.names.isEmpty || ["json", "jsonl"].contains(ending) else {
      throw ScriptError(
        .value, "a table without columns has nothing to write into a .\(ending) file", help: "a .json file takes it",
        argument: "x")
    }
    if ["md", "tex"].contains(ending) { try checkForms() }
    switch ending {
    case "json": try AtomicFile.write(try TableJSON(table).bytes, to: path)
    case "jsonl": try AtomicFile.write(try TableJSON(table).lines, to: path)
    case "md": try AtomicFile.write(markdown, to: path)
    case "tex": try AtomicFile.write(latex, to: path)
    case "parquet": try ParquetTable.write(table, to: path)
    default:
      var writer = CSVWriter(table.names, separator: UInt8(ascii: ending == "tsv" ? "\t" : ","))
      try writer.append(table)
      try AtomicFile.write(writer.bytes, to: path)
    }
  }

  /// A value that has no type of its own in a file as a line of JSON, without its end; throws an error that names column and row for what
  /// has no form in a file, such as a function or a picture.
  static func json(_ value: Value, column name: String, row: Int) throws -> ArraySlice<UInt8> {
    try placed(column: name, row: row) { try JSONText.encode(value).dropLast() }
  }

  /// What `body` makes of a value; an error names its column and row.
  static func placed<Result>(column name: String, row: Int, _ body: () throws -> Result) throws -> Result {
    do { return try body() } catch var error as ScriptError {
      let place = "the column \(Display.quoted(name)), row \(row)"
      error.message = "\(place), is not saved: \(error.message)"
      error.help = error.help ?? "`drop(t, \(Display.quoted(name)))` leaves the column out"
      throw error
    }
  }

  /// The text of a value that has no type of its own in a file: itself, or JSON.
  static func text(of value: Value, column name: String, row: Int) throws -> String {
    if case .string(let text) = value { return text }
    return String(decoding: try json(value, column: name, row: row), as: UTF8.self)
  }

  /// What is to be known of a file of an ending before it is used; nil for nothing.
  func note(ending: String) throws -> String? {
    switch ending {
    case "json" where table.count == 0 && !table.names.isEmpty:
      return "it is an empty list, without the columns of the table; .csv and .parquet keep them"
    case "jsonl" where table.count == 0 && !table.names.isEmpty:
      return "it is empty, without the columns of the table; .csv and .parquet keep them"
    case "parquet":
      let notes = [try ParquetTable.noteOfTexts(in: table), noteOfTokens].compactMap(\.self)
      return notes.isEmpty ? nil : notes.joined(separator: "; ")
    case "tex":
      let texts = table.columns.lazy.flatMap { column -> [String] in
        if case .texts(let texts) = column { (0..<texts.entryCount).map { texts.text(ofEntry: $0) } } else { [] }
      }
      return LaTeXCell.stranger(in: table.names + Array(texts)).map {
        "\"\($0)\" and the like need XeLaTeX or LuaLaTeX and a font that has them"
      }
    default: return nil
    }
  }

  /// What tells of tokens that `load_dataset` would take for others; nil where there are none.
  private var noteOfTokens: String? {
    guard case .values(let values)? = table["pixelbyte"] else { return nil }
    let isOther = values.contains { value in
      if case .object(let tokens as TokensObject) = value { tokens.tokenizer.vocabulary != .pixelbytes } else { false }
    }
    return isOther
      ? "the tokens in \"pixelbyte\" are of a palette or vocabulary of their own, which the file does not tell, so that `load_dataset` takes them for the usual ones"
      : nil
  }

  /// Throws for a value that has no form in a file.
  private func checkForms() throws {
    for (name, column) in zip(table.names, table.columns) {
      guard case .values(let values) = column else { continue }
      try Pieces.forEach(values.count) { piece in
        for row in piece { _ = try Self.json(values[row], column: name, row: row) }
      }
    }
  }

  /// The cells of all rows as they are shown, of the best ones what `best` makes of them.
  private func rows(
    _ escaped: (String) -> String, line: ([Double]) -> String = { Sparkline.text($0, unicode: true) },
    best: (String) -> String
  ) throws -> [[String]] {
    let columns = TableView.columns(of: table, Array(0..<table.count), isRecord: table.count < 2)
    return try Pieces.map(table.count) { row in
      columns.map { column in
        let cell = column.cells[row]
        let text = if case .numbers(let numbers) = cell { line(numbers) } else { escaped(column.text(cell)) }
        return column.isBest(cell) ? best(text) : text
      }
    }
  }

  private func isNumeric(_ column: Column) -> Bool { if case .numbers = column { column.count > 0 } else { false } }

  private var markdown: String {
    get throws {
      func escaped(_ text: String) -> String { MarkdownCell.escaped(text) }
      func line(_ cells: [String]) -> String { "| \(cells.joined(separator: " | ")) |\n" }
      return line(table.names.map(escaped)) + line(table.columns.map { isNumeric($0) ? "---:" : "---" })
        + (try rows(escaped) { "**\($0)**" }).map(line).joined()
    }
  }

  /// A `tabular` with the rules of the package booktabs.
  private var latex: String {
    get throws {
      func line(_ cells: [String]) -> String { "  \(cells.joined(separator: " & ")) \\\\\n" }
      let form = table.columns.map { isNumeric($0) ? "r" : "l" }.joined()
      return "\\begin{tabular}{\(form)}\n  \\toprule\n" + line(table.names.map(LaTeXCell.escaped))
        + "  \\midrule\n"
        + (try rows(LaTeXCell.escaped, line: LaTeXCell.line) { "\\textbf{\($0)}" }).map(line).joined()
        + "  \\bottomrule\n\\end{tabular}\n"
    }
  }
}
