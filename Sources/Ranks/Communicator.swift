import Safepoint

/// The processes that do one work together, each with a number of its own, its rank, from 0 to `count` - 1; this process is one of them.
///
/// All run the same script and come to the same calls in the same order. Whoever waits for another stops when it must, and when one
/// of them has failed. One thread makes all calls.
public protocol Communicator: AnyObject, Sendable {
  /// The number of this process.
  var rank: Int { get }
  /// The number of processes.
  var count: Int { get }

  /// Hands a message to another rank, and returns once it is on its way.
  func send<Element: BitwiseCopyable & Sendable>(_ elements: [Element], to rank: Int) throws
  /// Waits for a message of `count` elements from another rank.
  func receive<Element: BitwiseCopyable & Sendable>(
    _ count: Int, of type: Element.Type, from rank: Int
  ) throws -> [Element]
  /// Tells the others that this rank takes no further part, so that none waits for it: from then on every call throws, here and there.
  /// `status` is that of a program that ends by such a failure.
  func fail(_ reason: String, status: Int32)
}

extension Communicator {
  /// Whether this process is the one that writes and tells.
  public var isFirst: Bool { rank == 0 }

  /// Gives every rank the elements that rank 0 has, of which there are `count` on each; the others give nil.
  ///
  /// A rank gets them from the one whose number lacks its lowest bit, and hands them to those that have one lower bit more.
  public func broadcast<Element: BitwiseCopyable & Sendable>(
    _ elements: [Element]?, count: Int, of type: Element.Type = Element.self
  ) throws -> [Element] {
    let elements = try isFirst ? elements ?? [] : receive(count, of: type, from: rank & (rank - 1))
    var step = isFirst ? 1 << (Int.bitWidth - (self.count - 1).leadingZeroBitCount) : rank & -rank
    while step > 1 {
      step /= 2
      if rank + step < self.count { try send(elements, to: rank + step) }
    }
    return elements
  }

  /// Gives every rank the elements that rank 0 has, however many they are; the others give nil.
  public func broadcast<Element: BitwiseCopyable & Sendable>(_ elements: [Element]?) throws -> [Element] {
    let count = try broadcast(isFirst ? [elements?.count ?? 0] : nil, count: 1)[0]
    return try broadcast(elements, count: count)
  }

  /// Gives every rank the elements of all, one rank's behind the other's.
  public func gather<Element: BitwiseCopyable & Sendable>(_ elements: [Element]) throws -> [Element] {
    guard isFirst else {
      try send([elements.count], to: 0)
      try send(elements, to: 0)
      return try broadcast(nil)
    }
    var all = elements
    for other in 1..<count {
      let size = try receive(1, of: Int.self, from: other)[0]
      all += try receive(size, of: Element.self, from: other)
    }
    return try broadcast(all)
  }

  /// Waits until all ranks have come to the same place of the work, of which `place` is the name; throws on all where one has come to
  /// another, which would wait for what never comes.
  public func meet(at place: String) throws {
    let size = 64
    let name = Array(place.utf8.prefix(size))
    let own = name + Array(repeating: 0, count: size - name.count)
    guard isFirst else { return try send(own, to: 0) }
    for other in 1..<max(count, 1) {
      let theirs = try receive(size, of: UInt8.self, from: other)
      guard theirs == own else {
        let found = String(decoding: theirs.prefix { $0 != 0 }, as: UTF8.self)
        let reason = "rank \(other) has come to \(found) and rank 0 to \(place); all must run the same script"
        fail(reason, status: 1)
        throw RankFailure(rank: rank, reason: reason, status: 1)
      }
    }
  }

  /// Tells the others that the work of this rank was told to stop.
  public func fail(because stopped: Stopped) {
    switch stopped.reason {
    case .interrupted: fail("it was interrupted", status: RankFailure.interrupted)
    case .time: fail("its time is used up", status: RankFailure.budgetUsedUp)
    case .memory: fail("its memory is used up", status: RankFailure.budgetUsedUp)
    }
  }

  /// Does work that may fail on this rank alone, and tells the others when it does.
  public func tellingFailure<Result>(_ body: () throws -> Result) throws -> Result {
    do { return try body() } catch let error as RankFailure { throw error } catch {
      if let stopped = error as? Stopped { fail(because: stopped) } else { fail("\(error)", status: 1) }
      throw error
    }
  }
}

/// A rank takes no further part, so that none of them can go on.
public struct RankFailure: Error, Equatable, CustomStringConvertible {
  /// The rank that failed, or ended too early.
  public let rank: Int
  /// What it said.
  public let reason: String
  /// The exit status that it leaves with, as far as it is known.
  public let status: Int32

  /// The exit status of a program that was interrupted, and of one that used up a budget.
  public static let (interrupted, budgetUsedUp): (Int32, Int32) = (130, 75)

  /// The least exit status of a program that a signal ended.
  public static let interruptions: Int32 = 128

  /// A failure of a rank.
  public init(rank: Int, reason: String, status: Int32) {
    (self.rank, self.reason, self.status) = (rank, reason, status)
  }

  /// Which rank failed and why.
  public var description: String { "rank \(rank) takes no further part: \(reason)" }
}
