import Formats
import PixelScript
import Safepoint

extension CommandGroup {
  /// Tables: making, reading, choosing, grouping and joining them, and figures of their columns.
  static func tables(_ environment: Environment) -> CommandGroup {
    CommandGroup(
      "Tables",
      [Command.table, Command.readTable(environment)] + Command.rowChoices + Command.rowOrders
        + Command.columnChoices
        + Command.groupings + Command.tableShapes + Command.tableJoins + Command.tableFigures + Command.columnFigures
        + Command.columnMathematics + Command.columnPairs + [Command.confusion] + Command.columnProducts
        + Command.columnWindows + Command.columnPlaces + Command.columnTexts)
  }
}

extension Command {
  static var tableParameter: Parameter<TableObject> { Parameter("t", "the table") }

  fileprivate static var table: Command {
    Command(
      "table", "Makes a table of rows, of columns, or of a data set.",
      Parameter<Value>(
        "data",
        "a list of maps; a map of lists; a list of lists or a tensor, with names; a data set; a table such as a history"
      ),
      Parameter<[String]?>("columns", "which columns, in this order; of lists and tensors their names"),
      example: """
        t = table([{lr: 0.001, loss: 1.2}, {lr: 0.01, loss: 0.8}])
        print t[t.loss < 1].lr, len(t)  # expect: [0.01] 2
        """
    ) { _, data, columns in .object(TableObject(try ColumnInput.table(data, columns))) }
  }

  fileprivate static var rowChoices: [Command] {
    [
      Command(
        "filter", "Keeps the rows of a table for which a function, or a mask, says so.", tableParameter,
        Parameter<RowTest>("keep", "a function of a row, or a mask such as t.loss < 2"),
        example: """
          t = table({model: ["lstm", "mamba"], loss: [1.2, 0.8]})
          print filter(t, fn(row) = row.loss < 1).model  # expect: ["mamba"]
          """
      ) { context, t, test in .object(TableObject(try t.table.picking(try test.places(in: t.table, context)))) },
      Command(
        "head", "Gives the first rows of a table.", tableParameter, Parameter<Int>("count", "how many", default: 5),
        example: "print len(head(table({a: range(9)})))  # expect: 5"
      ) { _, t, count in
        let count = min(try checked(count), t.table.count)
        return .object(TableObject(try t.table.picking(Array(0..<count))))
      },
      Command(
        "tail", "Gives the last rows of a table.", tableParameter, Parameter<Int>("count", "how many", default: 5),
        example: "print tail(table({a: range(9)}), 2).a  # expect: [7, 8]"
      ) { _, t, count in
        let count = min(try checked(count), t.table.count)
        return .object(TableObject(try t.table.picking(Array(t.table.count - count..<t.table.count))))
      },
      Command(
        "unique", "Keeps the rows of a table whose values in some columns, or in all, were not there before.",
        tableParameter, Parameter<Variadic<ColumnNames>>("columns", "the columns", completion: .column),
        example: "print unique(table({a: [1, 1, 2]})).a  # expect: [1, 2]"
      ) { _, t, columns in .object(TableObject(try t.table.unique(columns.names))) },
    ]
  }

  private static func checked(_ count: Int) throws(ScriptError) -> Int {
    guard count >= 0 else { throw ScriptError(.value, "count must be 0 or more, found \(count)", argument: "count") }
    return count
  }

