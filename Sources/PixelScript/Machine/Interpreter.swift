import Safepoint

/// Runs scripts with a set of commands; its variables live from one run to the next.
///
/// One interpreter belongs to one thread; only `interruption` may be touched from elsewhere. Mistakes in a script are thrown as
/// `SyntaxFailure` before anything runs, or as a `Diagnostic` with its place.
public final class Interpreter {
  /// The commands that scripts may call.
  public let registry: Registry
  /// Receives what scripts print.
  public var output: (String) -> Void
  /// Receives the host values that statements give which nobody takes, unless a semicolon ends them; the second argument tells
  /// whether the statement stands in a function.
  public var onPassing: ((Value, Bool) throws -> Void)?
  /// The budgets of each run.
  public var limits = Limits()
  /// Finds the text that `import` names; the second argument is the text with the import.
  public var loader: ((String, SourceText) throws -> SourceText)?
  /// The request to stop, for signal handlers.
  public let interruption: Interruption
  /// How often work has looked whether it must stop, for tests.
  package var looks: Int { machine.watch.looks }
  /// How many errors of files scripts have caught.
  package var caughtFileErrors: Int { machine.caughtFileErrors }
  /// What its work looks at, for hosts that end it when it does not.
  public var watch: Watch { machine.watch }
  let machine: Machine
  let module: Module
  /// The modules of imported scripts by the identities of their texts; nil while one is running.
  private var imports: [ExactText: Module?] = [:]
  /// True while several runs share their budgets.
  private var isInOneRun = false

  /// Creates an interpreter without variables.
  public init(
    registry: Registry, interruption: Interruption = Interruption(), output: @escaping (String) -> Void
  ) {
    self.registry = registry
    self.output = output
    self.interruption = interruption
    machine = Machine(interruption: interruption)
    module = Module(machine.meter.heap)
    machine.attach(to: self)
  }

  deinit {
    // Functions in variables hold their module; without this the two would keep each other.
    module.clear()
    for case let imported? in imports.values { imported.clear() }
  }

  /// Parses and runs a text, all of its cells; returns the value to echo, if there is one.
  @discardableResult
  public func run(_ text: String, name: String = "script") throws -> Value? {
    try run(Script.parse(SourceText(name: name, text)))
  }

  /// Runs all cells of a script; returns what the last one gives to echo.
  @discardableResult
  public func run(_ script: Script, parameters: [String: Value] = [:]) throws -> Value? {
    let program = try prepare(script, parameters: parameters)
    return try asOneRun {
      var result: Value?
      for cell in script.cells.indices { result = try run(program, cell: cell) }
      return result
    }
  }

  /// Does several runs as one, such as the cells of a script: they share its budgets.
  public func asOneRun<Result>(_ body: () throws -> Result) rethrows -> Result {
    guard machine.depth == 0, !isInOneRun else { return try body() }
    startRun()
    isInOneRun = true
    defer { isInOneRun = false }
    return try watched(body)
  }

  /// Throws when the run must stop; for hosts that do something beside it, such as showing a value.
  public func check() throws { try machine.pollFully(steps: 0) }

  /// The error of a run that had to stop, where it is; also from another thread when the run does not answer, as it moves no frame then.
  public func diagnostic(of reason: Watch.Reason) -> Diagnostic {
    // Before anything runs the budgets are those that would have held.
    if machine.depth == 0 { machine.start(limits) }
    return machine.diagnose(machine.error(of: reason))
  }

  /// Parses a text, within the budgets of a run; a request to stop ends that as a `SyntaxFailure` of the kind `interrupted`, a budget
  /// that is used up as one with its error.
  public func parse(_ source: SourceText) throws(SyntaxFailure) -> Script {
    try read { () throws(SyntaxFailure) in try Script.parse(source) }
  }

  /// What can be read of a text, as `parse`.
  func reading(_ source: SourceText) throws(SyntaxFailure) -> Script.Reading {
    try read { () throws(SyntaxFailure) in try Script.Reading(source) }
  }

  private func read<Result>(_ body: () throws(SyntaxFailure) -> Result) throws(SyntaxFailure) -> Result {
    startRun()
    let result = watched { Swift.Result { () throws(SyntaxFailure) in try body() } }
    if machine.depth == 0, !isInOneRun, let reason = machine.watch.stopReason {
      throw SyntaxFailure(diagnostics: [diagnostic(of: reason)], isIncomplete: false)
    }
    return try result.get()
  }

  /// Does something under the machine's watch, so that native work knows when to stop.
  private func watched<Result>(_ body: () throws -> Result) rethrows -> Result {
    guard Safepoint.watch !== machine.watch else { return try body() }
    defer { machine.end() }
    return try Safepoint.$watch.withValue(machine.watch) { try machine.meter.heap.whileRunning(body) }
  }

  private func startRun() {
    if machine.depth == 0, !isInOneRun { machine.start(limits) }
  }

