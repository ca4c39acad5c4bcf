import PixelScript
import Safepoint

/// Named columns of one length. A value: what is made of a table does not change it.
public struct Table {
  /// The names of the columns, all different.
  public private(set) var names: [String] = []
  /// The columns, in the order of their names.
  public internal(set) var columns: [Column] = []
  /// The number of rows.
  public internal(set) var count = 0
  /// The places of the names, where there are many.
  private var places: [ExactText: Int]?
  private static let few = 16
  /// What it tells of, as far as that says how it is shown.
  var look = Look.values
  /// The evaluations of the runs of which its rows are.
  var runs: RunRows?
  /// What its figures are of, as those of `group` and `pivot`.
  var keys: Keys?

  /// What the figures of a table are of.
  struct Keys {
    /// The columns whose values each row has figures of.
    let rows: [String]
    /// The columns of another table whose values the columns of figures are called after; none where these have names of their own.
    let columns: [String]
  }

  /// What tables tell of.
  enum Look: Int {
    /// Nothing that is known.
    case values
    /// Runs: columns without any value are not shown, and lists are settings, which are written out.
    case runs
    /// Figures of a thing in each row, which have the digits of that thing.
    case figures
  }

  /// The table as one that tells of the same as another one, of which it has some rows.
  func like(_ other: Table, rows: [Int]? = nil) -> Table {
    var table = self
    (table.look, table.runs) = (other.look, rows.map { other.runs?.picking($0) } ?? other.runs)
    if let keys = other.keys, keys.rows.allSatisfy({ table[$0] != nil }) { table.keys = keys }
    return table
  }

  /// A table of columns; those of several lengths are a programmer's mistake. Names often come from outside, such as those of settings and
  /// runs: of two that are the same the second one is numbered.
  public init(_ columns: [(name: String, column: Column)], count: Int? = nil) {
    self.count = count ?? columns.first?.column.count ?? 0
    names = columns.map(\.name).numbered
    self.columns = columns.map(\.column)
    precondition(self.columns.allSatisfy { $0.count == self.count }, "columns of several lengths")
    notePlaces()
  }

  private mutating func notePlaces() {
    guard names.count > Self.few else { return }
    places = Dictionary(uniqueKeysWithValues: zip(names.map(ExactText.init), names.indices))
  }

  /// The place of the column of a name, or nil.
  func place(named name: String) -> Int? {
    guard let places else { return names.firstIndex { ExactText.areEqual($0, name) } }
    return places[ExactText(name)]
  }

  /// A table of rows, each of which has a value for every column.
  public init(names: [String], rows: [[Value]]) {
    var builders = names.map { _ in ColumnBuilder() }
    for row in rows {
      precondition(row.count == names.count, "a row does not fit the columns \(names)")
      for (place, value) in row.enumerated() { builders[place].append(value) }
    }
    self.init(zip(names, builders).map { ($0, $1.column) }, count: rows.count)
  }

  /// The column of a name, or nil.
  public subscript(name: String) -> Column? { place(named: name).map { columns[$0] } }

  /// The column of a name; throws a key error that tells which table has none, the nearest name and all names.
  func column(
    _ name: String, argument: String? = nil, of table: String = "the table"
  ) throws(ScriptError) -> Column {
    if let column = self[name] { return column }
    throw noColumn(name, argument: argument, of: table)
  }

  func noColumn(_ name: String, argument: String? = nil, of table: String = "the table") -> ScriptError {
    let near = Suggestion.question(about: name, in: names, quoted: Display.quoted)
    let known =
      names.isEmpty ? "it has no columns" : "its columns are \(Display.start(of: names.joined(separator: ", "), 400))"
    return ScriptError(
      .key, "\(table) has no column \(Display.quoted(name))", help: near.map { "\($0) \(known)" } ?? known,
      argument: argument)
  }

  /// The numbers of a column, NaN for a missing one; nil when there is no such column or it holds something else.
  public func numbers(of name: String) -> [Double]? {
    switch self[name] {
    case .numbers(let numbers): numbers.map { MissingNumber.present($0) }
    case .bools(let bools): bools.map { $0 == Column.missingBool ? .nan : Double($0) }
    default: nil
    }
  }

