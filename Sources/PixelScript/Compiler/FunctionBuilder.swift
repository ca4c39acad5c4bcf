/// Collects the bytecode of one function while its tree is walked.
final class FunctionBuilder {
  /// Where a variable lives.
  enum Place: Equatable {
    case register(Int)
    case cell(Int)
    case capture(Int)
    case global(Int)
    case command(Int)

    /// True unless it is a command.
    var isVariable: Bool { if case .command = self { false } else { true } }
  }

  /// A register with a value; a temporary may be taken over by who reads it.
  struct Operand {
    let register: Int
    let isTemporary: Bool
  }

  /// The jumps of a loop under construction, and how many `try` blocks lie around it.
  struct Loop {
    var breaks: [Int] = []
    var continues: [Int] = []
    let openTries: Int
  }

  let compiler: Compiler
  let parent: FunctionBuilder?
  /// The names of the functions inside.
  private let functions: [ObjectIdentifier: NameCollector]
  var parts = Prototype.Parts()
  var loops: [Loop] = []
  var openTries = 0
  var definedness = Definedness()
  private(set) var variables: [String: Place] = [:]
  /// The variables of the comprehensions around the code, which hide others of their names.
  var bound: [(name: String, place: Place)] = []
  private var captureIndices: [String: Int] = [:]
  private var constantIndices: [ExactText: Int] = [:]
  private var nextTemporary: Int
  private var highest: Int
  private var isTooLarge = false

  var isTopLevel: Bool { parent == nil }
  /// The place of the next instruction.
  var here: Int { parts.code.count }

  /// Starts the code of a cell: its variables are the globals.
  init(topLevel compiler: Compiler, _ names: NameCollector) {
    self.compiler = compiler
    functions = names.functions
    parent = nil
    nextTemporary = compiler.module.temporaryTop
    highest = nextTemporary
    parts.firstOwned = nextTemporary
  }

  /// Starts the code of a function: parameters first, then its other variables, then temporaries.
  init(_ function: FunctionDefinition, inside parent: FunctionBuilder) {
    compiler = parent.compiler
    self.parent = parent
    let names =
      parent.functions[ObjectIdentifier(function)] ?? NameCollector.collect(function, followsValues: false)
    functions = names.functions
    for (register, name) in names.assigned.enumerated() {
      variables[name] = names.readInside.contains(name) ? .cell(register) : .register(register)
    }
    nextTemporary = names.assigned.count
    highest = nextTemporary
    parts.localNames = names.assigned + parent.parts.localNames
    parts.name = function.name?.text
    parts.nameSpan = function.name?.span
    parts.definition = function.span
    parts.outerNames = names.free
    parts.parameters = function.parameters.map { .init(name: $0.name.text, hasDefault: $0.defaultValue != nil) }
  }

  func finish() -> Prototype.Parts {
    parts.registerCount = highest
    return parts
  }

  func temporary() -> Int {
    let limit = isTopLevel ? Module.registerLimit : 60_000
    guard nextTemporary < limit else {
      reportTooLarge()
      return nextTemporary - 1
    }
    nextTemporary += 1
    highest = max(highest, nextTemporary)
    return nextTemporary - 1
  }

  /// Frees all temporaries from `register` on.
  func free(from register: Int) { nextTemporary = register }

  /// The register that the next temporary will get.
  var firstFree: Int { nextTemporary }

  /// True when `register` is the youngest temporary.
  func isYoungest(_ register: Int) -> Bool { register == nextTemporary - 1 && register >= temporaryStart }

  private var temporaryStart: Int { isTopLevel ? parts.firstOwned : variables.count }

  func isVariable(_ register: Int) -> Bool { register < temporaryStart }

  @discardableResult func emit(_ instruction: Instruction, _ span: Span) -> Int {
    if here > 4_000_000 { reportTooLarge() }
    parts.code.append(instruction)
    parts.spans.append(span)
    return here - 1
  }

