import Safepoint

extension Machine {
  /// The header of a function of a script, or nil for a command.
  @inline(__always) static func header(of callee: Slot) -> UnsafeMutablePointer<Prototype.Header>? {
    unsafe callee.with(ScriptFunction.self) { unsafe $0.header }
  }

  /// Makes the frame of a call whose arguments are the first parameters; the others get their defaults.
  @inline(__always)
  func push(
    _ header: UnsafeMutablePointer<Prototype.Header>, _ callee: Slot, arguments: UnsafeMutablePointer<Slot>, count: Int
  ) throws {
    let caller = unsafe state.pointee.frame
    let base = unsafe caller.pointee.top
    try unsafe enter(header, callee, base: base)
    for place in 0..<count {
      unsafe base[place] = arguments[place]
      unsafe arguments[place] = .nil
    }
    unsafe (base + count).initialize(repeating: .undefined, count: header.pointee.registerCount - count)
  }

  /// Makes a frame whose registers the caller of this function fills.
  @inline(__always)
  func enter(
    _ header: UnsafeMutablePointer<Prototype.Header>, _ callee: Slot, base: UnsafeMutablePointer<Slot>
  ) throws {
    let top = unsafe base + header.pointee.registerCount
    let frame = unsafe state.pointee.frame + 1
    guard unsafe frame - frames <= depthLimit, unsafe top - registers <= Machine.registerCapacity else {
      throw tooDeep()
    }
    unsafe state.pointee.ticks -= 1
    if unsafe state.pointee.ticks <= 0 { try safepoint() }
    unsafe frame.pointee.next = header.pointee.code
    unsafe frame.pointee.base = base
    unsafe frame.pointee.top = top
    unsafe frame.pointee.header = header
    unsafe frame.pointee.isEntry = false
    if unsafe header.pointee.hasCaptures {
      unsafe frame.pointee.function = callee.copied()
      unsafe frame.pointee.captures = callee.with(ScriptFunction.self) { unsafe $0.captures }
    }
    unsafe state.pointee.frame = frame
  }

  /// Ends the youngest frame.
  @inline(__always) func pop() {
    let frame = unsafe state.pointee.frame
    let header = unsafe frame.pointee.header
    let first = unsafe header.pointee.firstOwned
    var place = unsafe header.pointee.registerCount
    // From the end, so that no temporary holds a function any more when the cell that it lies in goes.
    while place > first {
      place -= 1
      let slot = unsafe frame.pointee.base[place]
      if slot.isReference {
        if slot.tag == .cell { Untying.untie(slot) }
        Teardown.release(slot)
      }
    }
    if unsafe header.pointee.hasCaptures { unsafe Teardown.release(frame.pointee.function) }
    unsafe state.pointee.frame = frame - 1
  }

  private func tooDeep() -> ScriptError {
    ScriptError(
      .limit, "too many calls inside each other: \(depth)", help: "a function that calls itself needs an end")
  }

  /// The call site of the instruction that runs.
  func site(_ instruction: Instruction) -> CallSite {
    unsafe state.pointee.frame.pointee.header.pointee.sites[Int(instruction.c)].takeUnretainedValue()
  }

  /// Calls anything; either a frame is made, or the result is in the first argument's register when this returns.
  func call(_ callee: Slot, _ i: Instruction, _ first: UnsafeMutablePointer<Slot>) throws {
    if try unsafe pushAgain(callee, i, first) { return }
    let site = site(i)
    if callee.tag == .undefined { throw undefined(site.callee ?? "") }
    try unsafe call(callee, site, first, result: first, positional: site.positional)
  }

  func call(
    _ callee: Slot, _ site: CallSite, _ first: UnsafeMutablePointer<Slot>, result: UnsafeMutablePointer<Slot>,
    positional: Int
  ) throws {
    let names = site.names
    switch callee.tag {
    case .function:
      let function = callee.object(ScriptFunction.self)
      if let entry = function.entry {
        let known = names.isEmpty ? function.commandCall(count: positional) : nil
        let call = known ?? CommandCall(entry, positional: positional, labels: names.map(\.text))
        return try unsafe run(call, first, result: result)
      }
      guard let prototype = function.prototype else { return }
      if names.isEmpty, unsafe prototype.header.pointee.takes(positional) {
        return try unsafe push(prototype.header, callee, arguments: first, count: positional)
      }
      let identity = unsafe prototype.header.pointee.identity
      if site.binding.identity != identity || site.binding.positional != positional {
        let places = try places(prototype, positional: positional, names: names.map(\.text))
        site.binding.remember(places, identity, positional: positional)
      }
      try unsafe push(prototype.header, callee, first, site.binding)
    case .object:
      let object = callee.object(ObjectBox.self).object
      let arguments = unsafe takeArguments(first, positional: positional, names: names)
      try pollFully(steps: 16)
      let name = CommandName(type(of: object).scriptName)
      let made = try withExtendedLifetime(name) { try whole(try object.call(arguments, CallContext(self, name))) }
      guard let value = made else { fallthrough }
      try unsafe give(result, Slot(value, meter: meter))
    default:
      let what = withArticle(callee.value.typeName)
      throw ScriptError(.type, "\(what) can't be called; only functions can", help: helpForCall(of: callee))
    }
  }

