import PixelScript

/// The evaluations of the runs of which a table has a row each, however the rows are chosen, ordered and dressed.
struct RunRows {
  /// The evaluations of all runs, a row each: the name and the settings of its run, then what was measured.
  private final class Evaluations {
    let table: Table
    let measures: [String]
    /// The run of each evaluation.
    let runs: [Int]

    init(_ table: Table, _ measures: [String], _ runs: [Int]) {
      (self.table, self.measures, self.runs) = (table, measures, runs)
    }
  }

  private let evaluations: Evaluations
  /// The run of each row of the table, -1 for none.
  private var rows: [Int]

  /// The evaluations of as many runs as there are rows, so many of each; `measures` are the columns of what was measured.
  init(_ evaluations: Table, measures: [String], counts: [Int]) {
    self.evaluations = Evaluations(
      evaluations, measures, counts.enumerated().flatMap { Array(repeating: $0, count: $1) })
    rows = Array(counts.indices)
  }

  /// What `value` gave; nil for another value.
  init?(_ value: Value) throws {
    guard case .list(let parts) = value, parts.count == 4, case .object(let table as TableObject) = parts[0],
      let measures = try [String].convert(parts[1]), let runs = try [Int].convert(parts[2]),
      let rows = try [Int].convert(parts[3]), runs.count == table.table.count
    else { return nil }
    (evaluations, self.rows) = (Evaluations(table.table, measures, runs), rows)
  }

  /// All of it as a value.
  var value: Value {
    .list([
      .object(TableObject(evaluations.table)), evaluations.measures.scriptValue, evaluations.runs.scriptValue,
      rows.scriptValue,
    ])
  }

  /// About the bytes that it takes.
  var cost: Int { evaluations.table.cost + 8 * (evaluations.runs.count + rows.count) }

  /// The same for some of the rows, -1 for one that is of no run.
  func picking(_ places: [Int]) -> RunRows {
    var picked = self
    picked.rows = places.map { rows.indices.contains($0) ? rows[$0] : -1 }
    return picked
  }

  /// What tells of a run as a whole, of which its evaluations say more.
  static let figures = ["state", "epoch", "best_loss", "last_loss", "accuracy", "seconds", "when"]

  /// The evaluations of the runs of a table, in its order, with what its columns say of their runs now.
  func curves(of table: Table) throws -> Table {
    var (places, owners): ([Int], [Int]) = ([], [])
    let ofRuns = Dictionary(grouping: evaluations.runs.indices) { evaluations.runs[$0] }
    for (row, run) in rows.prefix(table.count).enumerated() {
      for place in ofRuns[run] ?? [] {
        places.append(place)
        owners.append(row)
      }
    }
    let chosen = try evaluations.table.picking(places)
    var joined = Table([], count: places.count)
    for (name, column) in zip(table.names, table.columns) where !(Self.figures + evaluations.measures).contains(name) {
      joined = joined.setting(name, to: try column.picking(owners))
    }
    for (name, column) in zip(chosen.names, chosen.columns) where joined[name] == nil {
      joined = joined.setting(name, to: column)
    }
    return joined
  }
}
