extension FunctionBuilder {
  /// Compiles a call; arguments lie in a row of temporaries, the result comes back in the first of them.
  func call(_ call: Call, into target: Int, _ span: Span) {
    func site(_ command: Registry.Entry? = nil) -> CallSite {
      let callee: String? = if case .name(let name) = call.callee.kind { name } else { nil }
      return CallSite(
        positional: call.arguments.count, names: call.named.map(\.name),
        spans: call.arguments.map(\.span) + call.named.map(\.value.span), command: command, callee: callee)
    }
    switch call.callee.kind {
    case .field(let base, let method): methodCall(call, base, method, into: target, span)
    case .name(let name):
      let place = place(of: name, call.callee.span)
      if place.isVariable, let difference = call.difference { return value(difference, into: target) }
      if place.isVariable, let entry = compiler.registry[name] {
        return shadowedCall(call, name, place, site(entry), into: target, span)
      }
      switch place {
      case .command(let position):
        let entry = compiler.registry.entries[position]
        if name == compiler.registry.helpEntry?.name, let topic = topic(call) {
          let first = temporary()
          help(topic, entry, in: first, span)
          return deliver(first, to: target, span)
        }
        check(call, site(entry), of: entry, span)
        if let primitive = entry.primitive, call.named.isEmpty, primitive.takes(call.arguments.count) {
          return primitiveCall(primitive, call.arguments, site(entry), into: target, span)
        }
        let first = row(call, into: target)
        emit(Instruction(.callCommand, first, 0, self.site(site(entry))), span)
        deliver(first, to: target, span)
      case let place where mayChange(name, place, in: call): computedCall(call, site(), into: target, span)
      case .register(let register):
        checkDefined(name, register, call.callee.span)
        plainCall(call, .call, register, site(), into: target, span)
      case .global(let index): plainCall(call, .callGlobal, index, site(), into: target, span)
      case .cell(let register): plainCall(call, .callCell, register, site(), into: target, span)
      case .capture(let index): plainCall(call, .callCapture, index, site(), into: target, span)
      }
    default: computedCall(call, site(), into: target, span)
    }
  }

  /// True when the arguments of a call may make another value of the variable whose function is called.
  func mayChange(_ name: String, _ place: Place, in call: Call) -> Bool {
    let isShared =
      switch place {
      case .register: isTopLevel && compiler.module.changedByFunctions.contains(name)
      case .global: compiler.module.changedByFunctions.contains(name)
      case .cell, .capture: true
      case .command: false
      }
    return isShared && !(call.arguments + call.named.map(\.value)).allSatisfy(\.isPlain)
  }

  /// The command that `help` is asked about by its bare name, which a variable may have too.
  private func topic(_ call: Call) -> Name? {
    guard call.named.isEmpty, call.arguments.count == 1, case .name(let name) = call.arguments[0].kind,
      compiler.registry[name] != nil
    else { return nil }
    return Name(name, call.arguments[0].span)
  }

  private func plainCall(
    _ call: Call, _ operation: Instruction.Operation, _ callee: Int, _ site: CallSite, into target: Int, _ span: Span
  ) {
    let first = row(call, into: target)
    emit(Instruction(operation, auxiliary: quickCount(site), first, callee, self.site(site)), span)
    deliver(first, to: target, span)
  }

  private func computedCall(_ call: Call, _ site: CallSite, into target: Int, _ span: Span) {
    let callee = temporary(of: call.callee)
    let first = row(call, into: nil)
    emit(Instruction(.call, auxiliary: quickCount(site), first, callee, self.site(site)), span)
    emit(Instruction(.clear, callee), span)
    deliver(first, to: target, span)
  }

  private func methodCall(
    _ call: Call, _ base: Expression, _ method: Name, into target: Int, _ span: Span
  ) {
    var callee = 0
    var isTemporary = false
    let command = compiler.registry[method.text]
    let place = place(of: method.text, method.span)
    switch place {
    case .command: break
    case .register(let register): callee = register
    case .global, .cell, .capture:
      callee = temporary()
      isTemporary = true
      readIfDefined(method.text, into: callee, span)
    }
    let source = command != nil && place.isVariable ? CalleeSource.register.rawValue : 0
    let site = CallSite(
      positional: call.arguments.count + 1, names: call.named.map(\.name),
      spans: [base.span] + call.arguments.map(\.span) + call.named.map(\.value.span), command: command, method: method)
    if let primitive = command?.primitive, !place.isVariable, call.named.isEmpty, primitive.takes(site.positional) {
      return primitiveCall(primitive, [base] + call.arguments, site, into: target, span)
    }
    let first = temporary(of: base)
    for argument in call.arguments { temporary(of: argument) }
    for argument in call.named { temporary(of: argument.value) }
    emit(Instruction(.callMethod, auxiliary: source, first, callee, self.site(site)), span)
    if isTemporary { emit(Instruction(.clear, callee), span) }
    deliver(first, to: target, span)
  }

  /// Prepares a loop over a call of `range` into the registers of its state; false when the values are something else.
  func rangeLoop(_ values: Expression, into state: Int) -> Bool {
    guard case .call(let call) = values.kind, case .name(let name) = call.callee.kind, call.named.isEmpty,
      (1...3).contains(call.arguments.count), case .command(let position) = place(of: name, call.callee.span),
      compiler.registry.entries[position].primitive == .range
    else { return false }
    let site = CallSite(
      positional: call.arguments.count, names: [], spans: call.arguments.map(\.span),
      command: compiler.registry.entries[position], callee: name)
    check(call, site, of: compiler.registry.entries[position], values.span)
    let first = row(call, into: nil)
    emit(Instruction(.prepareRange, state, first, call.arguments.count), values.span)
    emit(Instruction(.callCommand, first, 0, self.site(site)), values.span)
    emit(Instruction(.prepareLoop, auxiliary: 1, state, first), values.span)
    return true
  }

