/// A sum of numbers with what rounding takes from it, so that it is rounded once, as if it had twice the digits (Knuth's TwoSum; Ogita, Rump and Oishi 2005).
///
/// All sums and means of numbers are made by it, whatever holds the numbers.
@frozen
public struct CompensatedSum: Sendable {
  @usableFromInline var sum = 0.0
  @usableFromInline var rest = 0.0
  @usableFromInline var added = 0

  /// How many numbers were added.
  @inlinable public var count: Int { added }

  /// The sum of nothing.
  @inlinable public init() {}

  /// A sum of so many numbers, in two parts of which the second is what rounding took from the first.
  @inlinable public init(sum: Double, rest: Double, count: Int) { (self.sum, self.rest, added) = (sum, rest, count) }

  /// The sum of some numbers.
  @inlinable public init(_ numbers: some Sequence<Double>) { for number in numbers { add(number) } }

  /// Adds a number.
  @inlinable @inline(__always)
  public mutating func add(_ number: Double) { add(number, count: 1) }

  /// Adds a number that counts once, or a 0 that does not.
  @inlinable @inline(__always)
  public mutating func add(_ number: Double, count more: Int) {
    let total = sum + number
    let part = total - sum
    rest += (sum - (total - part)) + (number - part)
    sum = total
    added += more
  }

  /// Adds the numbers of another sum.
  @inlinable @inline(__always)
  public mutating func add(_ other: CompensatedSum) {
    add(other.sum, count: other.count)
    rest += other.rest
  }

  /// The sum; infinite or NaN where plain additions make it so.
  @inlinable public var value: Double {
    let all = sum + rest
    return all.isFinite ? all : sum
  }

  /// The sum over the count, NaN of nothing.
  @inlinable public var mean: Double { value / Double(count) }

  /// A figure that grows with its numbers, such as a sum, a mean or a deviation, of numbers times a factor: 1, or, where it is not finite, a
  /// power of 2 so small that nothing on the way to it lies beyond the largest number.
  @inlinable public static func figure(_ ofNumbersTimes: (Double) throws -> Double) rethrows -> Double {
    let found = try ofNumbersTimes(1)
    return found.isFinite ? found : try ofNumbersTimes(0x1p-600) / 0x1p-600
  }
}
