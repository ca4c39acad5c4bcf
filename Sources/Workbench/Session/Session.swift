import PixelScript
import Safepoint
import Tensors

/// A notebook without a terminal: runs texts one after the other with all commands, and keeps their variables.
///
/// A session belongs to one thread; only `interruption` may be touched from elsewhere.
public final class Session {
  /// The version of the program.
  public static let version = "0.1.0"
  /// Seed, threads, files and console.
  public let environment: Environment
  /// The interpreter that runs the texts.
  public let interpreter: Interpreter
  /// The request to stop what runs, for signal handlers.
  public var interruption: Interruption { interpreter.interruption }
  /// The cells that ran, with what they showed, within 16 MB and an eighth of a memory budget: the oldest lose their outputs first.
  public var cells: [CellRecord] { environment.log.records }
  /// The commands, for help and completion.
  public var registry: Registry { interpreter.registry }

  /// Creates a session without variables, which has further commands beside its own; `interruption` stops what runs.
  public init(
    options: SessionOptions = SessionOptions(), console: Console, interruption: Interruption = Interruption(),
    commands: [CommandGroup] = []
  ) {
    environment = Environment(options: options, console: console)
    interpreter = Interpreter(
      registry: Registry(Session.groups(environment).map(environment.noting) + commands), interruption: interruption,
      output: environment.write)
    interpreter.limits = options.limits
    interpreter.loader = environment.files.importedText
  }

  /// Every group of commands, in the order of help.
  private static func groups(_ environment: Environment) -> [CommandGroup] {
    [
      .session(environment), Builtins.values, .files(environment), .tensors(environment), .pictures(environment),
      .tables(environment),
      .data(environment), .tokens(environment), .models(environment), .layers(environment), .training(environment),
      .runs(environment),
    ]
  }
}
