import PixelScript
import Safepoint

/// The name of a column, or a list of names.
struct ColumnNames: ScriptConvertible {
  let names: [String]

  static let scriptName = "column name"

  /// A name or a list of names.
  static func convert(_ value: Value) throws(Stopped) -> ColumnNames? {
    if case .string(let name) = value { return ColumnNames(names: [name]) }
    return try [String].convert(value).map { ColumnNames(names: $0) }
  }

  var scriptValue: Value { names.scriptValue }
}

/// The columns by which tables are joined: names that both have, or a map from those of the first to those of the second.
struct JoinKeys: ScriptConvertible {
  let left, right: [String]

  static let scriptName = "column name"

  static func convert(_ value: Value) throws(Stopped) -> JoinKeys? {
    if case .map(let map) = value {
      var keys: (left: [String], right: [String]) = ([], [])
      for (key, value) in map.entries {
        guard case .string(let left) = key, case .string(let right) = value else { return nil }
        keys.left.append(left)
        keys.right.append(right)
      }
      return JoinKeys(left: keys.left, right: keys.right)
    }
    return try ColumnNames.convert(value).map { JoinKeys(left: $0.names, right: $0.names) }
  }

  var scriptValue: Value {
    left == right ? left.scriptValue : .map(zip(left, right).map { ($0, .string($1)) })
  }
}

extension Variadic<ColumnNames> {
  /// All names, in order.
  var names: [String] { elements.flatMap(\.names) }
}

/// What many rows are made one by: `mean: "loss"`, `std: ["loss", "accuracy"]`, `count: true`.
struct AggregateParameters: CommandParameter {
  /// The figures asked for, each with the place of its argument among those by name, and the names of these.
  struct Wanted {
    var figures: [(figure: Table.GroupFigure, place: Int)] = []
    var labels: [String] = []

    /// The figures, and others by the names of their arguments, in the order of the call.
    func inOrder(with others: [(name: String, figure: Table.GroupFigure)]) -> [Table.GroupFigure] {
      let own = others.map { name, figure in (figure: figure, place: labels.firstIndex(of: name) ?? labels.count) }
      return (figures + own).enumerated().sorted { ($0.element.place, $0.offset) < ($1.element.place, $1.offset) }
        .map(\.element.figure)
    }
  }

  /// Columns, or true where a count is of rows.
  fileprivate struct Columns: ScriptConvertible {
    var names: [String] = []
    var countsRows = false

    static let scriptName = ColumnNames.scriptName

    static func convert(_ value: Value) throws(Stopped) -> Columns? {
      if case .bool(let counts) = value { return Columns(countsRows: counts) }
      return try ColumnNames.convert(value).map { Columns(names: $0.names) }
    }

    var scriptValue: Value { countsRows ? .bool(true) : names.scriptValue }
  }

  /// Columns, and shares of each.
  fileprivate struct ColumnShares: ScriptConvertible {
    let columns: [(name: String, shares: PixelScript.Shares)]

    static let scriptName = "map of columns and shares"

    static func convert(_ value: Value) throws(Stopped) -> ColumnShares? {
      guard case .map(let map) = value else { return nil }
      var columns: [(name: String, shares: PixelScript.Shares)] = []
      for (key, value) in map.entries {
        guard case .string(let name) = key, let shares = try PixelScript.Shares.convert(value) else { return nil }
        columns.append((name, shares))
      }
      return ColumnShares(columns: columns)
    }

    var scriptValue: Value { .map(columns.map { ($0.name, $0.shares.scriptValue) }) }
  }

  private let parameters = Aggregate.allCases.map { aggregate in
    Parameter<Columns?>(aggregate.rawValue, aggregate.summary, byName: true, completion: .column)
  }

  private let quantile = Parameter<ColumnShares?>(
    "quantile", "a map of columns and the shares, from 0 to 1, of their values below which to tell", byName: true)

  var signatures: [Signature] { parameters.flatMap(\.signatures) + [quantile.signature] }

