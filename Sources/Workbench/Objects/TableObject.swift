import Formats
import PixelScript
import Safepoint

/// A table in a script: `t.loss` is a column, `t[0]` a row, `t[t.loss < 2]` a table. Its columns may be set; what was taken out of it before
/// stays as it was.
public final class TableObject {
  /// The columns now.
  public private(set) var table: Table
  /// True when the table is one record, so that `table.name` gives the value itself rather than a column.
  public let isRecord: Bool
  /// What a field of the table says beside its columns, such as the best row of a history.
  let remarks: [(name: String, value: Value)]
  /// What columns cost that were set after the table was made.
  private let charge = MemoryCharge()
  /// How many tables hold the one that is drawn or compared.
  @TaskLocal private static var depth = 0

  /// Wraps a table; a record has exactly one row.
  public convenience init(_ table: Table, isRecord: Bool = false) { self.init(table, isRecord: isRecord, remarks: []) }

  /// Creates a table of rows, each of which has a value for every column.
  public convenience init(columns: [String], rows: [[Value]], isRecord: Bool = false) {
    self.init(Table(names: columns, rows: rows), isRecord: isRecord, remarks: [])
  }

  init(_ table: Table, isRecord: Bool = false, remarks: [(name: String, value: Value)]) {
    precondition(!isRecord || table.count == 1, "a record has one row")
    (self.table, self.isRecord, self.remarks) = (table, isRecord, remarks)
  }

  /// The value of a field that is no column.
  func remark(_ name: String) -> Value? { remarks.first { $0.name == name }?.value }
}

extension TableObject: ScriptObject {
  /// "table".
  public static let scriptName = "table"
  /// A table of its own with the same columns.
  public func duplicate() throws -> (any ScriptObject)? {
    TableObject(table, isRecord: isRecord, remarks: remarks)
  }
  /// The table as plain text in 100 columns.
  public var displayText: String {
    // A table in a table in a table may be without an end.
    guard Self.depth < 4 else { return "table of \(String(counting: table.count, "row"))" }
    return Self.$depth.withValue(Self.depth + 1) { String(view.text(in: DisplayStyle(width: 100)).dropLast()) }
  }
  /// How many rows and which columns there are.
  public var innerText: String? {
    let names = table.names.prefix(6).map { DisplayWidth.printable($0) }.joined(separator: ", ")
    let more = table.names.count > 6 ? " and \(table.names.count - 6) more" : ""
    return "<table of \(table.count) row\(table.count == 1 ? "" : "s"): \(names)\(more)>"
  }
  /// The columns, then what every table has.
  public var fieldNames: [String] {
    table.names + reservedNames.filter { !table.names.contains($0) }
  }
  /// What every table has, and this one beside its columns.
  private var reservedNames: [String] {
    ["columns", "rows"] + (table.runs == nil ? [] : ["curves"]) + remarks.map(\.name)
  }
  /// The number of rows.
  public var length: Int? { table.count }
  /// What its columns take.
  public var memoryCost: Int { 288 + table.cost }

  /// A column, or the value itself of a record; `columns` and `rows`.
  public func field(_ name: String) throws -> Value? {
    if let column = table[name] { return isRecord ? column[0] : .object(ColumnObject(column)) }
    switch name {
    case "columns": return .list(table.names.map { .string($0) })
    case "rows":
      try Safepoint.reserve(100, times: table.count, table.columns.count, for: "a list of rows")
      return try .list(count: table.count) { table.map(ofRow: $0) }
    case "curves":
      if let runs = table.runs { return .object(TableObject(try runs.curves(of: table))) }
      return remark(name)
    default: return remark(name)
    }
  }

  /// Sets a column to a column, a list or a tensor of as many values as there are rows, or to one value for all.
  public func setField(_ name: String, to value: Value) throws -> Bool {
    guard !isRecord, !reservedNames.contains(name) || table.names.contains(name) else {
      return false
    }
    try set(name, to: value)
    return true
  }

  private func set(_ name: String, to value: Value) throws {
    let before = table.cost
    table = table.setting(name, to: try ColumnInput.column(value, for: table, called: name))
    charge.add(table.cost - before)
  }

  /// Adds rows behind the others: a map for each, or the rows of a table; a column that they lack is missing there, and one that is new in those
  /// before.
  func append(_ rows: [Value]) throws {
    guard !isRecord else {
      throw ScriptError(
        .type, "a record has one row", help: "`concat(t, table([row]))` makes a table of several", argument: "t")
    }
    let before = table.cost
    let more = try table.rows(rows)
    try table.append(more)
    charge.add(table.cost - before)
  }

