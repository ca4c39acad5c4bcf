extension FunctionBuilder {
  /// Compiles an expression to wherever it lies best: a variable's own register, or a new temporary.
  func operand(_ expression: Expression, before next: Expression? = nil) -> Operand {
    if case .name(let name) = expression.kind, isVariable(name),
      case .register(let register) = place(of: name, expression.span),
      // What a call behind it makes of the variable is not what was read.
      !(isTopLevel && compiler.module.changedByFunctions.contains(name) && next?.isPlain != true)
    {
      checkDefined(name, register, expression.span)
      return Operand(register: register, isTemporary: false)
    }
    let register = temporary()
    value(expression, into: register)
    return Operand(register: register, isTemporary: true)
  }

  /// Compiles an expression into a new temporary and returns it.
  @discardableResult func temporary(of expression: Expression) -> Int {
    let register = temporary()
    value(expression, into: register)
    return register
  }

  func checkDefined(_ text: String, _ register: Int, _ span: Span) {
    guard !definedness.contains(text) else { return }
    var check = Instruction(.checkDefined, register, wide: constant(.string(text)))
    check.auxiliary = isTopLevel ? 0 : 1
    emit(check, span)
  }

  /// Compiles an expression so that its value ends in a register.
  func value(_ expression: Expression, into target: Int) {
    let span = expression.span
    let mark = firstFree
    defer { free(from: mark) }
    switch expression.kind {
    case .nil: emit(Instruction(.loadNil, target), span)
    case .bool(let truth): emit(Instruction(truth ? .loadTrue : .loadFalse, target), span)
    case .number(let number): load(number, into: target, span)
    case .string(let text): emit(Instruction(.loadConstant, target, wide: constant(.string(text))), span)
    case .interpolation(let parts): interpolation(parts, into: target, span)
    case .name(let name): read(name, into: target, span)
    case .list(let elements): list(elements, into: target, span)
    case .comprehension(let comprehension): self.comprehension(comprehension, into: target, span)
    case .map(let entries): map(entries, into: target, span)
    case .unary(let operation, let part): unary(operation, part, into: target, span)
    case .binary(let operation, let left, let right): binary(operation, left, right, into: target, span)
    case .logical, .comparison: truth(expression, into: target)
    case .conditional(let condition, let chosen, let otherwise):
      let toOtherwise = jumps(on: condition, when: false)
      value(chosen, into: target)
      let end = emitJump(span)
      patch(toOtherwise)
      value(otherwise, into: target)
      patch([end])
    case .call(let call): self.call(call, into: target, span)
    case .index(let base, let subscripts): index(base, subscripts, into: target, span)
    case .field(let base, let name):
      let object = operand(base)
      let marks = object.isTemporary ? 1 : 0
      emit(Instruction(.getField, auxiliary: marks, target, object.register, self.name(name.text)), name.span)
    case .function(let definition): function(definition, into: target)
    }
  }

  func load(_ number: Double, into target: Int, _ span: Span) {
    if let small = Int32(exactly: number), number.sign == .plus || number != 0 {
      emit(Instruction(.loadInteger, target, wide: Int(small)), span)
    } else {
      emit(Instruction(.loadConstant, target, wide: constant(.number(number))), span)
    }
  }

  private func read(_ text: String, into target: Int, _ span: Span) {
    if let standIn = compiler.standIn(for: text), !isSurelyVariable(text) {
      return read(text, or: standIn, into: target, span)
    }
    switch place(of: text, span) {
    case .register(let register):
      checkDefined(text, register, span)
      emit(Instruction(.move, target, register), span)
    case .cell(let register): emit(Instruction(.getCell, target, register, name(text)), span)
    case .capture(let index): emit(Instruction(.getCapture, target, index, name(text)), span)
    case .global(let index): emit(Instruction(.getGlobal, target, wide: index), span)
    case .command: preconditionFailure("a command stands in for a variable")
    }
  }

  private func interpolation(_ pieces: [InterpolationPart], into target: Int, _ span: Span) {
    let first = firstFree
    for piece in pieces {
      let register = temporary()
      switch piece {
      case .text(let text): emit(Instruction(.loadConstant, register, wide: constant(.string(text))), span)
      case .value(let part, let style):
        value(part, into: register)
        // Mark 2 puts strings in quotes first.
        if style.isQuoted { emit(Instruction(.format, auxiliary: 2, register, register), part.span) }
        if let format = style.format { self.format(format, register, part.span) }
      }
    }
    emit(Instruction(.interpolate, target, first, pieces.count), span)
    free(from: first)
  }

  /// Brings the value in a register into a form, which is checked here when it holds no values.
  private func format(_ pieces: [InterpolationPart], _ register: Int, _ span: Span) {
    var text = ""
    for piece in pieces {
      guard case .text(let part) = piece else {
        let form = temporary()
        interpolation(pieces, into: form, span)
        emit(Instruction(.format, auxiliary: 1, register, register, form), span)
        return free(from: form)
      }
      text += part
    }
    do throws(ScriptError) {
      parts.formats.append(try FormatSpecification(text))
      emit(Instruction(.format, register, register, parts.formats.count - 1), span)
    } catch {
      compiler.report(error.kind, error.message, span, help: error.help.map { [$0] } ?? [])
    }
  }

  /// A list or map is built in portions, so that a long literal needs few registers.
  private static let portion = 64

  private func list(_ elements: [Expression], into target: Int, _ span: Span) {
    if elements.isEmpty { emit(Instruction(.makeList, target, firstFree, 0), span) }
    let whole = elements.count > FunctionBuilder.portion && isVariable(target) ? temporary() : target
    for start in stride(from: 0, to: elements.count, by: FunctionBuilder.portion) {
      let part = elements[start..<min(start + FunctionBuilder.portion, elements.count)]
      let first = firstFree
      for element in part { temporary(of: element) }
      emit(Instruction(.makeList, auxiliary: start == 0 ? 0 : 1, whole, first, part.count), span)
      free(from: first)
    }
    if whole != target { emit(Instruction(.take, target, whole), span) }
  }

  private func map(_ entries: [MapEntry], into target: Int, _ span: Span) {
    if entries.isEmpty { emit(Instruction(.makeMap, target, firstFree, 0), span) }
    let whole = entries.count > FunctionBuilder.portion && isVariable(target) ? temporary() : target
    for start in stride(from: 0, to: entries.count, by: FunctionBuilder.portion) {
      let part = entries[start..<min(start + FunctionBuilder.portion, entries.count)]
      let first = firstFree
      for entry in part {
        temporary(of: entry.key)
        temporary(of: entry.value)
      }
      emit(Instruction(.makeMap, auxiliary: start == 0 ? 0 : 1, whole, first, part.count * 2), span)
      free(from: first)
    }
    if whole != target { emit(Instruction(.take, target, whole), span) }
  }

  private func unary(_ operation: UnaryOperator, _ part: Expression, into target: Int, _ span: Span) {
    if operation == .negate, case .number(let number) = part.kind { return load(-number, into: target, span) }
    let operand = operand(part)
    emit(
      Instruction(
        operation == .negate ? .negate : .not, auxiliary: operand.isTemporary ? 1 : 0, target, operand.register),
      span)
  }

  /// With `inPlace` the part of a value of the host may stay in its place.
  func index(
    _ base: Expression, _ subscripts: [Subscript], into target: Int, _ span: Span, inPlace: Bool = false
  ) {
    let mark = inPlace ? 8 : 0
    if subscripts.count == 1, case .slice(let start, let stop, let step, let part) = subscripts[0] {
      let object = operand(base)
      let position = temporary()
      let first = bounds(start, stop, step, part)
      let marks = object.isTemporary ? 1 : 0
      emit(Instruction(.quickSlice, auxiliary: marks, target, object.register, first), span)
      emit(Instruction(.makeSlice, position, first), part)
      let instruction = Instruction(.getIndex, auxiliary: marks | 2 | mark, target, object.register, position)
      emit(instruction, span, base.span, part)
      free(from: first)
    } else if subscripts.count == 1 {
      let inner = inPlace ? nil : self.inner(base, subscripts[0], into: target, span)
      let object = inner?.part ?? operand(base)
      let position = inner?.position ?? subscripted(subscripts[0])
      let marks = (object.isTemporary ? 1 : 0) | (position.isTemporary ? 2 : 0) | mark
      let instruction = Instruction(.getIndex, auxiliary: marks, target, object.register, position.register)
      emit(instruction, span, base.span, subscripts[0].span)
    } else {
      let first = temporary(of: base)
      for subscripted in subscripts { axis(subscripted, into: temporary()) }
      emit(Instruction(.getIndices, auxiliary: subscripts.count, target, first, inPlace ? 1 : 0), span)
    }
  }

  func subscripted(_ part: Subscript) -> Operand {
    if case .position(let expression) = part { return operand(expression) }
    let register = temporary()
    axis(part, into: register)
    return Operand(register: register, isTemporary: true)
  }

  func axis(_ part: Subscript, into target: Int) {
    switch part {
    case .position(let expression): value(expression, into: target)
    case .rest(let span): emit(Instruction(.makeSlice, auxiliary: 1, target), span)
    case .slice(let start, let stop, let step, let span):
      let first = bounds(start, stop, step, span)
      emit(Instruction(.makeSlice, target, first), span)
      free(from: first)
    }
  }

  /// Compiles the bounds of a slice into three temporaries; returns the first.
  private func bounds(_ start: Expression?, _ stop: Expression?, _ step: Expression?, _ span: Span) -> Int {
    let first = firstFree
    for bound in [start, stop, step] {
      let register = temporary()
      if let bound { value(bound, into: register) } else { emit(Instruction(.loadNil, register), span) }
    }
    return first
  }

  func function(_ definition: FunctionDefinition, into target: Int) {
    let builder = FunctionBuilder(definition, inside: self)
    builder.compileBody(definition)
    parts.children.append(Prototype(builder.finish(), source: compiler.source, module: compiler.module))
    emit(Instruction(.makeFunction, target, wide: parts.children.count - 1), definition.span)
  }
}
