/// One typed parameter of a command: its name, documentation and default.
///
/// The type decides what may be given: an optional type makes the parameter optional, `Variadic` takes all arguments left
/// by position, `NamedArguments` all left by name, a `ScriptChoice` one of its cases.
public struct Parameter<Wrapped: ScriptConvertible> {
  /// What the manual, errors and completion know about the parameter.
  public let signature: Signature
  @usableFromInline let fallback: Wrapped?
  @usableFromInline let hasChoices: Bool

  /// Creates a parameter; it must be given when there is neither a default nor an optional type.
  ///
  /// `choices` are the strings allowed when the type does not say so itself. `byName` forbids giving it by position. `aliases` are
  /// other labels that a call may use, such as those of PyTorch.
  public init(
    _ name: String, _ summary: String, default fallback: Wrapped? = nil, choices: [String] = [], byName: Bool = false,
    aliases: [String] = [], completion: Signature.Completion = .none
  ) {
    self.fallback = fallback ?? Wrapped.absent
    let shown = fallback.map(\.scriptValue).flatMap { $0.isNil ? nil : $0.echo }
    signature = Signature(
      name: name, type: Wrapped.scriptName, summary: summary, fallback: shown, isOptional: self.fallback != nil,
      byName: byName, gathering: Wrapped.gathering, choices: choices.isEmpty ? Wrapped.choices : choices,
      aliases: aliases, completion: completion)
    hasChoices = !choices.isEmpty || !Wrapped.choices.isEmpty && !(Wrapped.self is any SpelledFreely.Type)
  }
}

/// What a command takes: a `Parameter`, or several that together make one argument of its body.
public protocol CommandParameter {
  /// What the body of the command gets.
  associatedtype Argument
  /// The parameters as the manual, errors and completion see them, in order.
  var signatures: [Signature] { get }
  /// The kinds of values of which some could be the argument of the first parameter.
  var kinds: ValueKinds { get }
  /// The kinds of values of which all could be.
  var wholeKinds: ValueKinds { get }
  /// The type of values of the host of which all could be; nil for none.
  var objectType: ObjectIdentifier? { get }
  /// Whether a value could be the argument of the first parameter.
  func accepts(_ argument: Slot) throws -> Bool
  /// The argument of a call; throws where those that were given do not fit.
  func take(from arguments: inout ArgumentReader) throws -> Argument
  /// What stands for the argument while the call runs.
  associatedtype Held = Argument
  /// As `take`, for the time of the call.
  func hold(from arguments: inout ArgumentReader) throws -> Held
  /// Does something with the argument.
  func lend<Result>(_ held: Held, _ body: (Argument) throws -> Result) rethrows -> Result
}

extension CommandParameter where Held == Argument {
  /// The argument itself.
  @inline(__always) public func hold(from arguments: inout ArgumentReader) throws -> Held {
    try take(from: &arguments)
  }
  /// Does something with the argument.
  @inline(__always)
  public func lend<Result>(_ held: Held, _ body: (Argument) throws -> Result) rethrows -> Result { try body(held) }
}

extension CommandParameter {
  /// Any kind.
  public var kinds: ValueKinds { .all }
  /// None.
  public var wholeKinds: ValueKinds { [] }
  /// None.
  public var objectType: ObjectIdentifier? { nil }
  /// What it accepts, as the first parameter.
  @usableFromInline var acceptance: Acceptance {
    Acceptance(kinds: kinds, wholeKinds: wholeKinds, objectType: objectType, test: accepts)
  }
  /// Any value; what does not fit is told when it is taken.
  public func accepts(_ argument: Slot) -> Bool { true }
}

extension Parameter: CommandParameter {
  /// Its own.
  public var signatures: [Signature] { [signature] }
  /// Those of its type.
  public var kinds: ValueKinds { signature.gathering == .one ? Wrapped.kinds : .all }
  /// Those of its type.
  public var wholeKinds: ValueKinds { signature.gathering == .one ? Wrapped.wholeKinds : [] }
  /// That of its type.
  public var objectType: ObjectIdentifier? { signature.gathering == .one ? Wrapped.objectType : nil }

  /// Whether it can be converted.
  public func accepts(_ argument: Slot) throws -> Bool {
    if signature.gathering == .positional { return try Wrapped.convert(.list([argument.value])) != nil }
    return try Wrapped.accepts(argument)
  }

  /// The converted value, or the default.
  @inlinable public func take(from arguments: inout ArgumentReader) throws -> Wrapped {
    try arguments.take(self)
  }

  /// What stands for the converted value, or for the default.
  @inline(__always) public func hold(from arguments: inout ArgumentReader) throws -> Wrapped.Held {
    try arguments.hold(self)
  }

  /// Does something with the value.
  @inline(__always)
  public func lend<Result>(_ held: Wrapped.Held, _ body: (Wrapped) throws -> Result) rethrows -> Result {
    try Wrapped.lend(held, body)
  }
}

/// One argument of any type, which the body gets as the machine has it.
struct Operand: CommandParameter {
  let signature: Signature

  init(_ name: String, _ summary: String, default fallback: Value? = nil) {
    signature = Parameter<Value>(name, summary, default: fallback).signature
  }

  /// One that need not be given.
  init(optional name: String, _ summary: String, byName: Bool = false) {
    signature = Parameter<Value?>(name, summary, byName: byName).signature
  }

  var signatures: [Signature] { [signature] }

  @inline(__always) func take(from arguments: inout ArgumentReader) throws -> Slot { try arguments.take(self) }
}

/// All arguments that are left by position, which the body gets as the machine has them.
struct VariadicOperand: CommandParameter {
  let signature: Signature

  init(_ name: String, _ summary: String) { signature = Parameter<Variadic<Value>>(name, summary).signature }

  var signatures: [Signature] { [signature] }

  @inline(__always) func take(from arguments: inout ArgumentReader) throws -> Operands { arguments.takeOperands() }
}

/// One parameter as the manual, errors and completion see it.
public struct Signature: Equatable, Sendable {
  /// What completes a value of a parameter beyond its choices.
  public enum Completion: Equatable, Sendable {
    /// Nothing but variables.
    case none
    /// The paths of files.
    case path
    /// The names of commands.
    case command
    /// The columns or keys of the first argument.
    case column
  }

  /// The name, as in `name: value`.
  public let name: String
  /// The name of the type, such as "whole number".
  public let type: String
  /// What the parameter means.
  public let summary: String
  /// The default as a script would write it, or nil.
  public let fallback: String?
  /// True when the parameter need not be given.
  public let isOptional: Bool
  /// True when the parameter can't be given by position.
  public let byName: Bool
  /// How many arguments the parameter takes.
  public let gathering: Gathering
  /// The strings allowed, when there are only some.
  public let choices: [String]
  /// Other labels that a call may use.
  public let aliases: [String]
  /// What completes a value.
  public let completion: Completion

  /// True for the label of the parameter, or another one that means it.
  func isMeant(by label: String) -> Bool { name == label || aliases.contains(label) }
}

extension Signature: CustomStringConvertible {
  /// The parameter as help shows it in the form of a call: `epochs: 10`, `[limit]`, `values...`.
  public var description: String {
    switch gathering {
    case .positional: return "\(name)..."
    case .named: return "name: value..."
    case .one: break
    }
    if let fallback { return "\(name): \(fallback)" }
    if byName { return isOptional ? "[\(name):]" : "\(name):" }
    return isOptional ? "[\(name)]" : name
  }
}
