/// Calls that do not come from the inner loop: of hosts, and of commands that were given a function.
extension Machine {
  /// Calls a function from outside the inner loop.
  func invoke(_ function: ScriptFunction, _ arguments: Arguments) throws -> Value {
    if let entry = function.entry { return try run(entry, arguments) }
    guard let prototype = function.prototype else { return .nil }
    let callee = Slot(.function, owning: function)
    defer { Teardown.release(callee) }
    try unsafe withRow(of: arguments) { row in
      let places = try places(
        prototype, positional: arguments.positional.count, names: arguments.named.map(\.name))
      var binding = FunctionBinding()
      binding.remember(places, 0, positional: arguments.positional.count)
      defer { binding.forget() }
      try unsafe push(prototype.header, callee, row, binding)
    }
    return try result()
  }

  /// Runs a command on arguments of the host, as a part of a script or, when the host makes the call, as it is.
  func run(_ entry: Registry.Entry, _ arguments: Arguments, isOfHost: Bool = false) throws -> Value {
    let call = CommandCall(
      entry, positional: arguments.positional.count, labels: arguments.named.map(\.name))
    let slot = try unsafe withRow(of: arguments) { row in
      guard isOfHost else { return try unsafe run(call, row) }
      meter.note()
      return try unsafe call.run(Registers(row), CallContext(self, call.label), self, isOfHost: true)
    }
    defer { Teardown.release(slot) }
    return slot.value
  }

  /// Does something with arguments in a row of slots, of which those go that are still there.
  private func withRow<Result>(
    of arguments: Arguments, _ body: (UnsafeMutablePointer<Slot>) throws -> Result
  ) throws -> Result {
    let values = arguments.positional + arguments.named.map(\.value)
    let row = UnsafeMutablePointer<Slot>.allocate(capacity: max(values.count, 1))
    for (place, value) in values.enumerated() { unsafe (row + place).initialize(to: Slot(value, meter: meter)) }
    defer {
      unsafe Teardown.release(row, count: values.count)
      unsafe row.deallocate()
    }
    return try unsafe body(row)
  }

  /// Calls a function of the script with arguments that it takes over; the caller owns the result.
  func invoke(
    _ callee: Slot, _ header: UnsafeMutablePointer<Prototype.Header>, _ first: Slot, _ second: Slot?
  ) throws -> Slot {
    let base = unsafe state.pointee.frame.pointee.top
    do { try unsafe enter(header, callee, base: base) } catch {
      Teardown.release(first)
      second.map(Teardown.release)
      throw error
    }
    unsafe base[0] = first
    if let second { unsafe base[1] = second }
    let count = second == nil ? 1 : 2
    unsafe (base + count).initialize(repeating: .undefined, count: header.pointee.registerCount - count)
    return try execute()
  }

  /// Calls a command with arguments that the caller goes on owning; the caller owns the result.
  func run(_ call: CommandCall, _ first: Slot, _ second: Slot?) throws -> Slot {
    try unsafe withUnsafeTemporaryAllocation(of: Slot.self, capacity: 2) { row in
      let start = unsafe row.baseAddress.unsafelyUnwrapped
      unsafe start.initialize(to: first.copied())
      unsafe (start + 1).initialize(to: second?.copied() ?? .nil)
      defer { unsafe Teardown.release(start, count: 2) }
      let result = try unsafe run(call, start)
      if result.tag == .string { try chargeText(result.with(StringBox.self) { $0.size }) }
      return result
    }
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
}
