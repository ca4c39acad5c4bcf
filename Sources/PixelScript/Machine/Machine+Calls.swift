import Safepoint

extension Machine {
  /// The header of a function of a script, or nil for a command.
  @inline(__always) static func header(of callee: Slot) -> UnsafeMutablePointer<Prototype.Header>? {
    unsafe callee.with(ScriptFunction.self) { unsafe $0.header }
  }

  /// Makes the frame of a call whose arguments are exactly the parameters.
  @inline(__always)
  func push(
    _ header: UnsafeMutablePointer<Prototype.Header>, _ callee: Slot, arguments: UnsafeMutablePointer<Slot>
  ) throws {
    let caller = unsafe state.pointee.frame
    let base = unsafe caller.pointee.top
    try unsafe enter(header, callee, base: base)
    let count = unsafe header.pointee.parameterCount
    for place in 0..<count {
      unsafe base[place] = arguments[place]
      unsafe arguments[place] = .nil
    }
    unsafe (base + count).initialize(repeating: .undefined, count: header.pointee.registerCount - count)
  }

  /// Makes a frame whose registers the caller of this function fills.
  @inline(__always)
  private func enter(
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
    let prototype = unsafe state.pointee.frame.pointee.header.pointee.prototype
    return unsafe prototype._withUnsafeGuaranteedRef { $0.sites[Int(instruction.c)] }
  }

  /// Calls anything; either a frame is made, or the result is in the first argument's register when this returns.
  func call(_ callee: Slot, _ i: Instruction, _ first: UnsafeMutablePointer<Slot>) throws {
    let site = site(i)
    if callee.tag == .undefined { throw undefined(site.callee ?? "") }
    try unsafe call(callee, first, result: first, positional: site.positional, names: site.names)
  }

  private func call(
    _ callee: Slot, _ first: UnsafeMutablePointer<Slot>, result: UnsafeMutablePointer<Slot>, positional: Int,
    names: [Name]
  ) throws {
    switch callee.tag {
    case .function:
      let function = callee.object(ScriptFunction.self)
      if let prototype = function.prototype {
        if names.isEmpty, positional == prototype.parameters.count {
          return try unsafe push(prototype.header, callee, arguments: first)
        }
        let bound = try unsafe bind(prototype, first, positional: positional, names: names.map(\.text))
        return try push(prototype, callee, bound)
      }
      guard let entry = function.entry else { return }
      let arguments = unsafe takeArguments(first, positional: positional, names: names)
      try unsafe give(result, invoke(entry, arguments))
    case .object:
      let object = callee.object(ObjectBox.self).object
      let arguments = unsafe takeArguments(first, positional: positional, names: names)
      try pollFully(steps: 16)
      let context = CallContext(interpreter: interpreter, command: type(of: object).scriptName)
      guard let value = try whole(try object.call(arguments, context)) else { fallthrough }
      try unsafe give(result, value)
    default:
      throw ScriptError(.type, "\(withArticle(callee.value.typeName)) can't be called; only functions can")
    }
  }

