import Safepoint

extension FunctionBuilder {
  /// Compiles the statements of a cell; the value of a last expression is given back.
  func compileCell(_ statements: [Statement]) {
    for index in compiler.module.names.indices where compiler.module.isDefined(index) {
      definedness.insert(compiler.module.names[index])
    }
    for statement in statements.dropLast() {
      if Safepoint.mustStop(after: 1024) { return }
      compile(statement)
    }
    let end = statements.last?.span ?? Span(0, 0)
    if let last = statements.last {
      if case .expression(let expression) = last.kind, !last.isSilenced {
        let result = statementValue(last, expression)
        let given = result.isTemporary ? result.register : temporary()
        if !result.isTemporary { emit(Instruction(.move, given, result.register), last.span) }
        emit(Instruction(.giveBack, given), last.span)
        return
      }
      compile(last)
    }
    emit(Instruction(.giveBackNil), end)
  }

  /// Compiles a function: cells, which a default may capture already, defaults of missing arguments, then the body.
  func compileBody(_ definition: FunctionDefinition) {
    let cells = variables.values.compactMap { if case .cell(let register) = $0 { register } else { nil } }
    for register in cells.sorted() { emit(Instruction(.makeCell, register), definition.span) }
    for (register, parameter) in definition.parameters.enumerated() {
      if let fallback = parameter.defaultValue {
        self.fallback(fallback, of: register, isCell: cells.contains(register), parameter.name.span)
      }
      definedness.insert(parameter.name.text)
    }
    switch definition.body {
    case .expression(let expression): emit(Instruction(.giveBack, temporary(of: expression)), expression.span)
    case .block(let block):
      compile(block)
      emit(Instruction(.giveBackNil), Span(Int(block.span.end) - 1, Int(block.span.end)))
    }
  }

  /// Gives a parameter without an argument its default.
  private func fallback(_ fallback: Expression, of register: Int, isCell: Bool, _ span: Span) {
    let mark = firstFree
    defer { free(from: mark) }
    let target = isCell ? temporary() : register
    if isCell { emit(Instruction(.getCell, auxiliary: 1, target, register), span) }
    let given = emitJump(.skipUnlessUndefined, target, span)
    value(fallback, into: target)
    if isCell { emit(Instruction(.setCell, register, target), span) }
    patch([given])
    if isCell { emit(Instruction(.clear, target), span) }
  }

  func compile(_ block: Block) {
    for statement in block.statements { compile(statement) }
  }

  /// Hands the value of a statement to the host, or drops it.
  func give(_ result: Operand, of statement: Statement) {
    if !statement.isSilenced {
      let kind = (result.isTemporary ? 1 : 0) | (isTopLevel ? 0 : 2)
      emit(Instruction(.pass, auxiliary: kind, result.register), statement.span)
    } else if result.isTemporary {
      emit(Instruction(.clear, result.register), statement.span)
    }
  }

  private func compile(_ statement: Statement) {
    let mark = firstFree
    defer { free(from: mark) }
    let span = statement.span
    switch statement.kind {
    case .expression(let expression):
      if !appends(statement, expression) { give(statementValue(statement, expression), of: statement) }
    case .assignment(let targets, let values): assignment(targets, values, span)
    case .augmentedAssignment(let target, let operation, let value): augmented(target, operation, value, span)
    case .conditional(let branches, let otherwise): conditional(branches, otherwise)
    case .whileLoop(let condition, let body): whileLoop(condition, body, span)
    case .forLoop(let names, let values, let body): forLoop(names, values, body, span)
    case .outer(let names): declareOuter(names)
    case .breakLoop: leaveLoop(\.breaks, "break", span)
    case .continueLoop: leaveLoop(\.continues, "continue", span)
    case .function(let definition): define(definition)
    case .returnValues(let values): giveBack(values, span)
    case .tryCatch(let body, let error, let handler): tryCatch(body, error, handler, span)
    case .raise(let value):
      emit(Instruction(.raise, temporary(of: value)), span)
      definedness.isUnreachable = true
    case .assertion(let condition, let message): assertion(condition, message, span)
    case .importScript(let script): importScript(script, span)
    case .parameter(let declaration): parameter(declaration, span)
    case .help(let name): help(name, span)
    }
  }

  /// The value of a statement: a name alone is the variable, or else a call of the command if that needs no argument.
  private func statementValue(_ statement: Statement, _ expression: Expression) -> Operand {
    guard case .name(let name) = expression.kind, let entry = compiler.registry[name], entry.needsNoArgument,
      !isSurelyVariable(name)
    else { return operand(expression) }
    let call = Expression(.call(Call(callee: expression, arguments: [], named: [], form: .command)), statement.span)
    let result = temporary()
    if case .command = place(of: name, expression.span) {
      value(call, into: result)
    } else {
      readIfDefined(name, into: result, expression.span)
      let defined = emitJump(.skipUnlessUndefined, result, expression.span)
      value(call, into: result)
      patch([defined])
    }
    return Operand(register: result, isTemporary: true)
  }

