import Foundation

/// Numbers in the forms of C's `printf`, which rounds exactly.
enum DecimalText {
  /// The text of a number in the form `f`, `e`, `E`, `g` or `G` with a number of digits.
  static func text(of number: Double, _ form: Character, _ precision: Int) -> String {
    // A double has at most 309 digits before the point.
    unsafe withUnsafeTemporaryAllocation(of: CChar.self, capacity: precision + 330) { buffer in
      let count = unsafe withVaList([Int32(clamping: precision), number]) { arguments in
        unsafe vsnprintf(buffer.baseAddress, buffer.count, "%.*\(form)", arguments)
      }
      let length = max(0, min(Int(count), buffer.count - 1))
      return unsafe String(decoding: unsafe buffer.prefix(length).lazy.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
  }
}
