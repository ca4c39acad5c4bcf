import Foundation
import Ranks
import Synchronization

/// Ranks that are threads of this process.
final class ThreadRanks: Communicator {
  /// What the ranks have on the way to each other.
  final class Messages: Sendable {
    private struct Contents {
      var waiting: [[Int]: [any Sendable]] = [:]
      var failure: RankFailure?
    }
    private let contents = Mutex(Contents())

    func fail(_ failure: RankFailure) { contents.withLock { $0.failure = $0.failure ?? failure } }

    func put(_ message: any Sendable, from sender: Int, to receiver: Int) throws {
      try contents.withLock { contents in
        if let failure = contents.failure { throw failure }
        contents.waiting[[sender, receiver], default: []].append(message)
      }
    }

    func take(from sender: Int, to receiver: Int) throws -> any Sendable {
      while true {
        let found = try contents.withLock { contents -> (any Sendable)? in
          guard let messages = contents.waiting[[sender, receiver]], let first = messages.first else {
            if let failure = contents.failure { throw failure }
            return nil
          }
          contents.waiting[[sender, receiver]] = Array(messages.dropFirst())
          return first
        }
        if let found { return found }
        Thread.sleep(forTimeInterval: 0.0001)
      }
    }

    /// Whether a message was never taken.
    var isEmpty: Bool { contents.withLock { $0.waiting.values.allSatisfy(\.isEmpty) } }
  }

  let rank: Int
  let count: Int
  private let messages: Messages

  private init(_ rank: Int, _ count: Int, _ messages: Messages) {
    (self.rank, self.count, self.messages) = (rank, count, messages)
  }

  func send<Element: BitwiseCopyable & Sendable>(_ elements: [Element], to rank: Int) throws {
    try messages.put(elements, from: self.rank, to: rank)
  }

  func receive<Element: BitwiseCopyable & Sendable>(
    _ count: Int, of type: Element.Type, from rank: Int
  ) throws -> [Element] {
    guard let elements = try messages.take(from: rank, to: self.rank) as? [Element], elements.count == count else {
      throw RankFailure(rank: rank, reason: "another message was expected", status: 1)
    }
    return elements
  }

  func fail(_ reason: String, status: Int32) {
    messages.fail(RankFailure(rank: rank, reason: reason, status: status))
  }

  /// What `body` gives on each of `count` ranks, and whether every message was taken.
  static func run<Result: Sendable>(
    _ count: Int, _ body: @Sendable @escaping (ThreadRanks) throws -> Result
  ) -> (results: [Swift.Result<Result, any Error>], isEmpty: Bool) {
    let messages = Messages()
    let results = Mutex<[Int: Swift.Result<Result, any Error>]>([:])
    let group = DispatchGroup()
    for rank in 0..<count {
      group.enter()
      Thread.detachNewThread {
        let result = Swift.Result { try body(ThreadRanks(rank, count, messages)) }
        results.withLock { $0[rank] = result }
        group.leave()
      }
    }
    group.wait()
    return (results.withLock { results in (0..<count).compactMap { results[$0] } }, messages.isEmpty)
  }
}
