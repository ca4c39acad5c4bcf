/// An error thrown by a command or a host value; the machine adds the place in the script.
public struct ScriptError: Error, Equatable {
  /// The part of the call to underline.
  public enum Culprit: Equatable, Sendable {
    /// The whole call or expression.
    case call
    /// The argument given for a parameter, by position or by name.
    case parameter(String)
    /// The argument at a position, from 0.
    case position(Int)
    /// The label of a named argument.
    case label(String)
  }

  /// The kind, told in brackets: `error[value]`.
  public var kind: Diagnostic.Kind
  /// What is wrong: what was expected and what was found, without a period.
  public var message: String
  /// What to do about it, such as `did you mean "epochs"?`.
  public var help: String?
  /// The part of the call to underline.
  public var culprit: Culprit
  /// True when no `try` may catch it, because the run must end: it was interrupted or its budget is used up.
  package var isFinal = false
  /// True when a budget of the run was too small; a larger one lets the same run go on.
  package var isBudget = false
  /// True for a message that a script gave, which is told however long it is.
  package var isOfScript = false
  /// What each operand or argument is, in order, to be told beside it; nil for those that have no part in the error.
  package var operands: [String?] = []
  /// A place that explains the error, such as the definition of the function called.
  package var origin: Origin?

  /// A place with a word on its part.
  package struct Origin: Equatable, Sendable {
    package let location: Location
    package let text: String
  }

  /// Creates an error about a whole call, or about the argument given for the parameter `argument`.
  public init(_ kind: Diagnostic.Kind, _ message: String, help: String? = nil, argument: String? = nil) {
    self.init(kind, message, help: help, culprit: argument.map { .parameter($0) } ?? .call)
  }

  /// Creates an error about a part of a call.
  public init(_ kind: Diagnostic.Kind, _ message: String, help: String? = nil, culprit: Culprit) {
    self.kind = kind
    self.message = message
    self.help = help
    self.culprit = culprit
    isFinal = kind == .interrupted
  }
}

/// An error of a library that can be told to the writer of a script.
public protocol ScriptErrorConvertible: Error {
  /// The error as a script sees it.
  var scriptError: ScriptError { get }
}
