/// The number that stands for a missing one in a column: a NaN with a mark of its own, which arithmetic hands on.
enum MissingNumber {
  private static let mark: UInt64 = 0x7FF8_0000_6E69_6C21
  private static let sign: UInt64 = 1 << 63

  /// The missing number.
  static let value = Double(bitPattern: mark)

  /// Whether a number is the missing one; any other NaN is not.
  @inline(__always) static func isMissing(_ number: Double) -> Bool { number.bitPattern & ~sign == mark }

  /// A number that came from elsewhere, which is there whatever its bits are.
  @inline(__always) static func present(_ number: Double) -> Double { isMissing(number) ? .nan : number }
}
