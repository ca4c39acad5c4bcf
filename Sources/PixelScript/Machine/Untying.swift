/// Breaks the circle of an inner function that calls itself: its variable's cell holds it, and it captures the cell.
///
/// Reference counts never free such a circle, so the end of the frame that made it looks whether anybody else holds a part of it.
/// Circles that a script makes otherwise (a list that contains itself, inner functions that call each other) stay.
enum Untying {
  /// Empties the cell in a register that is about to go, when nothing but a function in the cell would keep it.
  static func untie(_ register: Slot) {
    let content = contents(of: register)
    guard content.tag == .function, content.isUnique else { return }
    var captures = takeCaptures(of: content)
    let own = captures.indices.filter { isCell(captures[$0], in: register) }
    captures.removeAll { isCell($0, in: register) }
    if !own.isEmpty, register.isUnique {
      register.object(Cell.self).slot = .nil
      return content.release()
    }
    for place in own { captures.insert(register.object(Cell.self), at: place) }
    content.object(ScriptFunction.self).captures = captures
  }

  private static func contents(of register: Slot) -> Slot { register.object(Cell.self).slot }

  private static func isCell(_ cell: Cell, in register: Slot) -> Bool { cell === register.object(Cell.self) }

  private static func takeCaptures(of function: Slot) -> [Cell] {
    let function = function.object(ScriptFunction.self)
    defer { function.captures = [] }
    return function.captures
  }
}