  /// The values of a column as texts, nil for a missing one; nil when there is no such column.
  public func texts(of name: String) -> [String?]? {
    self[name].map { column in (0..<count).map { column.isMissing(at: $0) ? nil : column[$0].description } }
  }

  /// The values of a row, in the order of the columns.
  func row(_ place: Int) -> [Value] { columns.map { $0[place] } }

  /// A row as a map.
  func map(ofRow place: Int) -> Value { .map(names.indices.map { (names[$0], columns[$0][place]) }) }

  /// A row as loops and functions of rows get it, which they can't change.
  func given(row place: Int) -> Value { .map(ScriptMap(row: names.indices.map { (names[$0], columns[$0][place]) })) }

  /// The rows at some places, -1 for one without values.
  func picking(_ places: [Int]) throws -> Table {
    // All rows as they are share their columns.
    if places.count == count {
      var areAll = true
      try Pieces.forEach(count) { piece in areAll = areAll && piece.allSatisfy { places[$0] == $0 } }
      if areAll { return self }
    }
    return Table(try zip(names, columns).map { ($0, try $1.picking(places)) }, count: places.count)
      .like(self, rows: places)
  }

  /// The table with a column in the place of the one of its name, or else behind all.
  func setting(_ name: String, to column: Column) -> Table {
    var table = self
    table.set(name, to: column)
    return table
  }

  /// Puts a column in the place of the one of its name, or else behind all.
  mutating func set(_ name: String, to column: Column) {
    if names.isEmpty { count = column.count }
    precondition(column.count == count, "a column of \(column.count) values for \(count) rows")
    if let place = place(named: name) {
      columns[place] = column
      return
    }
    names.append(name)
    columns.append(column)
    if places == nil { notePlaces() } else { places?[ExactText(name)] = names.count - 1 }
  }

  /// Some columns, in the order given.
  func selecting(_ names: [String], argument: String) throws(ScriptError) -> Table {
    if let twice = names.firstRepeated {
      throw ScriptError(.value, "the column \(Display.quoted(twice)) is given twice", argument: argument)
    }
    return Table(
      try names.map { name throws(ScriptError) in (name, try column(name, argument: argument)) }, count: count
    ).like(self)
  }

  /// The table without some columns.
  func dropping(_ names: [String], argument: String) throws(ScriptError) -> Table {
    for name in names { _ = try column(name, argument: argument) }
    let dropped = Set(names.map(ExactText.init))
    return Table(zip(self.names, columns).filter { !dropped.contains(ExactText($0.0)) }.map { ($0, $1) }, count: count)
      .like(self)
  }

  /// Rows of several tables one below the other; a column that a table lacks is missing there.
  static func joined(_ tables: [Table]) throws -> Table {
    var names: [String] = []
    var seen: Set<ExactText> = []
    for name in tables.flatMap(\.names) where seen.insert(ExactText(name)).inserted { names.append(name) }
    let columns = try names.map { name in
      try Safepoint.check(after: 200 * tables.count)
      return (name, try Column.joined(try tables.map { try $0[name] ?? Column(repeating: .nil, count: $0.count) }))
    }
    return Table(columns, count: tables.reduce(0) { $0 + $1.count })
  }

  /// About the bytes that it takes.
  var cost: Int { columns.reduce(64 + (runs?.cost ?? 0)) { $0 + $1.cost } }

  /// Whether names, order and all values are the same.
  func isEqual(to other: Table) -> Bool {
    names.elementsEqual(other.names, by: ExactText.areEqual) && count == other.count
      && zip(columns, other.columns).allSatisfy { $0.isEqual(to: $1) }
  }
}

extension [String] {
  /// The names, of which the second, third and further ones of a name have a number: "loss", "loss_2".
  fileprivate var numbered: [String] {
    var used = Set(map(ExactText.init))
    guard used.count < count else { return self }
    var counts: [ExactText: Int] = [:]
    return map { name in
      let key = ExactText(name)
      counts[key, default: 0] += 1
      guard var number = counts[key], number > 1 else { return name }
      while !used.insert(ExactText("\(name)_\(number)")).inserted { number += 1 }
      counts[key] = number
      return "\(name)_\(number)"
    }
  }

  /// The first that was there before, or nil.
  var firstRepeated: String? {
    var seen: Set<ExactText> = []
    return first { !seen.insert(ExactText($0)).inserted }
  }
}
