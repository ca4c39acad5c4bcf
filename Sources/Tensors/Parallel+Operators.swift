import Dispatch
import Foundation
import Safepoint
import Synchronization

extension Parallel {
  /// The threads that an operator called on this thread may spread its work over; nil for as many as there are cores.
  ///
  /// On a thread that does its part of parallel work it is 1.
  @TaskLocal public static var threads: Int?

  private static let cores = min(max(ProcessInfo.processInfo.activeProcessorCount, 1), 64)

  /// Below these nanoseconds of work waking another thread costs more than it saves.
  private static let leastWork = 60_000

  /// Calls `body` with pieces of 0 ..< count, on several threads at once where the work of `nanoseconds` in all is worth it.
  ///
  /// Pieces end at multiples of `unit`. `body` must write only what belongs to its piece, and give the same whatever the pieces.
  static func pieces(_ count: Int, nanoseconds: Int, unit: Int = 16, _ body: (Range<Int>) -> Void) {
    guard count > 0 else { return }
    guard nanoseconds >= leastWork, count > unit, case let threads = threads ?? cores, threads > 1 else {
      return body(0..<count)
    }
    let most = min(4 * threads, nanoseconds / (leastWork / 3))
    let size = max(1, (count / most + unit - 1) / unit) * unit
    let pieces = (count + size - 1) / size
    guard pieces > 1 else { return body(0..<count) }
    let next = Atomic(0)
    let watch = Safepoint.watch
    withoutActuallyEscaping(body) { body in
      // All pieces are done before this returns.
      nonisolated(unsafe) let body = body
      DispatchQueue.concurrentPerform(iterations: min(threads, pieces)) { _ in
        Safepoint.$watch.withValue(watch) {
          $threads.withValue(1) {
            while true {
              let piece = next.wrappingAdd(1, ordering: .relaxed).oldValue
              guard piece < pieces else { return }
              unsafe body(piece * size..<min(count, (piece + 1) * size))
            }
          }
        }
      }
    }
  }
}
