/// A function that a command calls for each element: what kind of function it is, is found out once.
@safe struct Callback {
  private let function: Slot
  private let context: CallContext
  private let header: UnsafeMutablePointer<Prototype.Header>?
  private let command: CommandCall?

  /// Prepares calls with so many arguments of a function that stays in its register.
  init(_ function: Slot, _ context: CallContext, count: Int) {
    (self.function, self.context) = (function, context)
    let callee = function.tag == .function && context.machine.depth > 0 ? function.object(ScriptFunction.self) : nil
    command = callee?.entry.map { CommandCall($0, positional: count, labels: []) }
    let header = unsafe callee?.header
    unsafe self.header = header.flatMap { unsafe $0.pointee.takes(count) ? $0 : nil }
  }

  /// Calls it with arguments that it takes over; the caller owns the result.
  @inline(__always) func call(_ first: Slot) throws -> Slot {
    if let header = unsafe header { return try unsafe context.machine.invoke(function, header, first, nil) }
    return try callOther(first, nil)
  }

  /// Calls it with arguments that it takes over; the caller owns the result.
  @inline(__always) func call(_ first: Slot, _ second: Slot) throws -> Slot {
    if let header = unsafe header { return try unsafe context.machine.invoke(function, header, first, second) }
    return try callOther(first, second)
  }

  private func callOther(_ first: Slot, _ second: Slot?) throws -> Slot {
    defer {
      Teardown.release(first)
      second.map(Teardown.release)
    }
    if let command { return try context.machine.run(command, first, second) }
    return Slot(try context.call(function.value, first.value, second?.value), heap: context.heap)
  }
}
