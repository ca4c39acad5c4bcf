/// Turns the statements of a cell into bytecode.
///
/// Names become registers: a function's variables are registers of its frame, numbered from 0, its temporaries lie above them. The
/// variables of a script are its module's globals; the cell itself runs with the module's memory as its frame, so that for it they
/// are registers too, and functions reach them by `getGlobal`. A variable that a function inside reads lives in a cell. A variable
/// that may lack a value where it is read is checked there (`checkDefined`); the builder knows where that is needless.
final class Compiler {
  let registry: Registry
  let module: Module
  let source: SourceText
  /// The values given for `param` lines.
  let parameters: [String: Value]
  private(set) var diagnostics: [Diagnostic] = []

  private init(registry: Registry, module: Module, source: SourceText, parameters: [String: Value]) {
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
    parameters: [String: Value] = [:]
  ) throws(SyntaxFailure) -> Prototype {
    let compiler = Compiler(registry: registry, module: module, source: source, parameters: parameters)
    let builder = FunctionBuilder(topLevel: compiler)
    let names = NameCollector.collect(statements)
    for name in names.assigned where registry[name] == nil { _ = compiler.globalIndex(of: name, Span(0, 0)) }
    builder.compileCell(Array(statements))
    try SyntaxFailure.checkStop()
    if !compiler.diagnostics.isEmpty {
      throw SyntaxFailure(diagnostics: compiler.diagnostics, isIncomplete: false)
    }
    return Prototype(builder.finish(), source: source, module: module)
  }

  func report(_ kind: Diagnostic.Kind, _ message: String, _ span: Span, help: [String] = []) {
    diagnostics.append(Diagnostic(kind, message, at: Location(source, span), help: help))
  }

  /// The index of a global variable, made when it is new.
  func globalIndex(of name: String, _ span: Span) -> Int {
    if let index = module.index(of: name) { return index }
    report(.limit, "a script can't have more than \(Module.variableLimit) variables", span)
    return 0
  }

  /// Reports a name that can't be a variable because it is a command's.
  func checkAssignable(_ name: Name) -> Bool {
    guard registry[name.text] != nil else { return true }
    report(
      .name, "`\(name.text)` is a command, so it can't be assigned to", name.span,
      help: ["take another name, such as `\(alternative(to: name.text))`"])
    return false
  }

  private func alternative(to name: String) -> String {
    let candidates = ["my_\(name)", "the_\(name)", "\(name)_value"]
    return candidates.first { registry[$0] == nil } ?? "\(name)_2"
  }
}
