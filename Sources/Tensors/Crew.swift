import Dispatch
import Foundation
import Kernels
import Synchronization

/// Threads that help the one that shares out work: they wait for it awake for some microseconds, as the next often comes right behind the
/// last, and then asleep, from which waking them takes longer than much work.
final class Crew: Sendable {
  /// One thread that helps.
  private final class Member: Sendable {
    let isAsleep = Atomic(false)
    let bell = DispatchSemaphore(value: 0)

    /// Wakes it where it sleeps.
    func wake() {
      if isAsleep.exchange(false, ordering: .sequentiallyConsistent) { bell.signal() }
    }

    /// Sleeps until it is woken, unless `isNeeded` already.
    func sleep(unless isNeeded: () -> Bool) {
      isAsleep.store(true, ordering: .sequentiallyConsistent)
      if isNeeded(), isAsleep.exchange(false, ordering: .sequentiallyConsistent) { return }
      bell.wait()
    }
  }

  private let members: [Member]
  /// The thread that shares out, where it waits for the last of the others.
  private let owner = Member()
  private let isTaken = Atomic(false)
  /// What is called on each thread, with its number.
  private let job = Mutex<(@Sendable (Int) -> Void)?>(nil)
  /// How many jobs there were.
  private let number = Atomic(0)
  /// Twice the number of threads at the job, and 1 while more may come.
  private let gate = Atomic(0)
  /// How many may come.
  private let most = Atomic(0)

  /// Nanoseconds that are waited awake.
  private static let patience: UInt64 = 20_000

  /// Starts the threads, which stay until the program ends.
  init(count: Int) {
    members = (0..<count).map { _ in Member() }
    for (index, member) in members.enumerated() {
      let thread = Thread { [self] in work(as: member, number: index + 1) }
      thread.name = "pixelbytes"
      thread.stackSize = 8 << 20
      thread.start()
    }
  }

  /// Calls `body` on this thread, as number 0, and on others, each with a number that stays its own, at most `threads` in all, until all of
  /// them have returned; false, with nothing called, where they work for another already.
  func run(threads: Int, _ body: @Sendable (Int) -> Void) -> Bool {
    guard isTaken.compareExchange(expected: false, desired: true, ordering: .acquiring).exchanged else { return false }
    withoutActuallyEscaping(body) { body in
      job.withLock { $0 = body }
      most.store(threads - 1, ordering: .relaxed)
      gate.store(1, ordering: .releasing)
      number.wrappingAdd(1, ordering: .sequentiallyConsistent)
      for member in members.prefix(threads - 1) { member.wake() }
      body(0)
      gate.wrappingSubtract(1, ordering: .acquiringAndReleasing)
      wait(owner) { gate.load(ordering: .sequentiallyConsistent) == 0 }
      job.withLock { $0 = nil }
    }
    isTaken.store(false, ordering: .releasing)
    return true
  }

  /// Waits until something holds, awake for a while.
  private func wait(_ member: Member, until holds: () -> Bool) {
    var end: UInt64?
    while !holds() {
      for _ in 0..<16 { pb_pause() }
      let now = DispatchTime.now().uptimeNanoseconds
      if now > end ?? .max { member.sleep(unless: holds) }
      end = end ?? now + Self.patience
    }
  }

  private func work(as member: Member, number own: Int) {
    pb_block_signals()
    var seen = 0
    while true {
      wait(member) { number.load(ordering: .sequentiallyConsistent) != seen }
      seen = number.load(ordering: .acquiring)
      guard enter() else { continue }
      job.withLock { $0 }?(own)
      if gate.wrappingSubtract(2, ordering: .sequentiallyConsistent).newValue == 0 { owner.wake() }
    }
  }

  /// Takes part in the job, unless it is over or enough do.
  private func enter() -> Bool {
    var state = gate.load(ordering: .acquiring)
    while state & 1 == 1, state >> 1 < most.load(ordering: .relaxed) {
      let (isIn, now) = gate.weakCompareExchange(
        expected: state, desired: state + 2, ordering: .acquiringAndReleasing)
      if isIn { return true }
      state = now
    }
    return false
  }
}