  /// Makes a frame whose parameters take their arguments out of places in a row, or get their defaults.
  @inline(__always) func push(
    _ header: UnsafeMutablePointer<Prototype.Header>, _ callee: Slot, _ row: UnsafeMutablePointer<Slot>,
    _ binding: FunctionBinding
  ) throws {
    let base = unsafe depth == 0 ? registers : state.pointee.frame.pointee.top
    try unsafe enter(header, callee, base: base)
    unsafe base.initialize(repeating: .undefined, count: header.pointee.registerCount)
    for parameter in 0..<binding.count where binding[parameter] >= 0 {
      unsafe base[parameter] = row[binding[parameter]]
      unsafe row[binding[parameter]] = .nil
    }
  }

  /// Makes the frame of a function that this call site called last; false when it must be looked at.
  @inline(__always) private func pushAgain(
    _ callee: Slot, _ i: Instruction, _ first: UnsafeMutablePointer<Slot>
  ) throws -> Bool {
    guard callee.tag == .function, let header = unsafe Machine.header(of: callee) else { return false }
    let site = unsafe state.pointee.frame.pointee.header.pointee.sites[Int(i.c)]
    return try unsafe site._withUnsafeGuaranteedRef { site in
      guard unsafe site.binding.identity == header.pointee.identity, site.binding.positional == site.positional else {
        return false
      }
      try unsafe push(header, callee, first, site.binding)
      return true
    }
  }

  /// Takes arguments out of registers into values.
  private func takeArguments(
    _ first: UnsafeMutablePointer<Slot>, positional: Int, names: [Name]
  ) -> Arguments {
    var arguments = Arguments()
    arguments.positional.reserveCapacity(positional)
    for place in 0..<positional { arguments.positional.append(unsafe take(first + place)) }
    for (place, name) in names.enumerated() {
      arguments.named.append((name.text, unsafe take(first + positional + place)))
    }
    return arguments
  }

  private func take(_ register: UnsafeMutablePointer<Slot>) -> Value {
    let value = unsafe register.pointee.value
    // The call that follows looks at the budgets.
    if case .string(let text) = value { unsafe state.pointee.ticks -= text.utf8.count / Machine.bytesAStep }
    unsafe Machine.set(register, .nil)
    return value
  }

  /// The result of native work, unless that was told to stop: then it may mean nothing and is not to be seen.
  @inline(__always) func whole<Result>(_ result: Result) throws(ScriptError) -> Result {
    if let reason = watch.stopReason { throw error(of: reason) }
    return result
  }

  @inline(__always) func callCommand(
    _ i: Instruction, _ first: UnsafeMutablePointer<Slot>, _ header: UnsafeMutablePointer<Prototype.Header>
  ) throws {
    let call = unsafe header.pointee.commands[Int(i.c)].unsafelyUnwrapped
    try unsafe call._withUnsafeGuaranteedRef { try unsafe run($0, first, result: first) }
  }

  /// Runs a command on arguments in a row, which it takes; its result goes to a register.
  @inline(__always) private func run(
    _ call: CommandCall, _ first: UnsafeMutablePointer<Slot>, result: UnsafeMutablePointer<Slot>
  ) throws {
    let slot = try unsafe run(call, first)
    for place in 0..<call.count { unsafe Machine.set(first + place, .nil) }
    try unsafe give(result, slot)
  }

  /// Runs a command on arguments in a row; the caller owns the result and goes on owning the arguments.
  @inline(__always) func run(_ call: CommandCall, _ first: UnsafeMutablePointer<Slot>) throws -> Slot {
    meter.note()
    do {
      let slot = try unsafe call.run(Registers(first), CallContext(self, call.name), self)
      if let reason = watch.stopReason {
        Teardown.release(slot)
        throw error(of: reason)
      }
      return slot
    } catch { throw unsafe failed(error, call, first) }
  }

  /// Counts the steps of a call of a command, and looks where the command may take any time.
  @inline(__always) func chargeCall(_ first: Registers, count: Int, looks: Bool) throws(ScriptError) {
    for place in 0..<count where first[place].tag == .string {
      unsafe state.pointee.ticks -= first[place].with(StringBox.self) { $0.size } / Machine.bytesAStep
    }
    if looks { try pollFully(steps: 16) } else { try poll(steps: 16) }
  }