  /// Makes a frame with bound arguments, which it takes over.
  private func push(_ prototype: Prototype, _ callee: Slot, _ bound: [Slot]) throws {
    let header = unsafe prototype.header
    let base = unsafe depth == 0 ? registers : state.pointee.frame.pointee.top
    do { try unsafe enter(header, callee, base: base) } catch {
      for slot in bound { Teardown.release(slot) }
      throw error
    }
    for (place, slot) in bound.enumerated() { unsafe (base + place).initialize(to: slot) }
    unsafe (base + bound.count).initialize(
      repeating: .undefined, count: header.pointee.registerCount - bound.count)
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

  /// Runs a command.
  func invoke(_ entry: Registry.Entry, _ arguments: Arguments) throws -> Value {
    try pollFully(steps: 16)
    let context = CallContext(interpreter: interpreter, command: entry.name)
    do { return try whole(try entry.invoke(context, arguments)) } catch {
      throw Machine.withShapes(error, of: arguments.positional + arguments.named.map(\.value))
    }
  }

  /// The result of native work, unless that was told to stop: then it may mean nothing and is not to be seen.
  @inline(__always) func whole<Result>(_ result: Result) throws(ScriptError) -> Result {
    if let reason = watch.stopReason { throw error(of: reason) }
    return result
  }

  func callCommand(_ i: Instruction, _ first: UnsafeMutablePointer<Slot>) throws {
    let site = site(i)
    guard let entry = site.command else { return }
    let arguments = unsafe takeArguments(first, positional: site.positional, names: site.names)
    try unsafe give(first, invoke(entry, arguments))
  }

  /// Puts what a command gave into a register.
  private func give(_ register: UnsafeMutablePointer<Slot>, _ value: Value) throws {
    unsafe Machine.set(register, Slot(value, meter: meter))
    if case .string(let text) = value { try chargeText(text.utf8.count) }
  }

  /// `x.f(a)`: the field f of x when there is one, else the function or command f with x as its first argument.
  func callMethod(_ i: Instruction, _ base: UnsafeMutablePointer<Slot>) throws {
    let site = site(i)
    let first = unsafe base + Int(i.a)
    guard let method = site.method else { return }
    if let field = try unsafe ownField(method.text, of: first.pointee) {
      defer { Teardown.release(field) }
      return try unsafe call(
        field, first + 1, result: first, positional: site.positional - 1, names: site.names)
    }
    if site.command != nil { return try unsafe callCommand(i, first) }
    let callee = unsafe base[Int(i.b)]
    guard callee.tag == .function || callee.tag == .object else {
      throw unsafe noField(first.pointee, method.text, isCall: true)
    }
    try unsafe call(callee, first, result: first, positional: site.positional, names: site.names)
  }

  private func ownField(_ name: String, of subject: Slot) throws -> Slot? {
    guard subject.tag == .map || subject.tag == .object else { return nil }
    let key = Slot(.string, owning: StringBox(name, meter: nil))
    defer { Teardown.release(key) }
    return try fieldIfAny(subject, key)
  }

  /// Does `len` in place; returns true when `len` or `push` became a call that may have made a frame.
  func primitive(_ i: Instruction, _ first: UnsafeMutablePointer<Slot>) throws -> Bool {
    let subject = unsafe first.pointee
    if i.operation == .length, let length = try length(subject) {
      unsafe Machine.set(first, Double(length))
      return false
    }
    if site(i).method != nil {
      try unsafe callMethod(i, state.pointee.frame.pointee.base)
    } else {
      try unsafe callCommand(i, first)
    }
    return true
  }

  private func length(_ subject: Slot) throws -> Int? {
    switch subject.tag {
    case .string: try subject.object(StringBox.self).count(self)
    case .list: subject.object(ScriptList.self).count
    case .range: subject.object(ScriptRange.self).count
    default: nil
    }
  }
}

extension Machine {
  /// Calls a function from outside the inner loop.
  func invoke(_ function: ScriptFunction, _ arguments: Arguments) throws -> Value {
    if let entry = function.entry { return try invoke(entry, arguments) }
    guard let prototype = function.prototype else { return .nil }
    let callee = Slot(.function, owning: function)
    defer { Teardown.release(callee) }
    if arguments.named.isEmpty, arguments.positional.count == prototype.parameters.count {
      try push(prototype, callee, arguments.positional.map { Slot($0, meter: meter) })
      return try result()
    }
    let names = arguments.named.map(\.name)
    let all = (arguments.positional + arguments.named.map(\.value)).map { Slot($0, meter: meter) }
    let row = UnsafeMutablePointer<Slot>.allocate(capacity: max(all.count, 1))
    defer { unsafe row.deallocate() }
    for (place, slot) in all.enumerated() { unsafe (row + place).initialize(to: slot) }
    let bound: [Slot]
    do {
      bound = try unsafe bind(prototype, row, positional: arguments.positional.count, names: names)
    } catch {
      unsafe Teardown.release(row, count: all.count)
      throw error
    }
    try push(prototype, callee, bound)
    return try result()
  }

  /// Calls a function of the script with one or two arguments from outside the inner loop, without a detour over `Arguments`
  /// when they are exactly its parameters.
  func invoke(_ function: ScriptFunction, _ first: Value, _ second: Value?) throws -> Value {
    let count = second == nil ? 1 : 2
    guard let header = unsafe function.header, unsafe header.pointee.parameterCount == count else {
      return try invoke(function, Arguments([first] + (second.map { [$0] } ?? [])))
    }
    let callee = Slot(.function, owning: function)
    defer { Teardown.release(callee) }
    let base = unsafe depth == 0 ? registers : state.pointee.frame.pointee.top
    try unsafe enter(header, callee, base: base)
    unsafe base[0] = Slot(first, meter: meter)
    if let second { unsafe base[1] = Slot(second, meter: meter) }
    unsafe (base + count).initialize(repeating: .undefined, count: header.pointee.registerCount - count)
    return try result()
  }

  /// Runs the frame just made and gives its result as a value.
  private func result() throws -> Value {
    let result = try execute()
    defer { Teardown.release(result) }
    return result.value
  }

  /// Gives each parameter its argument, or undefined when it has a default; takes the arguments out of the row.
  private func bind(
    _ prototype: Prototype, _ row: UnsafeMutablePointer<Slot>, positional: Int, names: [String]
  ) throws(ScriptError) -> [Slot] {
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
    return places.map { place in
      guard place >= 0 else { return .undefined }
      let slot = unsafe row[place]
      unsafe row[place] = .nil
      return slot
    }
  }

  static func count(_ number: Int, _ noun: String) -> String { "\(number) \(noun)\(number == 1 ? "" : "s")" }
}
