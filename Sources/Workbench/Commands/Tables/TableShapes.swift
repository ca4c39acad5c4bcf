import PixelScript

extension Command {
  /// Tables made longer.
  static var tableShapes: [Command] {
    [
      Command(
        "melt", "Puts columns one below the other: a row for each of them and each row of the table, as pandas' melt.",
        tableParameter,
        Parameter<ColumnNames?>(
          "keep", "the columns that stand beside each value", aliases: ["id_vars"], completion: .column),
        Parameter<ColumnNames?>(
          "columns", "the columns that are put one below the other; nil for all others", byName: true,
          aliases: ["value_vars"], completion: .column),
        Parameter<String>(
          "name", "what the column of their names is called", default: "column", byName: true, aliases: ["var_name"]),
        Parameter<String>(
          "value", "what the column of their values is called", default: "value", byName: true,
          aliases: ["value_name"]),
        example: """
          t = table({model: ["lstm", "mamba"], train: [1, 2], test: [3, 4]})
          long = melt(t, "model", name: "part", value: "loss")
          print long.part, long.loss  # expect: ["train", "train", "test", "test"] [1, 2, 3, 4]
          """
      ) { _, t, keep, columns, name, value in
        let kept = keep?.names ?? []
        let melted = columns?.names ?? t.table.names.filter { !kept.containsExactly($0) }
        return .object(TableObject(try t.table.melted(melted, keeping: kept, name: name, value: value)))
      },
      Command(
        "explode", "Makes a row for each element of the lists in some columns, as pandas' explode.", tableParameter,
        Parameter<Variadic<ColumnNames>>(
          "columns", "the columns, whose lists are as long in each row", completion: .column),
        example: """
          t = table({run: ["a", "b"], losses: [[3, 2], [1]]})
          print explode(t, "losses").run, explode(t, "losses").losses  # expect: ["a", "a", "b"] [3, 2, 1]
          """
      ) { _, t, columns in
        guard !columns.names.isEmpty else {
          throw ScriptError(.value, "`explode` needs a column of lists", argument: "columns")
        }
        return .object(TableObject(try t.table.exploded(columns.names)))
      },
    ]
  }

  /// A figure of each column of numbers of a table.
  static var tableFigures: [Command] {
    let figures: [(Aggregate, String, String)] = [
      (.sum, "Adds up each column of numbers of a table.", "4"),
      (.mean, "Takes the mean of each column of numbers of a table.", "2"),
      (.std, "Takes the standard deviation (n - 1) of each column of numbers of a table.", "1.4142135623730951"),
      (.var, "Takes the variance (n - 1) of each column of numbers of a table.", "2"),
      (.prod, "Multiplies the numbers of each column of a table.", "3"),
      (.median, "Takes the median of each column of numbers of a table.", "2"),
      (.min, "Takes the smallest value of each column of numbers of a table.", "1"),
      (.max, "Takes the largest value of each column of numbers of a table.", "3"),
    ]
    return figures.map { aggregate, summary, answer in
      Command(
        aggregate.rawValue, summary, tableParameter,
        Parameter<Variadic<ColumnNames>>(
          "columns", "the columns; all of numbers and truth values when none is named", completion: .column),
        example: "print \(aggregate.rawValue)(table({a: [1, 3], b: \"x\"})).a  # expect: \(answer)"
      ) { _, t, columns in
        .object(TableObject(try t.table.figures(aggregate, of: columns.names), isRecord: true))
      }
    }
  }
}
