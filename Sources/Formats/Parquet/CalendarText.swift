/// Dates, times and durations as ISO 8601 writes them.
enum CalendarText {
  private static let nanosecondsPerDay = 86_400_000_000_000

  /// A date; `day` counts from the first of 1970.
  static func date(_ day: Int) -> String {
    var text: [UInt8] = []
    append(date: day, to: &text)
    return String(decoding: text, as: UTF8.self)
  }

  /// A date that is counted in milliseconds.
  static func date(milliseconds: Int) -> String {
    let (day, rest) = milliseconds.quotientAndRemainder(dividingBy: 86_400_000)
    return date(rest < 0 ? day - 1 : day)
  }

  /// A time of the day; what is outside of a day is a duration.
  static func time(_ count: Int, _ unit: ParquetMeaning.Unit) -> String {
    guard 0..<86_400 * unit.perSecond ~= count else { return duration(count, unit) }
    var text: [UInt8] = []
    append(time: count * (1_000_000_000 / unit.perSecond), to: &text)
    return String(decoding: text, as: UTF8.self)
  }

  /// A moment; `count` counts from the beginning of 1970, of Greenwich's where `isUTC`, which is said by a Z.
  static func timestamp(_ count: Int, _ unit: ParquetMeaning.Unit, isUTC: Bool) -> String {
    let perDay = 86_400 * unit.perSecond
    var (day, rest) = count.quotientAndRemainder(dividingBy: perDay)
    if rest < 0 { (day, rest) = (day - 1, rest + perDay) }
    return timestamp(day: day, nanoseconds: rest * (1_000_000_000 / unit.perSecond), isUTC: isUTC)
  }

  /// A moment of a day; nanoseconds outside of it are those of other days.
  static func timestamp(day: Int, nanoseconds: Int, isUTC: Bool = false) -> String {
    var (days, rest) = nanoseconds.quotientAndRemainder(dividingBy: nanosecondsPerDay)
    if rest < 0 { (days, rest) = (days - 1, rest + nanosecondsPerDay) }
    var text: [UInt8] = []
    text.reserveCapacity(32)
    append(date: day + days, to: &text)
    text.append(UInt8(ascii: "T"))
    append(time: rest, to: &text)
    if isUTC { text.append(UInt8(ascii: "Z")) }
    return String(decoding: text, as: UTF8.self)
  }

  /// A period, such as `2024`, `2024Q1`, `2024-01`, a week as `2024-01-01/2024-01-07`, a date, or the moment at which an hour, a minute,
  /// a second or a part of one begins.
  static func period(_ count: Int, _ period: ParquetMeaning.Period) -> String {
    if case .fractions(let unit) = period { return timestamp(count, unit, isUTC: false) }
    // What is beyond all calendars is the number.
    guard count.magnitude < 1 << 36 else { return String(count) }
    func year(_ count: Int, of parts: Int) -> (year: String, rest: Int) {
      let rest = (count % parts + parts) % parts
      let year = 1970 + (count - rest) / parts
      let digits = String(year.magnitude)
      return ((year < 0 ? "-" : "") + String(repeating: "0", count: max(0, 4 - digits.count)) + digits, rest)
    }
    switch period {
    case .years: return year(count, of: 1).year
    case .quarters:
      let (year, quarter) = year(count, of: 4)
      return "\(year)Q\(quarter + 1)"
    case .months:
      let (year, month) = year(count, of: 12)
      return "\(year)-\(month < 9 ? "0" : "")\(month + 1)"
    case .weeks(let start): return "\(date(start + 7 * count))/\(date(start + 7 * count + 6))"
    case .workdays:
      // The first is a Thursday.
      let day = (count % 5 + 8) % 5
      return date(7 * ((count + 3 - day) / 5) + day - 3)
    case .days: return date(count)
    case .hours: return timestamp(count * 3600, .seconds, isUTC: false)
    case .minutes: return timestamp(count * 60, .seconds, isUTC: false)
    case .fractions(let unit): return timestamp(count, unit, isUTC: false)
    }
  }

