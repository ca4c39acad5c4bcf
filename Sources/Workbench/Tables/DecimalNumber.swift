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
  @inline(__always)
  static func read(_ bytes: [UInt8], _ first: Int, _ last: Int, _ decimal: UInt8 = UInt8(ascii: ".")) -> Double? {
    plain(bytes, first, last, decimal) ?? any(bytes, first, last, decimal)
  }

  /// A number of so few digits that they fit into 64 bits, without spaces or an exponent, as most are; nil for any other.
  private static func plain(_ bytes: [UInt8], _ first: Int, _ last: Int, _ decimal: UInt8) -> Double? {
    guard first < last, last - first <= 19 else { return nil }
    let isNegative = bytes[first] == UInt8(ascii: "-")
    let start = isNegative ? first + 1 : first
    var (place, mantissa) = (start, UInt64(0))
    while place < last, case let digit = bytes[place] &- 0x30, digit < 10 {
      mantissa = mantissa &* 10 &+ UInt64(digit)
      place += 1
    }
    let point = place
    if point < last {
      guard bytes[point] == decimal, last - start > 1 else { return nil }
      place += 1
      while place < last, case let digit = bytes[place] &- 0x30, digit < 10 {
        mantissa = mantissa &* 10 &+ UInt64(digit)
        place += 1
      }
      guard place == last else { return nil }
    } else if point == start || mantissa > 1 << 53 {
      return nil
    }
    // A whole number below 2^53 over a power of ten below 10^23 is rounded once (Clinger 1990).
    let fraction = max(last - point - 1, 0)
    let number =
      mantissa <= 1 << 53 ? Double(mantissa) / exactPowers[fraction] : divided(mantissa, byPowerOfTen: fraction)
    return isNegative ? -number : number
  }

  private static func any(_ bytes: [UInt8], _ first: Int, _ last: Int, _ decimal: UInt8) -> Double? {
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