  /// The error of a command with what the arguments add to it, which go.
  @inline(never) private func failed(
    _ error: any Error, _ call: CommandCall, _ first: UnsafeMutablePointer<Slot>
  ) -> any Error {
    var told = error
    // Numbers and texts have no shapes.
    let hasShapes = (0..<call.count).contains { unsafe first[$0].isContainer }
    if hasShapes, (error as? ScriptError)?.kind ?? .shape == .shape {
      told = Machine.withShapes(error, of: (0..<call.count).map { unsafe first[$0].value })
    }
    for place in 0..<call.count { unsafe Machine.set(first + place, .nil) }
    return told
  }

  /// Puts what a command gave into a register.
  @inline(__always) private func give(_ register: UnsafeMutablePointer<Slot>, _ slot: Slot) throws {
    unsafe Machine.set(register, slot)
    if slot.tag == .string { try chargeText(slot.with(StringBox.self) { $0.size }) }
  }

  /// `x.f(a)`: the field f of x when there is one, else the function or command f with x as its first argument.
  func callMethod(_ i: Instruction, _ base: UnsafeMutablePointer<Slot>) throws {
    let first = unsafe base + Int(i.a)
    let subject = unsafe first.pointee
    if subject.tag == .map, try unsafe pushField(of: subject, i, first) { return }
    if subject.tag == .map || subject.tag == .object {
      let name = unsafe state.pointee.frame.pointee.header.pointee.sites[Int(i.c)]._withUnsafeGuaranteedRef { $0.field }
      if let field = try fieldIfAny(subject, name) {
        defer { Teardown.release(field) }
        let site = site(i)
        return try unsafe call(field, site, first + 1, result: first, positional: site.positional - 1)
      }
    }
    if let command = unsafe state.pointee.frame.pointee.header.pointee.commands[Int(i.c)] {
      let callee = calleeBeforeCommand(i)
      guard Machine.isCallable(callee) else {
        return try unsafe command._withUnsafeGuaranteedRef { try unsafe run($0, first, result: first) }
      }
      return try unsafe callMethod(callee, i, first)
    }
    let callee = unsafe base[Int(i.b)]
    guard callee.tag == .function || callee.tag == .object else {
      throw unsafe noField(first.pointee, site(i).method?.text ?? "", isCall: true)
    }
    try unsafe callMethod(callee, i, first)
  }

  /// Makes the frame of a call of a function of the script that a map has as a field, without names; false for any other call.
  @inline(__always) private func pushField(
    of map: Slot, _ i: Instruction, _ first: UnsafeMutablePointer<Slot>
  ) throws -> Bool {
    let site = unsafe state.pointee.frame.pointee.header.pointee.sites[Int(i.c)]
    return try unsafe site._withUnsafeGuaranteedRef { site in
      guard site.names.isEmpty, let field = Machine.quickField(map, site.field), field.tag == .function,
        let header = unsafe Machine.header(of: field), unsafe header.pointee.takes(site.positional - 1)
      else { return false }
      try unsafe push(header, field, arguments: first + 1, count: site.positional - 1)
      return true
    }
  }

  private func callMethod(_ callee: Slot, _ i: Instruction, _ first: UnsafeMutablePointer<Slot>) throws {
    let site = site(i)
    try unsafe call(callee, site, first, result: first, positional: site.positional)
  }
}

extension Machine {
  /// The place of each parameter's argument in the row of a call, or -1 when it gets its default.
  func places(
    _ prototype: Prototype, positional: Int, names: [String]
  ) throws(ScriptError) -> [Int] {
    let parameters = prototype.parameters
    let called = prototype.name.map { "`\($0)`" } ?? "the function"
    func fault(
      _ kind: Diagnostic.Kind, _ message: String, help: String? = nil, _ culprit: ScriptError.Culprit = .call
    ) -> ScriptError {
      var error = ScriptError(kind, message, help: help, culprit: culprit)
      error.origin = prototype.origin
      return error
    }
    guard positional <= parameters.count else {
      throw fault(
        .type, "\(called) takes \(Machine.count(parameters.count, "argument")), found \(positional)",
        .position(parameters.count))
    }
    var places = Array(repeating: -1, count: parameters.count)
    for place in 0..<positional { places[place] = place }
    for (offset, name) in names.enumerated() {
      guard let place = parameters.firstIndex(where: { $0.name == name }) else {
        let near = Suggestion.best(for: name, in: parameters.map(\.name)).map { "did you mean `\($0)`?" }
        throw fault(.name, "\(called) has no parameter `\(name)`", help: near, .label(name))
      }
      guard places[place] < 0 else {
        throw fault(.type, "\(called) got `\(name)` twice, by position and by name", .label(name))
      }
      places[place] = positional + offset
    }
    for (place, parameter) in parameters.enumerated() where places[place] < 0 && !parameter.hasDefault {
      throw fault(.type, "\(called) needs `\(parameter.name)`")
    }
    return places
  }
}