  /// A duration, such as `P1DT2H30.5S`.
  static func duration(_ count: Int, _ unit: ParquetMeaning.Unit) -> String {
    let (seconds, rest) = count.magnitude.quotientAndRemainder(dividingBy: UInt(unit.perSecond))
    return (count < 0 ? "-" : "")
      + duration(
        days: seconds / 86_400, seconds: seconds % 86_400, nanoseconds: Int(rest) * (1_000_000_000 / unit.perSecond))
  }

  /// An interval of months, days and milliseconds.
  static func interval(_ bytes: ArraySlice<UInt8>) -> String {
    let bytes = Array(bytes)
    let (months, days, milliseconds): (UInt32, UInt32, UInt32) = (
      bytes.littleEndian(at: 0), bytes.littleEndian(at: 4), bytes.littleEndian(at: 8)
    )
    return duration(
      years: UInt(months / 12), months: UInt(months % 12), days: UInt(days), seconds: UInt(milliseconds / 1000),
      nanoseconds: Int(milliseconds % 1000) * 1_000_000)
  }

  private static func duration(
    years: UInt = 0, months: UInt = 0, days: UInt, seconds: UInt, nanoseconds: Int
  ) -> String {
    func part(_ count: UInt, _ sign: String) -> String { count == 0 ? "" : "\(count)\(sign)" }
    var rest = String(seconds % 60)
    if nanoseconds > 0 {
      var fraction: [UInt8] = []
      append(fraction: nanoseconds, to: &fraction)
      rest += String(decoding: fraction, as: UTF8.self)
    }
    let date = part(years, "Y") + part(months, "M") + part(days, "D")
    let time = part(seconds / 3600, "H") + part(seconds / 60 % 60, "M") + (rest == "0" ? "" : rest + "S")
    if date.isEmpty, time.isEmpty { return "PT0S" }
    return "P" + date + (time.isEmpty ? "" : "T" + time)
  }

  private static func append(date day: Int, to text: inout [UInt8]) {
    // The calendar repeats every 400 years of 146097 days; years begin in March, so that leap days are last.
    let days = day + 719_468
    let (era, rest) = days.quotientAndRemainder(dividingBy: 146_097)
    let (cycle, dayOfEra) = rest < 0 ? (era - 1, rest + 146_097) : (era, rest)
    let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let month = (5 * dayOfYear + 2) / 153
    append(400 * cycle + yearOfEra + (month < 10 ? 0 : 1), width: 4, to: &text)
    text.append(UInt8(ascii: "-"))
    append(month < 10 ? month + 3 : month - 9, width: 2, to: &text)
    text.append(UInt8(ascii: "-"))
    append(dayOfYear - (153 * month + 2) / 5 + 1, width: 2, to: &text)
  }

  private static func append(time nanoseconds: Int, to text: inout [UInt8]) {
    let seconds = nanoseconds / 1_000_000_000
    append(seconds / 3600, width: 2, to: &text)
    text.append(UInt8(ascii: ":"))
    append(seconds / 60 % 60, width: 2, to: &text)
    text.append(UInt8(ascii: ":"))
    append(seconds % 60, width: 2, to: &text)
    append(fraction: nanoseconds % 1_000_000_000, to: &text)
  }

  /// The point and what is behind it, without zeros at its end.
  private static func append(fraction nanoseconds: Int, to text: inout [UInt8]) {
    if nanoseconds == 0 { return }
    text.append(UInt8(ascii: "."))
    append(nanoseconds, width: 9, to: &text)
    while text.last == UInt8(ascii: "0") { text.removeLast() }
  }

  private static func append(_ number: Int, width: Int, to text: inout [UInt8]) {
    if number < 0 { text.append(UInt8(ascii: "-")) }
    var (rest, digits) = (number.magnitude, [UInt8]())
    while rest > 0 || digits.count < width {
      digits.append(0x30 + UInt8(rest % 10))
      rest /= 10
    }
    text += digits.reversed()
  }
}
