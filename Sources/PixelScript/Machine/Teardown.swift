/// Releases nested values without recursion, however deep they are, and without room for their elements.
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
    guard isContainer(slot), slot.isAlone else { return slot.end() }
    // What is being emptied, each a part of the one before.
    var path = [slot]
    while let container = path.last {
      guard let part = takePart(of: container) else {
        path.removeLast()
        container.end()
        continue
      }
      guard part.isReference, part.drop() else { continue }
      if isContainer(part), part.isAlone { path.append(part) } else { part.end() }
    }
  }

  @inline(__always) private static func isContainer(_ slot: Slot) -> Bool {
    switch slot.tag {
    case .list, .map, .function, .cell, .iterator: true
    default: false
    }
  }

  /// Takes one of the slots that a container owns out of it; nil when none is left.
  static func takePart(of container: Slot) -> Slot? {
    switch container.tag {
    case .list: container.with(ScriptList.self) { $0.surrender() }
    case .map: container.with(ScriptMap.self) { $0.surrender() }
    case .function: container.with(ScriptFunction.self) { $0.surrender() }
    case .cell: container.with(Cell.self) { $0.surrender() }
    default: container.with(LoopIterator.self) { $0.surrender() }
    }
  }
}