  /// Prepares a loop over a call of `zip` or `enumerate` whose pairs two names take apart; false when the values are something else.
  func pairLoop(_ values: Expression, into state: Int) -> Bool {
    guard case .call(let call) = values.kind, case .name(let name) = call.callee.kind, call.named.isEmpty,
      case .command(let position) = place(of: name, call.callee.span)
    else { return false }
    let entry = compiler.registry.entries[position]
    let count = call.arguments.count
    guard entry.primitive == .zip && count == 2 || entry.primitive == .enumerate && (1...2).contains(count) else {
      return false
    }
    let site = CallSite(
      positional: count, names: [], spans: call.arguments.map(\.span), command: entry, callee: name)
    check(call, site, of: entry, values.span)
    let first = row(call, into: nil)
    emit(Instruction(.preparePairs, auxiliary: entry.primitive == .enumerate ? 1 : 0, state, first, count), values.span)
    emit(Instruction(.callCommand, first, 0, self.site(site)), values.span)
    emit(Instruction(.prepareLoop, auxiliary: 1, state, first), values.span)
    return true
  }

  /// Compiles the arguments into a row of temporaries, which starts at `target` when that is the youngest one.
  func row(_ call: Call, into target: Int?) -> Int {
    let arguments = call.arguments + call.named.map(\.value)
    let first: Int
    if let target, isYoungest(target) { first = target } else { first = temporary() }
    for (place, argument) in arguments.enumerated() {
      if place == 0 { value(argument, into: first) } else { temporary(of: argument) }
    }
    return first
  }

  func deliver(_ result: Int, to target: Int, _ span: Span) {
    if result != target { emit(Instruction(.take, target, result), span) }
  }

  /// What the quick way of a call compares with the number of parameters.
  private func quickCount(_ site: CallSite) -> Int {
    site.names.isEmpty && site.positional < 255 ? site.positional : 255
  }

  private func primitiveCall(
    _ primitive: Command.Primitive, _ arguments: [Expression], _ site: CallSite, into target: Int, _ span: Span
  ) {
    if primitive == .length { return length(arguments[0], site, into: target, span) }
    let first = temporary(of: arguments[0])
    for argument in arguments.dropFirst() { temporary(of: argument) }
    let auxiliary = primitive == .append ? 0 : Int(primitive.rawValue)
    emit(Instruction(primitive == .append ? .append : .quick, auxiliary: auxiliary, first, 0, self.site(site)), span)
    deliver(first, to: target, span)
  }

  /// The length of a variable is taken where that lies.
  private func length(_ subject: Expression, _ site: CallSite, into target: Int, _ span: Span) {
    let operand = operand(subject)
    let quick = emit(Instruction(.quickLength, auxiliary: operand.isTemporary ? 1 : 0, target, operand.register), span)
    let first = operand.isTemporary ? operand.register : temporary()
    if !operand.isTemporary { emit(Instruction(.move, first, operand.register), subject.span) }
    emit(Instruction(.length, first, 0, self.site(site)), span)
    deliver(first, to: target, span)
    skip(quick)
  }

  /// A statement that adds a value to the list in a variable takes no row of arguments; false for any other.
  func appends(_ statement: Statement, _ expression: Expression) -> Bool {
    guard case .call(let call) = expression.kind, call.named.isEmpty else { return false }
    let (name, arguments, method): (Name, [Expression], Name?)
    switch call.callee.kind {
    case .name(let text): (name, arguments, method) = (Name(text, call.callee.span), call.arguments, nil)
    case .field(let base, let field): (name, arguments, method) = (field, [base] + call.arguments, field)
    default: return false
    }
    guard arguments.count == 2, case .command(let position) = place(of: name.text, name.span),
      compiler.registry.entries[position].primitive == .append
    else { return false }
    let site = CallSite(
      positional: 2, names: [], spans: arguments.map(\.span), command: compiler.registry.entries[position],
      method: method, callee: method == nil ? name.text : nil)
    if method == nil { check(call, site, of: compiler.registry.entries[position], expression.span) }
    let list = operand(arguments[0], before: arguments[1])
    let first = list.isTemporary ? list.register : temporary()
    let value = operand(arguments[1])
    let quick = emit(
      Instruction(.quickAppend, auxiliary: value.isTemporary ? 1 : 0, list.register, value.register), expression.span)
    if !list.isTemporary { emit(Instruction(.move, first, list.register), arguments[0].span) }
    if !value.isTemporary { emit(Instruction(.move, temporary(), value.register), arguments[1].span) }
    emit(Instruction(.append, first, 0, self.site(site)), expression.span)
    // A field of the name may give something.
    if method != nil { give(Operand(register: first, isTemporary: true), of: statement) }
    skip(quick)
    if list.isTemporary { emit(Instruction(.clear, first), expression.span) }
    return true
  }

  /// Has an instruction skip those behind it when it is done.
  private func skip(_ quick: Int) { parts.code[quick].c = UInt16(here - quick - 1) }

  /// Has the arguments of a call looked at; an error within a `try` may be what the script is about.
  private func check(_ call: Call, _ site: CallSite, of entry: Registry.Entry, _ span: Span) {
    if openTries == 0 { compiler.check(call, site, of: entry, span) }
  }
}
