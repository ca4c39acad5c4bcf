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
  /// The values of a part of the file.
  private enum Part {
    /// Numbers, whether one is there, and whether a field is a word or an empty text: a column without either and without numbers
    /// has no type.
    case numbers([Double], hasNumber: Bool, saysSomething: Bool)
    case bools([UInt8], hasBool: Bool)
    case texts(PackedTexts)

    var count: Int {
      switch self {
      case .numbers(let numbers, _, _): numbers.count
      case .bools(let bools, _): bools.count
      case .texts(let texts): texts.count
      }
    }

    var type: ValueType {
      switch self {
      case .numbers: .numbers
      case .bools: .bools
      case .texts: .texts
      }
    }
  }

  private enum ValueType { case numbers, bools, texts }

  private let place: Int
  private let isText: Bool
  private let decimal: UInt8
  private var parts: [Part] = []

  /// The column at a place of the records, with what stands before fractions; `isText` takes its values as they stand.
  init(place: Int, isText: Bool, decimal: UInt8 = UInt8(ascii: ".")) {
    (self.place, self.isText, self.decimal) = (place, isText, decimal)
  }

  /// Reads columns part by part, so that where the fields are is known of few parts at a time; gives the number of rows.
  static func read(_ columns: inout [CSVColumn], of text: CSVText) throws -> Int {
    let unread = columns
    let found = try Parallel.map(text.count, threads: Parallel.available) { part in
      let fields = try text.fields(ofPart: part)
      return (count: fields.count, values: try unread.map { try $0.part(fields, as: nil) })
    }
    for place in columns.indices { columns[place].parts = found.map { $0.values[place] } }
    // What is of numbers in one part may be of texts in another.
    let types = columns.map(\.type)
    let again = found.indices.filter { part in
      columns.indices.contains { columns[$0].parts[part].type != types[$0] }
    }
    let (first, parts) = (columns, again)
    let read = try Parallel.map(again.count, threads: Parallel.available) { number -> [Part?] in
      let fields = try text.fields(ofPart: parts[number])
      return try first.indices.map {
        first[$0].parts[parts[number]].type == types[$0] ? nil : try first[$0].part(fields, as: types[$0])
      }
    }
    for (number, part) in again.enumerated() {
      for (place, values) in read[number].enumerated() { if let values { columns[place].parts[part] = values } }
    }
    return found.reduce(0) { $0 + $1.count }
  }

  /// The type that all parts have, or can be read as.
  private var type: ValueType {
    var (hasNumber, hasBool, saysSomething, areNumbers, areBools) = (false, false, false, true, true)
    for part in parts {
      switch part {
      case .numbers(_, let isThere, let says):
        (hasNumber, saysSomething) = (hasNumber || isThere, saysSomething || says)
        if isThere { areBools = false }
      case .bools(_, let isThere): (areNumbers, hasBool) = (false, hasBool || isThere)
      case .texts: return .texts
      }
    }
    if areNumbers, hasNumber || !saysSomething { return .numbers }
    return areBools && hasBool ? .bools : .texts
  }

  /// The values of all parts, which are of one type.
  var column: Column {
    get throws {
      var (numbers, bools, texts) = ([Double](), [UInt8](), PackedTexts())
      if parts.count > 1 { try Safepoint.reserve(8, times: parts.reduce(0) { $0 + $1.count }, for: "a column") }
      for part in parts {
        try Safepoint.check()
        switch part {
        case .numbers(let more, _, _): if numbers.isEmpty { numbers = more } else { numbers += more }
        case .bools(let more, _): if bools.isEmpty { bools = more } else { bools += more }
        case .texts(let more): if texts.count == 0 { texts = more } else { try texts.append(contentsOf: more) }
        }
      }
      switch type {
      case .numbers: return .numbers(numbers)
      case .bools: return .bools(bools)
      case .texts: return .texts(texts)
      }
    }
  }

  /// The values of a part as a type, or as the first one that fits.
  private func part(_ fields: CSVFields, as type: ValueType?) throws -> Part {
    try Safepoint.reserve(16, times: fields.count, for: "a column")
    if !isText {
      if type != .texts, type != .bools, let numbers = try numbers(fields) { return numbers }
      if type != .texts, let bools = try bools(fields) { return bools }
    }
    return .texts(try texts(fields))
  }

  private func texts(_ fields: CSVFields) throws -> PackedTexts {
    var texts = PackedTexts(capacity: fields.count)
    let bytes = fields.bytes
    try Pieces.forEach(fields.count) { piece in
      for row in piece {
        let (start, end, isQuoted) = fields.place(row, place)
        if start == end, !isQuoted || fields.areAllQuoted {
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

  private func numbers(_ fields: CSVFields) throws -> Part? {
    var (numbers, hasNumber) = ([Double](), false)
    numbers.reserveCapacity(fields.count)
    var (isNumeric, saysSomething) = (true, false)
    let (bytes, areAllQuoted) = (fields.bytes, fields.areAllQuoted)
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
    return isNumeric ? .numbers(numbers, hasNumber: hasNumber, saysSomething: saysSomething) : nil
  }

  private func bools(_ fields: CSVFields) throws -> Part? {
    var (bools, hasBool) = ([UInt8](), false)
    for row in 0..<fields.count {
      try Safepoint.check(after: 10)
      let field = fields[row, place]
      if field.bytes.isEmpty {
        bools.append(Column.missingBool)
      } else if field.isQuoted, !fields.areAllQuoted {
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
    return .bools(bools, hasBool: hasBool)
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
