import Dispatch
import Safepoint

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
    let workers = min(threads, count)
    let watch = Safepoint.watch
    withoutActuallyEscaping(body) { body in
      unsafe results.withUnsafeMutableBufferPointer { buffer in
        // Each worker writes only the entries k, k + workers, ..., and all are done before the buffer is given back.
        nonisolated(unsafe) let results = unsafe buffer
        nonisolated(unsafe) let body = body
        DispatchQueue.concurrentPerform(iterations: workers) { worker in
          Safepoint.$watch.withValue(watch) {
            for index in stride(from: worker, to: count, by: workers) {
              unsafe results[index] = Swift.Result { try unsafe body(index) }
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
