import PixelScript

/// A value of a table as it is shown and written.
enum TableCell: Sendable, Codable {
  case none
  case number(Double)
  /// A number with the digits of what it is a figure of.
  case figure(Double, String)
  case string(String)
  /// A list of numbers, two or more, which is drawn as a line.
  case numbers([Double])
  /// What has no form of its own in a table, as text.
  case other(String)

  /// The bytes of a list or map in a cell; no display is as wide.
  private static let limit = 10_000

  /// The cell of a value; one that `writesLists` has every list as text.
  init(_ value: Value, writesLists: Bool = false) {
    switch value {
    case .nil: self = .none
    case .number(let number): self = .number(number)
    case .string(let text): self = .string(text)
    case .list(let list) where !writesLists && (2...Self.limit).contains(list.count):
      self = Self.numbers(list.count) { list[$0] } ?? .other(Display.echo(of: value, limit: Self.limit))
    case .object(let column as ColumnObject) where (2...Self.limit).contains(column.column.count):
      self =
        Self.numbers(column.column.count) { column.column[$0] } ?? .other(Display.echo(of: value, limit: Self.limit))
    default: self = .other(Display.echo(of: value, limit: Self.limit))
    }
  }

  private static func numbers(_ count: Int, _ element: (Int) -> Value) -> TableCell? {
    var numbers: [Double] = []
    for place in 0..<count {
      guard case .number(let number) = element(place) else { return nil }
      numbers.append(number)
    }
    return .numbers(numbers)
  }

  /// The number, or nil.
  var number: Double? {
    switch self {
    case .number(let number), .figure(let number, _): number
    default: nil
    }
  }

  /// The text without a form that is chosen for a column; empty for nothing.
  var text: String {
    switch self {
    case .none: ""
    case .number(let number), .figure(let number, _): Display.text(of: number)
    case .string(let text), .other(let text): text
    case .numbers(let numbers): "[\(numbers.map { Display.text(of: $0) }.joined(separator: ", "))]"
    }
  }

  /// About the bytes that it takes beside a number.
  var cost: Int {
    switch self {
    case .none, .number: 0
    case .string(let text), .other(let text), .figure(_, let text): text.utf8.count
    case .numbers(let numbers): 8 * numbers.count
    }
  }
}
