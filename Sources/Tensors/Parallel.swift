import Dispatch
import Foundation
import Safepoint
import Synchronization

/// Independent pieces of work spread over the cores.
public enum Parallel {
  /// The results of `body(0)` to `body(count - 1)`, in order, at most `threads` at a time.
  ///
  /// `body` runs on several threads at once: it may read what is shared and must write only what it returns. The results
  /// do not depend on `threads`. The error of the lowest index that failed is thrown, and `Stopped` when the work must stop.
  public static func map<Result>(_ count: Int, threads: Int, _ body: (Int) throws -> Result) throws -> [Result] {
    let body = { (index: Int) throws -> Result in
      try Safepoint.check()
      return try body(index)
    }
    guard threads > 1, count > 1 else { return try (0..<count).map(body) }
    var results = [Swift.Result<Result, any Error>?](repeating: nil, count: count)
    let next = Atomic(0)
    let watch = Safepoint.watch
    withoutActuallyEscaping(body) { body in
      unsafe results.withUnsafeMutableBufferPointer { buffer in
        // Each worker writes only the entries that it has taken, and all are done before the buffer is given back.
        nonisolated(unsafe) let results = unsafe buffer
        nonisolated(unsafe) let body = body
        DispatchQueue.concurrentPerform(iterations: min(threads, count)) { _ in
          Safepoint.$watch.withValue(watch) {
            // What a piece does is not spread again.
            $threads.withValue(1) {
              while true {
                let index = next.wrappingAdd(1, ordering: .relaxed).oldValue
                guard index < count else { return }
                unsafe results[index] = Swift.Result { try unsafe body(index) }
              }
            }
          }
        }
      }
    }
    return try results.map { result in
      guard let result else { preconditionFailure("a piece of parallel work was not run") }
      return try result.get()
    }
  }
}

extension Parallel {
  /// The values of `body(0)` to `body(count - 1)` joined over a fixed binary tree, or nil where there are none; at most `threads`
  /// are worked out at a time.
  ///
  /// Two neighbors 2k and 2k + 1 make place k of the next level; one without a neighbor is that place alone. So 2^n values from a
  /// multiple of 2^n on are always joined among themselves first, whoever works them out, and rounding does not depend on
  /// `threads`. A value is joined as soon as its neighbor is there: at most `held(count, threads:)` wait or are being made.
  public static func joined<Value: Sendable>(
    _ count: Int, threads: Int, _ body: (Int) throws -> Value, _ join: (inout Value, Value) -> Void
  ) throws -> Value? {
    try joined(count, only: 0..<count, threads: threads, body, join).first?.value
  }

  /// The same for some of the values alone: what is left of them where the neighbors are elsewhere, by its places.
  public static func joined<Value: Sendable>(
    _ count: Int, only share: Range<Int>, threads: Int, _ body: (Int) throws -> Value,
    _ join: (inout Value, Value) -> Void
  ) throws -> [Place: Value] {
    let waiting = Mutex<[Place: Value]>([:])
    _ = try map(share.count, threads: threads) { offset in
      let index = share.lowerBound + offset
      var value = try body(index)
      var place = Place(level: 0, index: index)
      while 1 << place.level < count {
        if let neighbor = place.neighbor(among: count) {
          // Nobody else holds what comes out, so that it is joined in place.
          guard
            var other = waiting.withLock({ waiting -> Value? in
              if let found = waiting.removeValue(forKey: neighbor) { return found }
              waiting[place] = value
              return nil
            })
          else { return }
          if neighbor.index < place.index { swap(&value, &other) }
          join(&value, other)
        }
        place = place.parent
      }
      waiting.withLock { $0[place] = value }
    }
    return waiting.withLock { $0 }
  }

  /// The most values that `joined` holds at once: on each level one beside those being made and one beside those to come.
  public static func held(_ count: Int, threads: Int) -> Int {
    min(count, (max(threads, 1) + 1) * (Int.bitWidth - count.leadingZeroBitCount))
  }
}

