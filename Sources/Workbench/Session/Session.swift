import PixelScript

/// A notebook without a terminal: runs texts one after the other with all commands, and keeps their variables.
///
/// A session belongs to one thread; only `interruption` may be touched from elsewhere.
public final class Session {
  /// Seed, threads, files and console.
  public let environment: Environment
  /// The interpreter that runs the texts.
  public let interpreter: Interpreter
  /// The request to stop what runs, for signal handlers.
  public var interruption: Interruption { interpreter.interruption }
  /// The commands, for help and completion.
  public var registry: Registry { interpreter.registry }

  /// Creates a session without variables.
  public init(options: SessionOptions = SessionOptions(), console: Console) {
    environment = Environment(options: options, console: console)
    interpreter = Interpreter(registry: Registry(Session.groups(environment)), output: console.write)
    interpreter.limits = options.limits
  }

  /// Every group of commands, in the order of help.
  static func groups(_ environment: Environment) -> [CommandGroup] {
    []
  }

  /// Runs a text: a file, the text of `-e`, standard input or a line of the prompt.
  ///
  /// `name` is what errors call it. With `echo` the value of the last expression of each cell is shown.
  public func run(_ text: String, name: String, echo: Bool = false) -> Outcome {
    run(bytes: Array(text.utf8), name: name, echo: echo)
  }

  /// Runs a text that may be no UTF-8.
  public func run(bytes: [UInt8], name: String, echo: Bool = false) -> Outcome {
    interruption.clear()
    let missing = Diagnostic(.internal, "the machine is not part of this build")
    return .failed([missing])
  }
}
