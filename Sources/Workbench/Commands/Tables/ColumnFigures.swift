import Foundation
import PixelScript
import Safepoint
import Tensors

/// The axis of a column, which has one.
struct ColumnAxis: ScriptConvertible {
  private let axes: Axes

  static let scriptName = Axes.scriptName

  /// The parameter of commands that make one value of a column, as that of those that reduce a tensor.
  static var parameter: Parameter<ColumnAxis?> {
    Parameter("axis", "0, the only one that a column has", aliases: ["dim"])
  }
  /// As `parameter`, where another value stands second.
  static var named: Parameter<ColumnAxis?> {
    Parameter("axis", "0, the only one that a column has", byName: true, aliases: ["dim"])
  }
  static var keep: Parameter<Bool> {
    Parameter("keep", "give a column of one value", default: false, byName: true, aliases: ["keepdim"])
  }

  static func convert(_ value: Value) throws(Stopped) -> ColumnAxis? { try Axes.convert(value).map(ColumnAxis.init) }

  var scriptValue: Value { axes.scriptValue }

  /// Throws a shape error unless the column has the axis.
  func check(_ column: ColumnObject) throws { _ = try axes.resolved(in: [column.column.count]) }

  /// A figure, or a column that holds it alone.
  static func kept(_ figure: Value, _ keep: Bool) throws -> Value {
    keep ? .object(ColumnObject(try Column(repeating: figure, count: 1))) : figure
  }
}

extension Command {
  private static var column: Parameter<ColumnObject> { Parameter("column", "the column") }

  /// One value from a column in double precision; missing values are left out.
  static var columnFigures: [Command] { averages + extremes + [columnHistogram] + columnArrangements }

  private static var averages: [Command] {
    let correction = Parameter<Double>(
      "correction", "taken off the count that the sum of squares is divided by", default: 1, byName: true)
    return [
      figure("sum", "Adds the numbers of a column up; true counts as 1.", "[1, 2, nil, 3]", "6") {
        try Aggregate.sum.figure(of: $0.column)
      },
      figure("prod", "Multiplies the numbers of a column.", "[2, nil, 3]", "6") {
        .number(try NumberFigures(try $0.numbers(for: "prod")).product())
      },
      figure("mean", "Takes the mean of a column.", "[1, 2, nil, 3]", "2") { try Aggregate.mean.figure(of: $0.column) },
      figure("median", "Takes the median of a column.", "[1, 2, nil, 3]", "2") {
        try Aggregate.median.figure(of: $0.column)
      },
      figure(
        "logsumexp", "Takes the logarithm of the sum of e to the power of the numbers of a column, without overflow.",
        "[1000, nil]", "1000"
      ) { Column.numbers([try NumberFigures(try $0.numbers(for: "logsumexp")).logSumExp()])[0] },
      Command(
        "norm", "Takes the Euclidean norm of a column or a list, or another one.", ListedColumn.parameter,
        ColumnAxis.parameter, ColumnAxis.keep, NormOrder.parameter,
        example: "print norm(table({a: [3, nil, 4]}).a), norm([3, -4], p: 1)  # expect: 5 7"
      ) { _, listed, axis, keep, order in
        try axis?.check(listed.column)
        let figures = NumberFigures(try listed.column.numbers(for: "norm"))
        return try ColumnAxis.kept(Column.numbers([try figures.norm(order.number)])[0], keep)
      },
      Command(
        "std", "Takes the standard deviation (n - 1) of a column.", column, ColumnAxis.parameter, ColumnAxis.keep,
        correction, example: "print std(table({a: [1, 2, nil, 3]}).a)  # expect: 1"
      ) { _, column, axis, keep, correction in
        try axis?.check(column)
        let figures = NumberFigures(try column.numbers(for: "std"))
        return try ColumnAxis.kept(
          Column.numbers([try figures.deviation(correction: correction)])[0], keep)
      },
      Command(
        "var", "Takes the variance (n - 1) of a column.", column, ColumnAxis.parameter, ColumnAxis.keep, correction,
        example: "print var(table({a: [1, 3]}).a), var(table({a: [1, 3]}).a, correction: 0)  # expect: 2 1"
      ) { _, column, axis, keep, correction in
        try axis?.check(column)
        let figures = NumberFigures(try column.numbers(for: "var"))
        return try ColumnAxis.kept(Column.numbers([try figures.variance(correction: correction)])[0], keep)
      },
      Command(
        "quantile", "Takes the value below which a share of a column lies.", column,
        Parameter<PixelScript.Shares>("share", "from 0 to 1, or a list of shares"), ColumnAxis.parameter,
        ColumnAxis.keep,
        example: "print quantile(table({a: [0, 1, 2]}).a, [0.25, 0.5])  # expect: [0.5, 1]"
      ) { _, column, shares, axis, keep in
        try axis?.check(column)
        try shares.check()
        let found = try NumberFigures(try column.numbers(for: "quantile")).quantiles(shares.numbers)
        return shares.isList
          ? .object(ColumnObject(.numbers(found))) : try ColumnAxis.kept(Column.numbers(found)[0], keep)
      },
    ]
  }

