import PixelScript
import Safepoint
import Tensors

/// What many values of a column become: one value for each group of rows, missing where a group has none.
///
/// Missing values are left out; NaN counts, but is no extreme as long as there is a number.
enum Aggregate: String, CaseIterable {
  case mean, std, sem, `var`, sum, prod, min, max, median, count, unique, first, last

  /// What it says of itself in help.
  var summary: String {
    switch self {
    case .mean: "the columns whose means to take"
    case .std: "the columns whose standard deviations (n - 1) to take"
    case .sem: "the columns whose standard errors of the mean to take"
    case .var: "the columns whose variances (n - 1) to take"
    case .sum: "the columns to add up"
    case .prod: "the columns to multiply"
    case .min: "the columns whose smallest values to take"
    case .max: "the columns whose largest values to take"
    case .median: "the columns whose medians to take"
    case .count: "the columns whose values to count; true counts rows"
    case .unique: "the columns whose different values to count"
    case .first: "the columns whose first values to take"
    case .last: "the columns whose last values to take"
    }
  }

  /// The values of a column for each group; throws a type error where they need numbers and the column, called `name`, has others.
  ///
  /// What several figures of the numbers of groups have in common is kept in `figures`.
  func values(
    of column: Column, _ name: String, in keys: RowKeys, _ figures: inout GroupFigures?
  ) throws -> Column {
    try Safepoint.reserve(16, times: keys.count, for: "a column")
    switch self {
    case .first, .last, .count: return try byPlace(column, keys)
    case .unique: return .numbers(try Self.different(column, keys))
    case .min, .max: if case .texts = column { return try extremes(of: column, name, keys) }
    default: break
    }
    var own = try figures ?? GroupFigures(try numbers(of: column, name), keys)
    defer { figures = own }
    switch self {
    case .sum: return .numbers(try own.sums())
    case .mean: return .numbers(try own.means())
    case .var: return .numbers(try own.variances())
    case .std: return .numbers(try own.deviations())
    case .sem: return .numbers(try own.errors())
    case .prod: return .numbers(try own.products())
    case .median: return .numbers(try own.quantiles(0.5))
    default: return .numbers(try own.extremes(isMaximum: self == .max))
    }
  }

  /// The value of a whole column, nil where it has none.
  func value(of column: Column) throws -> Value {
    if case .bools(let bools) = column, self == .sum || self == .mean {
      let (truths, present) = try MaskFigures.counts(bools)
      return self == .sum ? .number(truths) : present == 0 ? .nil : .number(Double(truths) / Double(present))
    }
    guard let numbers = column.asNumbers, ![.first, .last, .count, .unique].contains(self) else {
      var figures: GroupFigures?
      return column.count == 0
        ? .nil : try values(of: column, "", in: try RowKeys([], rows: column.count), &figures)[0]
    }
    let figures = NumberFigures(numbers)
    let figure =
      switch self {
      case .sum: try figures.sum()
      case .prod: try figures.product()
      case .mean: try figures.mean()
      case .var: try figures.variance()
      case .std: try figures.deviation()
      case .sem: try figures.error()
      case .median: try figures.quantile(0.5)
      default: try figures.extreme(isMaximum: self == .max)
      }
    return Column.numbers([figure])[0]
  }

  /// The numbers of a column, 0 and 1 for truth values.
  private func numbers(of column: Column, _ name: String) throws(ScriptError) -> [Double] {
    try column.numbers(called: name, for: rawValue)
  }

  private func byPlace(_ column: Column, _ keys: RowKeys) throws -> Column {
    var counts = [Double](repeating: 0, count: keys.count)
    var places = [Int](repeating: -1, count: keys.count)
    @inline(__always) func go(_ isThere: (Int) -> Bool) throws {
      try Pieces.forEach(keys.codes.count) { piece in
        for row in piece where isThere(row) {
          let code = Int(keys.codes[row])
          counts[code] += 1
          if self != .first || places[code] < 0 { places[code] = row }
        }
      }
    }
    switch column {
    case .numbers(let numbers): try go { !MissingNumber.isMissing(numbers[$0]) }
    case .texts(let texts):
      let codes = texts.codes
      try go { codes[$0] >= 0 }
    default: try go { !column.isMissing(at: $0) }
    }
    return self == .count ? .numbers(counts) : try column.picking(places)
  }

  /// How many different values each group has.
  private static func different(_ column: Column, _ keys: RowKeys) throws -> [Double] {
    let codes = keys.codes
    let pairs = try RowKeys(
      [.numbers(try Pieces.filled(codes.count) { Double(codes[$0]) }), column], rows: codes.count)
    var counts = [Double](repeating: 0, count: keys.count)
    for row in pairs.firsts where !column.isMissing(at: row) { counts[Int(codes[row])] += 1 }
    return counts
  }

  private func extremes(of column: Column, _ name: String, _ keys: RowKeys) throws -> Column {
    var places = [Int](repeating: -1, count: keys.count)
    for row in try RowOrder.places([(name, column, self == .max)], rows: column.count) where !column.isMissing(at: row)
    {
      let code = Int(keys.codes[row])
      if places[code] < 0 { places[code] = row }
    }
    return try column.picking(places)
  }
}

extension Column {
  /// The numbers, 0 and 1 for truth values, missing ones where no value is there; nil for other values.
  var asNumbers: [Double]? {
    switch self {
    case .numbers(let numbers): numbers
    case .bools(let bools): bools.map { $0 == Self.missingBool ? MissingNumber.value : Double($0) }
    default: count > 0 && isEmpty ? Array(repeating: MissingNumber.value, count: count) : nil
    }
  }

  /// The numbers of the column of a table for a figure of its groups.
  func numbers(called name: String, for figure: String) throws(ScriptError) -> [Double] {
    if let numbers = asNumbers { return numbers }
    throw ScriptError(
      .type, "`\(figure)` needs numbers, and the column \(Display.quoted(name)) holds \(contents)", argument: figure)
  }

  /// What it holds, in the plural, for errors.
  var contents: String {
    switch self {
    case .numbers: return "numbers"
    case .texts: return "strings"
    case .bools: return "bools"
    case .values(let values):
      guard let first = values.first(where: { !$0.isNil }) else { return "nothing" }
      guard let place = values.firstIndex(where: { !$0.isNil && $0.typeName != first.typeName }) else {
        return "values such as \(describe(first))"
      }
      return "values of several types, such as \(describe(first)) and, at position \(place), \(describe(values[place]))"
    }
  }
}
