import Safepoint

extension Value: ScriptConvertible {
  /// "value".
  public static var scriptName: String { "value" }
  /// The value itself.
  public static func convert(_ value: Value) -> Value? { value }
  /// The value itself.
  public var scriptValue: Value { self }
}

extension Double: ScriptConvertible {
  /// Numbers and what counts as one.
  public static var kinds: ValueKinds { [.number, .object] }
  /// Numbers.
  public static var wholeKinds: ValueKinds { .number }
  /// "number".
  public static var scriptName: String { "number" }
  /// The number, whole or not, or what a value of the host counts as.
  public static func convert(_ value: Value) -> Double? {
    switch value {
    case .number(let number): number
    case .object(let object): object.number
    default: nil
    }
  }
  /// The number, whole or not, or what a value of the host counts as.
  public static func convert(slot: Slot) -> Double? { slot.isNumber ? slot.number : slot.hostNumber }
  /// The number.
  public var scriptValue: Value { .number(self) }
}

extension Float: ScriptConvertible {
  /// "number".
  public static var scriptName: String { "number" }
  /// The number, rounded to single precision.
  public static func convert(_ value: Value) -> Float? { Double.convert(value).map { Float($0) } }
  /// The number, rounded to as many decimals as make it exact in single precision: 0.001 for the default 1e-3.
  public var scriptValue: Value { .number(Double(description) ?? Double(self)) }
}

extension Int: ScriptConvertible {
  /// Numbers and what counts as one.
  public static var kinds: ValueKinds { [.number, .object] }
  /// "whole number".
  public static var scriptName: String { "whole number" }
  /// The number, when it is whole and exact.
  public static func convert(_ value: Value) -> Int? { Double.convert(value).flatMap { Int(exactly: $0) } }
  /// The number, when it is whole and exact.
  public static func convert(slot: Slot) -> Int? {
    slot.isNumber ? Int(exactly: slot.number) : slot.hostNumber.flatMap { Int(exactly: $0) }
  }
  /// The number.
  public var scriptValue: Value { .number(Double(self)) }
}

extension Bool: ScriptConvertible {
  /// Truth values and what counts as one.
  public static var kinds: ValueKinds { [.bool, .object] }
  /// Truth values.
  public static var wholeKinds: ValueKinds { .bool }
  /// "bool".
  public static var scriptName: String { "bool" }
  /// The truth value, or what a value of the host counts as; numbers have none.
  public static func convert(_ value: Value) -> Bool? {
    switch value {
    case .bool(let truth): truth
    case .object(let object): object.truth
    default: nil
    }
  }
  /// The truth value, or what a value of the host counts as; numbers have none.
  public static func convert(slot: Slot) -> Bool? { slot.tag == .bool ? slot.truth : slot.hostTruth }
  /// The truth value.
  public var scriptValue: Value { .bool(self) }
}

extension String: ScriptConvertible {
  /// Strings.
  public static var kinds: ValueKinds { .string }
  /// Strings.
  public static var wholeKinds: ValueKinds { .string }
  /// "string".
  public static var scriptName: String { "string" }
  /// The string; numbers are not turned into strings.
  public static func convert(_ value: Value) -> String? {
    if case .string(let text) = value { text } else { nil }
  }
  /// The string; numbers are not turned into strings.
  public static func convert(slot: Slot) -> String? {
    slot.tag == .string ? slot.object(StringBox.self).text : nil
  }
  /// The string.
  public var scriptValue: Value { .string(self) }
}

extension Optional: ScriptConvertible where Wrapped: ScriptConvertible {
  /// Those of the wrapped type, and nil.
  public static var kinds: ValueKinds { Wrapped.kinds.union(.nil) }
  /// Those of the wrapped type, and nil.
  public static var wholeKinds: ValueKinds { Wrapped.wholeKinds.union(.nil) }
  /// The name of the wrapped type.
  public static var scriptName: String { Wrapped.scriptName }
  /// The choices of the wrapped type.
  public static var choices: [String] { Wrapped.choices }
  /// Nothing, when nothing is given.
  public static var absent: Wrapped?? { .some(nil) }
  /// Nothing for `nil`, else what the wrapped type makes of the value.
  public static func convert(_ value: Value) throws(Stopped) -> Wrapped?? {
    if case .nil = value { return .some(nil) }
    guard let wrapped = try Wrapped.convert(value) else { return nil }
    return .some(wrapped)
  }
  /// Nothing for `nil`, else what the wrapped type makes of the value.
  @inlinable public static func convert(slot: Slot) throws(Stopped) -> Wrapped?? {
    if slot.isNil { return .some(nil) }
    guard let wrapped = try Wrapped.convert(slot: slot) else { return nil }
    return .some(wrapped)
  }
  /// The wrapped value or `nil`.
  public var scriptValue: Value { self?.scriptValue ?? .nil }
}

