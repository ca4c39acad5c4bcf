/// Releases nested values without recursion, however deep they are, and without room for their elements.
///
/// Of a value of very many parts only some are released at once; the machine goes on with the others at its next safepoints, and a
/// prompt while it waits for keys, so that dropping a list of ten million strings does not hold up an interrupt.
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
    guard slot.isAlone else { return slot.end() }
    if isKept(slot) { return }
    guard isContainer(slot) else { return slot.end() }
    var path = [slot]
    let heap = slot.with(Container.self) { $0.heap }
    // Short values that end may each hold several long ones.
    let most = heap?.isInside == true ? partsInside : partsAtOnce
    guard empty(&path, most: most) == 0, !path.isEmpty else { return }
    guard let heap = heap ?? Heap.ofRun, heap.leave(path) else {
      _ = empty(&path, most: .max)
      return
    }
  }

  /// The parts of a value that are released when it is dropped.
  static let partsAtOnce = 1 << 13
  /// The parts of a value that are released when a short value that held it ends.
  private static let partsInside = 1 << 8
  /// The parts of a container that are released when the last host lets it go; each may have many parts itself.
  static let partsOfHost = 1 << 6

  /// Releases what is being emptied, each a part of the one before, but not more than `most` parts; returns how many more could
  /// have been, 0 when something is left.
  static func empty(_ path: inout [Slot], most: Int) -> Int {
    var rest = most
    while let container = path.last {
      guard let part = takePart(of: container) else {
        path.removeLast()
        if !isKept(container) { container.end() }
        continue
      }
      if part.isReference, part.drop() {
        if isContainer(part), part.isAlone {
          if isFlat(part), isKept(part) { rest -= partsOfFlat } else { path.append(part) }
        } else if !(part.tag == .string && part.isAlone && isKept(part)) {
          part.end()
        }
      }
      rest -= 1
      if rest <= 0 { return 0 }
    }
    return rest
  }

  /// True when a short value that ends is kept to be used again.
  @inline(__always) private static func isKept(_ slot: Slot) -> Bool {
    switch slot.tag {
    case .string: slot.with(StringBox.self) { $0.isKept() }
    case .list: slot.with(ScriptList.self) { $0.isKept() }
    case .map: slot.with(ScriptMap.self) { $0.isKept() }
    default: false
    }
  }

  /// The parts that a short list without containers counts for.
  private static let partsOfFlat = 4

  /// True for a short list or map without containers.
  @inline(__always) private static func isFlat(_ slot: Slot) -> Bool {
    switch slot.tag {
    case .list: slot.with(ScriptList.self) { $0.count <= ScriptList.shortCapacity && !$0.holdsContainers }
    case .map: slot.with(ScriptMap.self) { $0.used <= ScriptMap.shortCapacity && !$0.holdsContainers }
    default: false
    }
  }

  @inline(__always) private static func isContainer(_ slot: Slot) -> Bool {
    switch slot.tag {
    case .list, .map, .function, .cell: true
    default: false
    }
  }

  /// Takes one of the slots that a container owns out of it, or a few that own nothing; nil when none is left.
  static func takePart(of container: Slot) -> Slot? {
    switch container.tag {
    case .list: container.with(ScriptList.self) { $0.surrender() }
    case .map: container.with(ScriptMap.self) { $0.surrender() }
    case .function: container.with(ScriptFunction.self) { $0.surrender() }
    default: container.with(Cell.self) { $0.surrender() }
    }
  }
}
