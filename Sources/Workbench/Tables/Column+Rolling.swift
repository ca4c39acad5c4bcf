import PixelScript
import Safepoint

extension Column {
  /// What an aggregate makes of the last `size` values at each place, missing ones left out; missing where fewer than `least` are there.
  func rolling(_ aggregate: Aggregate, _ size: Int, least: Int) throws -> Column {
    guard let numbers = asNumbers else {
      throw ScriptError(.type, "`rolling` needs numbers, found values such as \(contents)", argument: "values")
    }
    return .numbers(
      try Pieces.map(count) { place in
        let window = numbers[(size > place ? 0 : place - size + 1)...place]
        try Safepoint.check(after: 2 * window.count)
        let there = window.filter { !MissingNumber.isMissing($0) }
        return there.count < least ? MissingNumber.value : aggregate.figure(of: there)
      })
  }

  /// The values moved down so many places, or up when it is below 0; where none comes they are missing.
  func shifted(by distance: Int) throws -> Column {
    try Safepoint.reserve(8, times: count, for: "a column")
    return try picking(
      (0..<count).map { place in
        let (from, isFar) = place.subtractingReportingOverflow(distance)
        return !isFar && (0..<count).contains(from) ? from : -1
      })
  }
}

extension Aggregate {
  /// What it makes of numbers none of which is missing; missing where it makes nothing of so few.
  fileprivate func figure(of numbers: [Double]) -> Double {
    if self == .count { return Double(numbers.count) }
    guard let first = numbers.first, let last = numbers.last else { return self == .sum ? 0 : MissingNumber.value }
    switch self {
    case .first: return first
    case .last: return last
    case .sum: return numbers.reduce(0, +)
    case .mean: return numbers.reduce(0, +) / Double(numbers.count)
    case .std:
      guard numbers.count > 1 else { return MissingNumber.value }
      let mean = numbers.reduce(0, +) / Double(numbers.count)
      return (numbers.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(numbers.count - 1)).squareRoot()
    case .min, .max, .median, .count:
      if numbers.contains(where: \.isNaN) { return .nan }
      if self == .min { return numbers.min() ?? first }
      if self == .max { return numbers.max() ?? first }
      return Self.quantile(0.5, ofSorted: numbers.sorted())
    }
  }
}
