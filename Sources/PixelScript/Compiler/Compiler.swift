/// Turns the statements of a cell into bytecode.
///
/// Names become registers: a function's variables are registers of its frame, numbered from 0, its temporaries lie above them. The
/// variables of a script are its module's globals; the cell itself runs with the module's memory as its frame, so that for it they
/// are registers too, and functions reach them by `getGlobal`. A variable that a function inside reads lives in a cell. A variable
/// that may lack a value where it is read is checked there (`checkDefined`); the builder knows where that is needless.
///
/// A variable may have the name of a command. Where its name is read it is the variable if that has a value, else the command; a
/// call is one of the variable if that can be called. Which it is, is looked up at run time only where a variable of that name may be
/// in reach: when the first one of a module comes up, the calls that were compiled before are told (`Prototype.redirect`).
final class Compiler {
  let registry: Registry
  let module: Module
  let source: SourceText
  /// The values given for `param` lines.
  let parameters: [String: Value]
  /// The variables that the statements make.
  private var assigned: Set<String> = []
  private(set) var diagnostics: [Diagnostic] = []
  /// True where the arguments of commands are looked at too, which runs tell otherwise.
  private let checksCalls: Bool

  private init(
    registry: Registry, module: Module, source: SourceText, parameters: [String: Value], checksCalls: Bool
  ) {
    self.checksCalls = checksCalls
    self.parameters = parameters
    self.registry = registry
    self.module = module
    self.source = source
  }

  /// Compiles statements that follow each other; throws all mistakes found at once.
  ///
  /// The value of the last statement is given back when it is an expression that is not silenced.
  static func compile(
    _ statements: some Collection<Statement>, source: SourceText, registry: Registry, module: Module,
    parameters: [String: Value] = [:], checksCalls: Bool = false, others: Set<String> = []
  ) throws(SyntaxFailure) -> Prototype {
    let compiler = Compiler(
      registry: registry, module: module, source: source, parameters: parameters, checksCalls: checksCalls)
    let names = NameCollector.collect(statements, followsValues: false)
    let builder = FunctionBuilder(topLevel: compiler, names)
    for name in names.assigned { _ = compiler.globalIndex(of: name, Span(0, 0)) }
    compiler.assigned = Set(names.assigned).union(others)
    module.changedByFunctions.formUnion(names.assignedInside)
    builder.parts.shadows = names.assigned.filter { registry[$0] != nil }
    builder.compileCell(Array(statements))
    try SyntaxFailure.checkStop()
    if !compiler.diagnostics.isEmpty {
      throw SyntaxFailure(diagnostics: compiler.diagnostics, isIncomplete: false)
    }
    return Prototype(builder.finish(), source: source, module: module)
  }

  /// Notes a mistake; of a text that is too large, or has very many, no more are told.
  func report(_ kind: Diagnostic.Kind, _ message: String, _ span: Span, help: [String] = []) {
    guard diagnostics.count < Parser.errorLimit, diagnostics.last?.kind != .limit else { return }
    diagnostics.append(Diagnostic(kind, message, at: Location(source, span), help: help))
  }

  /// Reports what is wrong with the arguments of a call of a command as far as the text tells, where that is asked for.
  func check(_ call: Call, _ site: CallSite, of entry: Registry.Entry, _ span: Span) {
    guard checksCalls, let fault = WrittenCall(call).fault(of: entry) else { return }
    report(fault.kind, fault.message, site.span(of: fault.culprit) ?? span, help: fault.help.map { [$0] } ?? [])
  }

  /// The index of a global variable, made when it is new.
  func globalIndex(of name: String, _ span: Span) -> Int {
    if let index = module.index(of: name) { return index }
    report(.limit, "a script can't have more than \(Module.variableLimit) variables", span)
    return 0
  }

  /// True when a variable of the module may have the name: one that these statements make, or that was made before.
  func mayBeVariable(_ name: String) -> Bool { assigned.contains(name) || module.shadows.contains(name) }
}
