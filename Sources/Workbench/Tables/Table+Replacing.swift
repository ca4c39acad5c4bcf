import PixelScript
import Safepoint

extension Table {
  /// Puts other values into some rows: a row as a map or a table of as many rows, with those columns that are to change.
  mutating func replace(_ places: [Int], with value: Value) throws {
    switch value {
    case .map(let row):
      for (key, value) in row.entries {
        let place = try self.place(of: key.description)
        if places.count == 1, columns[place][places[0]] == value { continue }
        try replace(places, ofColumn: place, with: .value(ColumnInput.single(value)))
      }
    case .object(let other as TableObject):
      guard other.table.count == places.count else {
        throw ScriptError(.value, "\(places.count) rows are no place for a table of \(other.table.count)")
      }
      for (name, column) in zip(other.table.names, other.table.columns) {
        try replace(places, ofColumn: try place(of: name), with: .column(column))
      }
    default:
      throw ScriptError(
        .type, "a row of a table is a map, found \(describe(value))",
        help: "`t.name[0] = x` sets one value, `t.name[mask] = x` those of several rows")
    }
  }

  private func place(of name: String) throws(ScriptError) -> Int {
    if let place = place(named: name) { return place }
    throw ScriptError(
      .key, "the table has no column \(Display.quoted(name))",
      help:
        "`t.\(name) = ...` sets one for all rows; its columns are \(Display.start(of: names.joined(separator: ", "), 400))"
    )
  }

  private mutating func replace(_ places: [Int], ofColumn place: Int, with values: Column.Operand) throws {
    var column = columns[place]
    // The table lets go of it, so that it changes in place.
    columns[place] = .numbers([])
    defer { columns[place] = column }
    try column.replace(places, with: values, called: names[place])
  }
}

extension Column {
  /// Puts values of the column's type into some places: one for each, or one for all.
  mutating func replace(_ places: [Int], with values: Operand, called name: String? = nil) throws {
    if case .column(let several) = values, several.count != places.count {
      throw ScriptError(.value, "\(places.count) places of a column do not take \(several.count) values")
    }
    let isEmpty = isEmpty
    if !isEmpty {
      for k in places.indices where !takes(values[k]) && !values[k].isNil {
        let column = name.map { "the column \(Display.quoted($0)) of \(contents)" } ?? "a column of \(contents)"
        throw ScriptError(.type, "\(column) does not take \(describe(values[k]))")
      }
    }
    if case .numbers(var numbers) = self, !isEmpty {
      self = .numbers([])
      for (k, place) in places.enumerated() {
        numbers[place] = Double.convert(values[k]).map(MissingNumber.present) ?? MissingNumber.value
      }
      self = .numbers(numbers)
      return
    }
    var chosen = [Int](repeating: -1, count: count)
    for (k, place) in places.enumerated() { chosen[place] = k }
    let before = self
    self = try Column(count: count) { chosen[$0] < 0 ? before[$0] : values[chosen[$0]] }
  }
}
