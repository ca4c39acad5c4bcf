import Foundation
import PixelScript

/// Ticks of an axis of time: where years, months, days, hours, minutes, seconds or parts of them begin.
extension ChartScale {
  private enum Step {
    case seconds(Double)
    case months(Int)

    /// About how long it is.
    var length: Double {
      switch self {
      case .seconds(let seconds): seconds
      case .months(let months): Double(months) * 30.44 * ChartScale.day
      }
    }
  }

  private static let day = 86_400.0
  private static let steps: [Step] =
    (-6...(-1)).flatMap { exponent in [1, 2, 5].map { .seconds(Double("\($0)e\(exponent)") ?? 1) } }
    + [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 10_800, 21_600, 43_200].map { .seconds($0) }
    + [1, 2, 4, 7, 14].map { .seconds($0 * day) } + [1, 2, 3, 6].map { .months($0) }
    + [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000].map { .months(12 * $0) }

  /// The part of the axis that the calendar has.
  private var ends: (low: Double, high: Double) {
    (max(low, CalendarTime.bounds.lowerBound), min(high, CalendarTime.bounds.upperBound.nextDown))
  }

  /// The first step that gives no more than so many ticks and one; a shorter one where that gives fewer than three.
  private func step(_ count: Int) -> Step {
    let rough = (ends.high - ends.low) / Double(max(count, 1))
    // Between days there is nothing where all values are whole days.
    let first = isWhole ? Self.steps.firstIndex { $0.length >= Self.day } ?? 0 : 0
    var place = max(Self.steps.firstIndex { $0.length >= rough * 0.999 } ?? Self.steps.count - 1, first)
    while place > first, values(Self.steps[place]).count < 3, values(Self.steps[place - 1]).count <= count + 1 {
      place -= 1
    }
    return Self.steps[place]
  }

  /// The ticks, with the day, the minute or the years that the labels of times leave out.
  func moments(_ count: Int) -> ChartTicks {
    let step = step(count)
    let moments = values(step).compactMap { value in CalendarTime(value).map { (value: value, time: $0) } }
    guard let first = moments.first, let last = moments.last else { return ChartTicks() }
    func ticks(_ context: String?, _ label: ((value: Double, time: CalendarTime)) -> String) -> ChartTicks {
      ChartTicks(all: moments.map { .init(value: $0.value, label: label($0)) }, context: context)
    }
    switch step {
    case .months(let months):
      return ticks(nil) { months >= 12 ? Self.digits($0.time.year, 4) : String(Self.date($0.time).prefix(7)) }
    case .seconds(let seconds) where seconds >= Self.day: return ticks(nil) { Self.date($0.time) }
    case .seconds(let seconds):
      let isOneDay = Self.date(first.time) == Self.date(last.time)
      let minutes = (Self.minute(first.value), Self.minute(last.value))
      if seconds < 1, isOneDay, minutes.0 == minutes.1 {
        return ticks("\(Self.date(first.time)) \(Self.clock(first.value, nil))") {
          Self.second($0.value, seconds)
        }
      }
      let years = first.time.year == last.time.year ? "\(first.time.year)" : "\(first.time.year) to \(last.time.year)"
      return ticks(isOneDay ? Self.date(first.time) : years) { moment in
        let clock = Self.clock(moment.value, seconds < 60 ? seconds : nil)
        return isOneDay ? clock : "\(Self.date(moment.time).suffix(5)) \(clock)"
      }
    }
  }

  private func values(_ step: Step) -> [Double] {
    guard let first = CalendarTime(ends.low), let last = CalendarTime(ends.high) else { return [] }
    switch step {
    case .seconds(let seconds):
      // Weeks begin on a Monday, as the fifth day of 1970 was.
      let origin = seconds >= 7 * Self.day ? 4 * Self.day : 0
      let from = ((ends.low - origin) / seconds - 1e-9).rounded(.up)
      let through = ((ends.high - origin) / seconds + 1e-6).rounded(.down)
      return stride(from: from, through: through, by: 1).map { $0 * seconds + origin }
    case .months(let months):
      let from = (first.year * 12 + first.month - 1) / months * months
      return stride(from: from, through: last.year * 12 + last.month, by: months).filter { $0 >= 12 }.map {
        Double(CalendarTime.days($0 / 12, $0 % 12 + 1, 1)) * Self.day
      }.filter { $0 >= ends.low - 1 && $0 <= ends.high + 1 }
    }
  }

  private static func minute(_ value: Double) -> Double { ((value + 1e-7) / 60).rounded(.down) }

  /// The hour and the minute, and the second with the decimals that a step of so many seconds needs.
  private static func clock(_ value: Double, _ step: Double?) -> String {
    let minute = Int(minute(value) - (minute(value) * 60 / day).rounded(.down) * 1440)
    let second = step.map { ":" + Self.second(value, $0) } ?? ""
    return "\(digits(minute / 60, 2)):\(digits(minute % 60, 2))\(second)"
  }

  private static func second(_ value: Double, _ step: Double) -> String {
    let decimals = step < 1 ? Int((-log10(step) - 1e-9).rounded(.up)) : 0
    let second = max(value - minute(value) * 60, 0)
    return String(format: "%0\(decimals == 0 ? 2 : decimals + 3).\(decimals)f", second)
  }

  private static func date(_ time: CalendarTime) -> String {
    "\(digits(time.year, 4))-\(digits(time.month, 2))-\(digits(time.day, 2))"
  }

  private static func digits(_ number: Int, _ count: Int) -> String {
    let text = String(number)
    return String(repeating: "0", count: max(count - text.count, 0)) + text
  }
}

extension Chart.Axis {
  /// Where a number stands: between names that stand for numbers in proportion.
  func place(of number: Double) -> Double {
    guard let first = levels.first else { return number }
    guard levels.count > 1 else { return number - first }
    let next = min(max(levels.firstIndex { $0 > number } ?? levels.count, 1), levels.count - 1)
    return Double(next - 1) + (number - levels[next - 1]) / (levels[next] - levels[next - 1])
  }

  /// What stands beside the axis, with what its ticks leave out.
  func label(with context: String?) -> String {
    guard let context else { return label }
    return label.isEmpty ? context : "\(label) (\(context))"
  }
}
