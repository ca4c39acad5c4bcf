import Safepoint

/// A value of the language, as a host sees it.
///
/// Lists, maps and objects are references: two values made from one list share it, as in Python. The machine works on
/// its own 16-byte slots (`Machine/Slot.swift`) and meets this enum only where a command is called.
public enum Value {
  /// The absence of a value, written `nil`.
  case `nil`
  /// `true` or `false`.
  case bool(Bool)
  /// A number; there is one kind, the double.
  case number(Double)
  /// A string, indexed by code point.
  case string(String)
  /// A list, shared by reference.
  case list(ScriptList)
  /// A map in insertion order, shared by reference.
  case map(ScriptMap)
  /// An arithmetic sequence of numbers.
  case range(ScriptRange)
  /// A function of the script or a command.
  case function(ScriptFunction)
  /// A value of the host: a tensor, an image, a model.
  case object(any ScriptObject)
}

extension Value {
  /// The name of the value's type, as `type(x)` and errors tell it.
  public var typeName: String {
    switch self {
    case .nil: "nil"
    case .bool: "bool"
    case .number: "number"
    case .string: "string"
    case .list: "list"
    case .map: "map"
    case .range: "range"
    case .function: "function"
    case .object(let object): type(of: object).scriptName
    }
  }

  /// A new list of the given values.
  public static func list(_ values: [Value]) -> Value { .list(ScriptList(values)) }

  /// A new list of what `value` gives for 0 ..< `count`; throws when there is no room for it, and when the work must stop.
  public static func list(count: Int, _ value: (Int) throws -> Value) throws -> Value {
    try Safepoint.reserve(MemoryLayout<Slot>.stride, times: count, for: "a list")
    let list = ScriptList(capacity: count)
    for place in 0..<count {
      try Safepoint.check(after: 16)
      list.append(try value(place))
    }
    return .list(list)
  }

  /// A new map of the given entries, in their order; the last of two equal keys counts.
  public static func map(_ entries: [(String, Value)]) -> Value {
    let map = ScriptMap()
    for (key, value) in entries { map[key] = value }
    return .map(map)
  }

  /// The number of an integer.
  public static func number(_ value: Int) -> Value { .number(Double(value)) }

  /// The number of a single-precision value, exactly.
  public static func number(_ value: Float) -> Value { .number(Double(value)) }

  /// The truth or the number that a value of the host counts as, as that of a tensor of one element; any other value itself.
  public var plain: Value {
    guard case .object(let object) = self else { return self }
    return object.truth.map { .bool($0) } ?? object.number.map { .number($0) } ?? self
  }

  /// True for `nil`.
  public var isNil: Bool { if case .nil = self { true } else { false } }
}

extension Value: Equatable {
  /// Compares by value, lists and maps element by element; values that contain themselves are compared safely.
  public static func == (left: Value, right: Value) -> Bool { Equality.areEqual(left, right) }
}

extension Value: CustomStringConvertible {
  /// The text that `print` writes.
  public var description: String { Display.text(of: self) }

  /// The text that the prompt echoes: as `description`, with strings in quotes.
  public var echo: String { Display.echo(of: self) }

  /// The start of what the prompt echoes, short enough for an error.
  package var brief: String { Display.echo(of: self, limit: 60) }
}
