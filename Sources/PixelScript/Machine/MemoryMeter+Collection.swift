import Safepoint

extension MemoryMeter {
  /// When collections are due.
  struct Schedule {
    /// The least number of new candidates between two collections.
    private static let step = 10_000
    /// The least number of new bytes, when the budget allows them.
    private static let least = 64 << 20
    /// The most times that the candidates may double before a collection, when the last ones found nothing.
    private static let mostPatience = 4

    private(set) var count = step
    private(set) var bytes = Int.max
    private var patience = 1
    /// What the last collection left.
    private(set) var left = 0

    /// Plans by the bytes used and those allowed: as much again may come before the next collection, but only half of what is left.
    mutating func plan(used: Int, bound: Int) {
      let growth = max(used, Schedule.least) * patience
      bytes = used + min(growth, max((bound - used) / 2, bound / 16))
    }

    /// Plans by what a collection found: the more often it is in vain, the longer the next one waits.
    mutating func plan(before: Int, after: Int) {
      patience = (before - after) * 4 > before ? 1 : min(patience * 2, Schedule.mostPatience)
      left = after
      count = after + max(after * patience, Schedule.step)
    }
  }

  /// True when so much came since the last collection that another is worth its time.
  var isCollectionDue: Bool { heap.count >= schedule.count || used >= schedule.bytes }

  /// Frees what was dropped and what only cycles hold; true when there was some. It gives up when the run is interrupted or out
  /// of time.
  @discardableResult func collect() -> Bool {
    let (bytes, hadLeft) = (heap.bytes, heap.hasLeft)
    releaseAllLeft()
    collectCycles { [self] in isOver }
    // What was left need not have been charged.
    return hadLeft || heap.bytes < bytes
  }

  private func collectCycles(mustStop: @escaping () -> Bool) {
    let before = heap.count
    CycleCollector.collect(heap, mustStop: mustStop)
    schedule.plan(before: before, after: heap.count)
    schedule.plan(used: used, bound: budget.bound)
  }

  /// Releases some of the values that were dropped, as many as a run makes in a few milliseconds.
  @inline(__always) func releaseSomeLeft() {
    if heap.hasLeft { heap.releaseLeft(most: 1 << 17) }
  }

  private func releaseAllLeft() {
    while heap.hasLeft, !isOver { heap.releaseLeft(most: 1 << 14) }
  }

  /// Whether the run is interrupted or out of time.
  private var isOver: Bool {
    switch watch.reason {
    case .interrupted, .time: true
    case .memory, nil: false
    }
  }

  /// Collects at the end of a run, when there is little to look at or much is new; it gives up after a moment, as the prompt waits.
  func collectAtEnd() {
    releaseSomeLeft()
    let isLittle = heap.count < MemoryMeter.little.count && heap.bytes < MemoryMeter.little.bytes
    if isLittle || heap.count > schedule.left + schedule.left / 8 {
      let latest = Watch.now + MemoryMeter.moment
      collectCycles { [self] in isOver || Watch.now > latest }
    }
  }

  /// The nanoseconds that a collection at the end of a run may take.
  private static let moment: UInt64 = 50_000_000
  private static let little = (count: 5_000, bytes: 8 << 20)
}
