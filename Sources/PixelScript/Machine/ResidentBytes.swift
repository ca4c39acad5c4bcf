import Safepoint

extension Value {
  /// The bytes that the value takes in memory with all that lies inside it; what lies there twice counts once.
  ///
  /// Throws when the work must stop.
  package func residentBytes() throws(Stopped) -> Int {
    if case .string(let text) = self { return StringBox.cost(of: text.utf8.count) }
    let slot = Slot(self)
    defer { Teardown.release(slot) }
    var count = ResidentBytes()
    count.meet(slot)
    while try count.goOn() {}
    return count.bytes
  }
}

/// Adds up what values take, without recursion.
private struct ResidentBytes {
  private(set) var bytes = 0
  /// What was met, by its address.
  private var met: Set<UInt64> = []
  /// Containers whose parts are still to be met.
  private var pending: [Slot] = []

  /// Counts a value, once.
  mutating func meet(_ slot: Slot) {
    guard slot.isReference else { return }
    // Of an object the box is one of several that may stand for it.
    if slot.tag == .object { return meet(slot.object(ObjectBox.self).object) }
    guard met.insert(slot.bits).inserted else { return }
    switch slot.tag {
    case .string: bytes += slot.with(StringBox.self) { $0.cost }
    case .list: bytes += slot.with(ScriptList.self) { $0.cost }
    case .map: bytes += slot.with(ScriptMap.self) { $0.cost }
    case .function: bytes += slot.with(ScriptFunction.self) { $0.cost }
    case .cell: bytes += Cell.cost
    case .range: bytes += ScriptRange.cost
    default: bytes += 48
    }
    if slot.isContainer { pending.append(slot) }
  }

  private mutating func meet(_ object: any ScriptObject) {
    guard met.insert(UInt64(UInt(bitPattern: ObjectIdentifier(object)))).inserted else { return }
    bytes += object.residentBytes
    if let set = object as? ScriptSet { meet(Slot(.map, borrowing: set.map)) }
    object.forEachHeldValue { value in
      switch value {
      case .list(let list): meet(Slot(.list, borrowing: list))
      case .map(let map): meet(Slot(.map, borrowing: map))
      case .function(let function): meet(Slot(.function, borrowing: function))
      case .object(let inner): meet(inner)
      case .string(let text): bytes += StringBox.cost(of: text.utf8.count)
      case .nil, .bool, .number, .range: break
      }
    }
  }

  /// Meets what one more container holds; false when none is left.
  mutating func goOn() throws(Stopped) -> Bool {
    guard let container = pending.popLast() else { return false }
    let isWhole = container.forEachPart {
      meet($0)
    } stops: {
      Safepoint.mustStop(after: 16 * $0)
    }
    if !isWhole { try Safepoint.check() }
    return true
  }
}
