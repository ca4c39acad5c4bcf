import Formats
import PixelScript

/// Some rows of a table of which a column is about to be set, as in `t[mask].x = 1`: its columns are taken out when they are asked for, and those
/// that were set go back into the table.
final class RowsObject {
  private let table: Table
  private let places: [Int]
  /// The columns that were set.
  private(set) var changed: Table

  /// Wraps rows of a table as it is.
  init(_ table: Table, _ places: [Int]) {
    (self.table, self.places) = (table, places)
    changed = Table([], count: places.count)
  }

  /// The places of the rows in a table of as many rows as the one they are of, else nil.
  func places(in table: Table) -> [Int]? { table.count == self.table.count ? places : nil }
}

extension RowsObject: ScriptObject {
  static let scriptName = TableObject.scriptName
  var displayText: String { "table of \(String(counting: places.count, "row"))" }
  var fieldNames: [String] { table.names }
  var length: Int? { places.count }
  var memoryCost: Int { 128 + 8 * places.count + changed.cost }

  func field(_ name: String) throws -> Value? {
    if let column = changed[name] { return .object(ColumnObject(column)) }
    return try table[name].map { .object(ColumnObject(try $0.picking(places))) }
  }

  func setField(_ name: String, to value: Value) throws -> Bool {
    // Of no columns the first one would tell how many rows there are.
    let rows = Table([("", .bools(Array(repeating: 0, count: places.count)))])
    let column = try ColumnInput.column(value, for: rows, called: name)
    changed = Table(
      zip(changed.names, changed.columns).filter { !ExactText.areEqual($0.0, name) }.map { ($0, $1) } + [(name, column)]
    )
    return true
  }
}
