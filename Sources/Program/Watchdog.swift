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
      return resident < .max && Watch.residentBytes > resident ? .memory : nil
    }
  }

  private static let run = Mutex<Run?>(nil)
  private static let interval: UInt32 = 20_000
  /// How long a run may take to answer, and to come to an end once it has, in nanoseconds.
  private static let (patience, farewell): (UInt64, UInt64) = (250_000_000, 10_000_000_000)
  /// The same for memory, which is gone sooner.
  private static let memoryPatience: UInt64 = 40_000_000
  /// The bytes of the process beside those that a run may take.
  private static let beside = 160 << 20

  private static let start: Void = Thread.detachNewThread { watchOver() }

  /// Begins to watch a run, or the next part of one. When the run does not answer it calls `tell`, on a thread of its own: the thread
  /// of the run is held up by whatever does not look, and touches nothing that is told.
  static func begin(_ limits: Limits, _ watch: Watch, tell: @escaping (Watch.Reason) -> Int32) {
    nonisolated(unsafe) let tell = tell
    let time = limits.time.map { UInt64(min($0 / .nanoseconds(1), 1e18)) } ?? .max
    let (deadline, isNever) = Watch.now.addingReportingOverflow(time)
    let (bytes, isAny) = (limits.memory ?? .max).addingReportingOverflow((limits.memory ?? 0) / 4 + beside)
    let next = Run(
      deadline: isNever ? .max : deadline, resident: isAny ? .max : bytes, watch: watch, tell: { unsafe tell($0) })
    run.withLock { $0 = next }
    _ = start
  }

  /// Tells that the run is over. Does not return when it is being ended: its end is told already.
  static func end() {
    let isOver = run.withLock { run in
      defer { run = nil }
      return run != nil
    }
    while !isOver { sleep(1000) }
  }

  private static func watchOver() -> Never {
    var since: UInt64?
    while true {
      usleep(interval)
      guard let current = run.withLock({ $0 }), let reason = current.reason else {
        since = nil
        continue
      }
      let first = since ?? Watch.now
      since = first
      let own = reason == .memory ? memoryPatience : patience
      guard Watch.now - first > (current.watch.hasAnswered ? farewell : own) else { continue }
      let isRunning = run.withLock { run in
        defer { run = nil }
        return run != nil
      }
      if isRunning { leave(current, reason) }
    }
  }

  private static func leave(_ run: Run, _ reason: Watch.Reason) -> Never {
    // A reader that does not read must not hold up the end.
    signal(SIGALRM) { _ in _exit(ExitStatus.budgetUsedUp) }
    alarm(2)
    _exit(run.tell(reason))
  }
}
