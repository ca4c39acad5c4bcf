import Safepoint

/// A Swift type that values of scripts become when a command is called, and that becomes a value again.
public protocol ScriptConvertible: SendableMetatype {
  /// What help and errors call the type, such as "whole number".
  static var scriptName: String { get }
  /// The strings that are allowed, when there are only some; errors and completion tell them.
  static var choices: [String] { get }
  /// How many arguments a parameter of this type takes.
  static var gathering: Gathering { get }
  /// The value as this type, or nil when it is none; throws when what it would become is too large.
  static func convert(_ value: Value) throws(Stopped) -> Self?
  /// As `convert`, for the argument of a call as the machine has it.
  static func convert(slot: Slot) throws(Stopped) -> Self?
  /// Whether `convert` makes something of the value, where that is quicker to tell.
  static func accepts(_ slot: Slot) throws(Stopped) -> Bool
  /// What few arguments by position become together, for a type that gathers them, where that is short work; nil where `convert` is to look.
  static func convert(few arguments: Operands) -> Self?
  /// What stands for this while a command runs: itself, or a reference that is not counted because the caller goes on owning it.
  associatedtype Held = Self
  /// As `convert`, for the time of a call.
  static func hold(_ slot: Slot) throws(Stopped) -> Held?
  /// What stands for a value that somebody else keeps.
  static func held(_ value: Self) -> Held
  /// Does something with the value.
  static func lend<Result>(_ held: Held, _ body: (Self) throws -> Result) rethrows -> Result
  /// The kinds of values of which some become this.
  static var kinds: ValueKinds { get }
  /// The kinds of values of which all become this.
  static var wholeKinds: ValueKinds { get }
  /// The type of a value of the host that this is, of which all become it; nil for other types.
  static var objectType: ObjectIdentifier? { get }
  /// What takes no argument at all becomes this, or nil when an argument must be given.
  static var absent: Self? { get }
  /// This as a value of a script.
  var scriptValue: Value { get }
}

/// How many arguments of a call a parameter takes.
public enum Gathering: Sendable {
  /// One, by position or by name.
  case one
  /// All that are left by position; the value converted is a list of them.
  case positional
  /// All that are left by name; the value converted is a map of them.
  case named
}

extension ScriptConvertible {
  /// Anything of the type.
  public static var choices: [String] { [] }
  /// One argument.
  public static var gathering: Gathering { .one }
  /// What its value becomes.
  public static func convert(slot: Slot) throws(Stopped) -> Self? { try convert(slot.value) }
  /// Whether it can be converted.
  public static func accepts(_ slot: Slot) throws(Stopped) -> Bool { try convert(slot: slot) != nil }
  /// Left to `convert`.
  public static func convert(few arguments: Operands) -> Self? { nil }
  /// Any kind.
  public static var kinds: ValueKinds { .all }
  /// None.
  public static var wholeKinds: ValueKinds { [] }
  /// No value of the host.
  public static var objectType: ObjectIdentifier? { nil }
  /// An argument must be given.
  public static var absent: Self? { nil }
}

/// An enumeration of strings as a parameter's type: `enum Schedule: String, ScriptChoice { case constant, cosine }`.
public protocol ScriptChoice: ScriptConvertible, RawRepresentable<String>, CaseIterable {}

extension ScriptChoice {
  /// "string".
  public static var scriptName: String { "string" }
  /// Strings.
  public static var kinds: ValueKinds { .string }
  /// The raw values of all cases.
  public static var choices: [String] { allCases.map(\.rawValue) }
  /// The case of a string.
  public static func convert(_ value: Value) -> Self? {
    if case .string(let name) = value { Self(rawValue: name) } else { nil }
  }
  /// The raw value.
  public var scriptValue: Value { .string(rawValue) }
}

/// A type whose `choices` are not all that its own `convert` knows.
public protocol SpelledFreely {}

extension Optional: SpelledFreely where Wrapped: SpelledFreely {}

/// A choice whose cases have other names too.
public protocol SpelledChoice: ScriptChoice, SpelledFreely {}

/// All arguments left by position, for a command such as `print a, b, c`.
public struct Variadic<Element: ScriptConvertible>: ScriptConvertible {
  /// The arguments in order.
  public let elements: [Element]

  /// "strings", say.
  public static var scriptName: String { Element.scriptName }
  /// All arguments left by position.
  public static var gathering: Gathering { .positional }
  /// No arguments.
  public static var absent: Variadic? { Variadic(elements: []) }
  /// The arguments, when each of them is of the element's type.
  public static func convert(_ value: Value) throws(Stopped) -> Variadic? {
    guard let elements = try [Element].convert(value) else { return nil }
    return Variadic(elements: elements)
  }
  /// The arguments as a list.
  public var scriptValue: Value { elements.scriptValue }
}

/// All arguments left by name, for a command that passes them on, such as `run path, epochs: 20`.
public struct NamedArguments: ScriptConvertible {
  /// The names and values in the order of the call.
  public let entries: [(name: String, value: Value)]

  /// "value".
  public static var scriptName: String { "value" }
  /// All arguments left by name.
  public static var gathering: Gathering { .named }
  /// No arguments.
  public static var absent: NamedArguments? { NamedArguments(entries: []) }
  /// The entries of a map.
  public static func convert(_ value: Value) -> NamedArguments? {
    guard case .map(let map) = value else { return nil }
    return NamedArguments(
      entries: map.entries.compactMap { key, value in
        if case .string(let name) = key { (name, value) } else { nil }
      })
  }
  /// The entries as a map.
  public var scriptValue: Value { .map(entries.map { ($0.name, $0.value) }) }
}
