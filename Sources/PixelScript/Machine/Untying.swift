/// Breaks the circle of an inner function that calls itself: its variable's cell holds it, and it captures the cell.
///
/// Reference counts never free such a circle, so the end of the frame that made it looks whether anybody else holds a part of it:
/// that is much cheaper than leaving it to `CycleCollector`, which frees the circles that a script makes otherwise.
enum Untying {
  /// Empties the cell in a register that is about to go, when nothing but a function in the cell would keep it.
  static func untie(_ register: Slot) {
    let content = register.object(Cell.self).slot
    guard content.tag == .function, content.isUnique else { return }
    let captures = content.object(ScriptFunction.self).captures(of: register)
    guard captures > 0, register.slotCount == captures + 1, register.isAlone else { return }
    Teardown.release(register.object(Cell.self).exchange(.nil))
  }
}

extension ScriptFunction {
  /// How many of the captures are the cell in a slot.
  fileprivate func captures(of cell: Slot) -> Int {
    (0..<captureCount).count { unsafe captures[$0].bits == cell.bits }
  }
}
