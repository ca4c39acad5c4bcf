extension FunctionBuilder {
  /// Compiles a list or a map that loops build; their variables are temporaries that hide others of their names.
  func comprehension(_ comprehension: Comprehension, into target: Int, _ span: Span) {
    let (mark, outer, before) = (firstFree, bound.count, definedness)
    let result = temporary()
    // As many elements as the loop has turns: the list is made once it is known how many they are.
    if comprehension.key != nil || comprehension.clauses.count > 1 {
      emit(Instruction(comprehension.key == nil ? .makeList : .makeMap, result, firstFree, 0), span)
    }
    clauses(
      comprehension.clauses[...], of: comprehension, NameCollector.captured(in: comprehension), into: result, span)
    bound.removeSubrange(outer...)
    definedness = before
    emit(Instruction(.take, target, result), span)
    free(from: mark)
  }

  private func clauses(
    _ clauses: ArraySlice<Comprehension.Clause>, of comprehension: Comprehension, _ captured: Set<String>,
    into result: Int, _ span: Span
  ) {
    switch clauses.first {
    case .condition(let condition):
      let past = jumps(on: condition, when: false)
      self.clauses(clauses.dropFirst(), of: comprehension, captured, into: result, span)
      patch(past)
    case .loop(let names, let values):
      let room = comprehension.key == nil && comprehension.clauses.count == 1 ? result : nil
      loop(names, over: values, captured, room: room, span) {
        self.clauses(clauses.dropFirst(), of: comprehension, captured, into: result, span)
      }
    case nil: add(comprehension, to: result, span)
    }
  }

  /// Adds an element or an entry.
  private func add(_ comprehension: Comprehension, to result: Int, _ span: Span) {
    let mark = firstFree
    defer { free(from: mark) }
    if let key = comprehension.key {
      let first = temporary(of: key)
      temporary(of: comprehension.value)
      emit(Instruction(.makeMap, auxiliary: 1, result, first, 2), key.span)
    } else {
      let item = operand(comprehension.value)
      emit(
        Instruction(.collect, auxiliary: item.isTemporary ? 1 : 0, result, item.register), comprehension.value.span)
    }
  }

  private func loop(
    _ names: [Name], over values: Expression, _ captured: Set<String>, room list: Int?, _ span: Span, _ body: () -> Void
  ) {
    let state = loopState(over: values, names.count)
    if let list { emit(Instruction(.makeList, auxiliary: 2, list, state, 0), span) }
    let first = firstFree
    for _ in names { _ = temporary() }
    let start = emitJump(values.span)
    for (place, name) in names.enumerated() {
      let register = first + place
      if captured.contains(name.text) {
        emit(Instruction(.makeCell, register), name.span)
        bound.append((name.text, .cell(register)))
      } else {
        bound.append((name.text, .register(register)))
      }
      definedness.insert(name.text)
    }
    body()
    patch([start])
    emit(Instruction(.nextElement, auxiliary: names.count, state, first), values.span)
    patch([emitJump(values.span)], to: start + 1)
    for register in first..<first + names.count { emit(Instruction(.clear, register), values.span) }
    endLoop(state, names.count, values.span)
  }
}
