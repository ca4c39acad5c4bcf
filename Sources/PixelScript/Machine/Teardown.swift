/// Releases nested values without recursion, however deep they are.
enum Teardown {
  /// Drops one owned slot.
  @inline(__always) static func release(_ slot: Slot) {
    if slot.isReference, slot.drop() { end(slot) }
  }

  /// Drops many owned slots.
  static func release(_ slots: UnsafeMutablePointer<Slot>, count: Int) {
    for position in 0..<count { unsafe release(slots[position]) }
  }

  /// Ends an object of which the last slot was dropped.
  @inline(never) private static func end(_ slot: Slot) {
    var pending: [Slot] = []
    end(slot, &pending)
    while let slot = pending.popLast() {
      if slot.isReference, slot.drop() { end(slot, &pending) }
    }
  }

  /// An object nobody else holds gives its contents to the list first, so that its own end finds nothing to release.
  @inline(__always) private static func end(_ slot: Slot, _ pending: inout [Slot]) {
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
    default: slot.end()
    }
  }
}
