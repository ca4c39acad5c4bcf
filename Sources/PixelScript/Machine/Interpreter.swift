/// Runs scripts with a set of commands; its variables live from one run to the next.
///
/// One interpreter belongs to one thread; only `interruption` may be touched from elsewhere.
public final class Interpreter {
  /// The commands that scripts may call.
  public let registry: Registry
  /// Receives what scripts print.
  public var output: (String) -> Void
  /// The budgets of each run.
  public var limits = Limits()
  /// The request to stop, for signal handlers.
  public let interruption: Interruption
  let machine: Machine

  /// Creates an interpreter without variables.
  public init(
    registry: Registry, interruption: Interruption = Interruption(), output: @escaping (String) -> Void
  ) {
    self.registry = registry
    self.output = output
    self.interruption = interruption
    machine = Machine(interruption: interruption)
  }

  /// Calls a command by name, as a script would; for hosts and tests.
  public func call(_ command: String, _ arguments: Arguments) throws -> Value {
    guard let entry = registry[command] else { throw ScriptError(.name, "there is no command `\(command)`") }
    return try entry.form(for: arguments).call(CallContext(interpreter: self, command: command), arguments)
  }

  /// Calls a function of the script, a command, or a host value that can be called.
  public func call(_ function: Value, _ arguments: Arguments) throws -> Value {
    switch function {
    case .function(let function):
      if let name = function.commandName { return try call(name, arguments) }
    case .object(let object):
      let context = CallContext(interpreter: self, command: function.typeName)
      if let result = try object.call(arguments, context) { return result }
    default: break
    }
    throw ScriptError(.type, "expected a function to call, found \(describe(function))")
  }
}
