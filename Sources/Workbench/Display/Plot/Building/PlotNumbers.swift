import PixelScript
import Safepoint
import Tensors

/// The numbers of a list, a column, a range or a tensor of one axis; what is missing is NaN.
struct PlotNumbers {
  let values: [Double]

  /// Nil for what holds something else.
  init?(_ value: Value) throws {
    guard let values = try Self.read(value) else { return nil }
    self.values = values
  }

  /// A number that stands alone; nil for other values.
  static func single(_ value: Value) throws -> Double? {
    switch value {
    case .number(let number): number
    case .bool(let truth): truth ? 1 : 0
    case .object(let tensor as TensorObject) where tensor.tensor.count == 1: tensor.tensor.number(at: 0)
    default: nil
    }
  }

  private static func read(_ value: Value) throws -> [Double]? {
    switch value {
    case .list(let list): return try read(list.count) { list[$0] }
    case .range(let range):
      return try Pieces.map(range.count) { range[$0] }
    case .object(let column as ColumnObject):
      switch column.column {
      case .numbers(let numbers): return numbers
      case .bools(let bools): return bools.map { $0 == Column.missingBool ? .nan : Double($0) }
      default: return nil
      }
    case .object(let tensor as TensorObject) where tensor.shape.count == 1: return tensor.tensor.numbers
    case .object(let list as any ListLike): return try read(list.listCount) { list.listElement(at: $0) }
    default: return nil
    }
  }

  private static func read(_ count: Int, _ value: (Int) -> Value) throws -> [Double]? {
    try Safepoint.reserve(24, times: count, for: "a plot")
    var numbers: [Double] = []
    numbers.reserveCapacity(count)
    for place in 0..<count {
      try Safepoint.check(after: 16)
      switch value(place) {
      case .number(let number): numbers.append(number)
      case .nil: numbers.append(MissingNumber.value)
      case let other:
        guard let number = try single(other) else { return nil }
        numbers.append(number)
      }
    }
    return numbers
  }
}

extension Column {
  /// Whether numbers stand in it among values of other types.
  var isMixed: Bool {
    guard case .values(let values) = self else { return false }
    return values.contains { if case .number = $0 { true } else { false } }
  }
}

extension PlotNumbers {
  /// What is no number in a list, and where, as an error says it; the value itself where it is no list.
  static func culprit(in value: Value) throws -> String {
    let count: Int
    let element: (Int) -> Value
    switch value {
    case .list(let list): (count, element) = (list.count, { list[$0] })
    case .object(let column as ColumnObject): return "a column of \(column.column.contents)"
    case .object(let list as any ListLike): (count, element) = (list.listCount, { list.listElement(at: $0) })
    default: return describe(value)
    }
    guard count > 0 else { return "an empty list" }
    // The first element says whether numbers stand in it or lists of them.
    let isOfLists = try single(element(0)) == nil && PlotNumbers(element(0)) != nil
    for place in 0..<count {
      try Safepoint.check(after: 16)
      let one = element(place)
      if isOfLists {
        guard try PlotNumbers(one) == nil else { continue }
        if case .list = one { return "\(try culprit(in: one)) of list \(place)" }
      } else if try one.isNil || single(one) != nil {
        continue
      }
      return "a list with \(describe(one)) at position \(place)"
    }
    return describe(value)
  }
}

/// What lies along the horizontal axis: numbers, moments in time, or names, which may be those of numbers, at 0, 1, 2 ...
enum PlotPlaces {
  case none
  case numbers([Double])
  /// Seconds since the start of 1970.
  case times([Double])
  case names([String], of: [Double])
  /// Different numbers from low to high, and which of them each value is.
  case levels([Double], of: [Double])

  /// The most levels of bars that are evenly far apart, and of others; between more, numbers keep their distances.
  private static let levelLimits = (even: 30, all: 1000)

