/// Everything the language, help, completion and the manual know about one form of a command.
///
/// A name may have several forms that differ in the type of their first parameter (`sum(list)`, `sum(tensor)`); a call takes the
/// first form whose first parameter accepts the first argument and that has one for every other; those that accept any value last.
public struct Command {
  /// The name that scripts call.
  public let name: String
  /// One sentence on what it does.
  public let summary: String
  /// The parameters in order.
  public let signature: [Signature]
  /// A script that runs, with its output in `# expect:` comments.
  public let example: String
  /// The instruction that does the work of the command on the language's own values, if there is one.
  package private(set) var primitive: Primitive?
  /// True when it counts its work itself, so that the machine need not look at the clock before each call.
  private(set) var countsItsWork = false
  let acceptance: Acceptance
  let body: Body

  /// What the machine calls: it reads the arguments where they are, and gives a slot that the caller owns.
  @usableFromInline typealias Body = (inout ArgumentReader, CallContext) throws -> Slot

  @usableFromInline
  init(
    _ name: String, _ summary: String, _ signature: [Signature], _ acceptance: Acceptance,
    example: String, body: @escaping Body
  ) {
    (self.name, self.summary, self.signature) = (name, summary, signature)
    (self.acceptance, self.example, self.body) = (acceptance, example, body)
  }

  /// Creates a command from its parameters and a body of the same types.
  ///
  /// The body may throw a `ScriptError`; the machine adds the place.
  @_disfavoredOverload
  public init<each P: CommandParameter>(
    _ name: String, _ summary: String, _ parameter: repeat each P, example: String,
    body: @escaping (CallContext, repeat (each P).Argument) throws -> Value
  ) {
    var signatures: [Signature] = []
    var first: Acceptance?
    for one in repeat each parameter {
      if first == nil { first = one.acceptance }
      signatures += one.signatures
    }
    self.init(name, summary, signatures, first ?? .nothing, example: example) { [signatures] arguments, context in
      let values = (repeat try (each parameter).take(from: &arguments))
      try arguments.finish(signatures)
      return try body(context, repeat each values).owned(context)
    }
  }

  /// A command of the core that has an instruction of its own.
  package enum Primitive: UInt8, Sendable {
    /// `len(x)` of a string, list, map or range.
    case length
    /// `push(list, value)`, which gives nil.
    case append
    /// `range(...)` that a loop goes through, which makes no value.
    case range
    /// `get(map, key, default)`, `pop(list)`, `type(value)` and `contains(values, value)`.
    case get, pop, type, contains
    /// `zip(xs, ys)` and `enumerate(xs)` whose pairs a loop takes apart, which makes no list.
    case zip, enumerate

    /// Whether a call with so many arguments by position is done by the instruction.
    func takes(_ count: Int) -> Bool {
      switch self {
      case .length: count == 1
      case .append, .contains: count == 2
      case .get: count == 2 || count == 3
      case .pop, .type: count == 1
      case .range, .zip, .enumerate: false
      }
    }
  }

  /// The same command, done by an instruction where the arguments allow it.
  package func primitive(_ primitive: Primitive) -> Command {
    var command = self
    command.primitive = primitive
    return command
  }

  /// The same command, which calls `note` before it does anything else.
  package func noting(_ note: @escaping () -> Void) -> Command {
    let body = body
    var command = Command(name, summary, signature, acceptance, example: example) { arguments, context in
      note()
      return try body(&arguments, context)
    }
    (command.primitive, command.countsItsWork) = (primitive, countsItsWork)
    return command
  }

  /// The same command, which counts its work itself.
  func countingItsWork() -> Command {
    var command = self
    command.countsItsWork = true
    return command
  }

  /// True when the first parameter takes a value of any type.
  var acceptsAnything: Bool { signature.first.map { $0.type == Value.scriptName } ?? true }

  /// True when it can be called without arguments, so that its name alone on a line is a call.
  public var needsNoArgument: Bool { signature.allSatisfy(\.isOptional) }

  /// The call as help shows it: `split(data, test: 0.1, seed: 0)`.
  public var usage: String { "\(name)(\(signature.map(\.description).joined(separator: ", ")))" }
}

/// Commands that belong together, under the title that help shows.
public struct CommandGroup {
  /// The title, such as "Values".
  public let title: String
  /// The commands in the order of help.
  public let commands: [Command]

  /// Creates a group.
  public init(_ title: String, _ commands: [Command]) {
    self.title = title
    self.commands = commands
  }
}