  fileprivate static var rowOrders: [Command] {
    ["sort", "sorted"].map { name in
      Command(
        name, "Puts the rows of a table in order, missing values last; equal rows stay as they were.", tableParameter,
        Parameter<RowOrdering>("by", "a column, several of them, or a function of a row", completion: .column),
        Parameter<Variadic<ColumnNames>>("more", "columns that order what is equal in those", completion: .column),
        Parameter<Directions>(
          "descending", "the largest first; a list says it of each column",
          default: Directions(each: [false], isOne: true),
          byName: true, aliases: ["reverse"]),
        example: """
          t = table({model: ["lstm", "mamba"], loss: [1.2, 0.8]})
          print \(name)(t, "loss").model  # expect: ["mamba", "lstm"]
          """
      ) { context, t, order, more, directions in
        switch order {
        case .columns(let first):
          let names = first + more.names
          return .object(TableObject(try t.table.sorted(by: Array(zip(names, try directions.all(names.count))))))
        case .function(let function):
          guard more.names.isEmpty else {
            throw ScriptError(
              .type, "`\(name)` takes columns or a function, found both", argument: "more")
          }
          let descending = try directions.all(1)[0]
          // The function may change the table meanwhile: the rows are sorted as they were.
          let table = t.table
          let keys = try Column(count: table.count) { row in
            try context.poll()
            return try context.call(.function(function), table.given(row: row))
          }
          if case .values = keys {
            throw ScriptError(.type, "`\(name)` compares numbers or strings, found others", argument: "by")
          }
          let places = try RowOrder.places([("by", keys, descending)], rows: table.count)
          return .object(TableObject(try table.picking(places)))
        }
      }
    }
  }

  fileprivate static var columnChoices: [Command] {
    [
      Command(
        "select", "Takes some columns of a table, in this order.", tableParameter,
        Parameter<Variadic<ColumnNames>>("columns", "the columns", completion: .column),
        example: "print select(table({a: [1], b: [2]}), \"b\").columns  # expect: [\"b\"]"
      ) { _, t, columns in .object(TableObject(try t.table.selecting(columns.names, argument: "columns"))) },
      Command(
        "drop", "Leaves some columns of a table out.", tableParameter,
        Parameter<Variadic<ColumnNames>>("columns", "the columns", completion: .column),
        example: "print drop(table({a: [1], b: [2]}), \"b\").columns  # expect: [\"a\"]"
      ) { _, t, columns in .object(TableObject(try t.table.dropping(columns.names, argument: "columns"))) },
      Command(
        "rename", "Gives columns of a table other names.", tableParameter,
        Parameter<ScriptMap>("names", "the new name of each column, by the old one", aliases: ["columns"]),
        example: "print rename(table({a: [1], b: [2]}), {b: \"c\"}).columns  # expect: [\"a\", \"c\"]"
      ) { _, t, names in .object(TableObject(try renamed(t.table, names))) },
      Command(
        "with_columns", "Gives a table with further columns, or with others in the place of some.", tableParameter,
        Parameter<NamedArguments>("columns", "values, one for all rows, or a function of a row"),
        example: """
          t = with_columns(table({a: [6, 8], b: [2, 4]}), ratio: fn(row) = row.a / row.b)
          print t.ratio  # expect: [3, 2]
          """
      ) { context, t, columns in
        var table = t.table
        for (name, value) in columns.entries {
          let before = table
          guard case .function = value else {
            table = table.setting(name, to: try ColumnInput.column(value, for: table, called: name))
            continue
          }
          table = table.setting(
            name,
            to: try Column(count: table.count) { row in
              try context.poll()
              return try context.call(value, before.given(row: row))
            })
        }
        return .object(TableObject(table))
      },
      Command(
        "fill_missing", "Puts a value in the place of the missing ones, in all columns of its type or in some.",
        tableParameter,
        Parameter<Value>(
          "value", "the value, or a map with one for each of some columns; with `by` the first column", default: .nil),
        Parameter<Variadic<ColumnNames>>("columns", "the columns", completion: .column), Column.Filling.parameter,
        example: """
          print fill_missing(table({a: [1, nil]}), 0).a  # expect: [1, 0]
          print fill_missing(table({a: [1, nil], b: ["x", nil]}), {a: 0, b: "y"}).b  # expect: ["x", "y"]
          print fill_missing(table({a: [1, nil], b: ["x", nil]}), by: "previous").rows[1]  # expect: {a: 1, b: "x"}
          """
      ) { _, t, value, columns, filling in
        if let filling { return .object(TableObject(try filled(t.table, by: filling, value, columns.names))) }
        guard !value.isNil else {
          throw ScriptError(
            .value, "`fill_missing` needs a value, or `by`, which says what around the missing ones is put in",
            argument: "value")
        }
        if case .map(let map) = value, columns.names.isEmpty { return .object(TableObject(try filled(t.table, map))) }
        for name in columns.names { _ = try t.table.column(name, argument: "columns") }
        var table = t.table
        let filled = zip(table.names, table.columns).filter { name, column in
          columns.names.isEmpty
            ? column.typeName != "value" && column.takes(value) : columns.names.containsExactly(name)
        }
        if filled.isEmpty, !table.names.isEmpty {
          throw ScriptError(
            .type, "`fill_missing` found no column that takes \(describe(value))",
            help: "its columns hold \(table.columns.map(\.contents).joined(separator: ", "))", argument: "value")
        }
        for (name, column) in filled { table.set(name, to: try column.filled(with: value, called: name)) }
        return .object(TableObject(table))
      },
    ]
  }

