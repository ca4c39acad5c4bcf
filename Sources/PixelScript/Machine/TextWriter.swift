/// Writes texts and whole numbers one behind the other into memory that is large enough.
@safe struct TextWriter {
  private let buffer: UnsafeMutableBufferPointer<UInt8>
  /// The bytes written.
  private(set) var count = 0

  init(_ buffer: UnsafeMutableBufferPointer<UInt8>) { unsafe self.buffer = unsafe buffer }

  mutating func write(_ bytes: UnsafeBufferPointer<UInt8>) {
    guard bytes.count > 0 else { return }
    unsafe precondition(bytes.count <= buffer.count - count, "a text larger than its room")
    unsafe TextWriter.copy(
      bytes.baseAddress.unsafelyUnwrapped, to: buffer.baseAddress.unsafelyUnwrapped + count, bytes.count)
    count += bytes.count
  }

  /// Copies bytes, few of them without a call.
  @inline(__always)
  static func copy(_ source: UnsafePointer<UInt8>, to target: UnsafeMutablePointer<UInt8>, _ count: Int) {
    if count > 32 { return unsafe target.update(from: source, count: count) }
    if count >= 16 {
      let start = unsafe loaded(source, as: SIMD2<UInt64>.self)
      let end = unsafe loaded(source + count - 16, as: SIMD2<UInt64>.self)
      unsafe UnsafeMutableRawPointer(target).storeBytes(of: start, as: SIMD2<UInt64>.self)
      unsafe UnsafeMutableRawPointer(target + count - 16).storeBytes(of: end, as: SIMD2<UInt64>.self)
    } else if count >= 8 {
      let (start, end) = unsafe (loaded(source, as: UInt64.self), loaded(source + count - 8, as: UInt64.self))
      unsafe UnsafeMutableRawPointer(target).storeBytes(of: start, as: UInt64.self)
      unsafe UnsafeMutableRawPointer(target + count - 8).storeBytes(of: end, as: UInt64.self)
    } else if count >= 4 {
      let (start, end) = unsafe (loaded(source, as: UInt32.self), loaded(source + count - 4, as: UInt32.self))
      unsafe UnsafeMutableRawPointer(target).storeBytes(of: start, as: UInt32.self)
      unsafe UnsafeMutableRawPointer(target + count - 4).storeBytes(of: end, as: UInt32.self)
    } else if count > 0 {
      let (first, middle, last) = unsafe (source[0], source[count / 2], source[count - 1])
      unsafe target[0] = first
      unsafe target[count / 2] = middle
      unsafe target[count - 1] = last
    }
  }

  @inline(__always)
  private static func loaded<Word: BitwiseCopyable>(_ place: UnsafePointer<UInt8>, as type: Word.Type) -> Word {
    unsafe UnsafeRawPointer(place).loadUnaligned(as: type)
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
  var isSmallWhole: Bool { isNumber && abs(number) < 1e15 && Machine.whole(number) != nil }

  /// The most bytes that the text of a small whole number has.
  static let smallWholeLength = 16
}
