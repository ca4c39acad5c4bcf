import PixelScript
import Tensors

extension Command {
  private static var column: Parameter<ColumnObject> { Parameter("column", "the column") }

  /// Functions of every number of a column.
  static var columnMathematics: [Command] {
    let functions: [(String, String, String, String, NumberFunction)] = [
      ("abs", "Takes the sign off every number of a column.", "-2", "2", .abs),
      ("sqrt", "Takes the square root of every number of a column.", "9", "3", .sqrt),
      ("exp", "Takes the exponential of every number of a column.", "0", "1", .exp),
      ("log", "Takes the natural logarithm of every number of a column.", "1", "0", .log),
      ("log2", "Takes the logarithm to the base 2 of every number of a column.", "8", "3", .log2),
      ("sin", "Takes the sine of every number of a column.", "0", "0", .sin),
      ("cos", "Takes the cosine of every number of a column.", "0", "1", .cos),
      ("tan", "Takes the tangent of every number of a column.", "0", "0", .tan),
      ("tanh", "Takes the hyperbolic tangent of every number of a column.", "0", "0", .tanh),
      ("floor", "Rounds every number of a column down.", "1.5", "1", .floor),
      ("ceil", "Rounds every number of a column up.", "1.5", "2", .ceil),
    ]
    let kinds: [(String, String, String, NumberComparison)] = [
      ("isnan", "Tells which numbers of a column are NaN or missing.", "[true, false]", .isNaN),
      ("isinf", "Tells which numbers of a column are infinite.", "[false, false]", .isInfinite),
    ]
    return functions.map { name, summary, input, output, function in
      Command(
        name, summary, column, example: "print \(name)(table({a: [\(input)]}).a)  # expect: [\(output)]"
      ) { _, column in
        .object(ColumnObject(.numbers(try NumberKernels.map(function, try column.numbers(for: name)))))
      }
    }
      + kinds.map { name, summary, output, question in
        Command(
          name, summary, column, example: "print \(name)(table({a: [nil, 1]}).a)  # expect: \(output)"
        ) { _, column in
          let numbers = try column.numbers(for: name)
          return .object(ColumnObject(.bools(try NumberKernels.test(question, numbers))))
        }
      } + [
        Command(
          "round", "Rounds every number of a column; halves go to the even neighbor.", column,
          Parameter<Int>("digits", "after the point", default: 0),
          example: "print round(table({a: [1.26]}).a, 1)  # expect: [1.3]"
        ) { _, column, digits in
          guard (-300...300).contains(digits) else {
            throw ScriptError(.value, "digits must be from -300 to 300, found \(digits)", argument: "digits")
          }
          let numbers = try column.numbers(for: "round")
          return .object(ColumnObject(.numbers(try ColumnRounding.rounded(numbers, digits: digits))))
        }
      ]
  }
}
