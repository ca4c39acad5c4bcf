import PixelScript
import Safepoint
import Tensors

extension Column {
  /// What an aggregate makes of the last `size` values at each place, missing ones left out; missing where fewer than `least` are there.
  func rolling(_ aggregate: Aggregate, _ size: Int, least: Int) throws -> Column {
    guard let numbers = asNumbers else {
      throw ScriptError(.type, "`rolling` needs numbers, found a column of \(contents)", argument: "values")
    }
    let windows = SlidingWindows(numbers: numbers, size: max(1, min(size, numbers.count)), least: least)
    switch aggregate {
    case .count: return .numbers(try windows.figures(RunningCount.self))
    case .sum: return .numbers(try windows.linear(RunningSum.self))
    case .mean: return .numbers(try windows.linear(RunningMean.self))
    case .std: return .numbers(try windows.aroundTheirMean().linear(RunningDeviation.self))
    case .sem: return .numbers(try windows.aroundTheirMean().linear(RunningError.self))
    case .var: return .numbers(try windows.aroundTheirMean().figures(RunningVariance.self))
    case .prod: return .numbers(try windows.figures(RunningProduct.self))
    case .unique: return .numbers(try windows.different())
    case .min: return .numbers(try windows.figures(RunningLeast.self))
    case .max: return .numbers(try windows.figures(RunningMost.self))
    case .first: return .numbers(try windows.figures(RunningFirst.self))
    case .last: return .numbers(try windows.figures(RunningLast.self))
    case .median: return .numbers(try windows.medians())
    }
  }

  /// The values moved down so many places, or up when it is below 0; where none comes they are missing.
  func shifted(by distance: Int) throws -> Column {
    try Safepoint.reserve(16, times: count, for: "a column")
    let (free, count) = (Int(min(distance.magnitude, UInt(count))), count)
    func moved<Element>(_ elements: [Element], missing: Element) -> [Element] {
      let gap = repeatElement(missing, count: free)
      var moved: [Element] = []
      moved.reserveCapacity(count)
      if distance > 0 { moved.append(contentsOf: gap) }
      moved.append(contentsOf: distance > 0 ? elements.prefix(count - free) : elements.suffix(count - free))
      if distance <= 0 { moved.append(contentsOf: gap) }
      return moved
    }
    switch self {
    case .numbers(let numbers): return .numbers(moved(numbers, missing: MissingNumber.value))
    case .bools(let bools): return .bools(moved(bools, missing: Self.missingBool))
    case .values(let values): return .values(moved(values, missing: .nil))
    case .texts(let texts): return .texts(texts.withCodes(moved(texts.codes, missing: -1)))
    }
  }
}
