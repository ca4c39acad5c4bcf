import PixelScript
import Safepoint

extension Column {
  /// What is put in the place of missing values, made of those around them.
  enum Filling: String, CaseIterable, ScriptChoice {
    /// The last value before, as pandas' ffill.
    case previous
    /// The first value behind, as pandas' bfill.
    case next
    /// Of numbers: the line from the last one before to the first one behind.
    case line

    /// The parameter of commands that fill.
    static var parameter: Parameter<Filling?> {
      Parameter(
        "by",
        "in place of a value: the one before, the one behind, or numbers on the line between both, none at the ends",
        byName: true, aliases: ["method"])
    }
  }

  /// The column with values made of those around them in the place of missing ones; where there are none on that side, they stay missing.
  func filled(by filling: Filling) throws -> Column {
    if filling == .line { return .numbers(try line()) }
    guard try hasMissing else { return self }
    if case .numbers(let numbers) = self { return .numbers(try Self.filled(numbers, by: filling)) }
    // The place of the value that stands at each place.
    var places = [Int](repeating: -1, count: count)
    try Safepoint.reserve(16, times: count, for: "a column")
    var last = -1
    try Pieces.forEach(count) { piece in
      for step in piece {
        let place = filling == .previous ? step : count - 1 - step
        if !isMissing(at: place) { last = place }
        places[place] = last
      }
    }
    return try picking(places)
  }

  /// Whether a value is missing.
  private var hasMissing: Bool {
    get throws {
      switch self {
      case .numbers(let numbers): try NumberFigures(numbers).count() < numbers.count
      case .texts(let texts): texts.codes.reduce(0, |) < 0
      case .bools(let bools): bools.reduce(0, |) & Self.missingBool != 0
      case .values(let values): values.contains(where: \.isNil)
      }
    }
  }

  private static func filled(_ numbers: [Double], by filling: Filling) throws -> [Double] {
    try Safepoint.reserve(8, times: numbers.count, for: "a column")
    var filled = numbers
    var last = MissingNumber.value
    try Pieces.forEach(numbers.count) { piece in
      for step in piece {
        let place = filling == .previous ? step : numbers.count - 1 - step
        if MissingNumber.isMissing(filled[place]) { filled[place] = last } else { last = filled[place] }
      }
    }
    return filled
  }

  private func line() throws -> [Double] {
    guard var numbers = asNumbers else {
      throw ScriptError(.type, "a line goes through numbers, found a column of \(contents)", argument: "by")
    }
    try Safepoint.reserve(8, times: count, for: "a column")
    var before: Int?
    try Pieces.forEach(count) { piece in
      for place in piece where !MissingNumber.isMissing(numbers[place]) {
        if let before, place > before + 1 {
          let (start, end) = (numbers[before], numbers[place])
          for gap in before + 1..<place {
            numbers[gap] = MissingNumber.present(
              start + (end - start) * (Double(gap - before) / Double(place - before)))
          }
        }
        before = place
      }
    }
    return numbers
  }
}
