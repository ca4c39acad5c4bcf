/// A script that was checked and whose parameters have their values; its cells are ready to run.
public final class Program {
  /// The script.
  public let script: Script
  /// The parameters that the script declares, with their values in this run.
  public let parameters: [ScriptParameter]
  let values: [String: Value]
  /// The code of a script of one cell without parameters, which the check has made.
  private let code: Prototype?
  /// How often the variables had been taken away when the code was made.
  private let clearings: Int

  init(_ script: Script, _ parameters: [ScriptParameter], _ values: [String: Value], _ code: Prototype?) {
    self.script = script
    self.parameters = parameters
    self.values = values
    self.code = code
    clearings = code?.module.clearings ?? 0
  }

  /// The code of a cell if it is known and still right: it counts on variables that had a value and on registers that were free.
  func code(of cell: Int) -> Prototype? {
    guard let code, !script.cells[cell].statements.isEmpty, code.module.clearings == clearings,
      unsafe code.header.pointee.firstOwned == code.module.temporaryTop
    else { return nil }
    return code
  }
}

extension Interpreter {
  /// Checks a script and the values given for its parameters, without running it.
  ///
  /// `-` and `_` are the same in names. Throws `SyntaxFailure` for mistakes in the text, a `ScriptError` for an unknown or
  /// ill-typed parameter, and a `Diagnostic` when a default can't be evaluated.
  public func prepare(_ script: Script, parameters given: [String: Value] = [:]) throws -> Program {
    let code = try checked(script)
    let declared = try parameters(of: script)
    return Program(script, declared, try values(of: declared, given: given), code)
  }

  /// Compiles all cells as one, to find every mistake; gives the code of a script of one cell, other scripts leave no trace.
  ///
  /// With `checksCalls` the arguments of commands are looked at too, but of those that have one of the `others` as their name.
  func checked(
    _ script: Script, checksCalls: Bool = false, others: Set<String> = []
  ) throws(SyntaxFailure) -> Prototype? {
    let known = module.names.count
    var isOneCell = false
    defer { if !isOneCell { module.forgetNames(from: known) } }
    let code = try Compiler.compile(
      script.statements, source: script.source, registry: registry, module: module, checksCalls: checksCalls,
      others: others)
    isOneCell = script.cells.count { !$0.statements.isEmpty } == 1 && declarations(in: script).isEmpty
    return isOneCell ? code : nil
  }

  /// The parameters that a script declares, in order; evaluates their defaults.
  public func parameters(of script: Script) throws -> [ScriptParameter] {
    try evaluated(declarations(in: script), source: script.source)
  }

  /// Runs one cell; returns the value to echo, if there is one.
  public func run(_ program: Program, cell: Int) throws -> Value? {
    let script = program.script
    let statements = script.statements[script.cells[cell].statements]
    let earlier = script.statements[..<statements.startIndex]
    for case .parameter(let declaration) in earlier.map(\.kind) where variable(declaration.name.text) == nil {
      try setVariable(declaration.name.text, to: program.values[declaration.name.text] ?? .nil)
    }
    let code =
      try program.code(of: cell)
      ?? Compiler.compile(
        statements, source: script.source, registry: registry, module: module, parameters: program.values)
    let result = try execute(code)
    return result.isNil ? nil : result
  }

  func declarations(in script: Script) -> [ParameterDeclaration] {
    script.statements.compactMap { if case .parameter(let declaration) = $0.kind { declaration } else { nil } }
  }

  /// Evaluates defaults and choices apart from the script's own variables; a default may use earlier parameters.
  private func evaluated(_ declarations: [ParameterDeclaration], source: SourceText) throws -> [ScriptParameter] {
    guard !declarations.isEmpty else { return [] }
    let scratch = Module(machine.meter.heap)
    return try declarations.map { declaration in
      func value(_ expression: Expression) throws -> Value {
        let statement = Statement(.expression(expression), expression.span)
        return try execute(
          Compiler.compile([statement], source: source, registry: registry, module: scratch))
      }
      let fallback = try value(declaration.defaultValue)
      let choices = try declaration.choices?.map(value)
      let parameter = ScriptParameter(
        name: declaration.name.text, fallback: fallback, choices: choices, documentation: declaration.documentation)
      do throws(ScriptError) { try parameter.check(fallback) } catch {
        throw Diagnostic(error.kind, error.message, at: Location(source, declaration.defaultValue.span))
      }
      _ = scratch.set(parameter.name, owning: Slot(fallback, meter: machine.meter))
      return parameter
    }
  }

  /// The value of every parameter: the one given, else the default.
  func values(
    of declared: [ScriptParameter], given: [String: Value]
  ) throws(ScriptError) -> [String: Value] {
    var values = Dictionary(declared.map { ($0.name, $0.fallback) }) { _, last in last }
    for (label, value) in given.sorted(by: { $0.key < $1.key }) {
      let name = label.replacing("-", with: "_")
      guard let parameter = declared.first(where: { $0.name == name }) else {
        let names = declared.map(\.name)
        let help =
          Suggestion.best(for: name, in: names).map { "did you mean `\($0)`?" }
          ?? (names.isEmpty ? nil : "its parameters are \(names.map { "`\($0)`" }.joined(separator: ", "))")
        throw ScriptError(.name, "the script has no parameter `\(label)`", help: help, culprit: .label(label))
      }
      try parameter.check(value)
      values[name] = value
    }
    return values
  }
}
