/// A text that a pattern goes through, for as long as its box is held and not changed.
@safe struct PatternText {
  private let box: StringBox
  private let bytes: UnsafeBufferPointer<UInt8>

  init(_ text: StringBox) {
    box = text
    unsafe bytes = text.bytes
    size = text.size
  }

  /// The number of bytes.
  let size: Int

  @inline(__always) subscript(place: Int) -> UInt8 { unsafe bytes[place] }

  /// The code point at a byte and the byte behind it, which is the same at the end.
  @inline(__always) func decode(_ place: Int) -> (scalar: UInt32, next: Int) {
    guard place < size else { return (0, place) }
    let first = unsafe UInt32(bytes[place])
    return first < 0x80 ? (first, place + 1) : decodeLong(first, place)
  }

  private func decodeLong(_ first: UInt32, _ place: Int) -> (scalar: UInt32, next: Int) {
    let length = first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4
    var scalar = first & (0xff >> UInt32(length + 1))
    for offset in 1..<length where place + offset < size {
      scalar = unsafe scalar << 6 | UInt32(bytes[place + offset] & 0x3f)
    }
    return (scalar, min(place + length, size))
  }

  /// Whether a place is of a kind.
  func isAt(_ kind: Pattern.Place, _ place: Int) -> Bool {
    switch kind {
    case .start: return place == 0
    case .lineStart: return unsafe place == 0 || bytes[place - 1] == 10
    case .textEnd: return place == size
    case .end: return unsafe place == size || place == size - 1 && bytes[place] == 10
    case .lineEnd: return unsafe place == size || bytes[place] == 10
    case .boundary, .noBoundary:
      // As in Python, where an empty text has neither.
      guard size > 0 else { return false }
      let isBoundary = isWord(before: place) != (place < size && isWord(at: place))
      return isBoundary == (kind == .boundary)
    }
  }

  private func isWord(at place: Int) -> Bool { ScalarClass.isOf(.word, decode(place).scalar) }

  private func isWord(before place: Int) -> Bool {
    unsafe place > 0 && isWord(at: CodePoints.step(from: place, by: -1, in: bytes))
  }
}
