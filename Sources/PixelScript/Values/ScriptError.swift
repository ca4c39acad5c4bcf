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

  /// What the error tells, in one object: whoever hands an error on counts one reference and not one to each of its parts.
  private var contents: Contents

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
    contents = Contents(kind: kind, message: message, help: help, culprit: culprit)
  }

  /// True for errors that tell the same.
  public static func == (left: ScriptError, right: ScriptError) -> Bool {
    left.contents === right.contents || left.parts == right.parts
  }
}

extension ScriptError {
  /// All that an error tells.
  private struct Parts: Equatable, Sendable {
    var kind: Diagnostic.Kind
    var message: String
    var help: String?
    var culprit: Culprit
    var isFinal: Bool
    var isBudget = false
    var isOfScript = false
    var operands: [String?] = []
    var origin: Origin?
  }

  /// The parts, which nobody changes.
  private final class Contents: Sendable {
    let parts: Parts

    init(_ parts: Parts) { self.parts = parts }

    convenience init(kind: Diagnostic.Kind, message: String, help: String?, culprit: Culprit) {
      self.init(Parts(kind: kind, message: message, help: help, culprit: culprit, isFinal: kind == .interrupted))
    }
  }

  private var parts: Parts {
    get { contents.parts }
    set { contents = Contents(newValue) }
  }

  /// The kind, told in brackets: `error[value]`.
  public var kind: Diagnostic.Kind {
    get { contents.parts.kind }
    set { parts.kind = newValue }
  }

  /// What is wrong: what was expected and what was found, without a period.
  public var message: String {
    get { contents.parts.message }
    set { parts.message = newValue }
  }

  /// What to do about it, such as `did you mean "epochs"?`.
  public var help: String? {
    get { contents.parts.help }
    set { parts.help = newValue }
  }

  /// The part of the call to underline.
  public var culprit: Culprit {
    get { contents.parts.culprit }
    set { parts.culprit = newValue }
  }

  /// True when no `try` may catch it, because the run must end: it was interrupted or its budget is used up.
  package var isFinal: Bool {
    get { contents.parts.isFinal }
    set { parts.isFinal = newValue }
  }

  /// True when a budget of the run was too small; a larger one lets the same run go on.
  package var isBudget: Bool {
    get { contents.parts.isBudget }
    set { parts.isBudget = newValue }
  }

  /// True for a message that a script gave, which is told however long it is.
  package var isOfScript: Bool {
    get { contents.parts.isOfScript }
    set { parts.isOfScript = newValue }
  }

  /// What each operand or argument is, in order, to be told beside it; nil for those that have no part in the error.
  package var operands: [String?] {
    get { contents.parts.operands }
    set { parts.operands = newValue }
  }

  /// A place that explains the error, such as the definition of the function called.
  package var origin: Origin? {
    get { contents.parts.origin }
    set { parts.origin = newValue }
  }
}

/// An error of a library that can be told to the writer of a script.
public protocol ScriptErrorConvertible: Error {
  /// The error as a script sees it.
  var scriptError: ScriptError { get }
}
