/// Writes texts and whole numbers one behind the other into memory that is large enough.
@safe struct TextWriter {
  private let buffer: UnsafeMutableBufferPointer<UInt8>
  /// The bytes written.
  private(set) var count = 0

  init(_ buffer: UnsafeMutableBufferPointer<UInt8>) { unsafe self.buffer = unsafe buffer }

  mutating func write(_ bytes: UnsafeBufferPointer<UInt8>) {
    guard bytes.count > 0 else { return }
    unsafe precondition(bytes.count <= buffer.count - count, "a text larger than its room")
    unsafe (buffer.baseAddress.unsafelyUnwrapped + count).update(
      from: bytes.baseAddress.unsafelyUnwrapped, count: bytes.count)
    count += bytes.count
  }

  /// Writes a text; a long one in pieces that are charged.
  @inline(__always) mutating func write(_ bytes: UnsafeBufferPointer<UInt8>, _ machine: Machine) throws {
    if bytes.count <= Machine.bytesAPiece { return unsafe write(bytes) }
    try machine.inPieces(bytes: bytes.count) { unsafe write(UnsafeBufferPointer(rebasing: bytes[$0])) }
  }

  /// Writes a byte several times.
  mutating func write(_ byte: UInt8, times: Int = 1) {
    for _ in 0..<max(times, 0) {
      unsafe buffer[count] = byte
      count += 1
    }
  }

  mutating func write(_ number: Int) {
    var rest = number.magnitude
    let start = count + (number < 0 ? 1 : 0)
    if number < 0 { unsafe buffer[count] = UInt8(ascii: "-") }
    var end = start
    repeat {
      end += 1
      rest /= 10
    } while rest > 0
    count = end
    rest = number.magnitude
    repeat {
      end -= 1
      unsafe buffer[end] = UInt8(ascii: "0") + UInt8(truncatingIfNeeded: rest % 10)
      rest /= 10
    } while end > start
  }
}

extension Slot {
  /// True for a whole number whose text is its decimal digits.
  var isSmallWhole: Bool { isNumber && abs(number) < 1e15 && number.rounded() == number }

  /// The most bytes that the text of a small whole number has.
  static let smallWholeLength = 16
}
