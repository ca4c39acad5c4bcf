import Formats
import PixelScript
import Safepoint
import Tensors

/// The type of a column of a CSV file, which stands nowhere in it.
///
/// A column is of numbers or truth values when all fields are that say anything: an empty one, `NA`, `null`, `nil`, `None` and `N/A` say
/// nothing. Any other column is of texts, in which only empty fields are missing. What stands in quotes is a text, unless the whole file
/// stands in quotes; an empty text in quotes says nothing among numbers.
struct CSVColumn {
  /// The parts of the file.
  private let parts: [CSVFields]
  private let place: Int
  private let areAllQuoted: Bool
  /// What stands before fractions.
  private let decimal: UInt8

  init(_ parts: [CSVFields], _ place: Int, decimal: UInt8 = UInt8(ascii: ".")) {
    (self.parts, self.place, self.decimal) = (parts, place, decimal)
    areAllQuoted = parts.allSatisfy(\.areAllQuoted)
  }

  /// The values; `isText` takes them as they stand.
  func column(isText: Bool) throws -> Column {
    try Safepoint.reserve(16, times: parts.reduce(0) { $0 + $1.count }, for: "a column")
    if !isText {
      if let column = try numbers() { return column }
      if let column = try bools() { return column }
    }
    let found = try Parallel.map(parts.count, threads: Parallel.available) { try texts(parts[$0]) }
    return .texts(try found.dropFirst().reduce(into: found[0]) { try $0.append(contentsOf: $1) })
  }

  private func texts(_ fields: CSVFields) throws -> PackedTexts {
    var texts = PackedTexts(capacity: fields.count)
    let bytes = fields.bytes
    try Pieces.forEach(fields.count) { piece in
      for row in piece {
        let (start, end, isQuoted) = fields.place(row, place)
        if start == end, !isQuoted || areAllQuoted {
          texts.append(nil)
        } else if isQuoted {
          let text = Array(fields[row, place].text)
          texts.append(text, 0..<text.count)
        } else {
          texts.append(bytes, start..<end)
        }
      }
    }
    return texts
  }

  private func numbers() throws -> Column? {
    let found = try Parallel.map(parts.count, threads: Parallel.available) { try numbers(parts[$0]) }
    let all = found.compactMap { $0 }
    guard all.count == found.count else { return nil }
    guard all.contains(where: { $0.hasNumber }) || !all.contains(where: { $0.saysSomething }) else { return nil }
    return .numbers(all.count == 1 ? all[0].numbers : Array(all.map { $0.numbers }.joined()))
  }

  /// The numbers of a part, whether one is there, and whether a field is a word or an empty text: a column without either and without numbers
  /// has no type.
  private func numbers(
    _ fields: CSVFields
  ) throws -> (numbers: [Double], hasNumber: Bool, saysSomething: Bool)? {
    var (numbers, hasNumber) = ([Double](), false)
    numbers.reserveCapacity(fields.count)
    var (isNumeric, saysSomething) = (true, false)
    let bytes = fields.bytes
    try Pieces.forEach(fields.count) { piece in
      guard isNumeric else { return }
      for row in piece {
        let (start, end, isQuoted) = fields.place(row, place)
        if start == end {
          numbers.append(MissingNumber.value)
          saysSomething = saysSomething || isQuoted && !areAllQuoted
        } else if isQuoted, !areAllQuoted {
          isNumeric = false
          break
        } else if let number = DecimalNumber.read(bytes, start, end, decimal) {
          numbers.append(MissingNumber.present(number))
          hasNumber = true
        } else if CSVWord.isMissing(bytes[start..<end]) {
          numbers.append(MissingNumber.value)
          saysSomething = true
        } else {
          isNumeric = false
          break
        }
      }
    }
    return isNumeric ? (numbers, hasNumber, saysSomething) : nil
  }

  private func bools() throws -> Column? {
    let found = try Parallel.map(parts.count, threads: Parallel.available) { try bools(parts[$0]) }
    let all = found.compactMap { $0 }
    guard all.count == found.count, all.contains(where: { $0.hasBool }) else { return nil }
    return .bools(Array(all.map { $0.bools }.joined()))
  }

  private func bools(_ fields: CSVFields) throws -> (bools: [UInt8], hasBool: Bool)? {
    var (bools, hasBool) = ([UInt8](), false)
    for row in 0..<fields.count {
      try Safepoint.check(after: 10)
      let field = fields[row, place]
      if field.bytes.isEmpty {
        bools.append(Column.missingBool)
      } else if field.isQuoted, !areAllQuoted {
        return nil
      } else if let truth = CSVWord.bool(field.bytes) {
        bools.append(truth ? 1 : 0)
        hasBool = true
      } else if CSVWord.isMissing(field.bytes) {
        bools.append(Column.missingBool)
      } else {
        return nil
      }
    }
    return (bools, hasBool)
  }
}

/// Words of CSV files that are no texts.
enum CSVWord {
  private static let missing = ["NA", "N/A", "null", "nil", "None", "<NA>"].map { Array($0.utf8) }
  private static let yes = ["true", "True", "TRUE"].map { Array($0.utf8) }
  private static let no = ["false", "False", "FALSE"].map { Array($0.utf8) }

  /// Whether a field says that nothing is there.
  static func isMissing(_ field: ArraySlice<UInt8>) -> Bool { missing.contains { $0.elementsEqual(field) } }

  /// The truth value of a field, or nil.
  static func bool(_ field: ArraySlice<UInt8>) -> Bool? {
    guard field.count <= 5 else { return nil }
    if yes.contains(where: { $0.elementsEqual(field) }) { return true }
    return no.contains { $0.elementsEqual(field) } ? false : nil
  }

