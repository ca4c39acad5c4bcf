import Formats
import PixelScript

/// A table in a script: named columns over rows of values; `table.loss` is a column, `table[0]` a row.
public final class TableObject {
  /// The names of the columns.
  public let columns: [String]
  /// The rows, each with a value for every column.
  public private(set) var rows: [[Value]]
  /// True when the table is one record, so that `table.name` gives the value itself rather than a list.
  public let isRecord: Bool
  /// What a field of the table says beside its columns, such as the best row of a history.
  let remarks: [(name: String, value: Value)]
  /// Whether columns without any value are not shown.
  private let hidesEmpty: Bool

  /// Creates a table; each row must have a value for every column, and a record exactly one row.
  public convenience init(columns: [String], rows: [[Value]], isRecord: Bool = false) {
    self.init(columns: columns, rows: rows, isRecord: isRecord, remarks: [])
  }

  init(
    columns: [String], rows: [[Value]], isRecord: Bool = false, remarks: [(name: String, value: Value)],
    hidesEmpty: Bool = false
  ) {
    precondition(rows.allSatisfy { $0.count == columns.count }, "a row does not fit the columns \(columns)")
    precondition(!isRecord || rows.count == 1, "a record has one row")
    self.columns = columns
    self.rows = rows
    self.isRecord = isRecord
    self.remarks = remarks
    self.hidesEmpty = hidesEmpty
  }

  /// Adds a row at the end; not to a record.
  public func append(_ row: [Value]) {
    precondition(row.count == columns.count && !isRecord, "a row does not fit the columns \(columns)")
    rows.append(row)
  }

  /// The values of a column, or nil when there is no such column.
  public func column(_ name: String) -> [Value]? {
    columns.firstIndex(of: name).map { column in rows.map { $0[column] } }
  }

  private func row(_ position: Int) -> Value { .map(Array(zip(columns, rows[position]))) }
}

extension TableObject: ScriptObject {
  /// "table".
  public static let scriptName = "table"
  /// The table as plain text in 100 columns.
  public var displayText: String {
    String(view.text(in: DisplayStyle(width: 100)).dropLast())
  }
  /// The columns, then what every table has.
  public var fieldNames: [String] {
    columns + (["columns", "rows"] + remarks.map(\.name)).filter { !columns.contains($0) }
  }
  /// The number of rows.
  public var length: Int? { rows.count }
  /// About 40 bytes a value.
  public var memoryCost: Int { 64 + rows.count * columns.count * 40 }

  /// A column as a list, or the value itself of a record; `columns` and `rows`.
  public func field(_ name: String) throws -> Value? {
    if let values = column(name) { return isRecord ? values[0] : .list(values) }
    switch name {
    case "columns": return .list(columns.map { .string($0) })
    case "rows": return try .list(count: rows.count) { row($0) }
    default: return remarks.first { $0.name == name }?.value
    }
  }

  /// `table[0]` is a row as a map, `table[1:3]` a table, `table["loss"]` a column as a list.
  public func element(at index: [PixelScript.Index]) throws -> Value? {
    guard index.count == 1 else { return nil }
    switch index[0] {
    case .position(let position):
      return row(try PixelScript.Index.resolve(position, in: rows.count, of: "table"))
    case .slice(let slice): return part(try slice.positions(in: rows.count))
    case .positions(let positions):
      return part(try positions.map { try PixelScript.Index.resolve($0, in: rows.count, of: "table") })
    case .all: return part(Array(rows.indices))
    case .key(let name):
      if let values = column(name) { return .list(values) }
      throw ScriptError(
        .key, "the table has no column \(Display.quoted(name))",
        help: Suggestion.best(for: name, in: columns).map { "did you mean \(Display.quoted($0))?" }
          ?? "its columns are \(columns.joined(separator: ", "))")
    case .object, .rest, .newAxis: return nil
    }
  }

  private func part(_ positions: [Int]) -> Value {
    .object(TableObject(columns: columns, rows: positions.map { rows[$0] }))
  }

  /// The rows as maps.
  public func elements() throws -> (() throws -> Value?)? {
    var position = 0
    return {
      guard position < self.rows.count else { return nil }
      defer { position += 1 }
      return self.row(position)
    }
  }

  /// True when columns and rows are equal.
  public func isEqual(to other: any ScriptObject) -> Bool {
    guard let other = other as? TableObject else { return false }
    return columns == other.columns && rows == other.rows
  }
}

extension TableObject: Showable {
  /// The table.
  public func rendering() -> Rendering { .table(view) }

  private var view: TableView {
    let shown = columns.indices.filter { column in !hidesEmpty || rows.contains { !$0[column].isNil } }
    guard shown.count < columns.count else { return TableView(columns: columns, rows: rows, isRecord: isRecord) }
    return TableView(
      columns: shown.map { columns[$0] }, rows: rows.map { row in shown.map { row[$0] } }, isRecord: isRecord)
  }
}

extension TableObject: Savable {
  /// Tables are saved as CSV, JSON (a list of objects) and Markdown.
  public static let fileEndings = ["csv", "json", "md"]

  /// Writes the table.
  public func save(to path: String, ending: String) throws {
    switch ending {
    case "json": try AtomicFile.write(try JSONText.encode(.list(rows.indices.map(row))), to: path)
    case "md": try AtomicFile.write(markdown, to: path)
    default:
      try AtomicFile.write(CSV.text(columns: columns, rows: rows.map { $0.map(\.description) }), to: path)
    }
  }

  private var markdown: String {
    func line(_ cells: [String]) -> String {
      let safe = cells.map { cell in
        cell.split(separator: "|", omittingEmptySubsequences: false).joined(separator: "\\|")
          .split(separator: "\n", omittingEmptySubsequences: false).joined(separator: "<br>")
      }
      return "| \(safe.joined(separator: " | ")) |\n"
    }
    let numeric = columns.indices.map { column in rows.allSatisfy { Double.convert($0[column]) != nil } }
    return line(columns) + line(numeric.map { $0 ? "---:" : "---" })
      + rows.map { line($0.map(\.description)) }.joined()
  }
}