  /// The table with what stands around missing values in their place, in some columns or in all: of numbers alone where it lies on a line.
  private static func filled(
    _ table: Table, by filling: Column.Filling, _ first: Value, _ columns: [String]
  ) throws -> Table {
    guard let named = first.isNil ? [] : try ColumnNames.convert(first)?.names else {
      throw ScriptError(.value, "`value` and `by` both say what is put in: give one of them", argument: "by")
    }
    let names = named + columns
    for name in names { _ = try table.column(name, argument: "columns") }
    var filled = table
    for (name, column) in zip(table.names, table.columns)
    where names.isEmpty ? filling != .line || column.asNumbers != nil : names.containsExactly(name) {
      filled.set(name, to: try column.filled(by: filling))
    }
    return filled
  }

  /// The table with a value for each of some columns in the place of what is missing there.
  private static func filled(_ table: Table, _ values: ScriptMap) throws -> Table {
    var filled = table
    for (key, value) in values.entries {
      let name = key.description
      filled.set(name, to: try table.column(name, argument: "value").filled(with: value, called: name))
    }
    return filled
  }

  private static func renamed(_ table: Table, _ map: ScriptMap) throws -> Table {
    var names = table.names
    for (key, value) in map.entries {
      guard let new = String.convert(value) else {
        throw ScriptError(.type, "the name of a column is a string, found \(describe(value))", argument: "names")
      }
      let old = key.description
      _ = try table.column(old, argument: "names")
      for place in names.indices where ExactText.areEqual(table.names[place], old) { names[place] = new }
    }
    if let twice = names.firstRepeated {
      throw ScriptError(.value, "two columns would be called \(Display.quoted(twice))", argument: "names")
    }
    return Table(zip(names, table.columns).map { ($0, $1) }, count: table.count).like(table)
  }
}

extension Column {
  /// Whether a value is of the type of the column, or the column of several types.
  func takes(_ value: Value) -> Bool {
    switch (self, value) {
    case (.numbers, .number), (.texts, .string), (.bools, .bool): return true
    case (.values(let values), _):
      // Most values are of the type of the last one.
      guard let last = values.last(where: { !$0.isNil }), Self.typeName(last) != Self.typeName(value) else {
        return true
      }
      return values.contains { !$0.isNil && Self.typeName($0) != Self.typeName(last) }
    default: return isEmpty
    }
  }

  /// The type of a value in a column of such, where ranges and columns are lists.
  private static func typeName(_ value: Value) -> String {
    switch value {
    case .range: "list"
    case .object(let object): object is any ListLike ? "list" : value.typeName
    default: value.typeName
    }
  }

  /// The column with a value of its type in the place of the missing ones.
  func filled(with value: Value, called name: String? = nil) throws -> Column {
    let value = value.plain
    guard takes(value), !value.isNil else {
      let column = name.map { "the column \(Display.quoted($0)) of \(contents)" } ?? "a column of \(contents)"
      throw ScriptError(.type, "\(column) is not filled with \(describe(value))", argument: "value")
    }
    if case .numbers(let numbers) = self, case .number(let number) = value {
      return .numbers(try Pieces.filled(from: numbers) { MissingNumber.isMissing($0) ? number : $0 })
    }
    // The value once, behind all others.
    let places = try Pieces.map(count) { isMissing(at: $0) ? count : $0 }
    return try Column.joined([self, Column(repeating: value, count: 1)]).picking(places)
  }
}
