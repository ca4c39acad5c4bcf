import PixelScript

/// Ticks of an axis of time: where years, months, days, hours, minutes or seconds begin.
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
    [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 10_800, 21_600, 43_200].map { .seconds($0) }
    + [1, 2, 4, 7, 14].map { .seconds($0 * day) } + [1, 2, 3, 6].map { .months($0) }
    + [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000].map { .months(12 * $0) }

  /// The first step that gives no more than so many ticks and one; a shorter one where that gives fewer than three.
  private func step(_ count: Int) -> Step {
    let rough = (high - low) / Double(max(count, 1))
    // Between days there is nothing where all values are whole days.
    let first = isWhole ? Self.steps.firstIndex { $0.length >= Self.day } ?? 0 : 0
    var place = max(Self.steps.firstIndex { $0.length >= rough * 0.999 } ?? Self.steps.count - 1, first)
    while place > first, values(Self.steps[place]).count < 3, values(Self.steps[place - 1]).count <= count + 1 {
      place -= 1
    }
    return Self.steps[place]
  }

  /// The ticks; nil outside of the years 1 to 9999.
  func moments(_ count: Int) -> [Tick]? {
    guard CalendarTime(low) != nil, CalendarTime(high) != nil else { return nil }
    let step = step(count)
    let values = values(step)
    let isOneDay = Self.day(of: values) != nil
    return values.compactMap { value in
      CalendarTime(value).map { Tick(value: value, label: label($0, value, step, isOneDay: isOneDay)) }
    }
  }

  private func values(_ step: Step) -> [Double] {
    guard let first = CalendarTime(low), let last = CalendarTime(high) else { return [] }
    switch step {
    case .seconds(let seconds):
      // Weeks begin on a Monday, as the fifth day of 1970 was.
      let origin = seconds >= 7 * Self.day ? 4 * Self.day : 0
      return Array(
        stride(
          from: ((low - origin) / seconds - 1e-9).rounded(.up) * seconds + origin, through: high + 1e-6 * seconds,
          by: seconds))
    case .months(let months):
      let from = (first.year * 12 + first.month - 1) / months * months
      return stride(from: from, through: last.year * 12 + last.month, by: months).filter { $0 >= 12 }.map {
        Double(CalendarTime.days($0 / 12, $0 % 12 + 1, 1)) * Self.day
      }.filter { $0 >= low - 1 && $0 <= high + 1 }
    }
  }

  private func label(_ time: CalendarTime, _ value: Double, _ step: Step, isOneDay: Bool) -> String {
    switch step {
    case .months(let months): return months >= 12 ? Self.digits(time.year, 4) : String(Self.date(time).prefix(7))
    case .seconds(let seconds) where seconds >= Self.day: return Self.date(time)
    case .seconds(let seconds):
      let second = Int(value - (value / Self.day).rounded(.down) * Self.day)
      let parts = [second / 3600, second / 60 % 60] + (seconds < 60 ? [second % 60] : [])
      let clock = parts.map { Self.digits($0, 2) }.joined(separator: ":")
      return isOneDay ? clock : "\(Self.date(time).suffix(5)) \(clock)"
    }
  }

  private static func date(_ time: CalendarTime) -> String {
    "\(digits(time.year, 4))-\(digits(time.month, 2))-\(digits(time.day, 2))"
  }

  private static func digits(_ number: Int, _ count: Int) -> String {
    let text = String(number)
    return String(repeating: "0", count: max(count - text.count, 0)) + text
  }

  /// The day on which all of some moments lie; nil for more days than one.
  private static func day(of values: [Double]) -> String? {
    guard let first = values.first.flatMap({ CalendarTime($0) }), let last = values.last.flatMap({ CalendarTime($0) }),
      date(first) == date(last)
    else { return nil }
    return date(first)
  }

  /// What the labels of so many ticks leave out: the day, or the years, of times of day.
  func context(_ count: Int) -> String? {
    guard isTime, case .seconds(let seconds) = step(count), seconds < Self.day else { return nil }
    let values = values(.seconds(seconds))
    guard let first = values.first.flatMap({ CalendarTime($0) }), let last = values.last.flatMap({ CalendarTime($0) })
    else { return nil }
    return Self.day(of: values) ?? (first.year == last.year ? "\(first.year)" : "\(first.year) to \(last.year)")
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
