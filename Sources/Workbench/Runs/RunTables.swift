import Formats
import PixelScript

/// Tables of runs.
enum RunTables {
  /// A row for each run: what it is, the settings that are not the same for all, its figures and how it stands.
  ///
  /// Its rows know the evaluations of their runs.
  static func table(of runs: [KeptRun]) -> TableObject {
    let settings = differing(runs)
    let rows = runs.map { run -> [Value] in
      let part = run.figure("last", "test_loss").isNil ? "train" : "test"
      return [.string(run.name), .string(run.model)] + settings.map(run.setting)
        + [
          .string(run.state), run.figure("last", "epoch"), run.figure("best", part + "_loss"),
          run.figure("last", part + "_loss"), run.figure("last", part + "_accuracy"), run.figure("last", "seconds"),
          .string(run.started),
        ]
    }
    var table = Table(names: ["name", "model"] + settings + RunRows.figures, rows: rows)
    (table.look, table.runs) = (.runs, curves(of: runs, settings))
    return TableObject(table)
  }

  /// The names of the settings whose values are not the same for all, in the order in which they are first met.
  private static func differing(_ runs: [KeptRun]) -> [String] {
    var names: [String] = []
    for name in runs.flatMap({ $0.settings.map(\.name) }) where !names.contains(name) { names.append(name) }
    return names.filter { name in
      let values = runs.map { run in run.settings.first { $0.name == name }?.value }
      return values.contains { $0 != values.first }
    }
  }

  private static func curves(of runs: [KeptRun], _ settings: [String]) -> RunRows {
    var figures: [String] = []
    for name in runs.flatMap({ $0.metrics.first?.map(\.name) ?? [] }) where !figures.contains(name) {
      figures.append(name)
    }
    let rows = runs.flatMap { run in
      run.metrics.map { line -> [Value] in
        [.string(run.name), .string(run.model)] + settings.map(run.setting)
          + figures.map { name in line.first { $0.name == name }.map { Value($0.value) } ?? .nil }
      }
    }
    return RunRows(
      Table(names: ["name", "model"] + settings + figures, rows: rows), measures: figures,
      counts: runs.map(\.metrics.count))
  }

  /// A row for each setting that is not the same for all and for each figure, a column for each run.
  static func comparison(of runs: [KeptRun]) -> TableObject {
    var names: [String] = []
    for run in runs { names.append(names.contains(run.name) ? run.path : run.name) }
    func row(_ title: String, _ value: (KeptRun) -> Value) -> [Value] { [.string(title)] + runs.map(value) }
    var rows = [row("model") { .string($0.model) }]
    rows += differing(runs).map { name in row(name) { $0.setting(name) } }
    rows.append(row("data") { Value($0.description["data"]?["sha256"].map(Self.short) ?? .null) })
    for figure in ["epoch", "train_loss", "test_loss", "train_accuracy", "test_accuracy", "seconds"] {
      rows.append(row(figure) { $0.figure("last", figure) })
    }
    for figure in ["epoch", "train_loss", "test_loss"] {
      rows.append(row("best \(figure)") { $0.figure("best", figure) })
    }
    rows.append(row("state") { .string($0.state) })
    let told = rows.filter { row in row.dropFirst().contains { !$0.isNil } }
    var table = Table(names: [""] + names, rows: told)
    table.look = .runs
    return TableObject(table)
  }

  /// The first letters of a hash tell two sets of rows apart.
  private static func short(_ hash: JSON) -> JSON { .string(String((hash.string ?? "").prefix(8))) }
}
