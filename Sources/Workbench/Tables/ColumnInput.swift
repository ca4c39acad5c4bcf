import Formats
import PixelBytes
import PixelScript
import Safepoint
import Tensors

/// What a script gives for a column or a table.
enum ColumnInput {
  /// The values of a list, range, column or tensor of one axis; nil for a single value.
  static func severalValues(_ value: Value) throws -> Column? {
    switch value {
    case .list(let list): return try Column(count: list.count) { list[$0] }
    case .range(let range): return .numbers(try Pieces.map(range.count) { range[$0] })
    case .object(let object as ColumnObject): return object.column
    case .object(let object as TensorObject) where object.shape.count == 1:
      let numbers = object.tensor.numbers
      if object.tensor.elementType == .bool {
        return .bools(try Pieces.map(numbers.count) { numbers[$0] == 0 ? 0 : 1 })
      }
      return .numbers(try Pieces.map(numbers.count) { MissingNumber.present(numbers[$0]) })
    case .object(let object as TensorObject) where object.shape.count > 1:
      return try Column(count: object.shape[0]) { try object.element(at: [.position($0)]) ?? .nil }
    default: return nil
    }
  }

  /// A column for a table of rows that are there: several values, as many as rows, or one for all.
  static func column(_ value: Value, for table: Table, called name: String, argument: String? = nil) throws -> Column {
    if case .function = value {
      throw ScriptError(
        .type, "the column \(Display.quoted(name)) is set to values, found a function",
        help: "`with_columns(t, \(name): fn(row) = ...)` calls it for every row", argument: argument)
    }
    let column = try severalValues(value)
    // A tensor of one element stands for its number where there are other rows than one.
    let isOne = if case .object(let object) = value { object.number != nil && table.count != 1 } else { false }
    guard let column, !isOne || table.names.isEmpty else {
      return try Column(repeating: value.plain, count: table.names.isEmpty ? 1 : table.count)
    }
    guard column.count == table.count || table.names.isEmpty else {
      throw ScriptError(
        .value,
        "the column \(Display.quoted(name)) has \(String(counting: column.count, "value")) for \(String(counting: table.count, "row"))",
        argument: argument)
    }
    return column
  }

  /// The table that a value of a script is: rows as maps, or lists with `names`; a map of columns; a data set; a tensor; a table.
  static func table(_ value: Value, _ names: [String]?) throws -> Table {
    switch value {
    case .object(let object as TableObject):
      return try names.map { try object.table.selecting($0, argument: "columns") } ?? object.table
    case .object(let data as DataSetObject): return try table(of: data, names)
    case .map(let map): return try table(of: map, names)
    case .list(let list): return try table(of: list, names)
    case .object(let tensor as TensorObject) where tensor.shape.count == 2:
      let width = tensor.shape[1]
      // Without elements there may be any number of columns.
      try Safepoint.reserve(64, times: width, for: "a table")
      let heads = names ?? (0..<width).map(String.init)
      try checkWidth(width, heads, "the tensor has rows")
      let numbers = tensor.tensor.numbers
      return Table(
        try heads.enumerated().map { place, name in
          (name, .numbers(try Pieces.map(tensor.shape[0]) { MissingNumber.present(numbers[$0 * width + place]) }))
        }, count: tensor.shape[0])
    default:
      throw ScriptError(
        .type, "`table` expects rows, a map of columns, a data set or a tensor of two axes, found \(describe(value))",
        help: "rows are maps, as in `table([{a: 1, b: 2}])`; columns are lists, as in `table({a: [1], b: [2]})`",
        argument: "data")
    }
  }

  private static func checkWidth(_ width: Int, _ names: [String], _ subject: String) throws(ScriptError) {
    guard width == names.count else {
      throw ScriptError(
        .value, "\(subject) of \(String(counting: width, "value")) for \(String(counting: names.count, "column"))",
        argument: "columns")
    }
    if let twice = names.firstRepeated {
      throw ScriptError(.value, "the column \(Display.quoted(twice)) is there twice", argument: "columns")
    }
  }

  private static func table(of data: DataSetObject, _ names: [String]?) throws -> Table {
    let known = data.data.columns
    let wanted = names ?? known
    if let twice = wanted.firstRepeated {
      throw ScriptError(.value, "the column \(Display.quoted(twice)) is given twice", argument: "columns")
    }
    let present = Set(known.map(ExactText.init))
    for name in wanted where !present.contains(ExactText(name)) {
      _ = try Table(known.map { ($0, .numbers([])) }).column(name, argument: "columns")
    }
    var builders = wanted.map { _ in ColumnBuilder() }
    try Safepoint.reserve(40, times: data.data.count, wanted.count, for: "a table")
    for place in 0..<data.data.count {
      try Safepoint.check()
      let row = try data.row(place)
      for (column, name) in wanted.enumerated() { builders[column].append(try row.field(name) ?? .nil) }
    }
    return Table(zip(wanted, builders).map { ($0, $1.column) }, count: data.data.count)
  }

