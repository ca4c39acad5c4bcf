extension FunctionBuilder {
  /// Gives a variable the value of an expression.
  func assign(_ name: Name, _ expression: Expression) {
    switch variable(name) {
    case .register(let register): value(expression, into: register)
    case let place:
      let register = temporary(of: expression)
      store(register, place, name.span)
    }
    definedness.insert(name.text)
  }

  /// Gives a variable the value of a temporary.
  func assign(_ name: Name, from register: Int) {
    store(register, variable(name), name.span)
    definedness.insert(name.text)
  }

  /// The place of a variable that is assigned here: one of the function's own, or one that `outer` names.
  func variable(_ name: Name) -> Place { variables[name.text] ?? variablePlace(of: name.text, name.span) }

  private func store(_ register: Int, _ place: Place, _ span: Span) {
    switch place {
    case .register(let target): emit(Instruction(.take, target, register), span)
    case .cell(let cell): emit(Instruction(.setCell, cell, register), span)
    case .capture(let index): emit(Instruction(.setCapture, register, wide: index), span)
    case .global(let index): emit(Instruction(.setGlobal, register, wide: index), span)
    case .command: preconditionFailure("a command is no variable")
    }
  }

  func assignment(_ targets: [AssignmentTarget], _ values: [Expression], _ span: Span) {
    if targets.count == 1, values.count == 1 {
      if case .name(let name) = targets[0] { return assign(name, values[0]) }
      if case .index = targets[0], case .index(let owner, let subscripts) = values[0].kind {
        let part = temporary()
        index(owner, subscripts, into: part, values[0].span, inPlace: true)
        return assign(targets[0], from: Operand(register: part, isTemporary: true), isPart: true)
      }
      return assign(targets[0], from: operand(values[0]))
    }
    let first = firstFree
    if values.count == targets.count {
      for value in values { temporary(of: value) }
    } else {
      for _ in targets { _ = temporary() }
      value(values[0], into: first)
      emit(Instruction(.unpack, first, first, targets.count), values[0].span)
    }
    for (place, target) in targets.enumerated() {
      assign(target, from: Operand(register: first + place, isTemporary: true))
    }
  }

  /// With `isPart` the source may be a part in its place.
  private func assign(_ target: AssignmentTarget, from source: Operand, isPart: Bool = false) {
    let mark = firstFree
    defer { free(from: mark) }
    switch target {
    case .name(let name): assign(name, from: source.register)
    case .field(let base, let name, let span):
      let whole = whole(base, forField: true)
      setField(whole.operand, name, source, span)
      whole.putBack()
    case .index(let base, let subscripts, let span):
      if subscripts.count == 1, setInner(base, subscripts[0], source, span, isPart: isPart) { return }
      let whole = whole(base)
      if subscripts.count == 1 {
        let position = subscripted(subscripts[0])
        setIndex(whole.operand, position, source, span, base.span, subscripts[0].span, isPart: isPart)
      } else {
        let first = temporary()
        for part in subscripts { axis(part, into: temporary()) }
        emit(Instruction(whole.operand.isTemporary ? .take : .move, first, whole.operand.register), base.span)
        emit(Instruction(.setIndices, auxiliary: subscripts.count, source.register, first, isPart ? 1 : 0), span)
      }
      whole.putBack()
    }
  }

  func setField(_ object: Operand, _ name: Name, _ source: Operand, _ span: Span) {
    let marks = (object.isTemporary ? 1 : 0) | (source.isTemporary ? 4 : 0)
    emit(Instruction(.setField, auxiliary: marks, object.register, self.name(name.text), source.register), span)
  }

  func setIndex(
    _ object: Operand, _ position: Operand, _ source: Operand, _ span: Span, _ base: Span, _ part: Span,
    isPart: Bool = false
  ) {
    let marks =
      (object.isTemporary ? 1 : 0) | (position.isTemporary ? 2 : 0) | (source.isTemporary ? 4 : 0) | (isPart ? 8 : 0)
    let instruction = Instruction(.setIndex, auxiliary: marks, object.register, position.register, source.register)
    emit(instruction, span, base, part)
  }

  /// `x += 1`, `x[0] += 1`, `m.key += 1`: base and index are evaluated once.
  func augmented(_ target: AssignmentTarget, _ operation: BinaryOperator, _ expression: Expression, _ span: Span) {
    switch target {
    case .name(let name):
      requireValue(name)
      let current = Expression(.name(name.text), name.span)
      switch variable(name) {
      case .register(let register): binary(operation, current, expression, into: register, updates: true, span)
      case let place:
        let register = temporary()
        binary(operation, current, expression, into: register, updates: true, span)
        store(register, place, name.span)
      }
      definedness.insert(name.text)
    case .field(let base, let name, let targetSpan):
      let whole = whole(base, forField: true)
      let current = temporary()
      emit(Instruction(.getField, current, whole.operand.register, self.name(name.text)), targetSpan)
      combine(current, operation, targetSpan, expression, span)
      setField(whole.operand, name, Operand(register: current, isTemporary: true), targetSpan)
      whole.putBack()
    case .index(let base, let subscripts, let targetSpan):
      let whole = whole(base)
      guard subscripts.count == 1 else {
        let (part, set) = part(of: whole, subscripts, targetSpan, inPlace: true)
        combine(part, operation, targetSpan, expression, span)
        set()
        return whole.putBack()
      }
      let position = subscripted(subscripts[0])
      let current = temporary()
      let parts = (base.span, subscripts[0].span)
      emit(
        Instruction(.getIndex, auxiliary: 8, current, whole.operand.register, position.register), targetSpan, parts.0,
        parts.1)
      combine(current, operation, targetSpan, expression, span)
      setIndex(whole.operand, position, Operand(register: current, isTemporary: true), targetSpan, parts.0, parts.1)
      whole.putBack()
    }
  }

  /// A variable that is changed must have a value: a command of its name is none.
  private func requireValue(_ name: Name) {
    guard compiler.standIn(for: name.text) != nil, !isSurelyVariable(name.text) else { return }
    let mark = firstFree
    let current = temporary()
    readIfDefined(name.text, into: current, name.span)
    checkDefined(name.text, current, name.span)
    emit(Instruction(.clear, current), name.span)
    free(from: mark)
    definedness.insert(name.text)
  }

  private func combine(
    _ current: Int, _ operation: BinaryOperator, _ target: Span, _ expression: Expression, _ span: Span
  ) {
    let right = operand(expression)
    let left = Operand(register: current, isTemporary: true)
    let instruction = arithmetic(operation, current, left, right, updates: true)
    emit(instruction, span, target, expression.span)
  }
}
