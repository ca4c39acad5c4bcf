/// Frees containers that only keep each other: what reference counts alone never do.
///
/// As in CPython: of the slots that refer to a container, those in other containers are taken off; one with slots left, or with a
/// reference of a host, is held from elsewhere (a register, a variable, a frame), and so is all that it reaches. The rest is emptied.
/// Any slot that is counted holds its object, so that a collection may stand wherever the counts are right. Nothing is recursive.
@safe struct CycleCollector {
  private let heap: Heap
  private let count: Int
  /// The slots outside the candidates that refer to each, -1 for one that is reached from there.
  private let outside: UnsafeMutablePointer<Int>
  /// The candidates that are reached and still to be gone through.
  private let pending: UnsafeMutablePointer<Int>
  /// Asked now and then; true when the collection must be given up, which it may be at any time.
  private let mustStop: () -> Bool
  private var work = 0

  private static let portion = 1 << 16

  /// Frees the cycles among the candidates of a heap; gives up when `mustStop` returns true.
  static func collect(_ heap: Heap, mustStop: @escaping () -> Bool) {
    guard heap.count > 0 else { return }
    var collector = CycleCollector(heap, mustStop)
    if collector.countOutside(), collector.reach() { collector.free() }
    unsafe collector.outside.deallocate()
    unsafe collector.pending.deallocate()
  }

  private init(_ heap: Heap, _ mustStop: @escaping () -> Bool) {
    self.heap = heap
    self.mustStop = mustStop
    count = heap.count
    unsafe outside = .allocate(capacity: count)
    unsafe pending = .allocate(capacity: count)
  }

  /// True when enough was done to ask, and the answer is to stop.
  private mutating func stops(after work: Int) -> Bool {
    self.work += work
    guard self.work >= CycleCollector.portion else { return false }
    self.work = 0
    return mustStop()
  }

  /// The place of a slot's object among the candidates, or nil.
  @inline(__always) private func place(of slot: Slot) -> Int? {
    guard slot.isContainer else { return nil }
    return slot.with(Container.self) { $0.candidacy >= 0 && $0.heap == heap ? $0.candidacy : nil }
  }

  /// Counts the slots outside; false when it was given up.
  private mutating func countOutside() -> Bool {
    for place in 0..<count {
      // Without a slot it is a host that holds it.
      unsafe outside[place] = max(heap.candidate(place).slotCount, 1)
    }
    for place in 0..<count {
      let looked = heap.candidate(place).forEachPart { part in
        if let inner = self.place(of: part) { unsafe outside[inner] -= 1 }
      }
      if stops(after: looked + 1) { return false }
    }
    return true
  }

  /// Marks all that is reached from outside; false when it was given up.
  private mutating func reach() -> Bool {
    for root in 0..<count where unsafe outside[root] > 0 || outside[root] == 0 && !heap.candidate(root).isAlone {
      var waiting = 1
      unsafe outside[root] = -1
      unsafe pending[0] = root
      while waiting > 0 {
        waiting -= 1
        let looked = unsafe heap.candidate(pending[waiting]).forEachPart { part in
          guard let inner = self.place(of: part), unsafe outside[inner] != -1 else { return }
          unsafe outside[inner] = -1
          unsafe pending[waiting] = inner
          waiting += 1
        }
        if stops(after: looked + 1) { return false }
      }
    }
    return true
  }

  /// Empties what was not reached. Each is held until all are empty, so that none ends while it is in use.
  private func free() {
    var garbage: [Slot] = []
    for place in 0..<count where unsafe outside[place] != -1 { garbage.append(heap.candidate(place).copied()) }
    for (place, container) in garbage.enumerated() {
      if place & 0xfff == 0xfff, mustStop() { break }
      while let part = Teardown.takePart(of: container) { Teardown.release(part) }
    }
    for container in garbage { Teardown.release(container) }
  }
}
