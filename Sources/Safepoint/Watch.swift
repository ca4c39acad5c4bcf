import CSystem
import Synchronization

/// What tells the work of a run to stop: somebody's request, a deadline, or too much memory.
///
/// One watch serves all layers: the machine sets its bounds, and every loop that may take long looks at it, on whichever thread
/// it runs. A look takes some nanoseconds; look after every few milliseconds of work.
public final class Watch: Sendable {
  /// Why work must stop.
  public enum Reason: Int, Sendable {
    case interrupted = 1
    case time, memory
  }

  /// The bounds of a run or of a part of it.
  public struct Bounds: Sendable {
    /// The time at which it must end, in nanoseconds of `Watch.now`.
    public var deadline: UInt64
    /// The bytes that values and native work may hold in all.
    public var held: Int
    /// The bytes of the process that may be in memory; what holds when something was not charged.
    public var resident: Int

    /// No bounds.
    public init() { (deadline, held, resident) = (.max, .max, .max) }
  }

  /// The request to stop that it looks at.
  public let interruption: Interruption
  private let deadline = Atomic<UInt64>(.max)
  private let bound = Atomic<Int>(.max)
  private let residentBound = Atomic<Int>(.max)
  private let values = Atomic<Int>(0)
  private let native = Atomic<Int>(0)
  private let nextMeasure = Atomic<UInt64>(0)
  private let nextCollection = Atomic<UInt64>(0)
  private let isOverResident = Atomic<Bool>(false)
  private let stopped = Atomic<Int>(0)
  private let answered = Atomic<Bool>(false)
  private let lookCount = Atomic<Int>(0)

  /// Creates a watch without bounds.
  public init(_ interruption: Interruption) { self.interruption = interruption }

  /// The clock of deadlines, in nanoseconds; it goes on in steps of a few milliseconds.
  public static var now: UInt64 { pb_coarse_nanoseconds() }

  /// The bytes of the process that are in memory; 0 where the system does not tell.
  public static var residentBytes: Int { pb_resident_bytes() }

  /// Gives memory that was freed, but is kept for later, back to the system.
  public static func giveBack() { pb_give_back_memory() }

  /// The bytes of addresses that the process may still take under a limit such as that of `ulimit -v`; `Int.max` without one.
  public static var addressRoom: Int { pb_address_room() }

  /// What holds now; setting it begins a run or a part of one, or ends the part.
  public var bounds: Bounds {
    get {
      var bounds = Bounds()
      bounds.deadline = deadline.load(ordering: .relaxed)
      bounds.held = bound.load(ordering: .relaxed)
      bounds.resident = residentBound.load(ordering: .relaxed)
      return bounds
    }
    set {
      deadline.store(newValue.deadline, ordering: .relaxed)
      bound.store(newValue.held, ordering: .relaxed)
      residentBound.store(newValue.resident, ordering: .relaxed)
      measureAgain()
      stopped.store(0, ordering: .relaxed)
      answered.store(false, ordering: .relaxed)
    }
  }

  /// Why an operator that cannot throw was told to stop since the bounds were set: then no result of it may be seen.
  public var stopReason: Reason? { Reason(rawValue: stopped.load(ordering: .relaxed)) }

  /// The looks so far, for tests.
  public var looks: Int { lookCount.load(ordering: .relaxed) }

  /// Whether the last look learned that work must stop, so that it is coming to an end.
  public var hasAnswered: Bool { answered.load(ordering: .relaxed) }

  /// Why work must stop, or nil when it may go on.
  public var reason: Reason? {
    lookCount.wrappingAdd(1, ordering: .relaxed)
    let reason = presentReason
    answered.store(reason != nil, ordering: .relaxed)
    return reason
  }

  private var presentReason: Reason? {
    if let stopReason { return stopReason }
    if interruption.isRequested { return .interrupted }
    let now = Watch.now
    if now > deadline.load(ordering: .relaxed) { return .time }
    return isOverMemory(now) ? .memory : nil
  }
}

extension Watch {
  /// A look of native work that cannot throw: what it is told holds until the bounds are set again.
  func stops() -> Bool {
    guard let reason else { return false }
    stopped.store(reason.rawValue, ordering: .relaxed)
    return true
  }

  /// Whether `bytes` may be made by work that cannot throw; else it must stop.
  func mayMake(_ bytes: Int) -> Bool {
    if hasRoom(for: bytes), hasResidentRoom(for: bytes) { return true }
    stopped.store(Reason.memory.rawValue, ordering: .relaxed)
    return false
  }

  private func hasResidentRoom(for bytes: Int) -> Bool {
    let limit = residentBound.load(ordering: .relaxed)
    guard limit != .max else { return true }
    if Watch.residentBytes <= limit - bytes { return true }
    // What was freed but is kept serves for what is made now.
    pb_give_back_memory()
    return Watch.residentBytes <= limit - bytes
  }

  /// The bytes charged by native work: tapes, weights, moments.
  public var nativeBytes: Int { native.load(ordering: .relaxed) }

  /// Counts bytes that native work holds; negative ones are given back.
  public func charge(_ bytes: Int) { native.wrappingAdd(bytes, ordering: .relaxed) }

  /// Tells what the values of the machine hold, for looks from native work.
  public func noteValues(_ bytes: Int) { values.store(bytes, ordering: .relaxed) }

  /// Whether `bytes` more would stay within the bounds.
  public func hasRoom(for bytes: Int) -> Bool {
    let (sum, overflow) = (values.load(ordering: .relaxed) &+ nativeBytes).addingReportingOverflow(max(bytes, 0))
    return !overflow && sum <= bound.load(ordering: .relaxed)
  }

  /// Has the next look measure the process in any case, as much was given back.
  public func measureAgain() {
    nextMeasure.store(0, ordering: .relaxed)
    isOverResident.store(false, ordering: .relaxed)
  }

  private static let measureInterval: UInt64 = 10_000_000

  private func isOverMemory(_ now: UInt64) -> Bool {
    if !hasRoom(for: 0) { return true }
    let limit = residentBound.load(ordering: .relaxed)
    guard limit != .max else { return false }
    guard now >= nextMeasure.load(ordering: .relaxed) else { return isOverResident.load(ordering: .relaxed) }
    nextMeasure.store(now + Watch.measureInterval, ordering: .relaxed)
    var isOver = Watch.residentBytes > limit
    // What was freed but is kept for later counts as resident; giving it back may take a fifth of the time.
    if isOver, now >= nextCollection.load(ordering: .relaxed) {
      pb_give_back_memory()
      nextCollection.store(Watch.now + 4 * (Watch.now - now), ordering: .relaxed)
      isOver = Watch.residentBytes > limit
    }
    isOverResident.store(isOver, ordering: .relaxed)
    return isOver
  }
}