  /// Whether a text would be read as something else unless it stood in quotes.
  static func needsQuotes(_ field: ArraySlice<UInt8>) -> Bool {
    field.isEmpty || isMissing(field) || bool(field) != nil || DecimalNumber.read(field) != nil
  }
}

extension PackedTexts {
  /// Whether all texts, of many the first ones, are numbers with this sign before fractions, and one has it.
  func areDecimals(_ sign: UInt8) -> Bool {
    var isThere = false
    for entry in 0..<Swift.min(entryCount, 1000) {
      let range = range(ofEntry: entry)
      guard DecimalNumber.read(bytes, range.lowerBound, range.upperBound, sign) != nil else { return false }
      isThere = isThere || bytes[range].contains(sign)
    }
    return isThere
  }
}

/// Reads decimal numbers, most of them without a detour over a text.
enum DecimalNumber {
  private static let exactPowers: [Double] = [
    1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20,
    1e21,
    1e22,
  ]

  /// The number that bytes stand for, nearest to it, spaces around it left out; nil for what is none, for a whole number that would
  /// be rounded, and for one beyond the largest. `inf`, `nan` and the like are numbers.
  static func read(_ text: ArraySlice<UInt8>) -> Double? {
    let bytes = Array(text)
    return read(bytes, 0, bytes.count)
  }

  /// As `read`, of a part of some bytes, in which another sign may stand before fractions.
  static func read(_ bytes: [UInt8], _ first: Int, _ last: Int, _ decimal: UInt8 = UInt8(ascii: ".")) -> Double? {
    var (start, end) = (first, last)
    while start < end, bytes[start] == 0x20 { start += 1 }
    while start < end, bytes[end - 1] == 0x20 { end -= 1 }
    guard start < end else { return nil }
    var place = start
    let isNegative = bytes[place] == UInt8(ascii: "-")
    if isNegative || bytes[place] == UInt8(ascii: "+") { place += 1 }
    var (mantissa, digits, exponent) = (UInt64(0), 0, 0)
    var (isLong, hasPoint) = (false, false)
    while place < end {
      let byte = bytes[place]
      if byte >= 0x30, byte <= 0x39 {
        digits += 1
        // Of nineteen digits every number fits.
        if mantissa < 1_000_000_000_000_000_000 {
          mantissa = mantissa * 10 + UInt64(byte - 0x30)
        } else {
          isLong = true
        }
        if hasPoint { exponent -= 1 }
      } else if byte == decimal, !hasPoint {
        hasPoint = true
      } else {
        break
      }
      place += 1
    }
    guard digits > 0 else { return word(bytes[start..<end]) }
    // A whole number that would be rounded is no number, but a text such as an id.
    if place == end, !hasPoint, isLong || mantissa > 1 << 53 {
      guard !isLong, UInt64(exactly: Double(mantissa)) == mantissa else { return nil }
    }
    if place < end {
      guard bytes[place] | 0x20 == UInt8(ascii: "e") else { return nil }
      place += 1
      let isBelow = place < end && bytes[place] == UInt8(ascii: "-")
      if place < end, isBelow || bytes[place] == UInt8(ascii: "+") { place += 1 }
      var (power, count) = (0, 0)
      while place < end, bytes[place] >= 0x30, bytes[place] <= 0x39 {
        if power < 100_000 { power = power * 10 + Int(bytes[place] - 0x30) }
        place += 1
        count += 1
      }
      guard count > 0, place == end else { return nil }
      exponent += isBelow ? -power : power
    }
    // A whole number below 2^53 times or over a power of ten below 10^23 is rounded once (Clinger 1990).
    if !isLong, mantissa < 1 << 53, abs(exponent) <= 22 {
      let number = exponent < 0 ? Double(mantissa) / exactPowers[-exponent] : Double(mantissa) * exactPowers[exponent]
      return isNegative ? -number : number
    }
    if !isLong, mantissa > 0, -27...0 ~= exponent {
      let number = exponent == 0 ? Double(mantissa) : divided(mantissa, byPowerOfTen: -exponent)
      return isNegative ? -number : number
    }
    let text = bytes[start..<end].map { $0 == decimal ? UInt8(ascii: ".") : $0 }
    return Double(String(decoding: text, as: UTF8.self)).flatMap { $0.isFinite ? $0 : nil }
  }

  private static let powersOfFive: [UInt64] = (0...27).map { (0..<$0).reduce(1) { power, _ in power * 5 } }

  /// The double nearest to a whole number over ten to a power from 1 to 27: 64 bits of the quotient, and whether a rest is left, tell it.
  private static func divided(_ number: UInt64, byPowerOfTen power: Int) -> Double {
    let divisor = powersOfFive[power]
    let (numberShift, divisorShift) = (number.leadingZeroBitCount, divisor.leadingZeroBitCount)
    let dividend = number << UInt64(numberShift)
    let (quotient, rest) = (divisor << UInt64(divisorShift)).dividingFullWidth((dividend >> 1, dividend << 63))
    let extra = UInt64(11 - quotient.leadingZeroBitCount)
    let (low, half) = (quotient & (1 << extra - 1), UInt64(1) << (extra - 1))
    var top = quotient >> extra
    if low > half || low == half && (rest != 0 || top & 1 == 1) { top += 1 }
    return Double(
      sign: .plus, exponent: Int(extra) + divisorShift - numberShift - power - 63, significand: Double(top))
  }

  private static func word(_ bytes: ArraySlice<UInt8>) -> Double? {
    guard bytes.count <= 9 else { return nil }
    switch String(decoding: bytes, as: UTF8.self).lowercased() {
    case "nan", "+nan", "-nan": return .nan
    case "inf", "+inf", "infinity", "+infinity": return .infinity
    case "-inf", "-infinity": return -.infinity
    default: return nil
    }
  }
}
