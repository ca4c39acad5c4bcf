import Foundation
import PixelScript
import Safepoint
import Synchronization

/// The net under the looks of all work, for runs that nobody watches at a prompt: it ends a run that does not answer.
///
/// Every loop that may take long looks at its watch. One that nobody thought of would hold up an interrupt or go beyond a budget: a
/// thread beside the run then tells the error and ends the program where it stands. A file that is being written keeps what it held,
/// since files get their names when they are whole.
enum Watchdog {
  private struct Run: Sendable {
    let deadline: UInt64
    let resident: Int
    let watch: Watch
    /// Tells why the run ended; gives the status to leave with.
    let tell: @Sendable (Watch.Reason) -> Int32

    /// Why the run should have ended by itself.
    var reason: Watch.Reason? {
      if Signals.interruption.isRequested { return .interrupted }
      if Watch.now > deadline { return .time }
      return resident < .max && Watch.residentBytes > max(resident, ownBound) ? .memory : nil
    }

    /// What the looks of the run itself hold it to, which they have to be late for first.
    private var ownBound: Int {
      let (sum, overflow) = watch.bounds.resident.addingReportingOverflow(Watchdog.lateness)
      return overflow ? 0 : sum
    }
  }

  private enum State {
    case idle
    case watching(Run)
    /// The end of a run is being told.
    case ending
  }

  private static let state = Mutex(State.idle)
  private static let status = Atomic<Int32>(ExitStatus.budgetUsedUp)
  private static let interval: UInt32 = 10_000
  /// How long a run may take to answer, and to come to an end once it has, in nanoseconds.
  private static let (patience, farewell): (UInt64, UInt64) = (250_000_000, 10_000_000_000)
  /// The same for memory, which is gone sooner.
  private static let memoryPatience: UInt64 = 10_000_000
  /// The bytes of the process before the first run.
  private static let beside = Watch.residentBytes
  /// The bytes that a run may take beyond its budget, and beyond what its own looks allow, before it is ended.
  private static let (excess, lateness) = (60 << 20, 12 << 20)

  private static let start: Void = Thread.detachNewThread { watchOver() }

  /// Begins to watch a run, or the next part of one. When the run does not answer it calls `tell`, on a thread of its own: the thread
  /// of the run is held up by whatever does not look, and touches nothing that is told.
  static func begin(_ limits: Limits, _ watch: Watch, tell: @escaping (Watch.Reason) -> Int32) {
    nonisolated(unsafe) let tell = tell
    let time = limits.time.map { UInt64(min($0 / .nanoseconds(1), 1e18)) } ?? .max
    let (deadline, isNever) = Watch.now.addingReportingOverflow(time)
    let (bytes, isAny) = (limits.memory ?? .max).addingReportingOverflow(beside + excess)
    let next = Run(
      deadline: isNever ? .max : deadline, resident: isAny ? .max : bytes, watch: watch, tell: { unsafe tell($0) })
    state.withLock { if case .ending = $0 {} else { $0 = .watching(next) } }
    _ = start
  }

  /// Tells that the run is over; what follows, such as writing what a slow reader has not taken yet, may last. Does not return when
  /// the run is being ended: its end is told already.
  static func end() {
    let isEnding = state.withLock { state in
      if case .ending = state { return true }
      state = .idle
      return false
    }
    while isEnding { sleep(1000) }
  }

  private static var current: Run? { state.withLock { if case .watching(let run) = $0 { run } else { nil } } }

  private static func watchOver() -> Never {
    var since: UInt64?
    while true {
      usleep(interval)
      guard let current, let reason = current.reason else {
        since = nil
        continue
      }
      let first = since ?? Watch.now
      since = first
      let own = reason == .memory ? memoryPatience : patience
      guard Watch.now - first > (current.watch.hasAnswered ? farewell : own) else { continue }
      let isRunning = state.withLock { state in
        guard case .watching = state else { return false }
        state = .ending
        return true
      }
      if isRunning { leave(current, reason) }
    }
  }

  private static func leave(_ run: Run, _ reason: Watch.Reason) -> Never {
    // A reader that does not read must not hold up the end.
    if reason == .interrupted { status.store(ExitStatus.stopped(by: Signals.last ?? SIGINT), ordering: .relaxed) }
    signal(SIGALRM) { _ in _exit(Watchdog.status.load(ordering: .relaxed)) }
    alarm(2)
    _exit(run.tell(reason))
  }
}
