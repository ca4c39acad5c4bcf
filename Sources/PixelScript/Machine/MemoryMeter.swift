/// Counts the bytes that the values of one interpreter hold.
///
/// Every container adds what it holds and takes it off when it goes, so that reading the sum is O(1).
package final class MemoryMeter {
  /// The bytes held now.
  @safe @exclusivity(unchecked) package private(set) var used = 0
  /// The bytes allowed.
  @safe @exclusivity(unchecked) package var limit = Int.max

  func add(_ bytes: Int) { used &+= bytes }

  func remove(_ bytes: Int) { used &-= bytes }

  /// True when more is held than allowed.
  var isExceeded: Bool { used > limit }

  /// The most that one value may take at once, whatever the budget: no value of use is larger.
  static let largestValue = 1 << 34

  /// Throws a limit error when `bytes` more would be too many.
  func check(adding bytes: Int) throws(ScriptError) {
    let (sum, overflow) = used.addingReportingOverflow(bytes)
    if overflow || sum > limit {
      throw ScriptError(
        .limit, "the budget of \(Display.bytes(limit)) of memory is used up",
        help: "allow more with --max-memory, or keep less at a time")
    }
    if bytes > MemoryMeter.largestValue {
      throw ScriptError(.limit, "a value of \(Display.bytes(bytes)) is too large")
    }
  }
}
