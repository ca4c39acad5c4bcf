import Foundation

/// A moment in the calendar that ISO 8601 uses, in UTC.
package struct CalendarTime {
  static let months = [
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
  ]
  static let weekdays = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]
  /// The days from the first of the year 1 to that of 1970, and from that to the first of the year 10000.
  private static let firstDay = -719_162, endDay = 2_932_897
  /// The seconds since the start of 1970 of the moments that there are.
  package static let bounds = Double(firstDay * 86_400)..<Double(endDay * 86_400)

  /// The date; a month and a day count from 1.
  package let year, month, day: Int
  private let weekday, dayOfYear, second, microsecond: Int

  /// The moment so many seconds after the start of 1970; nil outside the years 1 to 9999.
  package init?(_ seconds: Double) {
    guard Self.bounds.contains(seconds) else { return nil }
    // Past the microsecond a double holds no more.
    let whole = seconds.rounded(.down)
    let micro = Int(((seconds - whole) * 1e6).rounded(.toNearestOrEven))
    let total = Int(whole) + micro / 1_000_000
    let days = Int((Double(total) / 86_400).rounded(.down))
    guard days < Self.endDay else { return nil }
    (second, microsecond) = (total - days * 86_400, micro % 1_000_000)
    // Counted in years from March, so that a leap day is the last (Hinnant, chrono-compatible date algorithms).
    let shifted = days + 719_468
    let era = shifted / 146_097
    let dayOfEra = shifted - era * 146_097
    let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayInYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let monthFromMarch = (5 * dayInYear + 2) / 153
    day = dayInYear - (153 * monthFromMarch + 2) / 5 + 1
    month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9
    year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
    weekday = ((days + 3) % 7 + 7) % 7
    dayOfYear = days - Self.days(year, 1, 1) + 1
  }

  /// The days from the start of 1970 to a date.
  package static func days(_ year: Int, _ month: Int, _ day: Int) -> Int {
    let year = month <= 2 ? year - 1 : year
    let era = (year >= 0 ? year : year - 399) / 400
    let yearOfEra = year - era * 400
    let dayInYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
    return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayInYear - 719_468
  }

  /// The seconds since the start of 1970 of a date with or without a time and a zone; nil for another text.
  package static func seconds(ofISO text: String) -> Double? {
    guard text.utf8.count <= 64 else { return nil }
    var rest = Array(text.unicodeScalars)[...]
    func skipSpaces() { rest = rest.drop { $0.properties.isWhitespace } }
    func take(_ signs: Unicode.Scalar...) -> Unicode.Scalar? {
      guard let sign = rest.first, signs.contains(sign) else { return nil }
      return rest.removeFirst()
    }
    func number(_ count: Int) -> Int? {
      let digits = rest.prefix(count)
      guard digits.count == count, digits.allSatisfy({ "0"..."9" ~= $0 }) else { return nil }
      rest.removeFirst(count)
      return digits.reduce(0) { $0 * 10 + Int($1.value - 48) }
    }
    skipSpaces()
    guard let year = number(4), take("-") != nil, let month = number(2), take("-") != nil, let day = number(2),
      year >= 1, 1...12 ~= month, 1...31 ~= day
    else { return nil }
    let days = days(year, month, day)
    guard let date = CalendarTime(Double(days * 86_400)), date.month == month else { return nil }
    var (seconds, fraction) = (days * 86_400, 0.0)
    if let next = rest.dropFirst().first, "0"..."9" ~= next {
      guard take("T", " ") != nil, let hour = number(2), take(":") != nil, let minute = number(2), hour < 24,
        minute < 60
      else { return nil }
      seconds += hour * 3600 + minute * 60
      if take(":") != nil {
        guard let second = number(2), second < 60 else { return nil }
        seconds += second
        if take(".", ",") != nil {
          let digits = rest.prefix { "0"..."9" ~= $0 }
          guard 1...9 ~= digits.count, let value = Double("0." + String(String.UnicodeScalarView(digits))) else {
            return nil
          }
          rest.removeFirst(digits.count)
          fraction = value
        }
      }
      skipSpaces()
      if take("Z") == nil, let sign = take("+", "-") {
        guard let hours = number(2) else { return nil }
        _ = take(":")
        guard let minutes = number(2), hours < 24, minutes < 60 else { return nil }
        seconds -= (sign == "-" ? -1 : 1) * (hours * 3600 + minutes * 60)
      }
    }
    skipSpaces()
    return rest.isEmpty ? Double(seconds) + fraction : nil
  }

  /// The moment in the form that letters of `strftime` ask for.
  package func text(_ form: String) throws(ScriptError) -> String {
    var result = ""
    var letters = form.unicodeScalars.makeIterator()
    while let letter = letters.next() {
      guard letter == "%" else {
        result.unicodeScalars.append(letter)
        continue
      }
      guard let directive = letters.next(), let part = part(directive) else {
        throw ScriptError(
          .value, "\(Display.quoted(Display.start(of: form))) is no form of a date",
          help: "the parts are %Y %y %m %d %H %I %M %S %f %p %j %a %A %b %B %F %T %G %V %u and %%", argument: "form")
      }
      result += part
    }
    return result
  }

  private func part(_ directive: Unicode.Scalar) -> String? {
    let hour = second / 3600
    switch directive {
    case "Y": return Self.digits(year, 4)
    case "y": return Self.digits(year % 100, 2)
    case "m": return Self.digits(month, 2)
    case "d": return Self.digits(day, 2)
    case "H": return Self.digits(hour, 2)
    case "I": return Self.digits((hour + 11) % 12 + 1, 2)
    case "M": return Self.digits(second / 60 % 60, 2)
    case "S": return Self.digits(second % 60, 2)
    case "f": return Self.digits(microsecond, 6)
    case "p": return hour < 12 ? "AM" : "PM"
    case "j": return Self.digits(dayOfYear, 3)
    case "a": return String(Self.weekdays[weekday].prefix(3))
    case "A": return Self.weekdays[weekday]
    case "b": return String(Self.months[month - 1].prefix(3))
    case "B": return Self.months[month - 1]
    case "F": return "\(Self.digits(year, 4))-\(Self.digits(month, 2))-\(Self.digits(day, 2))"
    case "T":
      return "\(Self.digits(hour, 2)):\(Self.digits(second / 60 % 60, 2)):\(Self.digits(second % 60, 2))"
    case "G": return Self.digits(isoWeek.year, 4)
    case "V": return Self.digits(isoWeek.number, 2)
    case "u": return String(weekday + 1)
    case "%": return "%"
    default: return nil
    }
  }

  /// The week of ISO 8601: that of the year in which its Thursday lies.
  private var isoWeek: (year: Int, number: Int) {
    func number(_ dayOfYear: Int) -> Int { (dayOfYear - weekday - 1 + 10) / 7 }
    func length(_ year: Int) -> Int { Self.days(year + 1, 1, 1) - Self.days(year, 1, 1) }
    let own = number(dayOfYear)
    if own < 1 { return (year - 1, number(dayOfYear + length(year - 1))) }
    // The last days of December, from a Monday whose Thursday is in January.
    return own == 53 && dayOfYear - weekday + 3 > length(year) ? (year + 1, 1) : (year, own)
  }

  private static func digits(_ number: Int, _ count: Int) -> String {
    let text = String(number)
    return String(repeating: "0", count: max(0, count - text.count)) + text
  }
}
