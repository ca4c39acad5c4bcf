import Foundation

/// The range of an axis and its ticks at round numbers.
struct PlotAxis: Equatable {
  let low, high: Double
  private let isWhole: Bool

  /// An axis from `low` to `high`; when both are one number, from a bit below it to a bit above.
  ///
  /// With `isWhole` its ticks are whole numbers, as of epochs.
  init(_ low: Double, _ high: Double, isWhole: Bool = false) {
    self.isWhole = isWhole
    // Half of the largest number keeps the length of the axis finite.
    let limit = Double.greatestFiniteMagnitude / 4
    let (low, high) = (min(max(low, -limit), limit), min(max(high, -limit), limit))
    let margin = low == high ? max(abs(low) * 0.5, low == 0 ? 1 : .leastNormalMagnitude) : 0
    (self.low, self.high) = (low - margin, high + margin)
  }

  /// Where a value lies: 0 at the low end, 1 at the high end.
  func share(_ value: Double) -> Double { min(max((value - low) / (high - low), 0), 1) }

  /// At most `count` + 1 ticks at multiples of 1, 2 or 5 times a power of ten, with labels of as many decimals as they need.
  func ticks(_ count: Int) -> [(value: Double, label: String)] {
    let rough = max((high - low) / Double(max(count, 1)), isWhole ? 1 : 0)
    let power = pow(10, floor(log10(rough)))
    guard power > 0, power.isFinite else { return [] }
    let step = [1, 2, 5, 10].map { $0 * power }.first { $0 >= rough * 0.999_999 } ?? 10 * power
    let first = (low / step - 1e-9).rounded(.up)
    let last = (high / step + 1e-9).rounded(.down)
    guard abs(first) < 1e15, abs(last) < 1e15, last >= first else { return [] }
    let form = NumberForm(step: step, size: max(abs(low), abs(high)))
    return stride(from: first, through: last, by: 1).map { ($0 * step, form.text($0 * step)) }
  }
}
