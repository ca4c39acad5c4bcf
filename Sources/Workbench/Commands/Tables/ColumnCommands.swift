import PixelScript

extension Command {
  private static var column: Parameter<ColumnObject> { Parameter("column", "the column") }

  /// One value from a column; missing values are left out.
  static var columnFigures: [Command] {
    let aggregates: [(Aggregate, String, String)] = [
      (.sum, "Adds the numbers of a column up; true counts as 1.", "6"), (.mean, "Takes the mean of a column.", "2"),
      (.std, "Takes the standard deviation (n - 1) of a column.", "1"),
      (.median, "Takes the median of a column.", "2"),
    ]
    return aggregates.map { aggregate, summary, answer in
      let name = aggregate.rawValue
      return Command(
        name, summary, column, example: "print \(name)(table({a: [1, 2, nil, 3]}).a)  # expect: \(answer)"
      ) { _, column in try figure(aggregate, of: column.column) }
    } + extremes + [
      Command(
        "var", "Takes the variance (n - 1) of a column.", column,
        example: "print var(table({a: [1, 3]}).a)  # expect: 2"
      ) { _, column in
        guard column.column.count > 0 else { return .nil }
        return Column.numbers([try NumberFigures(try column.numbers(for: "var")).variance()])[0]
      },
      Command(
        "quantile", "Takes the value below which a share of a column lies.", column,
        Parameter<Shares>("share", "from 0 to 1, or a list of shares"),
        example: "print quantile(table({a: [0, 1, 2]}).a, [0.25, 0.5])  # expect: [0.5, 1]"
      ) { _, column, shares in
        try shares.check()
        let numbers = try column.numbers(for: "quantile")
        let figures = NumberFigures(numbers)
        let found = try figures.quantiles(shares.numbers)
        return shares.isList ? .object(ColumnObject(.numbers(found))) : Column.numbers(found)[0]
      },
    ] + positions + truths + arrangements
  }

  /// A column without values gives 0 for a sum and nil for the others.
  private static func figure(_ aggregate: Aggregate, of column: Column) throws -> Value {
    if column.count == 0 { return aggregate == .sum ? .number(0) : .nil }
    do { return try aggregate.value(of: column) } catch let error as ScriptError
      where error.kind == .type
    {
      throw ScriptError(
        .type, "`\(aggregate.rawValue)` expects a column of numbers, found one of \(column.contents)",
        argument: "column")
    }
  }

  private static var extremes: [Command] {
    [(Aggregate.min, "smallest", "smaller", "1"), (.max, "largest", "larger", "3")].map {
      aggregate, which, more, answer in
      let name = aggregate.rawValue
      return Command(
        name, "Takes the \(which) value of a column, or the \(more) of each value and another.", column,
        Parameter<Value>("other", "as many values, or one for all", default: .nil),
        example: "print \(name)(table({a: [1, 2, nil, 3]}).a)  # expect: \(answer)"
      ) { _, column, other in
        if other.isNil { return try figure(aggregate, of: column.column) }
        return try pair(column, other, name, isMaximum: aggregate == .max)
      }
    }
  }

  private static var positions: [Command] {
    [(Aggregate.min, "argmin", "smallest"), (.max, "argmax", "largest")].map { aggregate, name, which in
      Command(
        name, "Gives the position of the \(which) value of a column, the first of equal ones.", ListedColumn.parameter,
        example: "print \(name)(table({a: [2, 2, 2]}).a)  # expect: 0"
      ) { _, listed in
        let column = listed.column
        if let numbers = column.column.asNumbers,
          let place = try NumberFigures(numbers).place(ofExtreme: aggregate == .max)
        {
          return .number(place)
        }
        let best = try figure(aggregate, of: column.column)
        let equal = try Column.combined(.equal, .column(column.column), .value(best), count: column.column.count)
        guard !best.isNil, case .bools(let bools)? = equal, let place = bools.firstIndex(of: 1) else {
          throw ScriptError(.value, "`\(name)` found no values that have an order", argument: "column")
        }
        return .number(place)
      }
    }
  }

