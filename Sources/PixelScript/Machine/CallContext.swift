import Safepoint

/// What a command may ask of the machine that calls it.
///
/// It is handed on without counting references; a command must not keep it for longer than the call.
@safe public struct CallContext {
  /// The machine that runs the call.
  let machine: Machine
  private let name: Unmanaged<CommandName>

  /// For a call of something whose name outlives the call.
  @inline(__always) init(_ machine: Machine, _ name: CommandName) {
    self.machine = machine
    unsafe self.name = .passUnretained(name)
  }

  /// For a call of something whose name outlives the call.
  @inline(__always) init(_ machine: Machine, _ name: Unmanaged<CommandName>) {
    self.machine = machine
    unsafe self.name = unsafe name
  }

  /// What is counted for the values that a command makes.
  @inline(__always) var heap: Heap { machine.heap }
  /// The interpreter that runs the script.
  public var interpreter: Interpreter { machine.interpreter }
  /// The name under which the command was called.
  public var command: String { unsafe name._withUnsafeGuaranteedRef { $0.text } }

  /// Counts an element that a loop goes through.
  @inline(__always) func step() throws { try machine.poll(steps: 1) }

  /// Throws a limit error when so many bytes more would exceed the budget of memory.
  @inline(__always) func reserve(bytes: Int) throws {
    try machine.meter.check(adding: bytes)
  }

  /// A new list, what it holds counted.
  @inline(__always) func newList(capacity: Int = 0) -> ScriptList {
    machine.newList(capacity: capacity).taken(ScriptList.self)
  }

  /// The place of the call in the script; nil when the host itself makes the call.
  public var location: Location? { machine.location }

  /// Writes text to the script's output, as it is.
  public func write(_ text: String) { interpreter.output(text) }

  /// Throws when the script was interrupted or a budget of time or memory ran out; to be called in every long loop.
  ///
  /// `steps` counts against the budget of steps.
  public func poll(steps: Int = 1) throws { try machine.pollFully(steps: steps) }

  /// Throws a limit error when `bytes` more, times the sizes given, would exceed the budget of memory; call it before a large
  /// allocation. The error calls what is made the `subject`.
  public func reserve(bytes: Int, times sizes: Int..., for subject: String = "a value") throws {
    try machine.meter.check(adding: Size.product([bytes] + sizes), for: subject)
  }

  /// What the run tells where native work was stopped.
  public func error(of stopped: Stopped) -> ScriptError { machine.error(of: stopped) }

  /// Calls a function of the script, a command, or a host value that can be called.
  public func call(
    _ function: Value, _ arguments: [Value], named: [(name: String, value: Value)] = []
  ) throws -> Value {
    try interpreter.call(function, Arguments(arguments, named: named))
  }

  /// The function that a command is, for a host that applies it to values of its own; nil for a name that is no command.
  public func command(_ name: String) -> Value? {
    interpreter.registry[name].map { .function(ScriptFunction($0, heap: machine.meter.heap)) }
  }

  /// Does something with budgets of its own, as a part of the run; a budget that is used up ends it with a limit error that a
  /// script may catch.
  public func withLimits<R>(_ limits: Limits, _ body: () throws -> R) throws -> R {
    try machine.withLimits(limits, body)
  }

  /// Calls a function with one or two arguments, quickly when it is one of the script.
  public func call(_ function: Value, _ first: Value, _ second: Value? = nil) throws -> Value {
    if case .function(let function) = function, function.prototype != nil {
      return try interpreter.call(function, first, second)
    }
    return try interpreter.call(function, Arguments([first] + (second.map { [$0] } ?? [])))
  }

  /// Calls a function of the script or a command.
  public func call(_ function: ScriptFunction, _ arguments: Value...) throws -> Value {
    try interpreter.call(.function(function), Arguments(arguments))
  }

  /// A function that returns the elements of a list, string, range, map (its keys) or host value one after the other.
  ///
  /// Throws a type error for a value that has no elements.
  public func elements(of value: Value, argument: String? = nil) throws -> () throws -> Value? {
    guard let next = try Elements.iterator(over: value) else {
      let isFunction = if case .function = value { true } else { false }
      throw ScriptError(
        .type, "`\(command)` expects something with elements, found \(describe(value))",
        help: isFunction ? "the elements come first: `\(command)(list, f)`" : nil, argument: argument)
    }
    guard case .object = value else { return next }
    // The host may take any time for an element.
    return {
      try poll()
      return try next()
    }
  }
}

/// The name of what is called, which is passed on as one reference.
final class CommandName {
  let text: String

  init(_ text: String) { self.text = text }
}
