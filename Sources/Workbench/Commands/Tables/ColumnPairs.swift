import PixelScript
import Safepoint

extension Command {
  private static var column: Parameter<ColumnObject> { Parameter("column", "the column") }
  private static var other: Parameter<Value> { Parameter("other", "as many values, or one for all") }

  /// What becomes of two values of each row.
  static var columnPairs: [Command] {
    [
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
          case .value(let value)?: return try Column(repeating: ColumnInput.single(value), count: 1)
          case nil: throw ScriptError(.type, "`where` puts no \(value.typeName) into a column", argument: name)
          }
        }
        let (first, second) = (try side(yes, "yes"), try side(no, "no"))
        let (isOne, isOther) = (first.count != truths.count, second.count != truths.count)
        let places = try Pieces.map(truths.count) { place in
          switch truths[place] {
          case 1: isOne ? 0 : place
          case 0: first.count + (isOther ? 0 : place)
          default: -1
          }
        }
        return .object(ColumnObject(try Column.joined([first, second]).picking(places)))
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
