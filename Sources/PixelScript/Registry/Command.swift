/// Everything the language, help, completion and the manual know about one form of a command.
///
/// A name may have several forms that differ in the type of their first parameter (`sum(list)`, `sum(tensor)`); a call
/// takes the first form whose first parameter accepts the first argument, the forms that accept any value last.
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
  let accepts: (Value) throws -> Bool
  let call: (CallContext, Arguments) throws -> Value

  /// Creates a command from its parameters and a body of the same types.
  ///
  /// The body may throw a `ScriptError`; the machine adds the place.
  public init<each P: CommandParameter>(
    _ name: String, _ summary: String, _ parameter: repeat each P, example: String,
    body: @escaping (CallContext, repeat (each P).Argument) throws -> Value
  ) {
    self.name = name
    self.summary = summary
    self.example = example
    var signatures: [Signature] = []
    var first: ((Value) throws -> Bool)?
    for one in repeat each parameter {
      if first == nil { first = one.accepts }
      signatures += one.signatures
    }
    let signature = signatures
    self.signature = signature
    accepts = first ?? { _ in false }
    call = { context, arguments in
      var reader = ArgumentReader(arguments, command: name)
      try reader.checkLabels(signature)
      let values = (repeat try (each parameter).take(from: &reader))
      try reader.finish(signature)
      return try body(context, repeat each values)
    }
  }

  /// A command of the core that has an instruction of its own.
  package enum Primitive: Sendable {
    /// `len(x)` of a string, list, map or range.
    case length
    /// `push(list, value)`, which gives nil.
    case append

    var arity: Int { self == .length ? 1 : 2 }
  }

  /// The same command, done by an instruction where the arguments allow it.
  package func primitive(_ primitive: Primitive) -> Command {
    var command = self
    command.primitive = primitive
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
