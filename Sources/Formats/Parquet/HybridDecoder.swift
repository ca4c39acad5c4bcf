/// Decodes parquet's mixture of runs of equal numbers and groups of packed ones.
///
/// Levels, dictionary indices and truth values are stored so, `width` bits each.
struct HybridDecoder {
  private var input: ByteReader
  private let width: Int

  init(_ input: ByteReader, width: Int) throws(ParquetFault) {
    guard 0...32 ~= width else {
      throw ParquetFault(.malformed, "packed numbers have \(width) bits; at most 32 are read")
    }
    self.input = input
    self.width = width
  }

  /// Returns the next `count` numbers; one greater than `maximum` throws.
  mutating func read<Word: FixedWidthInteger & UnsignedInteger>(
    _ count: Int, as type: Word.Type, maximum: Word, _ what: String
  ) throws(ParquetFault) -> [Word] {
    var values: [Word] = []
    values.reserveCapacity(count)
    while values.count < count {
      let head = try input.size("the length of a run")
      let wanted = count - values.count
      if head & 1 == 1 {
        try unpack(groups: head >> 1, wanted, into: &values, maximum, what)
      } else {
        guard head > 0 else { throw ParquetFault(.malformed, "a run of \(what) is empty") }
        var value: UInt32 = 0
        for byte in 0..<(width + 7) / 8 { value |= UInt32(try input.byte()) << UInt32(8 * byte) }
        guard value <= maximum else { throw Self.tooLarge(value, what, maximum) }
        values.append(contentsOf: repeatElement(Word(value), count: min(wanted, head >> 1)))
      }
    }
    return values
  }

  /// Eight numbers a group; the last group may hold more than there are values.
  private mutating func unpack<Word: FixedWidthInteger & UnsignedInteger>(
    groups: Int, _ wanted: Int, into values: inout [Word], _ maximum: Word, _ what: String
  ) throws(ParquetFault) {
    guard groups > 0 else { throw ParquetFault(.malformed, "a run of \(what) is empty") }
    let count = groups > wanted / 8 ? wanted : groups * 8
    // Some writers leave the end of the last group out.
    let (size, isHuge) = groups.multipliedReportingOverflow(by: width)
    let needed = (count * width + 7) / 8
    let packed = try input.take(max(needed, min(isHuge ? .max : size, input.remaining)), what)
    var largest: UInt64 = 0
    var done = 0
    // Most numbers are small: eight of them are in one word.
    if 1...8 ~= width {
      let mask: UInt64 = 1 << UInt64(width) - 1
      var place = packed.lowerBound
      while done + 8 <= count, place + 8 <= input.bytes.count {
        var word: UInt64 = input.bytes.littleEndian(at: place)
        for _ in 0..<8 {
          largest = max(largest, word & mask)
          values.append(Word(truncatingIfNeeded: word & mask))
          word >>= UInt64(width)
        }
        place += width
        done += 8
      }
    }
    var bits = BitReader(input.bytes, packed.lowerBound + done * width / 8..<packed.upperBound)
    for _ in done..<count {
      let value = bits.take(width)
      largest = max(largest, value)
      values.append(Word(truncatingIfNeeded: value))
    }
    guard largest <= UInt64(maximum) else { throw Self.tooLarge(largest, what, maximum) }
  }

  private static func tooLarge(
    _ value: some UnsignedInteger, _ what: String, _ maximum: some UnsignedInteger
  ) -> ParquetFault {
    ParquetFault(.malformed, "\(what) hold \(value); at most \(maximum) fits")
  }
}

/// Takes numbers of few bits from bytes, the lowest bits first.
struct BitReader {
  private let bytes: [UInt8]
  private let end: Int
  private var place: Int
  private var buffer: UInt64 = 0
  private var filled = 0

  /// The caller makes sure that the range has the bits it will take; past its end they are 0.
  init(_ bytes: [UInt8], _ range: Range<Int>) {
    self.bytes = bytes
    (place, end) = (range.lowerBound, range.upperBound)
  }

  /// The next number of `width` bits, at most 64.
  @inline(__always)
  mutating func take(_ width: Int) -> UInt64 {
    if width <= 32 { return takeFew(width) }
    return takeFew(32) | takeFew(width - 32) << 32
  }

  @inline(__always)
  private mutating func takeFew(_ width: Int) -> UInt64 {
    if filled < width { fill() }
    let value = buffer & (1 << UInt64(width) - 1)
    buffer >>= UInt64(width)
    filled -= width
    return value
  }

  @inline(__always)
  private mutating func fill() {
    if place + 4 <= end {
      let word: UInt32 = bytes.littleEndian(at: place)
      buffer |= UInt64(word) << UInt64(filled)
      place += 4
      filled += 32
      return
    }
    while filled <= 32 {
      if place < end { buffer |= UInt64(bytes[place]) << UInt64(filled) }
      place += 1
      filled += 8
    }
  }
}