  private static func figure(
    _ name: String, _ summary: String, _ values: String, _ answer: String,
    _ body: @escaping (ColumnObject) throws -> Value
  ) -> Command {
    Command(
      name, summary, column, ColumnAxis.parameter, ColumnAxis.keep,
      example: "print \(name)(table({a: \(values)}).a)  # expect: \(answer)"
    ) { _, column, axis, keep in
      try axis?.check(column)
      return try ColumnAxis.kept(try body(column), keep)
    }
  }

  private static var extremes: [Command] {
    [(Aggregate.min, "smallest", "smaller", "1"), (.max, "largest", "larger", "3")].map {
      aggregate, which, more, answer in
      let name = aggregate.rawValue
      return Command(
        name, "Takes the \(which) value of a column, or the \(more) of each value and another.", column,
        Parameter<Value>("other", "as many values, or one for all", default: .nil), ColumnAxis.named, ColumnAxis.keep,
        example: "print \(name)(table({a: [1, 2, nil, 3]}).a)  # expect: \(answer)"
      ) { _, column, other, axis, keep in
        try axis?.check(column)
        if other.isNil { return try ColumnAxis.kept(try aggregate.figure(of: column.column), keep) }
        if axis != nil || keep {
          throw ScriptError(
            .value, "`\(name)` compares two columns, or reduces one along an axis",
            argument: axis == nil ? "keep" : "axis")
        }
        return try pair(column, other, name, isMaximum: aggregate == .max)
      }
    }
  }
}

extension Aggregate {
  /// The figure of a column: of one without values 0 for a sum and nil for the others.
  func figure(of column: Column) throws -> Value {
    if column.count == 0 { return self == .sum ? .number(0) : .nil }
    do { return try value(of: column) } catch let error as ScriptError where error.kind == .type {
      throw ScriptError(
        .type, "`\(rawValue)` expects a column of numbers, found one of \(column.contents)", argument: "column")
    }
  }
}

extension NumberFigures {
  /// The product, 1 where nothing is there.
  func product() throws -> Double {
    try folded(1, { $0 * $1 }) { $0 * $1 }
  }

  /// The logarithm of the sum of e to the power of the numbers, missing where nothing is there.
  func logSumExp() throws -> Double {
    let most = try folded(-Double.infinity, Self.larger, Self.larger)
    guard try count() > 0, most.isFinite else { return try count() > 0 ? most : MissingNumber.value }
    return most + Foundation.log(try total { Foundation.exp($0 - most) }.value)
  }

  /// The sum of the powers of the distances from 0, and the root of it; the largest or smallest distance for an order without end, and how
  /// many are not 0 for 0. Missing where nothing is there for an order that has no norm of nothing, as the largest of nothing.
  func norm(_ order: Double) throws -> Double {
    if order == .infinity || order < 0, try count() == 0 { return MissingNumber.value }
    return switch order {
    case .infinity: try folded(0, { Self.larger($0, abs($1)) }, Self.larger)
    case -.infinity: try folded(.infinity, { Self.smaller($0, abs($1)) }, Self.smaller)
    case 0: try total { $0 == 0 ? 0 : 1 }.value
    case 1: try total { abs($0) }.value
    default: try scaledNorm(order)
    }
  }

  /// Distances are taken as shares of the largest where their powers would be no numbers any more.
  private func scaledNorm(_ order: Double) throws -> Double {
    if order == 2 {
      let squares = try sumOfSquares()
      if squares > 1e-200, squares < 1e300 { return squares.squareRoot() }
    }
    let most = try folded(0, { Self.larger($0, abs($1)) }, Self.larger)
    guard most.isFinite, most > 0 else { return most }
    let total = try total { order == 2 ? ($0 / most) * ($0 / most) : pow(abs($0) / most, order) }.value
    return most * (order == 2 ? total.squareRoot() : pow(total, 1 / order))
  }

  private static func larger(_ a: Double, _ b: Double) -> Double { a.isNaN || b.isNaN ? .nan : Swift.max(a, b) }
  private static func smaller(_ a: Double, _ b: Double) -> Double { a.isNaN || b.isNaN ? .nan : Swift.min(a, b) }
}