  func take(from arguments: inout ArgumentReader) throws -> Wanted {
    var wanted = Wanted(labels: arguments.labels)
    for (aggregate, parameter) in zip(Aggregate.allCases, parameters) {
      let place = arguments.nextLabel ?? 0
      guard let columns = try parameter.take(from: &arguments) else { continue }
      if columns.countsRows, aggregate != .count {
        throw ScriptError(
          .type, "`\(aggregate.rawValue)` expects columns, found true", argument: aggregate.rawValue)
      }
      if columns.countsRows { wanted.figures.append((.count, place)) }
      wanted.figures += columns.names.map { (.column($0, .aggregate(aggregate)), place) }
    }
    let place = arguments.nextLabel ?? 0
    for (column, shares) in try quantile.take(from: &arguments)?.columns ?? [] {
      try shares.check(argument: "quantile")
      wanted.figures += shares.numbers.map { (.column(column, .quantile($0)), place) }
    }
    return wanted
  }
}

extension Aggregate: ScriptChoice {}

/// What rows are ordered by: columns, or a function of a row.
enum RowOrdering: ScriptConvertible {
  case columns([String])
  case function(ScriptFunction)

  static let scriptName = "column name, list of them or function of a row"

  static func convert(_ value: Value) throws(Stopped) -> RowOrdering? {
    if case .function(let function) = value { return .function(function) }
    return try ColumnNames.convert(value).map { .columns($0.names) }
  }

  var scriptValue: Value {
    switch self {
    case .columns(let names): names.scriptValue
    case .function(let function): .function(function)
    }
  }
}

/// Whether the largest comes first, of all columns or of each.
struct Directions: ScriptConvertible {
  let each: [Bool]
  /// Whether one was given for all.
  var isOne = false

  static let scriptName = "bool or list of bools"

  static func convert(_ value: Value) throws(Stopped) -> Directions? {
    if let one = Bool.convert(value) { return Directions(each: [one], isOne: true) }
    return try [Bool].convert(value).map { Directions(each: $0) }
  }

  var scriptValue: Value { isOne ? .bool(each[0]) : each.scriptValue }

  /// One for each of so many columns.
  func all(_ count: Int) throws(ScriptError) -> [Bool] {
    if isOne { return Array(repeating: each[0], count: count) }
    guard each.count == count else {
      throw ScriptError(
        .value, "`descending` says \(each.count) directions for \(count) column\(count == 1 ? "" : "s")",
        argument: "descending")
    }
    return each
  }
}

/// Which rows are kept: a function of a row that answers true, or a mask.
enum RowTest: ScriptConvertible {
  case function(ScriptFunction)
  case mask(Value)

  static let scriptName = "function of a row or mask"

  static func convert(_ value: Value) throws(Stopped) -> RowTest? {
    switch value {
    case .function(let function): return .function(function)
    case .object(let object) where object is ColumnObject || object is TensorObject: return .mask(value)
    default: return try [Bool].convert(value).map { _ in .mask(value) }
    }
  }

  var scriptValue: Value {
    switch self {
    case .function(let function): .function(function)
    case .mask(let mask): mask
    }
  }

  /// The places of the rows that are kept.
  func places(in table: Table, _ context: CallContext) throws -> [Int] {
    switch self {
    case .function(let function):
      return try Pieces.places(table.count) { _ in true }.filter { row in
        try context.poll()
        let answer = try context.call(.function(function), table.given(row: row))
        guard let isKept = Bool.convert(answer) else {
          throw ScriptError(
            .type, "`filter` expects true or false from its function, found \(answer.typeName)", argument: "keep")
        }
        return isKept
      }
    case .mask(let mask):
      guard case .bools(let bools)? = try ColumnInput.severalValues(mask), bools.count == table.count else {
        throw ScriptError(
          .value, "`filter` expects a mask of \(table.count) truth values, found \(describe(mask))", argument: "keep")
      }
      return try Pieces.places(bools.count) { bools[$0] == 1 }
    }
  }
}
