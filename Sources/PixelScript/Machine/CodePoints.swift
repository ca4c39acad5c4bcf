/// Where the code points of a text in UTF-8 lie: a table with the place of every 32nd, and the place that was asked for last.
///
/// Made when the first position is looked for in a text that has others than ASCII; a text that was appended to is looked through
/// from where it ended.
final class CodePoints {
  private static let interval = 32
  private static let piece = 1 << 15

  /// The offset of every 32nd code point.
  @safe @exclusivity(unchecked) private var offsets: [Int] = []
  @safe @exclusivity(unchecked) private var bytesSeen = 0
  @safe @exclusivity(unchecked) private var pointsSeen = 0
  /// A code point that was asked for, and its offset.
  @safe @exclusivity(unchecked) private var last = (position: 0, offset: 0)

  /// The bytes that the table takes.
  var cost: Int { offsets.count * MemoryLayout<Int>.stride }

  /// True when so many bytes were looked through.
  @inline(__always) func hasSeen(_ count: Int) -> Bool { bytesSeen == count }

  /// Looks through what of the text is not known yet.
  func index(_ bytes: UnsafeBufferPointer<UInt8>, _ machine: Machine) throws {
    while bytesSeen < bytes.count {
      let end = min(bytesSeen + CodePoints.piece, bytes.count)
      for place in bytesSeen..<end where unsafe bytes[place] & 0xc0 != 0x80 {
        if pointsSeen % CodePoints.interval == 0 { offsets.append(place) }
        pointsSeen += 1
      }
      let done = end - bytesSeen
      bytesSeen = end
      try machine.charge(elements: done / 4)
    }
  }

  /// Where a code point of the text starts; the number of all of them means the end.
  func offset(of position: Int, in bytes: UnsafeBufferPointer<UInt8>) -> Int {
    if position >= pointsSeen { return bytes.count }
    let isNear = abs(position - last.position) <= CodePoints.interval / 2
    let offset =
      isNear
      ? unsafe CodePoints.step(from: last.offset, by: position - last.position, in: bytes)
      : unsafe CodePoints.step(
        from: offsets[position / CodePoints.interval], by: position % CodePoints.interval, in: bytes)
    last = (position, offset)
    return offset
  }

  /// The bytes of the code point that begins with a byte.
  @inline(__always) static func length(of first: UInt8) -> Int {
    first < 0x80 ? 1 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4
  }

  /// The number of code points in some bytes: all but those that continue one.
  static func count(_ bytes: Swift.Slice<UnsafeBufferPointer<UInt8>>) -> Int {
    var (count, place) = unsafe (0, bytes.startIndex)
    let (base, end) = unsafe (bytes.base.baseAddress.unsafelyUnwrapped, bytes.endIndex)
    // Mostly there are only letters of ASCII.
    while place + 8 <= end {
      let eight = unsafe UnsafeRawPointer(base + place).loadUnaligned(as: UInt64.self)
      // A byte that continues a code point has the upper one of its first two bits alone.
      let continuing = eight & ~(eight << 1) & 0x8080_8080_8080_8080
      count &+= 8 &- continuing.nonzeroBitCount
      place += 8
    }
    while place < end {
      count &+= unsafe base[place] & 0xc0 != 0x80 ? 1 : 0
      place += 1
    }
    return count
  }

  /// The start of the code point that is `count` after, or before when negative, the one at `offset`.
  static func step(from offset: Int, by count: Int, in bytes: UnsafeBufferPointer<UInt8>) -> Int {
    var (place, left) = (offset, count)
    while left > 0 {
      repeat { place += 1 } while unsafe place < bytes.count && bytes[place] & 0xc0 == 0x80
      left -= 1
    }
    while left < 0 {
      repeat { place -= 1 } while unsafe place > 0 && bytes[place] & 0xc0 == 0x80
      left += 1
    }
    return place
  }
}
