import Foundation

/// Numbers in the forms of C's `printf`, which rounds exactly.
enum DecimalText {
  /// The text of a number in the form `f`, `e`, `E`, `g` or `G` with a number of digits.
  static func text(of number: Double, _ form: Character, _ precision: Int) -> String {
    if form == "f" || form == "F", precision <= 10, let text = fixed(number, precision) { return text }
    // A double has at most 309 digits before the point.
    return unsafe withUnsafeTemporaryAllocation(of: CChar.self, capacity: precision + 330) { buffer in
      let count = unsafe withVaList([Int32(clamping: precision), number]) { arguments in
        unsafe vsnprintf(buffer.baseAddress, buffer.count, "%.*\(form)", arguments)
      }
      let length = max(0, min(Int(count), buffer.count - 1))
      return unsafe String(decoding: buffer.prefix(length).lazy.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
  }

  /// The form `f` of a number of usual size, from exact whole numbers: a double is m * 2^-shift, so its digits are those of
  /// m * 10^precision shifted right, halves to even.
  private static func fixed(_ number: Double, _ precision: Int) -> String? {
    guard number >= 0, number < 9e15, number.isNormal else { return nil }
    let shift = 52 - Int(number.exponent)
    guard shift >= 0, shift < 120 else { return nil }
    var scaled = UInt128(number.significandBitPattern | 1 << 52)
    for _ in 0..<precision { scaled *= 10 }
    let rest = scaled & ((1 << UInt128(shift)) - 1)
    var digits = scaled >> UInt128(shift)
    if shift > 0 {
      let half = UInt128(1) << UInt128(shift - 1)
      if rest > half || rest == half && digits & 1 == 1 { digits += 1 }
    }
    guard let small = UInt64(exactly: digits) else { return nil }
    let text = String(small)
    if precision == 0 { return text }
    let padded = String(repeating: "0", count: max(0, precision + 1 - text.utf8.count)) + text
    return "\(padded.dropLast(precision)).\(padded.suffix(precision))"
  }
}
