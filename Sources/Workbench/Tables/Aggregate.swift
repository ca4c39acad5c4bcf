import PixelScript
import Safepoint

/// What many values of a column become: one value for each group of rows, missing where a group has none.
///
/// Missing values are left out; NaN counts, and comes after all numbers, as it does in `sorted`.
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
    case .median: return .numbers(try Self.quantiles(0.5, of: try numbers(of: column, name), keys))
    }
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
    try Pieces.forEach(keys.codes.count) { piece in
      for row in piece where !column.isMissing(at: row) {
        let code = Int(keys.codes[row])
        counts[code] += 1
        if self != .first || places[code] < 0 { places[code] = row }
      }
    }
    return self == .count ? .numbers(counts) : try column.picking(places)
  }

  private func extremes(_ numbers: [Double], _ keys: RowKeys) throws -> Column {
    var best = [Double](repeating: MissingNumber.value, count: keys.count)
    try Pieces.forEach(numbers.count) { piece in
      for row in piece {
        let number = numbers[row]
        if MissingNumber.isMissing(number) { continue }
        let code = Int(keys.codes[row])
        let isBetter =
          MissingNumber.isMissing(best[code])
          || (self == .min ? number < best[code] || best[code].isNaN : number > best[code] || number.isNaN)
        if isBetter { best[code] = number }
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
    var sums = [Double](repeating: 0, count: keys.count)
    var counts = sums
    try Pieces.forEach(numbers.count) { piece in
      for row in piece where !MissingNumber.isMissing(numbers[row]) {
        let code = Int(keys.codes[row])
        sums[code] += numbers[row]
        counts[code] += 1
      }
    }
    return (sums, counts)
  }

  private static func means(_ numbers: [Double], _ keys: RowKeys) throws -> (means: [Double], counts: [Double]) {
    var (means, counts) = try sums(numbers, keys)
    for code in means.indices { means[code] = counts[code] > 0 ? means[code] / counts[code] : MissingNumber.value }
    return (means, counts)
  }

  private static func deviations(_ numbers: [Double], _ keys: RowKeys) throws -> [Double] {
    let (means, counts) = try means(numbers, keys)
    var squares = [Double](repeating: 0, count: keys.count)
    try Pieces.forEach(numbers.count) { piece in
      for row in piece where !MissingNumber.isMissing(numbers[row]) {
        let code = Int(keys.codes[row])
        let distance = numbers[row] - means[code]
        squares[code] += distance * distance
      }
    }
    return squares.indices.map { counts[$0] > 1 ? (squares[$0] / (counts[$0] - 1)).squareRoot() : MissingNumber.value }
  }

  /// The value below which a share of each group lies, between two neighbors in proportion, as NumPy and pandas have it.
  static func quantiles(_ share: Double, of numbers: [Double], _ keys: RowKeys) throws -> [Double] {
    let (rows, starts) = try keys.grouped()
    return try (0..<keys.count).map { code in
      var group = rows[starts[code]..<starts[code + 1]].map { numbers[$0] }.filter { !MissingNumber.isMissing($0) }
      guard !group.isEmpty else { return MissingNumber.value }
      if group.contains(where: \.isNaN) { return .nan }
      if group.count < 1 << 12 {
        group.sort()
      } else {
        try group.sort {
          try Safepoint.check(after: 10)
          return $0 < $1
        }
      }
      return quantile(share, ofSorted: group)
    }
  }

  /// A quantile of numbers in order, of which there is one at least.
  static func quantile(_ share: Double, ofSorted numbers: [Double]) -> Double {
    let place = share * Double(numbers.count - 1)
    let low = Int(place.rounded(.down))
    let high = Swift.min(low + 1, numbers.count - 1)
    let part = place - Double(low)
    return part == 0 ? numbers[low] : numbers[low] + (numbers[high] - numbers[low]) * part
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
    case .numbers: "numbers"
    case .texts: "strings"
    case .bools: "bools"
    case .values(let values):
      values.first { !$0.isNil }.map { "values such as \(describe($0))" } ?? "nothing"
    }
  }
}
