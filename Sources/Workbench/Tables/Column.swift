import PixelScript
import Safepoint

/// A column of a table: values of one type side by side, each of which may be missing. A value by itself: what is made of one does not change it.
public enum Column {
  /// Numbers; `MissingNumber` stands for a missing one.
  case numbers([Double])
  /// Texts.
  case texts(PackedTexts)
  /// Truth values: 0, 1, and 2 for a missing one.
  case bools([UInt8])
  /// Values of several types, or of another one.
  case values([Value])

  /// What stands for a missing truth value.
  static let missingBool: UInt8 = 2

  /// The number of values.
  public var count: Int {
    switch self {
    case .numbers(let numbers): numbers.count
    case .texts(let texts): texts.count
    case .bools(let bools): bools.count
    case .values(let values): values.count
    }
  }

  /// The name of the type of its values.
  var typeName: String {
    switch self {
    case .numbers: "number"
    case .texts: "string"
    case .bools: "bool"
    case .values: "value"
    }
  }

  /// Whether the value at a place is missing.
  func isMissing(at place: Int) -> Bool {
    switch self {
    case .numbers(let numbers): MissingNumber.isMissing(numbers[place])
    case .texts(let texts): texts.isMissing(at: place)
    case .bools(let bools): bools[place] == Self.missingBool
    case .values(let values): values[place].isNil
    }
  }

  /// Whether no value is there.
  var isEmpty: Bool { (0..<count).allSatisfy(isMissing) }

  /// The value at a place, nil for a missing one.
  public subscript(place: Int) -> Value {
    switch self {
    case .numbers(let numbers):
      let number = numbers[place]
      return MissingNumber.isMissing(number) ? .nil : .number(number)
    case .texts(let texts): return texts[place].map { .string($0) } ?? .nil
    case .bools(let bools): return bools[place] == Self.missingBool ? .nil : .bool(bools[place] == 1)
    case .values(let values): return values[place]
    }
  }

  /// About the bytes that it takes.
  var cost: Int {
    switch self {
    case .numbers(let numbers): 8 * numbers.count
    case .texts(let texts): texts.cost
    case .bools(let bools): bools.count
    case .values(let values): 40 * values.count
    }
  }

  /// The same value for every row.
  init(repeating value: Value, count: Int) throws {
    try Safepoint.reserve(16, times: count, for: "a column")
    switch value {
    case .number(let number): self = .numbers(Array(repeating: MissingNumber.present(number), count: count))
    case .nil: self = .numbers(Array(repeating: MissingNumber.value, count: count))
    case .bool(let truth): self = .bools(Array(repeating: truth ? 1 : 0, count: count))
    case .string(let text): self = .texts(PackedTexts(repeating: text, count: count))
    default: self = .values(Array(repeating: value, count: count))
    }
  }

  /// The values of so many rows.
  init(count: Int, _ value: (Int) throws -> Value) throws {
    var builder = ColumnBuilder()
    try Safepoint.reserve(16, times: count, for: "a column")
    try Pieces.forEach(count) { for place in $0 { builder.append(try value(place)) } }
    self = builder.column
  }

  /// The values at some places; -1 for a missing one.
  func picking(_ places: [Int]) throws -> Column {
    switch self {
    case .numbers(let numbers):
      return .numbers(
        try Pieces.filled(places.count) { places[$0] < 0 ? MissingNumber.value : numbers[places[$0]] })
    case .bools(let bools):
      return .bools(try Pieces.filled(places.count) { places[$0] < 0 ? Self.missingBool : bools[places[$0]] })
    case .values(let values):
      return .values(try Pieces.map(places.count) { places[$0] < 0 ? .nil : values[places[$0]] })
    case .texts(let texts): return .texts(try texts.picking(places))
    }
  }

  /// Columns one below the other; of several types they become values.
  static func joined(_ columns: [Column]) throws -> Column {
    let count = columns.reduce(0) { $0 + $1.count }
    try Safepoint.reserve(16, times: count, for: "a column")
    // What has no values takes any type.
    let told = columns.filter { !$0.isEmpty }
    let types = Set(told.map(\.typeName))
    guard types.count <= 1, types.first != "value" else {
      return .values(try columns.flatMap { column in try Pieces.map(column.count) { column[$0] } })
    }
    switch told.first ?? .numbers([]) {
    case .texts:
      var texts = PackedTexts(capacity: count)
      for column in columns {
        try Safepoint.check()
        if case .texts(let more) = column {
          try texts.append(contentsOf: more)
        } else {
          for _ in 0..<column.count { texts.append(nil) }
        }
      }
      return .texts(texts)
    case .bools:
      var bools: [UInt8] = []
      bools.reserveCapacity(count)
      for column in columns {
        if case .bools(let more) = column {
          bools.append(contentsOf: more)
        } else {
          bools.append(contentsOf: repeatElement(Self.missingBool, count: column.count))
        }
      }
      return .bools(bools)
    default:
      var numbers: [Double] = []
      numbers.reserveCapacity(count)
      for column in columns {
        if case .numbers(let more) = column {
          numbers.append(contentsOf: more)
        } else {
          numbers.append(contentsOf: repeatElement(MissingNumber.value, count: column.count))
        }
      }
      return .numbers(numbers)
    }
  }

  /// Whether two columns have the same values in the same order.
  func isEqual(to other: Column) -> Bool {
    guard count == other.count else { return false }
    switch (self, other) {
    case (.bools(let a), .bools(let b)): return a == b
    case (.texts(let a), .texts(let b)): return a == b
    case (.numbers(let a), .numbers(let b)):
      for place in 0..<count where a[place] != b[place] {
        // NaN is equal to nothing, what is missing to what is missing.
        if !MissingNumber.isMissing(a[place]) || !MissingNumber.isMissing(b[place]) { return false }
        if place & 0xFFF == 0, Safepoint.mustStop { return false }
      }
      return true
    default:
      for place in 0..<count {
        if Safepoint.mustStop(after: 30) || self[place] != other[place] { return false }
      }
      return true
    }
  }
}