  /// Emits an instruction with two operands.
  @discardableResult func emit(_ instruction: Instruction, _ span: Span, _ left: Span, _ right: Span) -> Int {
    parts.operands.append(.init(place: here, left: left, right: right))
    return emit(instruction, span)
  }

  /// Emits a jump to be patched.
  func emitJump(_ operation: Instruction.Operation, _ register: Int, _ span: Span) -> Int {
    emit(Instruction(operation, register, wide: 0), span)
  }

  /// Emits a jump to be patched.
  func emitJump(_ span: Span) -> Int { emitJump(.jump, 0, span) }

  func patch(_ jumps: [Int], to target: Int) {
    for jump in jumps {
      let old = parts.code[jump]
      var new = Instruction(old.operation, Int(old.a), wide: target - jump - 1)
      new.auxiliary = old.auxiliary
      parts.code[jump] = new
    }
  }

  func patch(_ jumps: [Int]) { patch(jumps, to: here) }

  func constant(_ value: Value) -> Int {
    // A long text is hardly there twice, and its key would take as much again.
    if case .string(let text) = value, text.utf8.count > 256 { return unsharedConstant(value) }
    let key = ExactText("\(value.typeName)\(value.echo)")
    if let index = constantIndices[key] { return index }
    parts.constants.append(value)
    constantIndices[key] = parts.constants.count - 1
    return parts.constants.count - 1
  }

  /// A constant that need not be found again.
  func unsharedConstant(_ value: Value) -> Int {
    parts.constants.append(value)
    return parts.constants.count - 1
  }

  /// A constant whose index fits an operand.
  func name(_ text: String) -> Int {
    let index = constant(.string(text))
    if index > 65_535 { reportTooLarge() }
    return index
  }

  func site(_ site: CallSite) -> Int {
    parts.sites.append(site)
    if parts.sites.count > 65_535 { reportTooLarge() }
    return parts.sites.count - 1
  }

  private func reportTooLarge() {
    guard !isTooLarge else { return }
    isTooLarge = true
    compiler.report(.limit, "this part of the script is too large", parts.spans.last ?? Span(0, 0))
  }

  /// Where a name is found: the command, when surely no variable in reach has its name.
  func place(of name: String, _ span: Span) -> Place {
    if let local = localPlace(of: name) { return local }
    if let position = compiler.registry.position(of: name), !compiler.mayBeVariable(name) { return .command(position) }
    return variablePlace(of: name, span)
  }

  /// Where a variable is found, whether or not a command has its name.
  func variablePlace(of name: String, _ span: Span) -> Place {
    if let local = localPlace(of: name) { return local }
    let index = compiler.globalIndex(of: name, span)
    return isTopLevel ? .register(index) : .global(index)
  }

  /// The variable of this function, or of one around it, or nil.
  private func localPlace(of name: String) -> Place? {
    if let bound = bound.last(where: { $0.name == name }) { return bound.place }
    if let place = variables[name] { return place }
    if let index = captureIndices[name] { return .capture(index) }
    guard let outer = parent?.localPlace(of: name) else { return nil }
    switch outer {
    case .cell(let register): parts.captures.append(.register(register))
    case .capture(let index): parts.captures.append(.capture(index))
    case .register, .global, .command: return nil
    }
    captureIndices[name] = parts.captures.count - 1
    parts.captureNames.append(name)
    return .capture(parts.captures.count - 1)
  }
}

/// Which variables surely have a value at a point of the code.
struct Definedness {
  private var names: Set<String> = []
  /// True behind a `return`, `break`, `continue` or `raise`.
  var isUnreachable = false

  func contains(_ name: String) -> Bool { names.contains(name) }

  mutating func insert(_ name: String) { names.insert(name) }

  /// What holds where two ways meet.
  func joined(with other: Definedness) -> Definedness {
    if isUnreachable { return other }
    if other.isUnreachable { return self }
    var joined = self
    joined.names.formIntersection(other.names)
    return joined
  }
}
