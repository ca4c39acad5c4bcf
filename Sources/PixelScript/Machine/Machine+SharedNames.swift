/// Calls by a name that a command and a variable have.
extension Machine {
  /// Calls the variable of a command's name when it can be called, else the command.
  func callShadowed(_ callee: Slot, _ i: Instruction, _ first: UnsafeMutablePointer<Slot>) throws {
    guard Machine.isCallable(callee) else {
      return try unsafe callCommand(i, first, state.pointee.frame.pointee.header)
    }
    let site = site(i)
    try unsafe call(callee, site, first, result: first, positional: site.positional)
  }

  /// True for functions and for the values of the host that can be called.
  static func isCallable(_ slot: Slot) -> Bool {
    switch slot.tag {
    case .function: true
    case .object: slot.object(ObjectBox.self).object.isCallable
    default: false
    }
  }
}
