import PixelScript
import Safepoint

/// Columns made rows, and lists in cells made rows.
extension Table {
  /// The columns of `names` one below the other: for each of them and each row what stands in the columns `kept`, the column's name and its value
  /// (pandas' `melt`).
  func melted(_ names: [String], keeping kept: [String], name: String, value: String) throws -> Table {
    let keptColumns = try kept.map { name throws(ScriptError) in try column(name, argument: "keep") }
    let melted = try names.map { name throws(ScriptError) in try column(name, argument: "columns") }
    if let twice = (kept + [name, value]).firstRepeated {
      throw ScriptError(
        .value, "the result would have two columns \(Display.quoted(twice))",
        help: "`name` and `value` say what the new columns are called",
        argument: twice == name ? "name" : "value")
    }
    let count = count
    try Safepoint.reserve(16, times: count, names.count, for: "a table")
    let places = try Pieces.filled(count * names.count) { $0 % count }
    var heads = PackedTexts()
    for name in names { heads.append(name) }
    let ofEach = try Pieces.filled(count * names.count) { $0 / count }
    return Table(
      try zip(kept, keptColumns).map { ($0, try $1.picking(places)) }
        + [(name, .texts(try heads.picking(ofEach))), (value, try Column.joined(melted))],
      count: count * names.count)
  }

  /// A row for each element of the lists in some columns, which are as long in each row; of an empty list, and of what is missing, one row without
  /// a value (pandas' `explode`).
  func exploded(_ names: [String]) throws -> Table {
    let lists = try names.map { name throws(ScriptError) in try column(name, argument: "columns") }
    var (places, builders) = ([Int](), lists.map { _ in ColumnBuilder() })
    try Pieces.forEach(count) { piece in
      for row in piece {
        try Safepoint.check(after: 100)
        let parts = try lists.map { column -> [Value]? in
          guard case .values(let values) = column, let several = try ColumnInput.severalValues(values[row]) else {
            return nil
          }
          return try Pieces.map(several.count) { several[$0] }
        }
        let length = parts.compactMap { $0?.count }.first ?? 1
        if let place = parts.firstIndex(where: { $0.map { $0.count != length } ?? false }) {
          throw ScriptError(
            .value,
            "row \(row) has lists of \(length) and of \(parts[place]?.count ?? 0) values in the columns \(names.map(Display.quoted).joined(separator: " and "))",
            argument: "columns")
        }
        for (builder, (part, column)) in zip(parts, lists).enumerated() {
          let values = part ?? Array(repeating: column[row], count: max(length, 1))
          for value in values.isEmpty ? [.nil] : values { builders[builder].append(value) }
        }
        places += repeatElement(row, count: max(length, 1))
      }
      try Safepoint.reserve(16, times: places.count, lists.count + 1, for: "a table")
    }
    return Table(
      try zip(self.names, columns).map { name, column in
        guard let place = names.firstIndex(where: { ExactText.areEqual($0, name) }) else {
          return (name, try column.picking(places))
        }
        return (name, builders[place].column)
      }, count: places.count)
  }

  /// One row with a figure of each of some columns, or of all of numbers and truth values.
  func figures(_ aggregate: Aggregate, of wanted: [String]) throws -> Table {
    let names =
      wanted.isEmpty ? zip(self.names, columns).filter { $1.asNumbers != nil }.map(\.0) : wanted
    guard !names.isEmpty else {
      throw ScriptError(.value, "`\(aggregate.rawValue)` found no column of numbers", argument: "t")
    }
    if let twice = names.firstRepeated {
      throw ScriptError(.value, "the column \(Display.quoted(twice)) is given twice", argument: "columns")
    }
    return Table(
      try names.map { name in
        let column = try column(name, argument: "columns")
        guard column.asNumbers != nil else {
          throw ScriptError(
            .type,
            "`\(aggregate.rawValue)` needs numbers, and the column \(Display.quoted(name)) holds \(column.contents)",
            argument: "columns")
        }
        return (name, try Column(repeating: aggregate.value(of: column), count: 1))
      }, count: 1)
  }
}
