import PixelScript
import Safepoint

extension Command {
  static var severalParameter: Parameter<Value> { Parameter("values", "a column, a list, or a tensor of one axis") }

  /// What becomes of a value together with those before it.
  static var columnWindows: [Command] {
    [
      Command(
        "rolling", "Takes the mean, or another figure, of each value and those before it, as pandas' rolling.",
        severalParameter,
        Parameter<Int>("size", "how many values, the last one being that at the place"),
        Parameter<Aggregate>("with", "what the values become", default: .mean),
        Parameter<Int?>(
          "least", "the fewest values that make a figure; all when nothing is said, and for `count` none", byName: true),
        example: """
          t = table({loss: [4, 2, 3, 1]})
          print rolling(t.loss, 2), rolling(t.loss, 2, "max", least: 1)  # expect: [nil, 3, 2.5, 2] [4, 4, 3, 3]
          """
      ) { _, values, size, aggregate, least in
        guard size >= 1 else { throw ScriptError(.value, "size must be 1 or more, found \(size)", argument: "size") }
        if let least, !(0...size).contains(least) {
          throw ScriptError(.value, "least must be from 0 to the size \(size), found \(least)", argument: "least")
        }
        let column = try several(values, "rolling")
        // What is there is counted in every window that is full.
        let counted = aggregate == .count && least == nil
        let figures = try column.rolling(aggregate, size, least: counted ? 0 : least ?? size)
        guard counted, case .numbers(var counts) = figures else { return .object(ColumnObject(figures)) }
        for place in 0..<min(size - 1, counts.count) { counts[place] = MissingNumber.value }
        return .object(ColumnObject(.numbers(counts)))
      },
      Command(
        "shift", "Moves values down, so that each stands where the next one was, as pandas' shift.", severalParameter,
        Parameter<Int>("by", "how many places; up when it is below 0", default: 1),
        example: """
          t = table({loss: [4, 2, 3]})
          print shift(t.loss), t.loss - shift(t.loss)  # expect: [nil, 4, 2] [nil, -2, 1]
          """
      ) { _, values, distance in .object(ColumnObject(try several(values, "shift").shifted(by: distance))) },
      smooth,
      running("cumsum", "Takes the running sums of a column, past missing values.", "[1, nil, 4]") { numbers in
        var sum = CompensatedSum()
        return try running(numbers) {
          sum.add($0)
          return sum.value
        }
      },
      running("cumprod", "Takes the running products of a column, past missing values.", "[1, nil, 3]") { numbers in
        var product = 1.0
        return try running(numbers) {
          product *= $0
          return product
        }
      },
      extremes(
        "cummax", "Takes the largest of each value of a column and those before it.", "[1, nil, 3]", isMaximum: true),
      extremes(
        "cummin", "Takes the smallest of each value of a column and those before it.", "[1, nil, 1]", isMaximum: false),
    ]
  }

  /// Exponential means, as TensorBoard smooths curves: those of pandas' `ewm(alpha=1 - weight)`, missing where a value is, which counts as a step.
  private static var smooth: Command {
    Command(
      "smooth", "Takes the mean of each value and those before it, each of which counts less than the next.",
      severalParameter,
      Parameter<Double>("weight", "what a value counts beside the next one, from 0 to below 1", default: 0.9),
      example: """
        t = table({loss: [4, 2, nil, 1]})
        print smooth(t.loss, 0.5), round(smooth([1, 2, 3]), 2)  # expect: [4, 2.6666666666666665, nil, 1.4545454545454546] [1, 1.53, 2.07]
        """
    ) { _, values, weight in
      guard (0..<1).contains(weight) else {
        throw ScriptError(
          .value, "a weight is from 0 to below 1, found \(Display.text(of: weight))",
          help: "a span of n values is `smooth(x, 1 - 2 / (n + 1))`", argument: "weight")
      }
      let numbers = try ColumnObject(try several(values, "smooth")).numbers(for: "smooth", argument: "values")
      var (total, count) = (0.0, 0.0)
      return .object(
        ColumnObject(
          .numbers(
            try Pieces.map(numbers.count) { place in
              (total, count) = (total * weight, count * weight)
              if MissingNumber.isMissing(numbers[place]) { return MissingNumber.value }
              (total, count) = (total + numbers[place], count + 1)
              return total / count
            })))
    }
  }

  private static func extremes(_ name: String, _ summary: String, _ result: String, isMaximum: Bool) -> Command {
    running(name, summary, result) { numbers in
      var best = MissingNumber.value
      return try running(numbers) {
        NumberFigures.take($0, into: &best, isMaximum: isMaximum)
        return best
      }
    }
  }

  /// What becomes of each number that is there.
  @inline(__always)
  private static func running(_ numbers: [Double], _ next: (Double) -> Double) throws -> [Double] {
    try Pieces.map(numbers.count) { place in
      let number = numbers[place]
      return MissingNumber.isMissing(number) ? number : next(number)
    }
  }

  private static func running(
    _ name: String, _ summary: String, _ result: String, _ figures: @escaping ([Double]) throws -> [Double]
  ) -> Command {
    Command(
      name, summary, ListedColumn.parameter,
      example: "print \(name)(table({a: [1, nil, 3]}).a)  # expect: \(result)"
    ) { _, listed in .object(ColumnObject(.numbers(try figures(try listed.column.numbers(for: name))))) }
  }

  static func several(_ value: Value, _ name: String) throws -> Column {
    if let column = try ColumnInput.severalValues(value) { return column }
    throw ScriptError(
      .type, "`\(name)` expects a column, a list, or a tensor of one axis, found \(describe(value))",
      argument: "values")
  }
}