extension Parallel {
  /// The threads that an operator called on this thread may spread its work over; nil for as many as there are cores.
  ///
  /// On a thread that does its part of parallel work it is 1.
  @TaskLocal public static var threads: Int?

  /// The threads that work begun on this thread is spread over.
  public static var available: Int { threads ?? cores }

  /// `count` elements, of which `fill` writes all of each piece of `size` places, several pieces at a time.
  ///
  /// `fill` gets the places of its piece and the elements there, whose values mean nothing yet; it must only read what is shared. What it writes
  /// does not depend on the threads. The error of the first piece that failed is thrown, and `Stopped` when the work must stop.
  public static func filled<Element: BitwiseCopyable>(
    _ count: Int, piece size: Int, _ fill: (Range<Int>, inout MutableSpan<Element>) throws -> Void
  ) throws -> [Element] {
    try unsafe [Element](unsafeUninitializedCapacity: count) { buffer, made in
      // Each piece writes only its own elements, and all are done before the buffer is given back.
      let elements = unsafe buffer
      _ = try map((count + size - 1) / size, threads: available) { piece in
        let places = piece * size..<min(count, (piece + 1) * size)
        let part = unsafe UnsafeMutableBufferPointer(rebasing: elements[places])
        var span = unsafe part.mutableSpan
        try fill(places, &span)
      }
      made = count
    }
  }

  private static let cores = min(max(ProcessInfo.processInfo.activeProcessorCount, 1), 64)

  /// The threads beside the one that shares out the pieces of an operator.
  private static let crew = Crew(count: cores - 1)

  /// Below these nanoseconds of work handing a part of it to another thread costs more than it saves.
  private static let leastWork = 20_000

  /// How many pieces of a share are taken.
  private final class Taken: Sendable {
    private let count: Atomic<Int>

    init(_ first: Int) { count = Atomic(first) }

    /// The next piece, which may lie behind the share.
    func next() -> Int { count.wrappingAdd(1, ordering: .relaxed).oldValue }
  }

  /// Calls `body` with pieces of 0 ..< count, on several threads at once where the work of `nanoseconds` in all is worth it.
  ///
  /// Pieces end at multiples of `unit`. `body` must write only what belongs to its piece, and give the same whatever the pieces. Each thread
  /// begins with a share that is the same part of all work of one size, so that it finds near what it wrote there last, and then helps the others.
  package static func pieces(_ count: Int, nanoseconds: Int, unit: Int = 16, _ body: (Range<Int>) -> Void) {
    guard count > 0 else { return }
    let worthwhile = nanoseconds / (leastWork / 2)
    guard nanoseconds >= leastWork, count > unit, case let threads = min(threads ?? cores, worthwhile), threads > 1
    else {
      return body(0..<count)
    }
    let units = (count + unit - 1) / unit
    let pieces = min(min(4, worthwhile / threads) * threads, units)
    let shares = min(threads, pieces)
    let taken = (0..<shares).map { Taken($0 * pieces / shares) }
    let watch = Safepoint.watch
    withoutActuallyEscaping(body) { body in
      // All pieces are done before this returns.
      nonisolated(unsafe) let body = body
      let work: @Sendable (Int) -> Void = { number in
        Safepoint.$watch.withValue(watch) {
          $threads.withValue(1) {
            for share in number..<number + shares {
              let share = share % shares
              while case let piece = taken[share].next(), piece < (share + 1) * pieces / shares {
                unsafe body(piece * units / pieces * unit..<min(count, (piece + 1) * units / pieces * unit))
              }
            }
          }
        }
      }
      if crew.run(threads: shares, work) { return }
      DispatchQueue.concurrentPerform(iterations: shares, execute: work)
    }
    // What another thread was told this one learns at its next look.
    if watch?.stopReason != nil { _ = Safepoint.mustStop }
  }
}
