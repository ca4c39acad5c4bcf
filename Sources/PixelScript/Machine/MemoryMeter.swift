import Safepoint

/// Counts the bytes that the values of one interpreter hold.
///
/// Every container adds what it holds and takes it off when it goes, so that reading the sum is O(1). What cycles hold is given back
/// by a collection, which is due when many containers, or many bytes, came since the last one, and before a budget is used up.
package final class MemoryMeter {
  /// How much may be held.
  struct Budget {
    /// The bytes that may be held in all.
    var bound: Int
    /// What the budget is said to be, and how it is raised.
    var told: Int
    var help: String

    /// The budget of a run.
    init(_ bytes: Int?) {
      bound = bytes ?? .max
      told = bound
      help = "allow more with --max-memory, or keep less at a time"
    }

    /// The budget of a part of a run, for what it holds beyond the bytes `used`.
    func part(_ bytes: Int?, used: Int) -> Budget {
      let (sum, overflow) = used.addingReportingOverflow(bytes ?? .max)
      guard let bytes, !overflow, sum < bound else { return self }
      var part = self
      (part.bound, part.told, part.help) = (sum, bytes, "allow `limit` more with `memory:`, or keep less at a time")
      return part
    }
  }

  let watch: Watch
  let heap = Heap()
  var schedule = Schedule()
  /// The bytes allowed.
  @safe @exclusivity(unchecked) var budget = Budget(nil) {
    didSet { schedule.plan(used: used, bound: budget.bound) }
  }

  /// The bound whose budget was used up last, so that what had it must end.
  var exceeded: Int?

  init(_ watch: Watch) { self.watch = watch }

  deinit { heap.abandon() }

  /// The bytes held now, by values and by native work.
  package var used: Int { heap.bytes &+ watch.nativeBytes }

  /// Releases some of what was dropped and tells native work what values hold, so that it knows what is left; due before all work
  /// that may ask.
  @inline(__always) func note() {
    releaseSomeLeft()
    watch.noteValues(heap.bytes)
  }

  /// The bytes that may still be held.
  var room: Int { max(budget.bound - used, 0) }

  /// True when more is held than allowed.
  var isExceeded: Bool { used > budget.bound }

  /// Throws a limit error when `bytes` more, for the `subject`, would be too many. It ends the run only when too many are held
  /// already.
  func check(adding bytes: Int, for subject: String = "a value") throws(ScriptError) {
    var (sum, overflow) = used.addingReportingOverflow(bytes)
    if sum > budget.bound || overflow, bytes <= Safepoint.largest, collect() {
      (sum, overflow) = used.addingReportingOverflow(bytes)
    }
    if bytes <= Safepoint.largest, !overflow, sum <= budget.bound { return }
    if isExceeded { throw exhausted(isFinal: true) }
    guard budget.bound != .max, overflow || sum > budget.bound else {
      throw ScriptError(.limit, "\(subject) of \(Display.bytes(bytes)) is too large")
    }
    guard bytes > budget.told else { throw exhausted(isFinal: false) }
    var error = ScriptError(
      .limit,
      "\(subject) of \(Display.bytes(bytes)) is too large: the budget of memory is \(Display.bytes(budget.told))",
      help: budget.help)
    error.isBudget = true
    throw error
  }

  /// Throws where what grows bit by bit has no room for `bytes` more: the budget is used up, which ends the run.
  func grow(by bytes: Int) throws(ScriptError) {
    if bytes <= room { return }
    if collect(), bytes <= room { return }
    throw exhausted(isFinal: true)
  }

  /// The error of a budget that is too small; it ends the run when `isFinal`.
  func exhausted(isFinal: Bool) -> ScriptError {
    if isFinal { exceeded = budget.bound }
    var error = ScriptError(
      .limit, "the budget of \(Display.bytes(budget.told)) of memory is used up", help: budget.help)
    (error.isBudget, error.isFinal) = (true, isFinal)
    return error
  }

  /// The bytes of the process that may be in memory: what is there beside the values, what they may take, and a little for what
  /// was not charged.
  var residentBound: Int {
    guard budget.bound != .max else { return .max }
    // What values of an earlier run took, and was not given back, is nothing beside those of this one.
    if Watch.residentBytes - used > besideAtStart + MemoryMeter.slack { Watch.giveBack() }
    let beside = max(Watch.residentBytes - used, 0)
    let (sum, overflow) = (beside + MemoryMeter.slack).addingReportingOverflow(budget.bound)
    return overflow ? .max : sum
  }

  /// What the process took before there were values.
  private let besideAtStart = Watch.residentBytes
  private static let slack = 48 << 20
}
