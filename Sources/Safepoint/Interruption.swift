import Synchronization

/// The request to stop, which a signal handler or another thread may make.
public final class Interruption: Sendable {
  private let flag = Atomic<Bool>(false)

  /// Creates a request that is not made.
  public init() {}

  /// Asks the script to stop at its next safepoint; safe in a signal handler.
  public func request() { flag.store(true, ordering: .relaxed) }

  /// Takes the request back.
  public func clear() { flag.store(false, ordering: .relaxed) }

  /// True when a request was made.
  public var isRequested: Bool { flag.load(ordering: .relaxed) }
}
