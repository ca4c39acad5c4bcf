import Foundation
import PixelScript
import Safepoint

/// Ranges side by side into which numbers are cut.
struct Bins {
  /// The bounds, from the lowest to the highest, one more than bins.
  private let edges: [Double]
  private let closesRight: Bool

  /// The most bins of one width.
  static let limit = 1_000_000

  /// Bins between bounds that are given; throws when they do not grow.
  init(edges: [Double], closesRight: Bool) throws(ScriptError) {
    let grows = zip(edges, edges.dropFirst()).allSatisfy { $0 < $1 }
    guard edges.count >= 2, grows else {
      throw ScriptError(
        .value, "`cut` expects bounds that grow, two or more, found \(Display.start(of: edges.scriptValue.echo))",
        argument: "bins")
    }
    (self.edges, self.closesRight) = (edges, closesRight)
  }

  /// So many bins of one width over all numbers, the open end a thousandth of all further out, as pandas has it.
  init(_ count: Int, over numbers: [Double], closesRight: Bool) throws {
    guard (1...Bins.limit).contains(count) else {
      throw ScriptError(.value, "`cut` makes 1 to \(Bins.limit) bins, found \(count)", argument: "bins")
    }
    let there = numbers.filter { !$0.isNaN }
    guard let low = there.min(), let high = there.max(), (high - low).isFinite else {
      throw ScriptError(
        .value, "`cut` found no finite numbers to lay bins over", help: "bounds can be given: `cut(x, [0, 1, 2])`",
        argument: "values")
    }
    self.closesRight = closesRight
    if low == high {
      let room = low == 0 ? 0.001 : 0.001 * abs(low)
      edges = Bins.even(low - room, high + room, count)
      return
    }
    var edges = Bins.even(low, high, count)
    let room = (high - low) * 0.001
    if closesRight { edges[0] -= room } else { edges[count] += room }
    self.edges = edges
  }

  private static func even(_ low: Double, _ high: Double, _ count: Int) -> [Double] {
    let width = (high - low) / Double(count)
    return (0...count).map { $0 == count ? high : low + Double($0) * width }
  }

  var count: Int { edges.count - 1 }

  /// The bin of a number, -1 for one outside and for what is missing or NaN.
  func place(of number: Double) -> Int {
    if number.isNaN { return -1 }
    // The first bound that is not below the number, or that is above it.
    var (low, high) = (0, edges.count)
    while low < high {
      let middle = (low + high) / 2
      let isBefore = closesRight ? edges[middle] < number : edges[middle] <= number
      if isBefore { low = middle + 1 } else { high = middle }
    }
    return low == 0 || low == edges.count ? -1 : low - 1
  }

  /// The bins as intervals: `(0, 1]`, or `[0, 1)`; of bounds with many digits the three that matter, or as many as tell them apart.
  var names: [String] {
    var texts: [String] = []
    for precision in 3..<20 {
      texts = edges.map { Display.text(of: Bins.rounded($0, precision)) }
      if Set(texts).count == texts.count { break }
    }
    return zip(texts, texts.dropFirst()).map { closesRight ? "(\($0), \($1)]" : "[\($0), \($1))" }
  }

  /// A number with so many digits that are not zeros before the first of them behind the point.
  private static func rounded(_ number: Double, _ precision: Int) -> Double {
    guard number.isFinite, number != 0 else { return number }
    let (whole, part) = (number.rounded(.towardZero), number - number.rounded(.towardZero))
    let digits = whole == 0 ? -Int(log10(abs(part)).rounded(.down)) - 1 + precision : precision
    guard digits <= 22 else { return number }
    let unit = pow(10, Double(digits))
    return (number * unit).rounded(.toNearestOrEven) / unit
  }
}
