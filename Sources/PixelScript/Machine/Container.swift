/// A value that holds others, and so may be a part of a cycle: a list, a map, a function with captures, a variable of closures.
///
/// Most hold no other container, such as a list of numbers, and are no business of the collector; one that gets a container is
/// tracked from then on.
public class Container: Referent {
  /// What it is counted against; nil as long as only a host knows it.
  @safe @exclusivity(unchecked) final var heap: Heap?
  /// The place among the candidates of the collector, or -1.
  @safe @exclusivity(unchecked) final var candidacy = -1

  init(heap: Heap?) {
    self.heap = heap
    super.init(slotCount: 0)
  }

  /// Tells the collector that the container, of the given kind, may be a part of a cycle.
  @inline(never) final func track(as tag: Slot.Tag) {
    guard candidacy < 0, let heap else { return }
    let address = unsafe Unmanaged.passUnretained(self).toOpaque()
    candidacy = heap.track(Slot(tag: tag, bits: UInt64(UInt(bitPattern: address))))
  }

  /// To be called first when the container ends.
  @inline(__always) final func untrack() {
    if candidacy >= 0, let heap { heap.forget(candidacy) }
  }
}

extension Slot {
  /// Counts a value that a host made, with everything in it, against a budget from now on; without recursion.
  func adopt(_ heap: Heap) {
    var pending: [Slot] = []
    adoptAlone(heap, &pending)
    while let container = pending.popLast() {
      var isCandidate = false
      container.forEachPart { part in
        isCandidate = isCandidate || part.isContainer
        part.adoptAlone(heap, &pending)
      }
      if isCandidate { container.with(Container.self) { $0.track(as: container.tag) } }
    }
  }

  private func adoptAlone(_ heap: Heap, _ pending: inout [Slot]) {
    switch tag {
    case .string: with(StringBox.self) { $0.adopt(heap) }
    case .object: with(ObjectBox.self) { $0.adopt(heap) }
    case .range: with(ScriptRange.self) { $0.adopt(heap) }
    case .list: if with(ScriptList.self, { $0.adopt(heap) }) { pending.append(self) }
    case .map: if with(ScriptMap.self, { $0.adopt(heap) }) { pending.append(self) }
    default: break
    }
  }

  /// Does something with every slot that a container holds, keys of maps included; false when `stops`, which is asked after
  /// every so many with their number, said to stop.
  @inline(__always) @discardableResult
  func forEachPart(_ body: (Slot) -> Void, stops: (Int) -> Bool = { _ in false }) -> Bool {
    switch tag {
    case .list:
      return with(ScriptList.self) { list in
        Slot.inPortions(list.count, stops) { unsafe body(list.slots[$0]) }
      }
    case .map:
      return with(ScriptMap.self) { map in
        if map.fallback.isReference { body(map.fallback) }
        return Slot.inPortions(map.used, stops) {
          let entry = unsafe map.storage[$0]
          body(entry.key)
          body(entry.value)
        }
      }
    case .function:
      return with(ScriptFunction.self) { function in
        Slot.inPortions(function.captureCount, stops) { unsafe body(function.captures[$0]) }
      }
    case .cell:
      body(with(Cell.self) { $0.slot })
      return true
    default: return true
    }
  }

  /// Goes through places, asking between portions of them whether to stop.
  @inline(__always)
  private static func inPortions(_ count: Int, _ stops: (Int) -> Bool, _ body: (Int) -> Void) -> Bool {
    var begin = 0
    while begin < count {
      let end = min(begin + (1 << 16), count)
      for place in begin..<end { body(place) }
      if stops(end - begin) { return false }
      begin = end
    }
    return true
  }
}
