import Safepoint

extension MemoryMeter {
  /// When collections are due.
  struct Schedule {
    /// The least number of new candidates between two collections.
    private static let step = 10_000
    /// The most times that the candidates may double before a collection, when the last ones found nothing.
    private static let mostPatience = 4

    private(set) var count = step
    private(set) var bytes = Int.max
    private var patience = 1

    /// Plans by the bytes used and those allowed: half of what is left may come before the next collection.
    mutating func plan(used: Int, bound: Int) {
      bytes = bound == .max ? .max : used + max((bound - used) / 2, bound / 16)
    }

    /// Plans by what a collection found: the more often it is in vain, the longer the next one waits.
    mutating func plan(before: Int, after: Int) {
      patience = (before - after) * 4 > before ? 1 : min(patience * 2, Schedule.mostPatience)
      count = after + max(after * patience, Schedule.step)
    }
  }

  /// True when so much came since the last collection that another is worth its time.
  var isCollectionDue: Bool { heap.count >= schedule.count || used >= schedule.bytes }

  /// Frees what only cycles hold; true when there was some. It gives up when the run is interrupted or out of time.
  @discardableResult func collect() -> Bool {
    let (before, bytes) = (heap.count, heap.bytes)
    CycleCollector.collect(heap) { [watch] in
      switch watch.reason {
      case .interrupted, .time: true
      case .memory, nil: false
      }
    }
    schedule.plan(before: before, after: heap.count)
    schedule.plan(used: used, bound: budget.bound)
    return heap.bytes < bytes
  }

  /// Collects at the end of a run, when there is little to look at.
  func collectAtEnd() {
    if heap.count < MemoryMeter.little { collect() }
  }

  private static let little = 5_000
}
