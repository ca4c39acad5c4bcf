import Foundation
import PixelScript

/// The range of an axis, where values lie in it, and its ticks at round numbers.
struct ChartScale: Equatable {
  /// The values at its ends.
  let low, high: Double
  /// Whether equal steps are equal factors.
  let isLogarithmic: Bool
  /// Whether values are seconds since the start of 1970, and ticks dates.
  let isTime: Bool
  /// Whether the highest value stands where the lowest would.
  let isReversed: Bool
  /// Whether ticks are whole numbers, or of time days.
  let isWhole: Bool
  /// The numbers that are drawn along it, from low to high, where they are few; ticks stand at them.
  let places: [Double]
  /// Where it begins and how long it is, in logarithms of a logarithmic one.
  let start, length: Double
  /// What numbers are multiplied by before they are compared, so that the length of an axis of the largest ones is a number.
  private let unit: Double

  /// A scale from `low` to `high`, which must be above 0 when it is logarithmic; when both are one number, or as near to each other as
  /// numbers lie, from a bit below it to a bit above. A share of the length is added at each end as a margin.
  ///
  /// With `isWhole` its ticks are whole numbers, as of epochs, or whole days of time.
  init(
    _ low: Double, _ high: Double, isLogarithmic: Bool = false, isWhole: Bool = false, isTime: Bool = false,
    isReversed: Bool = false, lowMargin: Double = 0, highMargin: Double = 0, places: [Double] = []
  ) {
    self.places = places
    (self.isWhole, self.isTime, self.isReversed) = (isWhole, isTime, isReversed)
    self.isLogarithmic = isLogarithmic
    func bent(_ value: Double) -> Double { isLogarithmic ? log10(max(value, .leastNonzeroMagnitude)) : value }
    var (start, end) = (bent(low), bent(high))
    unit = max(abs(start), abs(end)) < 1e300 ? 1 : 0x1p-10
    (start, end) = (start * unit, end * unit)
    if end - start <= 4 * max(abs(start), abs(end)).ulp {
      let middle = start / 2 + end / 2
      let margin =
        isLogarithmic ? 0.5 : isTime ? 43_200 : max(abs(middle) * 0.5, middle == 0 ? 1 : .leastNormalMagnitude)
      (start, end) = (middle - margin, middle + margin)
    }
    let length = end - start
    start -= lowMargin * length
    end += highMargin * length
    // Beyond these the powers of ten are no numbers any more.
    if isLogarithmic { (start, end) = (max(start, -323.3), min(end, 308.25)) }
    (self.start, self.length) = (start, end - start)
    let limit = Double.greatestFiniteMagnitude
    (self.low, self.high) =
      isLogarithmic
      ? (pow(10, start), pow(10, end)) : (max(start / unit, -limit), min(end / unit, limit))
  }

  /// Where a value lies: 0 where the axis begins, 1 where it ends, below and above outside; NaN for what has no place.
  @inline(__always) func share(_ value: Double) -> Double {
    let bent = isLogarithmic ? (value > 0 ? log10(value) : .nan) : value * unit
    return isReversed ? (start + length - bent) / length : (bent - start) / length
  }
}