  private func define(_ definition: FunctionDefinition) {
    guard let name = definition.name else { return }
    assign(name, Expression(.function(definition), definition.span))
  }

  private func giveBack(_ values: [Expression], _ span: Span) {
    if isTopLevel { compiler.report(.syntax, "`return` stands outside a function", span) }
    let result: Int? =
      switch values.count {
      case 0: nil
      case 1: operand(values[0]).register
      default: temporary(of: Expression(.list(values), span))
      }
    for _ in 0..<openTries { emit(Instruction(.endTry), span) }
    emit(result.map { Instruction(.giveBack, $0) } ?? Instruction(.giveBackNil), span)
    definedness.isUnreachable = true
  }

  private func tryCatch(_ body: Block, _ error: Name?, _ handler: Block, _ span: Span) {
    let caught = temporary()
    let before = definedness
    let begin = emitJump(.beginTry, caught, span)
    openTries += 1
    compile(body)
    openTries -= 1
    emit(Instruction(.endTry), span)
    let end = emitJump(span)
    let afterBody = definedness
    definedness = before
    patch([begin])
    if let error { assign(error, from: caught) } else { emit(Instruction(.clear, caught), span) }
    compile(handler)
    patch([end])
    definedness = definedness.joined(with: afterBody)
  }

  private func assertion(_ condition: Expression, _ message: Expression?, _ span: Span) {
    if case .comparison(let first, let links) = condition.kind, links.count == 1 {
      return assertion(first, links[0], message, condition.span, span)
    }
    let passed = jumps(on: condition, when: true)
    let text = assertionText(message, span)
    emit(Instruction(.failAssertion, text), condition.span)
    patch(passed)
  }

  /// A comparison keeps its operands, so that the error tells them.
  private func assertion(
    _ first: Expression, _ link: ComparisonLink, _ message: Expression?, _ condition: Span, _ span: Span
  ) {
    let left = Operand(register: temporary(of: first), isTemporary: false)
    let right = Operand(register: temporary(of: link.right), isTemporary: false)
    let result = temporary()
    emitComparison(link.comparison, result, left, right, condition, first.span, link.right.span)
    let passed = [emitJump(.jumpIf, result, condition)]
    let text = assertionText(message, span)
    emit(
      Instruction(.failAssertion, auxiliary: 1, text, left.register, right.register), condition, first.span,
      link.right.span)
    patch(passed)
    for register in [left.register, right.register] { emit(Instruction(.clear, register), span) }
  }

  private func assertionText(_ message: Expression?, _ span: Span) -> Int {
    let text = temporary()
    if let message { value(message, into: text) } else { emit(Instruction(.loadNil, text), span) }
    return text
  }

  private func importScript(_ script: ScriptImport, _ span: Span) {
    let path = name(script.path)
    guard let alias = script.alias else {
      if !isTopLevel {
        compiler.report(.syntax, "inside a function an import needs a name: `import \"\(script.path)\" as m`", span)
      }
      emit(Instruction(.importNames, 0, path), script.pathSpan)
      return
    }
    let result = temporary()
    emit(Instruction(.importScript, result, path), script.pathSpan)
    assign(alias, from: result)
  }

  /// The value was found and checked before the run; here it only takes its place.
  private func parameter(_ declaration: ParameterDeclaration, _ span: Span) {
    guard isTopLevel, loops.isEmpty, openTries == 0 else {
      return compiler.report(.syntax, "`param` stands outside functions and blocks", span)
    }
    if let given = compiler.parameters[declaration.name.text] {
      guard case .register(let register) = variable(declaration.name) else { return }
      emit(Instruction(.loadConstant, register, wide: unsharedConstant(given)), span)
      definedness.insert(declaration.name.text)
    } else {
      assign(declaration.name, declaration.defaultValue)
    }
  }

  private func help(_ name: Name, _ span: Span) {
    guard let entry = compiler.registry.helpEntry else {
      return compiler.report(.name, "there is no help here", span)
    }
    help(name, entry, in: temporary(), span)
  }

  /// Calls `help` with a name, whatever the name means.
  func help(_ name: Name, _ entry: Registry.Entry, in first: Int, _ span: Span) {
    emit(Instruction(.loadConstant, first, wide: constant(.string(name.text))), name.span)
    let site = CallSite(positional: 1, names: [], spans: [name.span], command: entry)
    emit(Instruction(.callCommand, first, 0, self.site(site)), span)
  }
}