  /// Numbers as they are, and texts that all are dates as moments where there is a place for them; each other text gets the next place.
  init(_ column: Column, hasTimes: Bool = true) throws {
    switch column {
    case .numbers(let numbers): self = .numbers(numbers)
    case .texts(let texts) where hasTimes && texts.entryCount > 0 && Self.seconds(texts, 0) != nil:
      if let times = try Self.times(texts) {
        self = .times(times)
      } else {
        self = try PlotPlaces(column, hasTimes: false)
      }
    default:
      let keys = try RowKeys([column], rows: column.count)
      self = .names(keys.firsts.map { column[$0].description }, of: keys.codes.map { Double($0) })
    }
  }

  /// The moments of a column of dates, as of a list; nil of any other.
  static func moments(_ column: Column) throws -> [Double]? {
    guard case .texts = column, case .times(let times) = try PlotPlaces(column) else { return nil }
    return times
  }

  private static func seconds(_ texts: PackedTexts, _ entry: Int) -> Double? {
    CalendarTime.seconds(ofISO: texts.text(ofEntry: entry))
  }

  /// The moments of dates, missing ones NaN; nil when another text is among them.
  private static func times(_ texts: PackedTexts) throws -> [Double]? {
    var entries: [Double] = []
    for entry in 0..<texts.entryCount {
      try Safepoint.check(after: 200)
      guard let seconds = seconds(texts, entry) else { return nil }
      entries.append(seconds)
    }
    return try Pieces.map(texts.count) { texts.codes[$0] < 0 ? .nan : entries[Int(texts.codes[$0])] }
  }

  var numbers: [Double]? {
    switch self {
    case .none: nil
    case .numbers(let numbers), .times(let numbers), .names(_, let numbers), .levels(_, let numbers): numbers
    }
  }

  var isTime: Bool { if case .times = self { true } else { false } }

  var names: [String] {
    switch self {
    case .names(let names, _): names
    case .levels(let levels, _): Self.labels(levels, digits: 6)
    case .none, .numbers, .times: []
    }
  }

  /// The numbers that the names stand for; none for other names.
  var levels: [Double] { if case .levels(let levels, _) = self { levels } else { [] } }

  /// The places for what stands side by side, as bars and boxes do: each number is the next place, whatever lies between them.
  func sideBySide(_ mark: Chart.Mark) throws -> PlotPlaces {
    guard case .numbers(let numbers) = self else { return self }
    let keys = try RowKeys([Column.numbers(numbers)], rows: numbers.count)
    let order = (0..<keys.count).filter { numbers[keys.firsts[$0]].isFinite }
      .sorted { numbers[keys.firsts[$0]] < numbers[keys.firsts[$1]] }
    let levels = order.map { numbers[keys.firsts[$0]] }
    let limit = Self.areEven(levels) ? Self.levelLimits.even : Self.levelLimits.all
    if mark == .bars, levels.count > limit { return self }
    var ranks = [Double](repeating: .nan, count: keys.count)
    for (rank, code) in order.enumerated() { ranks[code] = Double(rank) }
    return .levels(levels, of: try Pieces.map(numbers.count) { ranks[Int(keys.codes[$0])] })
  }

  /// Whether numbers from low to high are equally far apart.
  private static func areEven(_ levels: [Double]) -> Bool {
    guard let low = levels.first, let high = levels.last, levels.count > 2 else { return true }
    let step = (high - low) / Double(levels.count - 1)
    return zip(levels, levels.dropFirst()).allSatisfy { abs($1 - $0 - step) <= 1e-6 * step }
  }

  /// How numbers stand along an axis: whole, or with so many digits, and those that tell them apart.
  static func labels(_ numbers: [Double], digits: Int = 3) -> [String] {
    let form = NumberForm.telling(numbers, digits, ColumnForm.mostDigits) { .digits($0) }
    return numbers.map { number in
      if number.isNaN { return "" }
      let rounded = Double(form.text(number)) ?? number
      return Display.text(of: rounded == 0 ? 0 : number == number.rounded() && abs(number) < 1e6 ? number : rounded)
    }
  }
}