  private static func table(of map: ScriptMap, _ names: [String]?) throws -> Table {
    var columns: [(name: String, values: Column?, single: Value)] = []
    for (key, value) in map.entries {
      columns.append((key.description, try severalValues(value), value.plain))
    }
    // A map of values alone is one row.
    let first = columns.first { $0.values != nil }
    let count = first?.values?.count ?? (columns.isEmpty ? 0 : 1)
    for (name, values, _) in columns {
      guard let values, values.count != count else { continue }
      throw ScriptError(
        .value,
        "the columns have different lengths: \(Display.quoted(first?.name ?? "")) \(count), \(Display.quoted(name)) \(values.count)",
        argument: "data")
    }
    if let twice = columns.map(\.name).firstRepeated {
      throw ScriptError(.value, "the column \(Display.quoted(twice)) is there twice", argument: "data")
    }
    let table = Table(
      try columns.map { ($0.name, try $0.values ?? Column(repeating: $0.single, count: count)) }, count: count)
    return try names.map { try table.selecting($0, argument: "columns") } ?? table
  }

  private static func table(of list: ScriptList, _ names: [String]?) throws -> Table {
    if list.count > 0, try MapRows.map(of: list[0]) != nil { return try table(ofMaps: list, names) }
    guard let names else {
      if list.count == 0 { return Table([]) }
      throw ScriptError(
        .type, "a row of a table is a map, found \(describe(list[0]))",
        help: "rows of values need names: `table(rows, [\"a\", \"b\"])`", argument: "data")
    }
    var builders = names.map { _ in ColumnBuilder() }
    try checkWidth(names.count, names, "")
    for place in 0..<list.count {
      try Safepoint.check(after: 100)
      guard let row = try severalValues(list[place]) else {
        throw ScriptError(.type, "row \(place) is no list, found \(describe(list[place]))", argument: "data")
      }
      guard row.count == names.count else {
        throw ScriptError(
          .value,
          "row \(place) has \(String(counting: row.count, "value")) for \(String(counting: names.count, "column"))",
          argument: "data")
      }
      for column in names.indices { builders[column].append(row[column]) }
    }
    return Table(zip(names, builders).map { ($0, $1.column) }, count: list.count)
  }

  /// Rows need not have the same keys: what a row lacks is missing.
  private static func table(ofMaps list: ScriptList, _ names: [String]?) throws -> Table {
    var rows = MapRows()
    for place in 0..<list.count {
      guard let map = try MapRows.map(of: list[place]) else {
        throw ScriptError(
          .type, "row \(place) is no map, found \(describe(list[place]))", argument: "data")
      }
      try rows.append(map)
    }
    return try names.map { try rows.table.selecting($0, argument: "columns") } ?? rows.table
  }
}

/// Collects rows that are maps; the columns are all keys in the order in which they are first met.
struct MapRows {
  private var names: [String] = []
  private var places: [ExactText: Int] = [:]
  private var builders: [ColumnBuilder] = []
  private var count = 0

  /// The rows so far.
  var table: Table {
    var builders = builders
    for place in builders.indices { pad(&builders[place]) }
    return Table(zip(names, builders).map { ($0, $1.column) }, count: count)
  }

  private func pad(_ builder: inout ColumnBuilder) {
    while builder.count < count { builder.append(.nil) }
  }

  /// The map that a value is as a row of a table: itself, or the columns of a row of a data set; nil for any other value.
  static func map(of value: Value) throws -> ScriptMap? {
    switch value {
    case .map(let map): map
    case .object(let row as RowObject): try row.map
    default: nil
    }
  }

  /// Adds a row.
  mutating func append(_ map: ScriptMap) throws {
    try Safepoint.check(after: 200)
    for (key, value) in map.entries {
      let name = key.description
      let place = places[ExactText(name)] ?? names.count
      if place == names.count {
        places[ExactText(name)] = place
        names.append(name)
        builders.append(ColumnBuilder())
      }
      if builders[place].count < count { pad(&builders[place]) }
      // Of two keys of one text, such as 1 and "1", the first counts.
      if builders[place].count == count { builders[place].append(value) }
    }
    count += 1
  }
}
