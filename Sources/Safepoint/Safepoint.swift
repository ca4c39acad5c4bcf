import CSystem
import Synchronization

/// The watch over the work that the current thread does; how every layer learns that it must stop.
///
/// Code that may throw calls `check` after every few milliseconds of work and `reserve` before it makes something of a size that
/// came from outside. An operator that cannot throw asks `mustStop` between its pieces and ends early with a result of
/// the right shape whose values mean nothing: a watch that said stop says it until the run is over, so whoever called the
/// operator throws before anybody sees them. What changes something in place checks first and then does it whole.
public enum Safepoint {
  /// The watch over the current thread's work, or nil for work that nothing stops.
  @TaskLocal public static var watch: Watch?

  /// True when the work must stop; from then on until the run is over.
  public static var mustStop: Bool {
    guard let watch, watch.stops() else { return false }
    // What was stopped may have left anything behind: nothing goes on with it.
    pb_ask_again()
    return true
  }

  /// As `mustStop`, looking once a millisecond or so of this thread's work, of which `work` nanoseconds are about to be done.
  public static func mustStop(after work: Int) -> Bool { pb_has_worked(work) != 0 && mustStop }

  /// Does something short that must be done whole.
  public static func withoutWatch<Result>(_ body: () throws -> Result) rethrows -> Result {
    try $watch.withValue(nil, operation: body)
  }

  /// Throws when the work must stop.
  public static func check() throws(Stopped) {
    if let reason = watch?.reason { throw Stopped(reason: reason) }
  }

  /// As `check`, looking once a millisecond or so of this thread's work, of which `work` nanoseconds are about to be done.
  public static func check(after work: Int) throws(Stopped) {
    if pb_has_worked(work) != 0 { try check() }
  }

  /// Whether an operator that cannot throw may make something of `bytes`; where it may not, the work must stop from now on, so
  /// that what is made is never written to.
  @discardableResult
  public static func mayMake(_ bytes: Int) -> Bool {
    guard let watch, !watch.mayMake(bytes) else { return true }
    pb_ask_again()
    return false
  }

  /// The most that one value may take at once, whatever the budget: no value of use is larger.
  public static let largest = 1 << 34

  /// Throws when `bytes` more, times the sizes given, would exceed the budget of memory or are more than any value may take.
  ///
  /// The error calls what is made the `subject`.
  public static func reserve(_ bytes: Int, times sizes: Int..., for subject: String = "a value") throws(Stopped) {
    let bytes = Size.product([bytes] + sizes)
    guard bytes <= largest, watch?.hasRoom(for: bytes) ?? true else {
      throw Stopped(reason: .memory, bytes: bytes, subject: subject)
    }
  }
}

/// Work was told to stop, or asked for more memory than there is; the machine tells it as the error of the budget.
public struct Stopped: Error, Equatable {
  /// Why.
  public let reason: Watch.Reason
  /// The bytes asked for; 0 when the work only had to stop.
  public let bytes: Int
  /// What they were asked for, such as "a model".
  public let subject: String

  init(reason: Watch.Reason, bytes: Int = 0, subject: String = "a value") {
    (self.reason, self.bytes, self.subject) = (reason, bytes, subject)
  }
}

/// Bytes charged to the watch of the thread that made it, for as long as it lives.
public final class MemoryCharge: Sendable {
  private let watch: Watch?
  private let bytes: Atomic<Int>

  /// Charges bytes.
  public init(_ bytes: Int = 0) {
    watch = Safepoint.watch
    self.bytes = Atomic(bytes)
    watch?.charge(bytes)
  }

  /// Charges more, or less when negative.
  public func add(_ more: Int) {
    bytes.wrappingAdd(more, ordering: .relaxed)
    watch?.charge(more)
  }

  deinit { watch?.charge(-bytes.load(ordering: .relaxed)) }
}
