/// Frees containers that only keep each other: what reference counts alone never do.
///
/// As in CPython: of the references to a container, those from other containers are taken off; one with references left is held
/// from elsewhere (a register, a variable, a host), and so is all that it reaches. The rest is emptied. Any reference that is
/// counted holds its object, so that a collection may stand wherever the counts are right. Nothing is recursive.
@safe struct CycleCollector {
  private let heap: Heap
  private let count: Int
  /// The references from outside the candidates to each, -1 for one that is reached from there.
  private let outside: UnsafeMutablePointer<Int>
  /// The candidates that are reached and still to be gone through.
  private let pending: UnsafeMutablePointer<Int>
  private var hosts = CollectedHosts()
  /// Asked now and then; true when the collection must be given up, which it may be at any time.
  private let mustStop: () -> Bool
  private var work = 0

  private static let portion = 1 << 16

  /// Frees the cycles among the candidates of a heap; gives up when `mustStop` returns true.
  static func collect(_ heap: Heap, mustStop: @escaping () -> Bool) {
    guard heap.count > 0, !mustStop() else { return }
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

  /// Counts the references from outside; false when it was given up.
  private mutating func countOutside() -> Bool {
    let (heap, outside) = unsafe (self.heap, self.outside)
    for place in 0..<count {
      let candidate = heap.candidate(place)
      unsafe outside[place] = candidate.slotCount + candidate.hostReferences
      if candidate.tag == .object { hosts.add(boxed: candidate) }
      if stops(after: 1) { return false }
    }
    for place in 0..<count {
      let isWhole = heap.candidate(place).forEachPart(
        { part in if let inner = heap.place(of: part) { unsafe outside[inner] -= 1 } }, stops: { stops(after: $0) })
      if !isWhole || stops(after: 1) { return false }
    }
    hosts.countOutside { container in
      if let inner = heap.place(of: container) { unsafe outside[inner] -= 1 }
    }
    return true
  }

  /// Marks all that is reached from outside; false when it was given up.
  private mutating func reach() -> Bool {
    let (heap, outside, pending) = unsafe (self.heap, self.outside, self.pending)
    var waiting = 0
    func mark(_ place: Int?) {
      guard let place, unsafe outside[place] != -1 else { return }
      unsafe outside[place] = -1
      unsafe pending[waiting] = place
      waiting += 1
    }
    hosts.reachRoots { mark(heap.place(of: $0)) }
    var root = 0
    while true {
      while waiting > 0 {
        waiting -= 1
        let candidate = unsafe heap.candidate(pending[waiting])
        guard candidate.forEachPart({ mark(heap.place(of: $0)) }, stops: { stops(after: $0) }) else { return false }
        if candidate.tag == .object { hosts.reach(boxed: candidate) { mark(heap.place(of: $0)) } }
        if stops(after: 1) { return false }
      }
      while root < count, unsafe outside[root] <= 0 { root += 1 }
      guard root < count else { return true }
      mark(root)
    }
  }

  /// Empties what was not reached. Each is held until all are empty, so that none ends while it is in use.
  private func free() {
    var garbage: [Slot] = []
    for place in 0..<count where unsafe outside[place] != -1 {
      // A slot with a reference of its own, as maybe only a host holds the container.
      let candidate = heap.candidate(place)
      garbage.append(Slot(candidate.tag, owning: candidate.object(Container.self)))
    }
    for (place, container) in garbage.enumerated() where container.tag != .object {
      if place & 0xfff == 0xfff, mustStop() { break }
      while let part = Teardown.takePart(of: container) { Teardown.release(part) }
    }
    for container in garbage { Teardown.release(container) }
  }
}
