/// A function that a command calls for each element: what kind of function it is, is found out once.
@safe struct Callback {
  private let function: Slot
  private let machine: Unmanaged<Machine>
  private let header: UnsafeMutablePointer<Prototype.Header>?
  /// What calls a command, which the function keeps.
  private let command: Unmanaged<CommandCall>?

  /// Prepares calls with so many arguments of a function that stays in its register.
  init(_ function: Slot, _ context: CallContext, count: Int) {
    self.function = function
    unsafe machine = .passUnretained(context.machine)
    guard function.tag == .function, context.machine.depth > 0 else {
      unsafe (header, command) = (nil, nil)
      return
    }
    unsafe header = Machine.header(of: function).flatMap { unsafe $0.pointee.takes(count) ? $0 : nil }
    unsafe command =
      unsafe header == nil
      ? function.with(ScriptFunction.self) { unsafe $0.commandCall(count: count).map { unsafe .passUnretained($0) } }
      : nil
  }

  /// Calls it with arguments that it takes over; the caller owns the result.
  @inline(__always) func call(_ first: Slot) throws -> Slot {
    guard let header = unsafe header else { return try callOther(first, nil) }
    return try unsafe machine._withUnsafeGuaranteedRef { try unsafe $0.invoke(function, header, first, nil) }
  }

  /// Calls it with arguments that it takes over; the caller owns the result.
  @inline(__always) func call(_ first: Slot, _ second: Slot) throws -> Slot {
    guard let header = unsafe header else { return try callOther(first, second) }
    return try unsafe machine._withUnsafeGuaranteedRef { try unsafe $0.invoke(function, header, first, second) }
  }

  private func callOther(_ first: Slot, _ second: Slot?) throws -> Slot {
    defer {
      Teardown.release(first)
      second.map(Teardown.release)
    }
    let machine = unsafe machine.takeUnretainedValue()
    if let command = unsafe command {
      return try unsafe command._withUnsafeGuaranteedRef { try machine.run($0, first, second) }
    }
    let arguments = Arguments([first.value] + (second.map { [$0.value] } ?? []))
    return Slot(try machine.interpreter.call(function.value, arguments), heap: machine.heap)
  }
}
