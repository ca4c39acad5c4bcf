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
  mutating func read(_ count: Int, maximum: UInt8, _ what: String) throws(ParquetFault) -> [UInt8] {
    var values: [UInt8] = []
    values.reserveCapacity(count)
    try read(count, maximum: maximum, what, into: &values)
    return values
  }

  /// Adds the next `count` numbers to `values`; one greater than `maximum` throws.
  mutating func read(
    _ count: Int, maximum: UInt8, _ what: String, into values: inout [UInt8]
  ) throws(ParquetFault) {
    try decode(count, maximum: UInt64(maximum), what, into: &values, Level())
  }

  /// Adds what the next `count` numbers stand for in `dictionary`, which is not empty, to `values`.
  mutating func read<Element>(
    _ count: Int, from dictionary: [Element], _ what: String, into values: inout [Element]
  ) throws(ParquetFault) {
    let maximum = UInt64(dictionary.count - 1)
    try decode(count, maximum: maximum, what, into: &values, Index(dictionary: dictionary, maximum: maximum))
  }

  @inline(__always)
  private mutating func decode<Meaning: PackedMeaning>(
    _ count: Int, maximum: UInt64, _ what: String, into values: inout [Meaning.Element], _ meaning: Meaning
  ) throws(ParquetFault) {
    var wanted = count
    while wanted > 0 {
      let head = try input.size("the length of a run")
      guard head > 1 else { throw ParquetFault(.malformed, "a run of \(what) is empty") }
      let largest: UInt64
      if head & 1 == 1 {
        let count = head >> 1 > wanted / 8 ? wanted : head >> 1 * 8
        largest = unpack(try packed(groups: head >> 1, count, what), count, into: &values, meaning)
        wanted -= count
      } else {
        var value: UInt64 = 0
        for byte in 0..<(width + 7) / 8 { value |= UInt64(try input.byte()) << UInt64(8 * byte) }
        largest = value
        guard value <= maximum else { throw Self.tooLarge(value, what, maximum) }
        let count = min(wanted, head >> 1)
        values.append(contentsOf: repeatElement(meaning.element(value), count: count))
        wanted -= count
      }
      guard largest <= maximum else { throw Self.tooLarge(largest, what, maximum) }
    }
  }

  /// The bytes of packed numbers: eight of them a group; the last group may hold more than there are values.
  private mutating func packed(groups: Int, _ count: Int, _ what: String) throws(ParquetFault) -> Range<Int> {
    // Some writers leave the end of the last group out.
    let (size, isHuge) = groups.multipliedReportingOverflow(by: width)
    let needed = (count * width + 7) / 8
    return try input.take(max(needed, min(isHuge ? .max : size, input.remaining)), what)
  }

  /// Adds `count` packed numbers and returns the largest.
  @inline(__always)
  private func unpack<Meaning: PackedMeaning>(
    _ packed: Range<Int>, _ count: Int, into values: inout [Meaning.Element], _ meaning: Meaning
  ) -> UInt64 {
    let (bytes, width) = (input.bytes, width)
    var largest: UInt64 = 0
    values.append(addingCapacity: count) { values in
      var done = 0
      // Most numbers are small: eight of them are in one word.
      if 1...8 ~= width {
        let mask: UInt64 = 1 << UInt64(width) - 1
        var place = packed.lowerBound
        while done + 8 <= count, place + 8 <= bytes.count {
          var word: UInt64 = bytes.littleEndian(at: place)
          for _ in 0..<8 {
            let value = word & mask
            largest = max(largest, value)
            values.append(meaning.element(value))
            word >>= UInt64(width)
          }
          place += width
          done += 8
        }
      }
      var bits = BitReader(bytes, packed.lowerBound + done * width / 8..<packed.upperBound)
      for _ in done..<count {
        let value = bits.take(width)
        largest = max(largest, value)
        values.append(meaning.element(value))
      }
    }
    return largest
  }

  private static func tooLarge(
    _ value: some UnsignedInteger, _ what: String, _ maximum: some UnsignedInteger
  ) -> ParquetFault {
    ParquetFault(.malformed, "\(what) hold \(value); at most \(maximum) fits")
  }
}

/// What packed numbers stand for; a type rather than a closure, so that it is part of the loop.
private protocol PackedMeaning<Element> {
  associatedtype Element
  func element(_ number: UInt64) -> Element
}

/// Numbers that stand for themselves.
private struct Level: PackedMeaning {
  @inline(__always)
  func element(_ number: UInt64) -> UInt8 { UInt8(truncatingIfNeeded: number) }
}

/// Numbers that are places in a dictionary.
private struct Index<Element>: PackedMeaning {
  let dictionary: [Element]
  let maximum: UInt64

  /// What is too large is found out afterwards.
  @inline(__always)
  func element(_ number: UInt64) -> Element { dictionary[Int(min(number, maximum))] }
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