extension Array: ScriptConvertible where Element: ScriptConvertible {
  /// What has elements in a row.
  public static var kinds: ValueKinds { [.list, .range, .object] }
  /// "list of numbers", say.
  public static var scriptName: String { Element.self == Value.self ? "list" : "list of \(Element.scriptName)s" }
  /// The choices of the elements.
  public static var choices: [String] { Element.choices }
  /// The elements of a list, range or value like a list, when each is of the element's type.
  public static func convert(_ value: Value) throws(Stopped) -> [Element]? {
    switch value {
    case .list(let list): return try converted(list.count) { list[$0] }
    case .range(let range): return try converted(range.count) { .number(range[$0]) }
    case .object(let object):
      guard let list = object as? any ListLike else { return nil }
      return try converted(list.listCount) { list.listElement(at: $0) }
    default: return nil
    }
  }
  private static func converted(_ count: Int, _ value: (Int) -> Value) throws(Stopped) -> [Element]? {
    guard count > 0 else { return [] }
    guard let first = try Element.convert(value(0)) else { return nil }
    // Only now: what fits no element is told before what is too large.
    try Safepoint.reserve(MemoryLayout<Element>.stride, times: count, for: "a list")
    var elements: [Element] = []
    elements.reserveCapacity(count)
    elements.append(first)
    for position in 1..<count {
      if position.isMultiple(of: 1 << 16) { try Safepoint.check() }
      guard let element = try Element.convert(value(position)) else { return nil }
      elements.append(element)
    }
    return elements
  }
  /// A new list of the elements.
  public var scriptValue: Value { .list(map(\.scriptValue)) }
}

extension ScriptList: ScriptConvertible {
  /// Lists.
  public static var kinds: ValueKinds { .list }
  /// Lists.
  public static var wholeKinds: ValueKinds { .list }
  /// "list".
  public static var scriptName: String { "list" }
  /// The list itself, shared.
  public static func convert(_ value: Value) -> ScriptList? {
    if case .list(let list) = value { list } else { nil }
  }
  /// The list itself, shared.
  public static func convert(slot: Slot) -> ScriptList? {
    slot.tag == .list ? slot.object(ScriptList.self) : nil
  }
  /// The list itself, shared.
  public var scriptValue: Value { .list(self) }
}

extension ScriptMap: ScriptConvertible {
  /// Maps.
  public static var kinds: ValueKinds { .map }
  /// Maps.
  public static var wholeKinds: ValueKinds { .map }
  /// "map".
  public static var scriptName: String { "map" }
  /// The map itself, shared.
  public static func convert(_ value: Value) -> ScriptMap? {
    if case .map(let map) = value { map } else { nil }
  }
  /// The map itself, shared.
  public static func convert(slot: Slot) -> ScriptMap? {
    slot.tag == .map ? slot.object(ScriptMap.self) : nil
  }
  /// The map itself, shared.
  public var scriptValue: Value { .map(self) }
}

extension ScriptRange: ScriptConvertible {
  /// Ranges.
  public static var kinds: ValueKinds { .range }
  /// Ranges.
  public static var wholeKinds: ValueKinds { .range }
  /// "range".
  public static var scriptName: String { "range" }
  /// The range itself.
  public static func convert(_ value: Value) -> ScriptRange? {
    if case .range(let range) = value { range } else { nil }
  }
  /// The range itself.
  public static func convert(slot: Slot) -> ScriptRange? {
    slot.tag == .range ? slot.object(ScriptRange.self) : nil
  }
  /// The range itself.
  public var scriptValue: Value { .range(self) }
}

extension ScriptFunction: ScriptConvertible {
  /// Functions.
  public static var kinds: ValueKinds { .function }
  /// Functions.
  public static var wholeKinds: ValueKinds { .function }
  /// "function".
  public static var scriptName: String { "function" }
  /// The function itself.
  public static func convert(_ value: Value) -> ScriptFunction? {
    if case .function(let function) = value { function } else { nil }
  }
  /// The function itself.
  public static func convert(slot: Slot) -> ScriptFunction? {
    slot.tag == .function ? slot.object(ScriptFunction.self) : nil
  }
  /// The function itself.
  public var scriptValue: Value { .function(self) }
}

extension StringBox: ScriptConvertible {
  static var kinds: ValueKinds { .string }
  static var wholeKinds: ValueKinds { .string }
  static var scriptName: String { String.scriptName }
  static func convert(_ value: Value) -> StringBox? {
    if case .string(let text) = value { StringBox(text, heap: nil) } else { nil }
  }
  static func convert(slot: Slot) -> StringBox? { slot.tag == .string ? slot.object(StringBox.self) : nil }
  var scriptValue: Value { .string(text) }
}
