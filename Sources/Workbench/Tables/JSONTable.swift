import PixelScript

/// The table that the value of a JSON file is: rows as maps, a map of columns, or what `to_json` of pandas writes in the forms that tell it.
enum JSONTable {
  /// The table; throws an error for a form in which columns and rows are not told apart.
  static func table(_ value: Value, file: String) throws -> Table {
    switch value {
    case .map(let map):
      if let table = try split(map, file: file) ?? described(map) { return table }
      let values = map.entries.map(\.value)
      // Such a map is a map of columns as well as one of rows.
      if !values.isEmpty, values.allSatisfy({ if case .map = $0 { true } else { false } }) {
        throw ScriptError(
          .value, "\(file) holds a map of maps, which may be rows or columns", help: help, argument: "path")
      }
    case .list(let list) where list.count > 0:
      if case .list = list[0] {
        throw ScriptError(
          .value, "\(file) holds rows without the names of columns",
          help: "`table(read_json(\(Display.quoted(file))), [\"a\", \"b\"])` gives names; pandas writes them with "
            + "`df.to_json(path, orient=\"records\")`", argument: "path")
      }
    default: break
    }
    return try ColumnInput.table(value, nil)
  }

  private static let help =
    "rows are a list of maps, as `df.to_json(path, orient=\"records\")` of pandas writes them; `orient=\"split\"` and "
    + "`orient=\"table\"` are read too"

  /// `orient="split"`: names, rows as lists, and what the rows are called; throws where these do not fit one another.
  private static func split(_ map: ScriptMap, file: String) throws -> Table? {
    let keys = Set(map.entries.map { $0.key.description })
    guard keys.isSuperset(of: ["columns", "data"]), keys.isSubset(of: ["columns", "index", "data"]),
      case .list(let columns)? = map["columns"], case .list(let data)? = map["data"],
      columns.values.allSatisfy({ isName($0) || isLevels($0) }),
      data.values.allSatisfy({ if case .list = $0 { true } else { false } })
    else { return nil }
    func mismatch(_ what: String) -> ScriptError {
      ScriptError(.value, "\(file) holds names and rows that do not fit: \(what)", help: help, argument: "path")
    }
    if let other = columns.values.firstIndex(where: { !isName($0) }) {
      throw mismatch(
        "name \(other) is \(describe(columns[other])), and the name of a column is a string; names in levels, as of a "
          + "MultiIndex, are joined before by `df.columns = [\"_\".join(c) for c in df.columns]`")
    }
    let lengths = data.values.map { if case .list(let row) = $0 { row.count } else { 0 } }
    if let row = lengths.firstIndex(where: { $0 != columns.count }) {
      throw mismatch("row \(row) has \(lengths[row]) values, and there are \(columns.count) columns")
    }
    let index: ScriptList? = if case .list(let index)? = map["index"] { index } else { nil }
    if let index, index.count != data.count {
      throw mismatch("the index has \(index.count) values, and there are \(data.count) rows")
    }
    let table = try ColumnInput.table(map["data"] ?? .nil, columns.values.map { name($0) })
    guard let index, !isCount(index.values), table["index"] == nil else { return table }
    return Table(
      [("index", try Column(count: index.count) { index[$0] })] + zip(table.names, table.columns).map { ($0, $1) },
      count: table.count)
  }

  /// `orient="table"`: rows as maps, and a schema that says which column is what the rows are called.
  private static func described(_ map: ScriptMap) throws -> Table? {
    let keys = Set(map.entries.map { $0.key.description })
    guard keys == ["schema", "data"], case .map(let schema)? = map["schema"],
      case .list(let fields)? = schema["fields"],
      case .list? = map["data"]
    else { return nil }
    let names = fields.values.compactMap { field -> String? in
      if case .map(let field) = field, case .string(let name)? = field["name"] { name } else { nil }
    }
    var table = try ColumnInput.table(map["data"] ?? .nil, nil)
    // Without rows the schema alone tells the columns.
    if table.names.isEmpty { table = Table(names.map { ($0, .numbers([])) }, count: 0) }
    guard let index = table["index"], case .list(let key)? = schema["primaryKey"], key.count == 1,
      case .string("index") = key[0], isCount((0..<index.count).map { index[$0] }), table.names.count > 1
    else { return table }
    return Table(zip(table.names, table.columns).filter { $0.0 != "index" }.map { ($0, $1) }, count: table.count)
  }

  /// Whether rows are called by their number.
  private static func isCount(_ names: [Value]) -> Bool {
    names.enumerated().allSatisfy { place, name in
      if case .number(let number) = name { number == Double(place) } else { false }
    }
  }

  private static func isName(_ value: Value) -> Bool {
    switch value {
    case .string, .number: true
    default: false
    }
  }

  /// Whether a value is the name of a column of a MultiIndex, or none.
  private static func isLevels(_ value: Value) -> Bool { if case .list = value { true } else { value.isNil } }

  private static func name(_ value: Value) -> String { if case .string(let text) = value { text } else { value.echo } }
}
