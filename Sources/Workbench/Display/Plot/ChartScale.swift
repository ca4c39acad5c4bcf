import Foundation
import PixelScript

/// The range of an axis, where values lie in it, and its ticks at round numbers.
struct ChartScale: Equatable {
  /// A tick with its label, and the exponent of a power of ten that is better written as such.
  struct Tick: Equatable {
    let value: Double
    let label: String
    var exponent: Int?
  }

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
  private let start, length: Double

  /// A scale from `low` to `high`, which must be above 0 when it is logarithmic; when both are one number, from a bit below it to a
  /// bit above. A share of the length is added at each end as a margin.
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
    // A part of the largest number keeps the length of the axis finite.
    let limit = Double.greatestFiniteMagnitude / 4
    var (start, end) = (min(max(bent(low), -limit), limit), min(max(bent(high), -limit), limit))
    if start == end {
      let margin = isLogarithmic ? 0.5 : isTime ? 43_200 : max(abs(start) * 0.5, start == 0 ? 1 : .leastNormalMagnitude)
      (start, end) = (start - margin, end + margin)
    }
    let length = end - start
    start -= lowMargin * length
    end += highMargin * length
    // Beyond these the powers of ten are no numbers any more.
    if isLogarithmic {
      start = min(max(start, -307), 307)
      end = min(max(end, start + 0.5), 308)
    }
    (self.start, self.length) = (start, end - start)
    (self.low, self.high) = isLogarithmic ? (pow(10, start), pow(10, end)) : (start, end)
  }

  /// Where a value lies: 0 where the axis begins, 1 where it ends, below and above outside; NaN for what has no place.
  @inline(__always) func share(_ value: Double) -> Double {
    let bent = isLogarithmic ? (value > 0 ? log10(value) : .nan) : value
    return isReversed ? (start + length - bent) / length : (bent - start) / length
  }

  /// At most `count` + 1 ticks, from low to high: at dates, at powers of ten of a logarithmic axis, else at multiples of 1, 2 or 5 times one;
  /// but where few numbers are drawn along it, which have room and short labels and these miss, at those.
  func ticks(_ count: Int) -> [Tick] {
    if isTime { return moments(count) ?? multiples(count) }
    let usual = isLogarithmic ? powers(count) : multiples(count)
    return ticksAtPlaces(count, unlike: usual) ?? usual
  }

  private func ticksAtPlaces(_ count: Int, unlike usual: [Tick]) -> [Tick]? {
    let inside = places.filter { (-1e-9...1 + 1e-9).contains(share($0)) }
    let shares = inside.map(share).sorted()
    guard inside.count > 1, zip(shares, shares.dropFirst()).allSatisfy({ $1 - $0 >= 0.8 / Double(max(count, 1)) }),
      !shares.allSatisfy({ place in usual.contains { abs(share($0.value) - place) < 1e-6 } })
    else { return nil }
    let labels = PlotPlaces.labels(inside, digits: 4)
    guard labels.allSatisfy({ $0.count <= 7 }) else { return nil }
    return zip(inside, labels).map { Tick(value: $0, label: $1) }
  }

  /// The ticks for a count, or for the next larger one that gives so many.
  func ticks(_ count: Int, atLeast least: Int) -> [Tick] {
    let first = ticks(count)
    guard first.count < least else { return first }
    return (count + 1..<count + 10).lazy.map(ticks).first { $0.count >= least } ?? first
  }

  private func multiples(_ count: Int) -> [Tick] {
    let rough = max((high - low) / Double(max(count, 1)), isWhole ? 1 : 0)
    let power = pow(10, floor(log10(rough)))
    guard power > 0, power.isFinite else { return [] }
    let step = [1, 2, 5, 10].map { $0 * power }.first { $0 >= rough * 0.999_999 } ?? 10 * power
    let first = (low / step - 1e-9).rounded(.up)
    let last = (high / step + 1e-9).rounded(.down)
    guard abs(first) < 1e15, abs(last) < 1e15, last >= first else { return [] }
    let form = NumberForm(step: step, size: max(abs(low), abs(high)))
    return stride(from: first, through: last, by: 1).map { Tick(value: $0 * step, label: form.text($0 * step)) }
  }

  private func powers(_ count: Int) -> [Tick] {
    let (first, last) = (Int((start - 1e-9).rounded(.up)), Int((start + length + 1e-9).rounded(.down)))
    let step = max((last - first) / max(count, 1) + ((last - first) % max(count, 1) == 0 ? 0 : 1), 1)
    func tick(_ factor: Int, _ exponent: Int) -> Tick {
      let value = Double("\(factor)e\(exponent)") ?? .nan
      if factor == 1, abs(exponent) >= 4 { return Tick(value: value, label: "1e\(exponent)", exponent: exponent) }
      return Tick(value: value, label: abs(exponent) >= 4 ? "\(factor)e\(exponent)" : Display.text(of: value))
    }
    if last - first >= 1, count > 1 || last > first {
      return stride(from: first, through: last, by: step).map { tick(1, $0) }
    }
    // Less than two powers: what lies between them.
    let between = (first - 1...max(last, first - 1)).flatMap { exponent in [1, 2, 5].map { tick($0, exponent) } }
      .filter { (-1e-9...1 + 1e-9).contains(share($0.value)) }
    return between.count >= 2 ? between : multiples(count)
  }
}
