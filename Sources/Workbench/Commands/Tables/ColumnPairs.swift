import PixelScript
import Safepoint

extension Command {
  private static var column: Parameter<ColumnObject> { Parameter("column", "the column") }
  private static var other: Parameter<Value> { Parameter("other", "as many values, or one for all") }

  /// What becomes of two values of each row.
  static var columnPairs: [Command] {
    [
      Command(
        "clamp", "Holds every number of a column between two bounds, as pandas' clip.", column,
        Parameter<Double?>("min", "the lower bound"), Parameter<Double?>("max", "the upper bound"),
        example: "print clamp(table({a: [1, 5, nil]}).a, 2, 3)  # expect: [2, 3, nil]"
      ) { _, column, low, high in
        let numbers = try column.numbers(for: "clamp")
        let (low, high) = (low ?? -.infinity, high ?? .infinity)
        guard low <= high else {
          throw ScriptError(
            .value, "`clamp` needs min <= max, found \(Display.text(of: low)) and \(Display.text(of: high))",
            argument: "min")
        }
        return .object(
          ColumnObject(
            .numbers(
              try Pieces.filled(from: numbers) { number in number < low ? low : number > high ? high : number })))
      },
      Command(
        "corr",
        "Takes the correlation of two columns or lists (Pearson); rows where one is missing or NaN are left out.",
        ListedColumn.parameter,
        Parameter<Value>("other", "the other column or list, or a tensor of one axis"),
        example: """
          print corr(table({a: [1, 2, 3]}).a, table({b: [2, 4, 6]}).b), corr([1, 2, 3], [3, 2, 1])  # expect: 1 -1
          """
      ) { _, listed, other in
        guard let others = try ColumnInput.severalValues(other) else {
          throw ScriptError(.type, "`corr` expects a column or a list, found \(describe(other))", argument: "other")
        }
        let (a, b) = (try listed.column.numbers(for: "corr"), try ColumnObject(others).numbers(for: "corr"))
        guard a.count == b.count else {
          throw ScriptError(
            .value, "`corr` expects as many values twice, found \(a.count) and \(b.count)",
            argument: "other")
        }
        return Column.numbers([try NumberPairs(a, b).correlation()])[0]
      },
      Command(
        "corr", "Takes the correlations (Pearson) of columns of numbers with each other, as a table.", tableParameter,
        Parameter<Variadic<ColumnNames>>(
          "columns", "the columns; all of numbers and truth values when none is named", completion: .column),
        example: "print corr(table({a: [1, 2, 3], b: [3, 2, 1], c: \"x\"})).b  # expect: [-1, 1]"
      ) { _, t, columns in .object(TableObject(try t.table.correlations(columns.names))) },
      extreme("maximum", "Takes the larger of each value of a column and another.", "[2, 3]", isMaximum: true),
      extreme("minimum", "Takes the smaller of each value of a column and another.", "[1, 2]", isMaximum: false),
      Command(
        "where", "Takes values where a column of truth values is true, and others elsewhere.",
        Parameter<ColumnObject>("mask", "the column of truth values"),
        Parameter<Value>("yes", "as many values, or one, taken where it is true"),
        Parameter<Value>("no", "taken elsewhere"),
        example: """
          t = table({loss: [1, 3]})
          print where(t.loss < 2, "good", "bad")  # expect: ["good", "bad"]
          """
      ) { context, mask, yes, no in
        guard let truths = mask.mask else {
          throw ScriptError(
            .type, "`where` expects a column of truth values, found one of \(mask.column.contents)", argument: "mask")
        }
        if let choice = try chosen(mask, yes, no, context) { return .object(choice) }
        func side(_ value: Value, _ name: String) throws -> Column {
          switch try mask.operand(value) {
          case .column(let column)?: return column
          case .value(let value)?: return try Column(repeating: value.plain, count: 1)
          case nil: throw ScriptError(.type, "`where` puts no \(value.typeName) into a column", argument: name)
          }
        }
        let (first, second) = (try side(yes, "yes"), try side(no, "no"))
        return .object(ColumnObject(try Column.chosen(truths, first, second)))
      },
    ]
  }

  /// What a mask chooses of tensors, one at least; nil for other values.
  private static func chosen(
    _ mask: ColumnObject, _ yes: Value, _ no: Value, _ context: CallContext
  ) throws -> TensorObject? {
    func isTensor(_ value: Value) -> Bool { if case .object(_ as TensorObject) = value { true } else { false } }
    guard isTensor(yes) || isTensor(no), let mask = try mask.tensor(), let yes = try TensorOperand.convert(yes),
      let no = try TensorOperand.convert(no)
    else { return nil }
    return try choosing(mask, yes, no, context)
  }

  private static func extreme(_ name: String, _ summary: String, _ result: String, isMaximum: Bool) -> Command {
    Command(
      name, summary, column, other, example: "print \(name)(table({a: [1, 3]}).a, 2)  # expect: \(result)"
    ) { _, column, other in try pair(column, other, name, isMaximum: isMaximum) }
  }

  /// The larger or smaller of each value of a column and another.
  static func pair(_ column: ColumnObject, _ other: Value, _ name: String, isMaximum: Bool) throws -> Value {
    if let result = try column.extreme(with: other, isMaximum: isMaximum) { return result }
    throw ScriptError(
      .type, "`\(name)` does not compare a column of \(column.column.contents) with \(describe(other))",
      argument: "other")
  }
}
