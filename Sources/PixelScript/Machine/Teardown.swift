/// Releases nested values without recursion, however deep they are.
enum Teardown {
  /// Drops one owned slot.
  static func release(_ slot: Slot) {
    guard slot.isReference else { return }
    guard holdsOthers(slot), slot.isUnique else { return slot.release() }
    var pending = [slot]
    drain(&pending)
  }

  /// Drops many owned slots.
  static func release(_ slots: UnsafeMutablePointer<Slot>, count: Int) {
    var pending: [Slot] = []
    for position in 0..<count {
      let slot = unsafe slots[position]
      if holdsOthers(slot), slot.isUnique { pending.append(slot) } else { slot.release() }
    }
    if !pending.isEmpty { drain(&pending) }
  }

  @inline(__always) private static func holdsOthers(_ slot: Slot) -> Bool {
    switch slot.tag {
    case .list, .map, .function, .cell, .iterator: true
    default: false
    }
  }

  /// An object nobody else holds gives its contents to the list first, so that its own end finds nothing to release.
  private static func drain(_ pending: inout [Slot]) {
    while let slot = pending.popLast() {
      switch slot.tag {
      case .list:
        var list = slot.takeObject(ScriptList.self)
        if isKnownUniquelyReferenced(&list) { list.surrender(to: &pending) }
      case .map:
        var map = slot.takeObject(ScriptMap.self)
        if isKnownUniquelyReferenced(&map) { map.surrender(to: &pending) }
      case .function:
        var function = slot.takeObject(ScriptFunction.self)
        if isKnownUniquelyReferenced(&function) { function.surrender(to: &pending) }
      case .cell:
        var cell = slot.takeObject(Cell.self)
        if isKnownUniquelyReferenced(&cell) {
          pending.append(cell.slot)
          cell.slot = .nil
        }
      case .iterator:
        var iterator = slot.takeObject(LoopIterator.self)
        if isKnownUniquelyReferenced(&iterator) { iterator.surrender(to: &pending) }
      default: slot.release()
      }
    }
  }
}