  private static var truths: [Command] {
    [
      ("any", "Tells whether a value of a column is true, or a number that is not 0.", "true"),
      ("all", "Tells whether every value of a column is true, or a number that is not 0.", "false"),
    ]
    .map { name, summary, answer in
      Command(name, summary, column, example: "print \(name)(table({a: [1, 2]}).a > 1)  # expect: \(answer)") {
        _, column in
        guard let mask = try column.mask ?? column.truths() else {
          throw ScriptError(
            .type, "`\(name)` expects a column of truth values, found one of \(column.column.contents)",
            argument: "column")
        }
        return .bool(name == "any" ? try MaskFigures.isAnyTrue(mask) : try MaskFigures.areAllTrue(mask))
      }
    }
  }

  private static var arrangements: [Command] {
    [
      Command(
        "unique", "Gives the different values of a column, in the order in which they first stand.", column,
        example: "print unique(table({a: [2, 1, 2]}).a)  # expect: [2, 1]"
      ) { _, column in
        let keys = try RowKeys([column.column], rows: column.column.count)
        return .object(ColumnObject(try column.column.picking(keys.firsts)))
      },
      Command(
        "sort", "Gives the values of a column in order, missing ones last.", column,
        Parameter<ScriptFunction?>("by", "a function of a value that gives what they are ordered by"),
        Parameter<Bool>("descending", "the largest first", default: false, byName: true, aliases: ["reverse"]),
        example: "print sort(table({a: [2, nil, 1]}).a)  # expect: [1, 2, nil]"
      ) { context, column, function, descending in
        let keys = try function.map { function in
          try Column(count: column.column.count) { place in
            try context.poll()
            return try context.call(.function(function), column.column[place])
          }
        }
        let order = (name: "", column: keys ?? column.column, descending: descending)
        let places = try RowOrder.places([order], rows: column.column.count)
        return .object(ColumnObject(try column.column.picking(places)))
      },
      Command(
        "to_list", "Gives the values of a column as a list, nil for missing ones.", column,
        example: "print to_list(table({a: [\"x\", nil]}).a)  # expect: [\"x\", nil]"
      ) { _, column in try Value.list(count: column.column.count) { column.column[$0] } },
      Command(
        "isin", "Tells which values of a column are among some others; a missing one is where nil is among them.",
        column,
        Parameter<Value>("values", "a list, a range or a column"),
        example: "print isin(table({a: [\"x\", \"y\"]}).a, [\"y\"])  # expect: [false, true]"
      ) { _, column, values in
        guard let wanted = try ColumnInput.severalValues(values) else {
          throw ScriptError(
            .type, "`isin` expects a list of values, found \(describe(values))", help: "one value is compared by `==`",
            argument: "values")
        }
        return .object(ColumnObject(.bools(try column.column.isAmong(wanted))))
      },
      Command(
        "fill_missing", "Puts a value in the place of the missing ones of a column.", column,
        Parameter<Value>("value", "the value", default: .nil),
        Parameter<Column.Filling?>(
          "by",
          "in place of a value: the one before, the one behind, or numbers on the line between both, none at the ends",
          byName: true,
          aliases: ["method"]),
        example: """
          a = table({a: [1, nil, 3]}).a
          print fill_missing(a, 0), fill_missing(a, by: "previous"), fill_missing(a, by: "line")
          # expect: [1, 0, 3] [1, 1, 3] [1, 2, 3]
          """
      ) { _, column, value, filling in
        guard let filling else { return .object(ColumnObject(try column.column.filled(with: value))) }
        guard value.isNil else {
          throw ScriptError(.value, "`value` and `by` both say what is put in: give one of them", argument: "by")
        }
        return .object(ColumnObject(try column.column.filled(by: filling)))
      },
    ]
  }
}