  /// Runs compiled statements as a run of their own, or as a part of the one under way.
  func execute(_ prototype: Prototype) throws -> Value {
    startRun()
    machine.sweepCode()
    prototype.shadows.forEach(prototype.module.shadow)
    return try withExtendedLifetime(prototype) {
      let result = try watched { try machine.run(prototype) }
      defer { Teardown.release(result) }
      return result.value
    }
  }

  /// Calls a command by name, as a script would; for hosts and tests.
  public func call(_ command: String, _ arguments: Arguments) throws -> Value {
    guard let entry = registry[command] else { throw ScriptError(.name, "there is no command `\(command)`") }
    return try watched { try machine.run(entry, arguments, isOfHost: true) }
  }

  /// Releases some of what was dropped and is still in memory, between runs, for a millisecond or so; true when more is left.
  public func releaseSome() -> Bool {
    machine.meter.heap.releaseLeft(most: 1 << 14)
    return machine.meter.heap.hasLeft
  }

  /// Calls a function of the script with one or two arguments.
  func call(_ function: ScriptFunction, _ first: Value, _ second: Value?) throws -> Value {
    startRun()
    guard machine.depth == 0 else { return try machine.invoke(function, first, second) }
    return try watched { try machine.invoke(function, first, second) }
  }

  /// Calls a function of the script, a command, or a host value that can be called.
  public func call(_ function: Value, _ arguments: Arguments) throws -> Value {
    switch function {
    case .function(let function):
      startRun()
      guard machine.depth == 0 else { return try machine.invoke(function, arguments) }
      return try watched { try machine.invoke(function, arguments) }
    case .object(let object):
      let name = CommandName(function.typeName)
      let result = try withExtendedLifetime(name) { try object.call(arguments, CallContext(machine, name)) }
      if let result { return result }
    default: break
    }
    throw ScriptError(.type, "expected a function to call, found \(describe(function))")
  }
}

extension Interpreter {
  /// The variables with their values, in the order in which they came up.
  public var variables: [(name: String, value: Value)] {
    module.definedNames.compactMap { name in module.value(of: name).map { (name, $0) } }
  }

  /// The names of the variables, in the order in which they came up.
  public var variableNames: [String] { module.definedNames }

  /// The value of a variable, or nil.
  public func variable(_ name: String) -> Value? { module.value(of: name) }

  /// Sets a variable.
  public func setVariable(_ name: String, to value: Value) throws(ScriptError) {
    if registry[name] != nil { module.shadow(name) }
    let slot = Slot(value, meter: machine.meter)
    guard module.set(name, owning: slot) else { throw ScriptError(.limit, "there are too many variables") }
  }

  /// Takes all variables away.
  public func reset() { module.clear() }

  /// The steps that the last run took up to its last look; for tests, as what takes long must look often.
  package var stepsSpent: Int { machine.budget.steps }

  /// The names that its code knows, with a value or without; for tests.
  package var knownNames: [String] { module.names }

  /// The bytes that the values of scripts hold now.
  public var memoryUsed: Int { machine.meter.used }
}

extension Interpreter {
  /// Runs the script that an import names, once, and returns what it defines.
  func importScript(_ path: String, from frame: Machine.Frame) throws -> ScriptMap {
    let module = try imported(path, from: frame)
    let map = ScriptMap()
    for name in module.definedNames { map[name] = module.value(of: name) }
    return map
  }

  /// Runs the script that an import names and brings its definitions into the importing script.
  func importNames(_ path: String, from frame: Machine.Frame) throws {
    let target = unsafe frame.header.pointee.prototype.takeUnretainedValue().module
    let source = try imported(path, from: frame)
    for name in source.definedNames {
      guard let value = source.value(of: name) else { continue }
      if registry[name] != nil { target.shadow(name) }
      guard target.set(name, owning: Slot(value, meter: machine.meter)) else {
        throw ScriptError(.limit, "there are too many variables")
      }
    }
  }

  /// The text that an import names; an error of the host that is not for scripts becomes one that is.
  private func load(_ path: String, from source: SourceText) throws -> SourceText {
    guard let loader else { throw ScriptError(.io, "scripts can't be imported here") }
    do { return try loader(path, source) } catch {
      if error is ScriptError || error is any ScriptErrorConvertible || error is Diagnostic { throw error }
      throw ScriptError(.io, "can't read the script \(Display.quoted(path))")
    }
  }

  private func imported(_ path: String, from frame: Machine.Frame) throws -> Module {
    let text = try load(path, from: machine.location(of: frame).source)
    let identity = ExactText(text.identity)
    switch imports[identity] {
    case .some(.some(let module)): return module
    case .some(.none): throw ScriptError(.value, "\"\(path)\" imports itself")
    case nil: break
    }
    imports[identity] = .some(nil)
    let module = Module(machine.meter.heap)
    do {
      let script = try Script.parse(text)
      let parameters = try values(of: self.parameters(of: script), given: [:])
      _ = try execute(
        Compiler.compile(
          script.statements, source: text, registry: registry, module: module, parameters: parameters))
      imports[identity] = module
      return module
    } catch {
      imports[identity] = nil
      // Its functions hold the module that holds them.
      module.clear()
      throw error
    }
  }
}
