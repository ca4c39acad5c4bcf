import PixelScript
import Safepoint

/// Changes of a table come in two steps: what is put into it is looked at while the table stands as it is, since it may hold the table itself,
/// as in `t[t.a > 0] = t`; then the table changes and asks nothing of any value.
extension Table {
  /// Values for some rows of a column.
  struct Replacement {
    /// The column.
    fileprivate let column: Int
    fileprivate let values: Column.Operand
  }

  /// Other values for some rows: of a row as a map or a table of as many rows, with those columns that are to change. Throws where
  /// they are not of their columns' types.
  func replacements(for places: [Int], by value: Value) throws -> [Replacement] {
    switch value {
    case .map(let row):
      return try row.entries.compactMap { key, value in
        let place = try self.place(of: key.description)
        if places.count == 1, columns[place][places[0]] == value { return nil }
        return try replacement(.value(value.plain), for: places, ofColumn: place)
      }
    case .object(let other as TableObject):
      guard other.table.count == places.count else {
        throw ScriptError(.value, "\(places.count) rows are no place for a table of \(other.table.count)")
      }
      return try replacements(for: places, by: other.table)
    default:
      throw ScriptError(
        .type, "a row of a table is a map, found \(describe(value))",
        help: "`t.name[0] = x` sets one value, `t.name[mask] = x` those of several rows")
    }
  }

  /// The same of a table of as many rows as there are places.
  func replacements(for places: [Int], by other: Table) throws -> [Replacement] {
    try zip(other.names, other.columns).map { name, column in
      try replacement(.column(column), for: places, ofColumn: try place(of: name))
    }
  }

  private func replacement(_ values: Column.Operand, for places: [Int], ofColumn place: Int) throws -> Replacement {
    try columns[place].check(values, for: places.count, called: names[place])
    return Replacement(column: place, values: values)
  }

  private func place(of name: String) throws(ScriptError) -> Int {
    if let place = place(named: name) { return place }
    throw ScriptError(
      .key, "the table has no column \(Display.quoted(name))",
      help:
        "`t.\(name) = ...` sets one for all rows; its columns are \(Display.start(of: names.joined(separator: ", "), 400))"
    )
  }

  /// Puts other values into some rows.
  mutating func replace(_ places: [Int], with replacements: [Replacement]) throws {
    for replacement in replacements {
      var column = columns[replacement.column]
      // The table lets go of it, so that it changes in place.
      columns[replacement.column] = .numbers([])
      defer { columns[replacement.column] = column }
      try column.replace(places, with: replacement.values)
    }
  }
}

extension Column {
  /// Throws unless values are of the column's type, one for each of so many places or one for all.
  func check(_ values: Operand, for count: Int, called name: String? = nil) throws {
    if case .column(let several) = values, several.count != count {
      throw ScriptError(.value, "\(count) places of a column do not take \(several.count) values")
    }
    if case .column(let several) = values, several.typeName == typeName, typeName != "value" { return }
    if isEmpty { return }
    for k in 0..<count where !takes(values[k]) && !values[k].isNil {
      let column = name.map { "the column \(Display.quoted($0)) of \(contents)" } ?? "a column of \(contents)"
      throw ScriptError(.type, "\(column) does not take \(describe(values[k]))")
    }
  }

  /// Puts values that were checked into some places: one for each, or one for all.
  mutating func replace(_ places: [Int], with values: Operand) throws {
    let others =
      switch values {
      case .column(let several): several
      case .value(let value): try Column(repeating: value, count: 1)
      }
    let step = others.count == 1 ? 0 : 1
    switch (self, others) {
    case (.numbers(var numbers), .numbers(let others)):
      // Held here alone, so that it changes in place.
      self = .numbers([])
      for (k, place) in places.enumerated() { numbers[place] = others[k * step] }
      self = .numbers(numbers)
    case (.bools(var bools), .bools(let others)):
      self = .bools([])
      for (k, place) in places.enumerated() { bools[place] = others[k * step] }
      self = .bools(bools)
    default:
      // The places of both columns one behind the other.
      var chosen = Array(0..<count)
      for (k, place) in places.enumerated() { chosen[place] = count + k * step }
      self = try Column.joined([self, others]).picking(chosen)
    }
  }
}
