import Safepoint

/// Equality by value, without recursion.
struct Equality {
  /// Two containers whose parts are compared.
  private struct Level {
    let left, right: Slot
    var place = 0
  }

  /// After this many containers, or so deep, it is remembered which are compared already, so that lists that contain themselves
  /// or share their parts come to an end.
  private static let patience = 10_000
  private static let depth = 1000

  private var path: [Level] = []
  private var classes = Classes()
  private var containers = 0

  /// Compares two values of a host; false when the run must stop meanwhile.
  static func areEqual(_ left: Value, _ right: Value) -> Bool {
    if case .string(let a) = left, case .string(let b) = right { return a.utf8.elementsEqual(b.utf8) }
    let (x, y) = (Slot(left), Slot(right))
    defer {
      Teardown.release(x)
      Teardown.release(y)
    }
    do { return try areEqual(x, y) { _ in try Safepoint.check() } } catch { return false }
  }

  /// Compares two slots; `charge` is told the elements, and the bytes of long strings, that were looked at.
  static func areEqual(_ x: Slot, _ y: Slot, charge: (Int) throws -> Void) rethrows -> Bool {
    var comparison = Equality()
    guard try comparison.isSettled(x, y, charge) else { return false }
    return try comparison.finish(charge)
  }

  /// Compares what waits to be.
  private mutating func finish(_ charge: (Int) throws -> Void) rethrows -> Bool {
    var looked = 0
    while let top = path.indices.last {
      let (left, right) = (path[top].left, path[top].right)
      let depth = path.count
      while path.count == depth, let (a, b) = Equality.nextPair(left, right, &path[top].place) {
        looked += 1
        if looked == Machine.elementsAPiece {
          looked = 0
          try charge(Machine.elementsAPiece)
        }
        guard let a, let b, try isSettled(a, b, charge) else { return false }
      }
      if path.count == depth { path.removeLast() }
    }
    try charge(looked)
    return true
  }

  /// The next two parts, nil in the place of one that is missing; nil at the end.
  private static func nextPair(_ left: Slot, _ right: Slot, _ place: inout Int) -> (Slot?, Slot?)? {
    if left.tag == .list {
      let (a, b) = (left.object(ScriptList.self), right.object(ScriptList.self))
      guard place < a.count else { return nil }
      defer { place += 1 }
      return (a.slot(at: place), b.slot(at: place))
    }
    let (a, b) = (left.object(ScriptMap.self), right.object(ScriptMap.self))
    while place < a.used {
      defer { place += 1 }
      guard let entry = a.entry(at: place) else { continue }
      return (entry.value, b.place(of: entry.key, hash: entry.hash).map(b.slot(at:)))
    }
    return nil
  }

  /// False when two values differ at first sight; containers wait for their turn.
  private mutating func isSettled(_ x: Slot, _ y: Slot, _ charge: (Int) throws -> Void) rethrows -> Bool {
    guard x.tag == y.tag else {
      guard x.tag == .object || y.tag == .object else { return false }
      let (a, b) = (x.plain, y.plain)
      return a.tag == b.tag && (a.isNumber ? a.number == b.number : a.tag == .bool && a.bits == b.bits)
    }
    switch x.tag {
    case .number: return x.number == y.number
    case .string:
      return try x.with(StringBox.self) { left in
        try y.with(StringBox.self) { right in try left.equals(right, charge: charge) }
      }
    case .list, .map:
      if x.bits == y.bits { return true }
      let isSameSize =
        x.tag == .list
        ? x.object(ScriptList.self).count == y.object(ScriptList.self).count
        : x.object(ScriptMap.self).count == y.object(ScriptMap.self).count
      guard isSameSize else { return false }
      containers += 1
      if containers > Equality.patience, x.slotCount > 1 || y.slotCount > 1 || path.count > Equality.depth,
        !classes.join(x.bits, y.bits)
      {
        return true
      }
      path.append(Level(left: x, right: y))
      return true
    case .range:
      let (a, b) = (x.object(ScriptRange.self), y.object(ScriptRange.self))
      return (a.start, a.stop, a.step) == (b.start, b.stop, b.step)
    case .function:
      let (a, b) = (x.object(ScriptFunction.self), y.object(ScriptFunction.self))
      return a === b || a.commandName != nil && a.commandName == b.commandName
    case .object: return x.object(ObjectBox.self).object.isEqual(to: y.object(ObjectBox.self).object)
    default: return x.bits == y.bits
    }
  }
}

/// Which containers are taken for equal, as sets that are joined: there are no more joinings than containers, however many pairs
/// could be made of them.
private struct Classes {
  private var parents: [UInt64: UInt64] = [:]

  /// Takes two for equal; false when they are already.
  mutating func join(_ a: UInt64, _ b: UInt64) -> Bool {
    let (first, second) = (root(of: a), root(of: b))
    if first == second { return false }
    parents[first] = second
    return true
  }

  private mutating func root(of container: UInt64) -> UInt64 {
    var place = container
    while let parent = parents[place] {
      // Halves the way for the next time.
      if let above = parents[parent] { parents[place] = above }
      place = parent
    }
    return place
  }
}
