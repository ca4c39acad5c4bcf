/// How numbers are written in a CSV file.
struct CSVNumberForm: Equatable, Sendable {
  /// What stands before fractions.
  let decimal: UInt8
  /// What stands between thousands, a blank or an apostrophe in any of its forms; nil for nothing.
  let thousands: UInt8?

  /// The signs beyond ASCII that stand between thousands, and that of ASCII whose forms they are: blanks at which no line ends, and the
  /// apostrophe of printers.
  private static let forms: [(sign: UInt8, form: [UInt8])] =
    ["\u{A0}", "\u{2007}", "\u{2009}", "\u{202F}"].map { (0x20, Array($0.utf8)) }
    + [(UInt8(ascii: "'"), Array("\u{2019}".utf8))]

  /// The sign that some text stands for between thousands; nil for none of one byte.
  static func thousands(_ text: String) -> UInt8? {
    let bytes = Array(text.utf8)
    return forms.first { $0.form == bytes }?.sign ?? (bytes.count == 1 ? bytes[0] : nil)
  }

  /// Whether what stands between thousands is somewhere in some bytes.
  fileprivate static func holds(_ bytes: ArraySlice<UInt8>, _ thousands: UInt8) -> Bool {
    bytes.contains(thousands)
      || bytes.contains { $0 >= 0x80 } && forms.contains { $0.sign == thousands && bytes.contains($0.form) }
  }

  /// The bytes with the other forms of a sign as the sign itself.
  private static func plain(_ bytes: ArraySlice<UInt8>, _ thousands: UInt8) -> ArraySlice<UInt8> {
    guard bytes.contains(where: { $0 >= 0x80 }) else { return bytes }
    return forms.filter { $0.sign == thousands }.reduce(bytes) { $0.replacing($1.form, with: [thousands]) }
  }

  init(decimal: UInt8 = UInt8(ascii: "."), thousands: UInt8? = nil) {
    (self.decimal, self.thousands) = (decimal, thousands)
  }

  /// Whether numbers are written as anywhere else.
  var isUsual: Bool { self == CSVNumberForm() }

  /// The forms that people write numbers in, those that need less to be said first.
  static let all: [CSVNumberForm] = {
    var forms: [CSVNumberForm] = []
    for decimal in ".,".utf8 {
      for thousands in [nil] + ",.' _".utf8.map({ UInt8?.some($0) }) where thousands != decimal {
        forms.append(CSVNumberForm(decimal: decimal, thousands: thousands))
      }
    }
    return forms
  }()

  /// The arguments that say it.
  var arguments: String {
    func quoted(_ sign: UInt8) -> String { "\"\(UnicodeScalar(sign))\"" }
    let parts: [String?] = [
      decimal == UInt8(ascii: ".") ? nil : "decimal: \(quoted(decimal))", thousands.map { "thousands: \(quoted($0))" },
    ]
    return parts.compactMap(\.self).joined(separator: ", ")
  }

  /// The number that a part of some bytes stands for; nil for what is none.
  ///
  /// Between thousands stand the last three digits and one to three before each, of which the first is not 0, so that `1,5` is no
  /// number of thousands; as in India groups of two may stand before the last.
  @inline(__always) func read(_ bytes: [UInt8], _ start: Int, _ end: Int) -> Double? {
    guard let thousands, Self.holds(bytes[start..<end], thousands) else {
      return DecimalNumber.read(bytes, start, end, decimal)
    }
    return number(bytes[start..<end], thousands)
  }

  private func number(_ text: ArraySlice<UInt8>, _ thousands: UInt8) -> Double? {
    var text = Self.plain(text, thousands).drop { $0 == 0x20 }
    while text.last == 0x20 { text.removeLast() }
    let sign = text.first.map { $0 == UInt8(ascii: "-") || $0 == UInt8(ascii: "+") } ?? false ? 1 : 0
    let whole = text.dropFirst(sign).prefix { $0 == thousands || UInt8(ascii: "0")...UInt8(ascii: "9") ~= $0 }
    let groups = whole.split(separator: thousands, omittingEmptySubsequences: false)
    guard groups.count > 1, let first = groups.first, let last = groups.last else {
      // What stands in the fraction is between no thousands.
      return nil
    }
    let width = groups[1].count
    let areWhole = groups.dropFirst().dropLast().allSatisfy { $0.count == width }
    guard width == 3 || width == 2, 1...width ~= first.count, first.first != UInt8(ascii: "0"), last.count == 3,
      areWhole
    else { return nil }
    let plain = Array(text.prefix(sign)) + whole.filter { $0 != thousands } + text[whole.endIndex...]
    return DecimalNumber.read(plain, 0, plain.count, decimal)
  }
}

extension PackedTexts {
  /// The forms in which all texts, of many the first ones, are numbers, those aside that say nothing.
  func numberForms(besides own: CSVNumberForm) -> [CSVNumberForm] {
    let ranges = (0..<Swift.min(entryCount, 1000)).map(range(ofEntry:)).filter {
      !$0.isEmpty && !MissingWords.are(bytes[$0])
    }
    return CSVNumberForm.all.filter { form in
      guard form != own else { return false }
      // A form says more than another only where what it says is there.
      var (hasDecimal, hasThousands) = (
        form.decimal == UInt8(ascii: ".") || form.decimal == own.decimal, form.thousands == nil
      )
      for range in ranges {
        guard form.read(bytes, range.lowerBound, range.upperBound) != nil else { return false }
        hasDecimal = hasDecimal || bytes[range].contains(form.decimal)
        hasThousands = hasThousands || form.thousands.map { CSVNumberForm.holds(bytes[range], $0) } ?? true
      }
      return hasDecimal && hasThousands && !ranges.isEmpty
    }
  }
}

extension PackedTexts {
  /// A text, of many one of the first ones, in which a backslash stands before a quote.
  var escapedQuote: String? {
    (0..<Swift.min(entryCount, 1000)).first { entry in
      let range = range(ofEntry: entry)
      return range.dropLast().contains { bytes[$0] == UInt8(ascii: "\\") && bytes[$0 + 1] == UInt8(ascii: "\"") }
    }.map { text(ofEntry: $0) }
  }
}
