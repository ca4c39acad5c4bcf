import Foundation

/// Numbers in the forms of C's `printf`, which rounds exactly.
enum DecimalText {
  /// The text of a number in the form `f`, `e`, `E`, `g` or `G` with a number of digits.
  static func text(of number: Double, _ form: Character, _ precision: Int) -> String {
    if form == "f" || form == "F", precision <= longestQuick,
      let text = unsafe fixed(number, precision, { unsafe String(decoding: $0, as: UTF8.self) })
    {
      return text
    }
    // A double has at most 309 digits before the point.
    return unsafe withUnsafeTemporaryAllocation(of: CChar.self, capacity: precision + 330) { buffer in
      let count = unsafe withVaList([Int32(clamping: precision), number]) { arguments in
        unsafe vsnprintf(buffer.baseAddress, buffer.count, "%.*\(form)", arguments)
      }
      let length = max(0, min(Int(count), buffer.count - 1))
      return unsafe String(decoding: buffer.prefix(length).lazy.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
  }

  private static let powersOfTen: [UInt64] = (0...10).map { (0..<$0).reduce(1) { power, _ in power * 10 } }

  /// The most digits after the point that `fixed` gives.
  static let longestQuick = 10

  /// The form `f` of a number of usual size, which `body` gets as at most 32 bytes, from exact whole numbers: a double is
  /// m * 2^-shift, so its digits are those of m * 10^precision shifted right, halves to even.
  static func fixed<Result>(
    _ number: Double, _ precision: Int, _ body: (UnsafeBufferPointer<UInt8>) -> Result
  ) -> Result? {
    guard number >= 0, number < 9e15, number.isNormal || number == 0 else { return nil }
    let shift = number == 0 ? 0 : 52 - Int(number.exponent)
    guard shift >= 0, shift < 120 else { return nil }
    let significand = number == 0 ? 0 : number.significandBitPattern | 1 << 52
    let scaled = UInt128(significand) * UInt128(powersOfTen[precision])
    var digits = scaled >> UInt128(shift)
    if shift > 0 {
      let rest = scaled & ((1 << UInt128(shift)) - 1)
      let half = UInt128(1) << UInt128(shift - 1)
      if rest > half || rest == half && digits & 1 == 1 { digits += 1 }
    }
    guard var rest = UInt64(exactly: digits) else { return nil }
    // At most 20 digits and a point, written from the end.
    return unsafe withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 32) { buffer in
      var place = 32
      var written = 0
      repeat {
        if written == precision, precision > 0 {
          place -= 1
          unsafe buffer[place] = UInt8(ascii: ".")
        }
        place -= 1
        unsafe buffer[place] = UInt8(ascii: "0") + UInt8(truncatingIfNeeded: rest % 10)
        rest /= 10
        written += 1
      } while rest > 0 || written <= precision
      return unsafe body(UnsafeBufferPointer(rebasing: buffer[place...]))
    }
  }
}