  /// `table["loss"] = ...` sets a column, `table[0] = {loss: 2}` values of a row, `table[mask] = ...` those of several rows.
  public func setElement(at index: [PixelScript.Index], to value: Value) throws -> Bool {
    guard index.count == 1, !isRecord else { return false }
    if case .key(let name) = index[0] {
      try set(name, to: value)
      return true
    }
    let rows = RowsObject.convert(value)
    let chosen = try rows?.places(in: table) ?? RowSelection.replaced(index[0], in: table.count, of: "table")
    guard let places = chosen else { return false }
    let before = table.cost
    let replacements =
      try rows.map { try table.replacements(for: places, by: $0.changed) }
      ?? table.replacements(for: places, by: value)
    try table.replace(places, with: replacements)
    charge.add(table.cost - before)
    return true
  }

  /// `table[0]` is a row as a map, `table[1:3]`, `table[mask]` and `table[["a", "b"]]` are tables, `table["loss"]` a column.
  public func element(at index: [PixelScript.Index]) throws -> Value? {
    guard index.count == 1 else { throw Self.severalIndices(index) }
    if case .keys(let names) = index[0] {
      return .object(TableObject(try table.selecting(names, argument: "columns")))
    }
    if case .key(let name) = index[0] { return .object(ColumnObject(try table.column(name))) }
    if case .position(let position) = index[0] {
      return table.map(ofRow: try PixelScript.Index.resolve(position, in: table.count, of: "table"))
    }
    // All rows as they are share their columns.
    if case .object(let object as ColumnObject) = index[0], let mask = object.mask, mask.count == table.count,
      try MaskFigures.areAllTrue(mask)
    {
      return .object(TableObject(table))
    }
    guard let places = try RowSelection.places(index[0], in: table.count, of: "table") else { return nil }
    return .object(TableObject(try table.picking(places)))
  }

  /// Some rows, of which columns are taken out when they are asked for.
  public func part(at index: [PixelScript.Index]) throws -> Value? {
    guard index.count == 1, !isRecord,
      case let places? = try RowSelection.places(index[0], in: table.count, of: "table")
    else { return try element(at: index) }
    return .object(RowsObject(table, places))
  }

  /// The error of `table[rows, columns]`.
  private static func severalIndices(_ index: [PixelScript.Index]) -> ScriptError {
    let names = index.compactMap { if case .key(let name) = $0 { Display.quoted(name) } else { nil } }
    let areNames = names.count == index.count
    return ScriptError(
      .type, "a table takes one index, found \(index.count)",
      help: areNames
        ? "several columns are `t[[\(names.joined(separator: ", "))]]`"
        : "choose rows, then a column: `t[0].loss`, `t[0:2].loss`, `t[mask].loss`")
  }

  /// The rows as maps that a script does not change in vain.
  public func elements() throws -> (() throws -> Value?)? {
    var position = 0
    let table = table
    return {
      guard position < table.count else { return nil }
      defer { position += 1 }
      return table.given(row: position)
    }
  }

  /// How rows and groups of rows are gone through.
  public var elementHelp: String? {
    let name = table.names.first { $0.allSatisfy { $0.isLetter || $0 == "_" } } ?? "loss"
    return "a row is a map, `for row in t { print row.\(name) }`; "
      + "`for key in unique(t.\(name)) { print t[t.\(name) == key] }` goes through groups of rows"
  }

  /// True when columns and rows are equal.
  public func isEqual(to other: any ScriptObject) -> Bool {
    guard let other = other as? TableObject else { return false }
    // Beyond this depth, which only tables that hold themselves reach, they are equal when they are one.
    guard self !== other, Self.depth < 100 else { return self === other }
    return Self.$depth.withValue(Self.depth + 1) { table.isEqual(to: other.table) }
  }
}

extension TableObject: Showable {
  /// Tables are; not a history, whose rows were told while they came.
  public var isShownInPassing: Bool { remark("interrupted") == nil }
  /// The table.
  public func rendering() -> Rendering { .table(view) }

  var view: TableView {
    let hidden = table.look == .runs ? Set(zip(table.names, table.columns).filter { $1.isEmpty }.map(\.0)) : []
    guard !hidden.isEmpty, hidden.count < table.names.count else { return TableView(table, isRecord: isRecord) }
    let shown = zip(table.names, table.columns).filter { !hidden.contains($0.0) }
    return TableView(Table(shown.map { ($0, $1) }, count: table.count).like(table), isRecord: isRecord)
  }
}

extension TableObject: Savable {
  /// Tables are saved as CSV, JSON (a list of objects), parquet, and rounded as Markdown and LaTeX.
  public static let fileEndings = ["csv", "tsv", "json", "jsonl", "md", "tex", "parquet"]

  /// Writes the table.
  public func save(to path: String, ending: String) throws {
    try TableFile(table).write(to: path, ending: ending)
  }
}
