/// A mistake, told once: what kind it is, where it is and what may help.
///
/// Every error of the language ends as one of these. Code that does not know the place throws it without one, and the machine
/// adds the place and the call stack.
public struct Diagnostic: Error, Sendable {
  /// The sort of mistake, as in `error[shape]`.
  public enum Kind: String, Sendable, CaseIterable {
    case syntax, name, type, value, shape, index, key, io, limit, interrupted
    /// A fault of ours.
    case `internal`

    /// True for what only the program tells: a script that raises such an error raises one of values.
    var isOfProgram: Bool {
      switch self {
      case .limit, .interrupted, .internal: true
      case .syntax, .name, .type, .value, .shape, .index, .key, .io: false
      }
    }
  }

  /// A further place in the same text, with a word on its part.
  public struct Label: Hashable, Sendable {
    /// The bytes meant.
    public let span: Span
    /// What to say under them.
    public let text: String

    /// Creates a label.
    public init(_ span: Span, _ text: String) {
      self.span = span
      self.text = text
    }
  }

  /// A call that was under way when the error happened.
  public struct Frame: Hashable, Sendable {
    /// The name of the function that was running; `nil` for the script itself.
    public let function: String?
    /// The place in that function's text that was being run.
    public let location: Location

    /// Creates a frame.
    public init(function: String?, location: Location) {
      self.function = function
      self.location = location
    }
  }

  /// The sort of mistake.
  public var kind: Kind
  /// What is wrong: what was expected and what was found, without a full stop.
  public var message: String
  /// Where it is; `nil` until somebody knows.
  public var location: Location?
  /// What to say behind the carets of the main place.
  public var label: String?
  /// Further places in the same text.
  public var labels: [Label]
  /// Ways out, such as `did you mean 'train'?`.
  public var help: [String]
  /// Facts that explain the error.
  public var notes: [String]
  /// The calls under way, innermost first.
  public var stack: [Frame]
  /// True when no `try` may catch it, because the run must end: it was interrupted or its budget is used up.
  public var isFinal = false
  /// True when a budget of the run was too small; a larger one lets the same run go on.
  public var isBudget = false

  /// The same without the place in a script that nobody wrote.
  public var withoutPlace: Diagnostic {
    var bare = self
    (bare.location, bare.label, bare.labels, bare.stack) = (nil, nil, [], [])
    return bare
  }

  /// Creates a diagnostic.
  public init(
    _ kind: Kind, _ message: String, at location: Location? = nil, label: String? = nil, labels: [Label] = [],
    help: [String] = [], notes: [String] = [], stack: [Frame] = []
  ) {
    self.kind = kind
    self.message = message
    self.location = location
    self.label = label
    self.labels = labels
    self.help = help
    self.notes = notes
    self.stack = stack
  }

  /// Creates a diagnostic with one word of help.
  public init(_ kind: Kind, _ message: String, at location: Location? = nil, help: String) {
    self.init(kind, message, at: location, help: [help])
  }

  /// Returns the same diagnostic at `location`, unless it has a place already.
  public func located(at location: Location) -> Diagnostic {
    guard self.location == nil else { return self }
    var copy = self
    copy.location = location
    return copy
  }
}

extension Diagnostic: CustomStringConvertible {
  /// The first line of the printed form.
  public var description: String { "error[\(kind.rawValue)]: \(Diagnostic.shown(message))" }
}

extension Diagnostic {
  /// The bytes of a text that are shown, which a script may have made of any size.
  private static let textLimit = 10_000

  /// A text of a diagnostic as it is shown: of a long one the start, and how long it is.
  package static func shown(_ text: String) -> String {
    guard text.utf8.count > textLimit else { return text }
    let end = text.utf8.index(text.startIndex, offsetBy: textLimit)
    return String(text.unicodeScalars[..<end]) + "... (\(Display.bytes(text.utf8.count)))"
  }
}
