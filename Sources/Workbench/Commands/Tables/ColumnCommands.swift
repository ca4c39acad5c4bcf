import PixelScript

extension Command {
  private static var column: Parameter<ColumnObject> { Parameter("column", "the column") }

  /// Places, truths and orders of the values of a column.
  static var columnArrangements: [Command] { positions + truths + orders + arrangements }

  private static var positions: [Command] {
    [(Aggregate.min, "argmin", "smallest"), (.max, "argmax", "largest")].map { aggregate, name, which in
      Command(
        name, "Gives the position of the \(which) value of a column, the first of equal ones.", ListedColumn.parameter,
        ColumnAxis.parameter, ColumnAxis.keep, example: "print \(name)(table({a: [2, 2, 2]}).a)  # expect: 0"
      ) { _, listed, axis, keep in
        let column = listed.column
        func kept(_ place: Int) throws -> Value { try ColumnAxis.kept(.number(place), keep) }
        try axis?.check(column)
        if let numbers = column.column.asNumbers,
          let place = try NumberFigures(numbers).place(ofExtreme: aggregate == .max)
        {
          return try kept(place)
        }
        let best = try aggregate.figure(of: column.column)
        let equal = try Column.combined(.equal, .column(column.column), .value(best), count: column.column.count)
        guard !best.isNil, case .bools(let bools)? = equal, let place = bools.firstIndex(of: 1) else {
          throw ScriptError(.value, "`\(name)` found no values that have an order", argument: "column")
        }
        return try kept(place)
      }
    }
  }

  private static var truths: [Command] {
    [
      ("any", "Tells whether a value of a column is true, or a number that is not 0.", "true"),
      ("all", "Tells whether every value of a column is true, or a number that is not 0.", "false"),
    ]
    .map { name, summary, answer in
      Command(
        name, summary, column, ColumnAxis.parameter, ColumnAxis.keep,
        example: "print \(name)(table({a: [1, 2]}).a > 1)  # expect: \(answer)"
      ) { _, column, axis, keep in
        try axis?.check(column)
        guard let mask = try column.mask ?? column.truths() else {
          throw ScriptError(
            .type, "`\(name)` expects a column of truth values, found one of \(column.column.contents)",
            argument: "column")
        }
        let (truths, present) = try MaskFigures.counts(mask)
        let truth = name == "any" ? truths > 0 : truths == present
        return try ColumnAxis.kept(.bool(truth), keep)
      }
    }
  }

  private static var orders: [Command] {
    ["sort", "sorted"].map { name in
      Command(
        name, "Gives the values of a column in order, missing ones last.", column,
        Parameter<ScriptFunction?>("by", "a function of a value that gives what they are ordered by"),
        Parameter<Bool>("descending", "the largest first", default: false, byName: true, aliases: ["reverse"]),
        example: "print \(name)(table({a: [2, nil, 1]}).a)  # expect: [1, 2, nil]"
      ) { context, column, function, descending in
        let keys = try function.map { function in
          try Column(count: column.column.count) { place in
            try context.poll()
            return try context.call(.function(function), column.column[place])
          }
        }
        let order = (name: "", column: keys ?? column.column, descending: descending)
        let places = try RowOrder.places([order], rows: column.column.count)
        let ordered = try column.column.picking(places)
        // As of everything else, `sorted` is a list.
        if name == "sorted" { return try Value.list(count: ordered.count) { ordered[$0] } }
        return .object(ColumnObject(ordered))
      }
    } + [
      Command(
        "topk",
        "Takes the largest values of a column, in order; what is missing, and NaN, comes last. Gives columns, `values` and `indices`.",
        column, Parameter<Int>("k", "how many"), ColumnAxis.parameter,
        Parameter<Bool>("largest", "false for the smallest", default: true, byName: true),
        example: """
          t = table({a: [3, nil, 9, 4]})
          print topk(t.a, 2).values, t[topk(t.a, 2).indices].a  # expect: [9, 4] [9, 4]
          """
      ) { _, column, k, axis, largest in
        try axis?.check(column)
        let column = column.column
        guard (0...column.count).contains(k) else {
          throw ScriptError(.value, "`topk` takes from 0 to \(column.count) values, found \(k)", argument: "k")
        }
        let places = try RowOrder.first(k, of: column, "values", descending: largest)
        return .object(
          NamedValues(entries: [
            ("values", .object(ColumnObject(try column.picking(places)))),
            ("indices", .object(ColumnObject(.numbers(places.map(Double.init))))),
          ]))
      }
    ]
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
        Column.Filling.parameter,
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
