extension CalendarTime {
  /// The seconds since the start of 1970 of a date that is written in a form of `strftime`, as Python's `strptime` reads it: numbers may
  /// lack zeros in front, a space stands for any of them, and what the form does not tell is that of the first of January 1900 at midnight.
  /// Nil for a text of another form.
  package static func seconds(of text: String, form: String) throws(ScriptError) -> Double? {
    var reader = FormReader(text)
    var taken: Set<Unicode.Scalar> = []
    var letters = form.unicodeScalars.makeIterator()
    // No date needs more, in whatever form.
    var fits = text.utf8.count <= 256 && form.utf8.count <= 256
    while form.utf8.count <= 256, let letter = letters.next() {
      guard letter == "%" else {
        fits = fits && reader.skip(letter)
        continue
      }
      let directives: [Unicode.Scalar]
      switch letters.next() {
      case "F"?: directives = ["Y", "-", "m", "-", "d"]
      case "T"?: directives = ["H", ":", "M", ":", "S"]
      case let directive?: directives = [directive]
      case nil: directives = []
      }
      guard !directives.isEmpty,
        directives.allSatisfy({ FormReader.parts.contains($0) || "-:".unicodeScalars.contains($0) })
      else {
        throw ScriptError(
          .value, "\(Display.quoted(Display.start(of: form))) is no form of dates that can be read",
          help: "the parts are %Y %y %m %d %H %I %M %S %f %p %j %a %A %b %B %F %T %z and %%", argument: "form")
      }
      for directive in directives {
        if FormReader.parts.contains(directive), directive != "%", !taken.insert(directive).inserted {
          throw ScriptError(
            .value, "\(Display.quoted(Display.start(of: form))) has %\(directive) twice",
            help: directive == "m" ? "%M are minutes" : directive == "d" ? "%m are months" : "each part is read once",
            argument: "form")
        }
        fits = fits && reader.read(directive)
      }
    }
    return fits ? reader.seconds : nil
  }

  /// A date as it is read part by part.
  private struct FormReader {
    static let parts = Set("YymdHIMSfpjaAbBz%".unicodeScalars)
    private var rest: Substring.UnicodeScalarView
    private var (year, month, day, dayOfYear) = (Int?.none, Int?.none, Int?.none, Int?.none)
    private var (hour, hourOfHalf, minute, second, isAfternoon) = (Int?.none, Int?.none, 0, 0, Bool?.none)
    private var (fraction, zone) = (0.0, 0)

    init(_ text: String) { rest = text.unicodeScalars[...] }

    /// Skips a sign of the form; false where the text has another.
    mutating func skip(_ letter: Unicode.Scalar) -> Bool {
      if letter.properties.isWhitespace {
        let found = rest.first?.properties.isWhitespace ?? false
        rest = rest.drop { $0.properties.isWhitespace }
        return found
      }
      guard rest.first == letter else { return false }
      rest.removeFirst()
      return true
    }

    /// Reads what a letter behind `%`, or a sign, stands for; false where the text has something else.
    mutating func read(_ directive: Unicode.Scalar) -> Bool {
      func keep(_ number: Int?, _ place: inout Int) -> Bool {
        guard let number else { return false }
        place = number
        return true
      }
      /// What another part of the form told already must be the same.
      func keep(_ number: Int?, _ place: inout Int?) -> Bool {
        guard let number, place == nil || place == number else { return false }
        place = number
        return true
      }
      switch directive {
      case "Y": return keep(number(4, atLeast: 4, in: 1...9999), &year)
      case "y":
        return keep(number(2, atLeast: 2, in: 0...99).map { $0 + ($0 < 69 ? 2000 : 1900) }, &year)
      case "m": return keep(number(2, in: 1...12), &month)
      case "d": return keep(number(2, in: 1...31), &day)
      case "H": return keep(number(2, in: 0...23), &hour)
      case "I": return keep(number(2, in: 1...12), &hourOfHalf)
      case "M": return keep(number(2, in: 0...59), &minute)
      case "S": return keep(number(2, in: 0...59), &second)
      case "f":
        let digits = rest.prefix(6).prefix { "0"..."9" ~= $0 }
        guard !digits.isEmpty, let value = Double("0." + String(digits)) else { return false }
        rest = rest.dropFirst(digits.count)
        fraction = value
        return true
      case "j":
        return keep(number(3, in: 1...366), &dayOfYear)
      case "p":
        guard let place = name(of: ["AM", "PM"], 2) else { return false }
        isAfternoon = place == 1
        return true
      case "a": return name(of: CalendarTime.weekdays, 3) != nil
      case "A": return name(of: CalendarTime.weekdays, nil) != nil
      case "b": return keep(name(of: CalendarTime.months, 3).map { $0 + 1 }, &month)
      case "B": return keep(name(of: CalendarTime.months, nil).map { $0 + 1 }, &month)
      case "z":
        if rest.first == "Z" {
          rest.removeFirst()
          return true
        }
        guard let sign = rest.first, "+-".unicodeScalars.contains(sign) else { return false }
        rest.removeFirst()
        guard let hours = number(2, atLeast: 2, in: 0...23) else { return false }
        if rest.first == ":" { rest.removeFirst() }
        guard let minutes = number(2, atLeast: 2, in: 0...59) else { return false }
        zone = (sign == "-" ? -1 : 1) * (hours * 3600 + minutes * 60)
        return true
      default: return skip(directive)
      }
    }

    /// The number of the most digits that lies in a range.
    private mutating func number(_ most: Int, atLeast least: Int = 1, in range: ClosedRange<Int>) -> Int? {
      var digits = rest.prefix(most).prefix { "0"..."9" ~= $0 }
      while digits.count >= least {
        let number = digits.reduce(0) { $0 * 10 + Int($1.value - 48) }
        if range.contains(number) {
          rest = rest.dropFirst(digits.count)
          return number
        }
        digits = digits.dropLast()
      }
      return nil
    }

    /// The place of the name that the text goes on with, in capital or small letters; of all names so many letters count.
    private mutating func name(of names: [String], _ letters: Int?) -> Int? {
      let start = String(rest.prefix(9)).lowercased()
      for (place, name) in names.enumerated() {
        let name = (letters.map { String(name.prefix($0)) } ?? name).lowercased()
        guard start.hasPrefix(name) else { continue }
        rest = rest.dropFirst(name.unicodeScalars.count)
        return place
      }
      return nil
    }

    /// What was read; nil where something is left, for a day that there is not, and where two parts tell different days or hours.
    var seconds: Double? {
      guard rest.isEmpty, let days, let hour = hours else { return nil }
      return Double(days * 86_400 + hour * 3600 + minute * 60 + second - zone) + fraction
    }

    /// The days since the start of 1970.
    private var days: Int? {
      let year = year ?? 1900
      let date = CalendarTime.days(year, month ?? 1, day ?? 1)
      let days = dayOfYear.map { CalendarTime.days(year, 1, $0) } ?? date
      guard let moment = CalendarTime(Double(days * 86_400)), moment.year == year,
        month == nil || moment.month == month, day == nil || moment.day == day
      else { return nil }
      return days
    }

    private var hours: Int? {
      guard let given = hourOfHalf ?? hour else { return 0 }
      let told = given % 12 + (isAfternoon ?? ((hour ?? 0) > 11) ? 12 : 0)
      // An hour of the whole day tells its half by itself, up to noon as far as nothing else does.
      guard let hour, hour != told else { return told }
      return hourOfHalf == nil && hour <= 12 ? told : nil
    }
  }
}
