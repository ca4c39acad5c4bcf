/// What a name means that is not only a variable's: the command or the constant that stands in where no variable has a value.
enum StandIn {
  case command(Int)
  case constant(Double)
}

extension Compiler {
  /// What a name means where no variable of that name has a value, or nil when it means nothing then.
  func standIn(for name: String) -> StandIn? {
    registry.position(of: name).map(StandIn.command) ?? Constant.named(name).map { .constant($0.value) }
  }
}

extension FunctionBuilder {
  /// Tells of names that `outer` can't name: those that are the function's own already, and its parameters.
  func declareOuter(_ names: [Name]) {
    for name in names where variables[name.text] != nil {
      let isParameter = parts.parameters.contains { $0.name == name.text }
      compiler.report(
        .syntax,
        isParameter
          ? "`\(name.text)` is a parameter of the function, and so its own"
          : "`outer` stands after `\(name.text)` was assigned",
        name.span, help: isParameter ? [] : ["write it at the start of the function"])
    }
  }

  /// True when the variable certainly has a value here, so that nothing can stand in for it.
  func isSurelyVariable(_ name: String) -> Bool { definedness.contains(name) }

  /// True when the name can mean nothing but a variable here.
  func isVariable(_ name: String) -> Bool { isSurelyVariable(name) || compiler.standIn(for: name) == nil }

  /// Reads the variable if it has a value, else what stands in for it.
  func read(_ name: String, or standIn: StandIn, into target: Int, _ span: Span) {
    // Another cell may make the variable before this runs.
    readIfDefined(name, into: target, span)
    let defined = emitJump(.skipUnlessUndefined, target, span)
    switch standIn {
    case .command(let position): emit(Instruction(.loadCommand, target, wide: position), span)
    case .constant(let number): load(number, into: target, span)
    }
    patch([defined])
  }

  /// Reads a variable that may lack a value, for which undefined stays.
  func readIfDefined(_ name: String, into target: Int, _ span: Span) {
    switch variablePlace(of: name, span) {
    case .register(let register): emit(Instruction(.move, target, register), span)
    case .global(let index): emit(Instruction(.getGlobal, auxiliary: 1, target, index), span)
    case .cell(let register): emit(Instruction(.getCell, auxiliary: 1, target, register), span)
    case .capture(let index): emit(Instruction(.getCapture, auxiliary: 1, target, index), span)
    case .command: preconditionFailure("a variable is no command")
    }
  }

  /// Compiles a call by a command's name, which a variable in reach may have too.
  func shadowedCall(
    _ call: Call, _ name: String, _ place: Place, _ site: CallSite, into target: Int, _ span: Span
  ) {
    var (callee, source) = (0, CalleeSource.register)
    var isTemporary = false
    switch place {
    case .register(let register) where !mayChange(name, place, in: call): callee = register
    case .global(let index) where !mayChange(name, place, in: call): (callee, source) = (index, .global)
    case .register, .global, .cell, .capture:
      callee = temporary()
      isTemporary = true
      readIfDefined(name, into: callee, span)
    case .command: preconditionFailure("a command without a variable of its name is called as such")
    }
    let first = row(call, into: isTemporary ? nil : target)
    emit(Instruction(.callShadowed, auxiliary: source.rawValue, first, callee, self.site(site)), span)
    if isTemporary { emit(Instruction(.clear, callee), span) }
    deliver(first, to: target, span)
  }
}
