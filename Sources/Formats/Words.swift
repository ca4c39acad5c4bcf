/// Numbers among bytes.
extension [UInt8] {
  /// The number in the bytes from `place` on, the lowest first.
  @inline(__always)
  package func littleEndian<Word: FixedWidthInteger & UnsignedInteger>(at place: Int) -> Word {
    // Of a part of known length the bounds are checked once, and the bytes come as one word.
    let part = span.extracting(place..<place + Word.bitWidth / 8)
    var word: Word = 0
    for byte in 0..<Word.bitWidth / 8 { word |= Word(truncatingIfNeeded: part[byte]) << Word(8 * byte) }
    return word
  }

  /// The number in the bytes from `place` on, the highest first.
  package func bigEndian<Word: FixedWidthInteger & UnsignedInteger>(at place: Int) -> Word {
    (littleEndian(at: place) as Word).byteSwapped
  }

  /// Adds a number, its highest byte first.
  mutating func appendBigEndian(_ word: some FixedWidthInteger & UnsignedInteger) {
    appendLittleEndian(word.byteSwapped)
  }
}

extension String {
  /// The text on one line, as what is told in a sentence is: ends of lines as `\n` and `\r`.
  package var onOneLine: String {
    utf8.contains { $0 == 0x0A || $0 == 0x0D } ? replacing("\r", with: "\\r").replacing("\n", with: "\\n") : self
  }
}
