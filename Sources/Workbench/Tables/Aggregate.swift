import PixelScript
import Safepoint
import Tensors

/// What many values of a column become: one value for each group of rows, missing where a group has none.
///
/// Missing values are left out; NaN counts, but is no extreme as long as there is a number.
enum Aggregate: String, CaseIterable {
  case mean, std, sum, min, max, median, count, first, last

  /// What it says of itself in help.
  var summary: String {
    switch self {
    case .mean: "the columns whose means to take"
    case .std: "the columns whose standard deviations (n - 1) to take"
    case .sum: "the columns to add up"
    case .min: "the columns whose smallest values to take"
    case .max: "the columns whose largest values to take"
    case .median: "the columns whose medians to take"
    case .count: "the columns whose values to count; true counts rows"
    case .first: "the columns whose first values to take"
    case .last: "the columns whose last values to take"
    }
  }

  /// The values of a column for each group; throws a type error where they need numbers and the column, called `name`, has others.
  func values(of column: Column, _ name: String, in keys: RowKeys) throws -> Column {
    try Safepoint.reserve(16, times: keys.count, for: "a column")
    switch self {
    case .first, .last, .count: return try byPlace(column, keys)
    case .min, .max:
      if case .texts = column { return try extremes(of: column, name, keys) }
      return try extremes(try numbers(of: column, name), keys)
    case .sum: return .numbers(try Self.sums(try numbers(of: column, name), keys).sums)
    case .mean: return .numbers(try Self.means(try numbers(of: column, name), keys).means)
    case .std: return .numbers(try Self.deviations(try numbers(of: column, name), keys))
    case .median: return .numbers(try Self.medians(of: try numbers(of: column, name), keys))
    }
  }

  /// The value of a whole column, nil where it has none.
  func value(of column: Column) throws -> Value {
    guard let numbers = column.asNumbers, self != .first, self != .last, self != .count else {
      return column.count == 0 ? .nil : try values(of: column, "", in: try RowKeys([], rows: column.count))[0]
    }
    let figures = NumberFigures(numbers)
    let figure =
      switch self {
      case .sum: try figures.sum().sum
      case .mean: try figures.mean()
      case .std: try figures.variance().squareRoot()
      case .median: try figures.quantile(0.5)
      default: try figures.extreme(isMaximum: self == .max)
      }
    return Column.numbers([figure])[0]
  }

  /// The numbers of a column, 0 and 1 for truth values.
  private func numbers(of column: Column, _ name: String) throws(ScriptError) -> [Double] {
    if let numbers = column.asNumbers { return numbers }
    throw ScriptError(
      .type, "`\(rawValue)` needs numbers, and the column \(Display.quoted(name)) holds \(column.contents)",
      argument: rawValue)
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

  private func extremes(_ numbers: [Double], _ keys: RowKeys) throws -> Column {
    var best = [Double](repeating: MissingNumber.value, count: keys.count)
    try Pieces.forEach(numbers.count) { piece in
      for row in piece {
        NumberFigures.take(numbers[row], into: &best[Int(keys.codes[row])], isMaximum: self == .max)
      }
    }
    return .numbers(best)
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

  /// The sums and the counts of each group, both from the numbers that are there.
  private static func sums(_ numbers: [Double], _ keys: RowKeys) throws -> (sums: [Double], counts: [Double]) {
    let codes = keys.codes
    // Few groups are added up in parts, which depend on the sizes alone.
    let parts = try Pieces.parts(numbers.count, most: 64 * keys.count <= numbers.count ? 16 : 1) { part in
      var sums = [Double](repeating: 0, count: keys.count)
      var counts = sums
      try Pieces.forEach(part) { piece in
        for row in piece where !MissingNumber.isMissing(numbers[row]) {
          let code = Int(codes[row])
          sums[code] += numbers[row]
          counts[code] += 1
        }
      }
      return (sums: sums, counts: counts)
    }
    return parts.dropFirst().reduce(into: parts[0]) { total, part in
      for code in total.sums.indices {
        total.sums[code] += part.sums[code]
        total.counts[code] += part.counts[code]
      }
    }
  }

  private static func means(_ numbers: [Double], _ keys: RowKeys) throws -> (means: [Double], counts: [Double]) {
    var (means, counts) = try sums(numbers, keys)
    for code in means.indices { means[code] = counts[code] > 0 ? means[code] / counts[code] : MissingNumber.value }
    return (means, counts)
  }

  private static func deviations(_ numbers: [Double], _ keys: RowKeys) throws -> [Double] {
    let (means, counts) = try means(numbers, keys)
    let codes = keys.codes
    let distances = try Pieces.filled(numbers.count) { row in
      MissingNumber.isMissing(numbers[row]) ? MissingNumber.value : numbers[row] - means[Int(codes[row])]
    }
    // What the distances add up to, as means are rounded.
    let rest = try sums(distances, keys).sums
    let squares = try sums(try Pieces.filled(numbers.count) { distances[$0] * distances[$0] }, keys).sums
    return squares.indices.map { group in
      guard counts[group] > 1 else { return MissingNumber.value }
      let square = squares[group] - rest[group] * (rest[group] / counts[group])
      return (Swift.max(square, 0) / (counts[group] - 1)).squareRoot()
    }
  }

  private static func medians(of numbers: [Double], _ keys: RowKeys) throws -> [Double] {
    let (gathered, starts, ends) = try keys.gathered(numbers)
    let parts = Swift.min(keys.count, 32)
    return try Parallel.map(parts, threads: Parallel.available) { part -> [Double] in
      let codes = keys.count * part / parts..<keys.count * (part + 1) / parts
      let first = starts[codes.lowerBound]
      var numbers = Array(gathered[first..<starts[codes.upperBound]])
      return try codes.map { code in
        let group = starts[code] - first..<ends[code] - first
        return numbers[group].contains(where: \.isNaN) ? .nan : try numbers.quantile(0.5, in: group)
      }
    }.flatMap { $0 }
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
