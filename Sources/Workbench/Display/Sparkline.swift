import PixelScript

/// A list of numbers as a line of a few characters.
enum Sparkline {
  private static let heights = Array("▁▂▃▄▅▆▇█")
  private static let plainHeights = Array("_.-=#")
  /// The most characters of a line.
  private static let width = 16

  /// The line; of more numbers than fit, each character is the mean of its share. What is not finite is a gap.
  static func text(_ numbers: [Double], unicode: Bool) -> String {
    let signs = unicode ? heights : plainHeights
    return String(
      shares(numbers).map { $0.map { signs[min(Int($0 * Double(signs.count)), signs.count - 1)] } ?? " " })
  }

  /// How high each character is, from 0 to 1; nil for a gap.
  static func shares(_ numbers: [Double]) -> [Double?] {
    let count = min(numbers.count, width)
    let means = (0..<count).map { place -> Double in
      let share = numbers[place * numbers.count / count..<(place + 1) * numbers.count / count].filter(\.isFinite)
      return share.isEmpty ? .nan : share.reduce(0) { $0 + $1 / Double(share.count) }
    }
    let finite = means.filter(\.isFinite)
    guard let low = finite.min(), let high = finite.max() else { return means.map { _ in nil } }
    return means.map { mean in
      guard mean.isFinite else { return nil }
      // Halves, as the difference of two numbers may be too large for one.
      return high > low ? (mean / 2 - low / 2) / (high / 2 - low / 2) : 0
    }
  }
}
