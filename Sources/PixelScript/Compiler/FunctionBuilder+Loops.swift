extension FunctionBuilder {
  func conditional(_ branches: [ConditionalBranch], _ otherwise: Block?) {
    var ends: [Int] = []
    var results: [Definedness] = []
    for (place, branch) in branches.enumerated() {
      let past = jumps(on: branch.condition, when: false)
      let before = definedness
      compile(branch.body)
      results.append(definedness)
      definedness = before
      if place < branches.count - 1 || otherwise != nil { ends.append(emitJump(branch.condition.span)) }
      patch(past)
    }
    otherwise.map(compile)
    patch(ends)
    for result in results { definedness = definedness.joined(with: result) }
  }

  /// The condition stands behind the body, so that a turn takes one jump.
  func whileLoop(_ condition: Expression, _ body: Block, _ span: Span) {
    let before = definedness
    let start = emitJump(condition.span)
    loops.append(Loop(openTries: openTries))
    compile(body)
    definedness = before
    let loop = loops.removeLast()
    patch(loop.continues + [start])
    patch(jumps(on: condition, when: true), to: start + 1)
    patch(loop.breaks)
    definedness = before
  }

  func forLoop(_ names: [Name], _ values: Expression, _ body: Block, _ span: Span) {
    let state = loopState(over: values, names.count)
    let target = loopTarget(names)
    let before = definedness
    let start = emitJump(values.span)
    loops.append(Loop(openTries: openTries))
    if target == nil {
      let first = state + 4
      for (place, name) in names.enumerated() { assign(name, from: first + place) }
    } else {
      definedness.insert(names[0].text)
    }
    compile(body)
    definedness = before
    let loop = loops.removeLast()
    patch(loop.continues + [start])
    emit(Instruction(.nextElement, auxiliary: names.count, state, target ?? state + 4), values.span)
    patch([emitJump(values.span)], to: start + 1)
    patch(loop.breaks)
    endLoop(state, names.count, values.span)
  }

  /// Drops what the state of a loop holds.
  func endLoop(_ state: Int, _ names: Int, _ span: Span) {
    emit(Instruction(.clear, state), span)
    if names == 2 { emit(Instruction(.clear, state + 2), span) }
  }

  /// The first of four registers with the state of a loop over so many names, which is prepared.
  func loopState(over values: Expression, _ names: Int) -> Int {
    let free = firstFree
    let state = temporary()
    for _ in 0..<3 { _ = temporary() }
    let behind = firstFree
    if names == 2 && pairLoop(values, into: state) || rangeLoop(values, into: state) {
      self.free(from: behind)
      return state
    }
    self.free(from: free)
    let subject = constantList(values, inside: names > 1 ? names : nil) ?? operand(values)
    let usual = temporary()
    for _ in 0..<3 { _ = temporary() }
    emit(Instruction(.prepareLoop, auxiliary: subject.isTemporary ? 1 : 0, usual, subject.register), values.span)
    return usual
  }

  /// The variable that takes the elements directly, or nil after making temporaries for them.
  private func loopTarget(_ names: [Name]) -> Int? {
    if names.count == 1, case .register(let register) = variable(names[0]) {
      return register
    }
    for _ in names { _ = temporary() }
    return nil
  }

  func leaveLoop(_ list: WritableKeyPath<Loop, [Int]>, _ word: String, _ span: Span) {
    guard let loop = loops.last else { return compiler.report(.syntax, "`\(word)` stands outside a loop", span) }
    for _ in loop.openTries..<openTries { emit(Instruction(.endTry), span) }
    loops[loops.count - 1][keyPath: list].append(emitJump(span))
    definedness.isUnreachable = true
  }
}
