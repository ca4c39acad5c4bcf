import PixelScript
import Safepoint

extension Column {
  /// What an aggregate makes of the last `size` values at each place, missing ones left out; missing where fewer than `least` are there.
  func rolling(_ aggregate: Aggregate, _ size: Int, least: Int) throws -> Column {
    guard let numbers = asNumbers else {
      throw ScriptError(.type, "`rolling` needs numbers, found values such as \(contents)", argument: "values")
    }
    let ends = try Pieces.map(count) { place -> Double in
      let start = size > place ? 0 : place - size + 1
      try Safepoint.check(after: 2 * (place - start + 1))
      return aggregate.figure(of: numbers, start...place, least: least)
    }
    return .numbers(ends)
  }

  /// The values moved down so many places, or up when it is below 0; where none comes they are missing.
  func shifted(by distance: Int) throws -> Column {
    try Safepoint.reserve(16, times: count, for: "a column")
    let (free, kept) = (Int(min(distance.magnitude, UInt(count))), count - Int(min(distance.magnitude, UInt(count))))
    if case .numbers(let numbers) = self {
      let missing = [Double](repeating: MissingNumber.value, count: free)
      return .numbers(distance > 0 ? missing + numbers.prefix(kept) : numbers.suffix(kept) + missing)
    }
    let missing = [Int](repeating: -1, count: free)
    return try picking(distance > 0 ? missing + Array(0..<kept) : Array(free..<count) + missing)
  }
}

extension Aggregate {
  /// What it makes of the numbers at some places, missing ones left out; missing where fewer than `least` are there.
  fileprivate func figure(of numbers: [Double], _ places: ClosedRange<Int>, least: Int) -> Double {
    var (count, sum, low, high, isNaN) = (0, 0.0, Double.infinity, -Double.infinity, false)
    for place in places where !MissingNumber.isMissing(numbers[place]) {
      let number = numbers[place]
      count += 1
      sum += number
      low = Swift.min(low, number)
      high = Swift.max(high, number)
      isNaN = isNaN || number.isNaN
    }
    guard count >= least else { return MissingNumber.value }
    switch self {
    case .count: return Double(count)
    case .sum: return sum
    case _ where count == 0: return MissingNumber.value
    case .mean: return sum / Double(count)
    case .min: return isNaN ? .nan : low
    case .max: return isNaN ? .nan : high
    case .std:
      let mean = sum / Double(count)
      var squares = 0.0
      for place in places where !MissingNumber.isMissing(numbers[place]) {
        squares += (numbers[place] - mean) * (numbers[place] - mean)
      }
      return count > 1 ? (squares / Double(count - 1)).squareRoot() : MissingNumber.value
    case .median, .first, .last:
      let there = numbers[places].filter { !MissingNumber.isMissing($0) }
      if self != .median { return self == .first ? there[0] : there[count - 1] }
      return isNaN ? .nan : Self.quantile(0.5, ofSorted: there.sorted())
    }
  }
}
