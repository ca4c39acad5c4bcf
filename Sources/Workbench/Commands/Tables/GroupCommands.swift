import PixelScript

extension Command {
  /// Many rows made fewer.
  static var groupings: [Command] {
    [
      Command(
        "group",
        "Makes one row of all rows that have the same values in some columns, in the order of those; its figures stand in the order of the call.",
        tableParameter, Parameter<Variadic<ColumnNames>>("keys", "the columns", completion: .column),
        AggregateParameters(),
        Parameter<NamedArguments>("own", "a figure of your own: a function of the table of a group's rows"),
        example: """
          t = table({model: ["lstm", "mamba", "lstm"], loss: [1, 3, 2]})
          print group(t, "model", mean: "loss").loss_mean  # expect: [1.5, 3]
          print group(t, "model", gap: fn(g) = max(g.loss) - min(g.loss)).gap  # expect: [1, 0]
          """
      ) { context, t, keys, wanted, own in
        if let twice = keys.names.firstRepeated {
          throw ScriptError(.value, "the column \(Display.quoted(twice)) is given twice", argument: "keys")
        }
        var figures: [(name: String, figure: Table.GroupFigure)] = []
        for (name, value) in own.entries {
          guard case .function = value else {
            throw ScriptError(
              .type, "`group` expects a function of a table for `\(name)`, found \(describe(value))",
              help: Suggestion.best(for: name, in: Aggregate.allCases.map(\.rawValue)).map { "did you mean `\($0)`?" }
                ?? "the figures are \(Aggregate.allCases.map(\.rawValue).joined(separator: ", ")) and quantile, as in `group(t, \"model\", mean: \"loss\")`; "
                + "others are functions, as in `group(t, \"model\", \(name): fn(g) = max(g.loss) - min(g.loss))`",
              argument: name)
          }
          figures.append((name, .own(name) { try context.call(value, .object(TableObject($0))) }))
        }
        return .object(TableObject(try t.table.grouped(by: keys.names, wanted.inOrder(with: figures))))
      },
      Command(
        "pivot", "Makes a row for each value of some columns and a column for each value of another.", tableParameter,
        Parameter<ColumnNames>(
          "rows", "the columns whose values get a row each", aliases: ["index"], completion: .column),
        Parameter<ColumnNames>(
          "columns", "the column whose values get a column each; of several each set of values does, joined by \"_\"",
          completion: .column),
        Parameter<String?>(
          "values", "the column whose values stand in the cells; the numbers of rows when none is named",
          completion: .column),
        Parameter<Aggregate?>(
          "with", "what several values of a cell become; the mean when nothing is said", aliases: ["aggfunc"]),
        Parameter<Value>(
          "fill", "what stands in a cell without rows", default: .nil, byName: true, aliases: ["fill_value"]),
        example: """
          t = table({model: ["lstm", "lstm"], kind: ["a", "b"], loss: [1, 2]})
          print pivot(t, "model", "kind", "loss").columns  # expect: ["model", "a", "b"]
          t = table({seed: [1, 1], model: ["lstm", "lstm"], kind: ["a", "b"], loss: [1, 2]})
          print pivot(t, "seed", ["model", "kind"], "loss").columns  # expect: ["seed", "lstm_a", "lstm_b"]
          print pivot(t, "model", "kind").a  # expect: [1]
          """
      ) { _, t, rows, columns, values, aggregate, fill in
        let names = rows.names
        let isTwice = names.firstRepeated == nil
        guard (names + columns.names).firstRepeated == nil else {
          throw ScriptError(.value, "a column is given twice", argument: isTwice ? "columns" : "rows")
        }
        guard values != nil || aggregate == nil else {
          throw ScriptError(
            .value, "`with` says what the values of a column become, and `values` names none",
            help: "without both the rows are counted", argument: "with")
        }
        var table = try t.table.pivoted(rows: names, across: columns.names, values: values, aggregate ?? .mean)
        for (name, column) in zip(table.names, table.columns).dropFirst(names.count) where !fill.isNil {
          table = table.setting(name, to: try column.filled(with: fill, called: name))
        }
        return .object(TableObject(table))
      },
      Command(
        "describe", "Tells of each column of a table: type, counts, mean, deviation, smallest, quartiles, largest.",
        tableParameter,
        example: "print describe(table({a: [1, 2, 3, nil]})).median  # expect: [2]"
      ) { _, t in .object(TableObject(try t.table.described())) },
    ]
  }

  /// Several tables made one.
  static var tableJoins: [Command] {
    [
      Command(
        "join", "Puts the rows of two tables side by side where some columns are equal.", tableParameter,
        Parameter<TableObject>("right", "the other table"),
        Parameter<JoinKeys?>(
          "on", "the columns that both have; a map where they have other names: our name, and the other table's",
          completion: .column),
        Parameter<Table.Join>(
          "how",
          "which rows stay: those of both, also all of the first, or of the second, or of either; \"cross\" pairs each row with each",
          default: .inner),
        example: """
          a = table({model: ["lstm", "mamba"], loss: [1.2, 0.8]})
          b = table({model: ["mamba"], size: [9]})
          print join(a, b, on: "model").size, len(join(a, b, on: "model", how: "left"))  # expect: [9] 2
          print join(a, table({net: ["mamba"], size: [9]}), on: {model: "net"}).columns  # expect: ["model", "loss", "size"]
          print len(join(a, table({seed: [1, 2, 3]}), how: "cross"))  # expect: 6
          """
      ) { _, t, right, on, how in
        guard (on == nil) == (how == .cross) else {
          throw ScriptError(
            .value,
            on == nil
              ? "`join` needs `on`, the columns in which the rows of both tables are equal"
              : "a cross join pairs each row with each, whatever stands in them: leave `on` out",
            help: on == nil ? "`how: \"cross\"` pairs each row with each" : nil, argument: "on")
        }
        let keys = on ?? JoinKeys(left: [], right: [])
        return .object(TableObject(try t.table.joined(with: right.table, on: keys, how)))
      },
      Command(
        "push", "Adds rows at the end of a table.", Parameter<TableObject>("t", "the table, which is changed"),
        Parameter<Variadic<Value>>("rows", "a map for each row, or tables"),
        example: """
          t = table([{step: 1, loss: 0.5}])
          push t, {step: 2, loss: 0.4}
          print t.loss, len(t)  # expect: [0.5, 0.4] 2
          """
      ) { _, t, rows -> Value in
        try t.append(rows.elements)
        return .nil
      },
      Command(
        "concat", "Puts tables one below the other; a column that one lacks is missing there.",
        Parameter<Variadic<TableObject>>("tables", "the tables"),
        example: "print concat(table({a: [1]}), table({a: [2], b: [3]})).b  # expect: [nil, 3]"
      ) { _, tables in .object(TableObject(try Table.joined(tables.elements.map(\.table)))) },
      Command(
        "concat", "Puts a list of tables one below the other.", Parameter<[TableObject]>("tables", "the tables"),
        example: "print len(concat([table({a: [1]})] * 3))  # expect: 3"
      ) { _, tables in .object(TableObject(try Table.joined(tables.map(\.table)))) },
    ]
  }
}
