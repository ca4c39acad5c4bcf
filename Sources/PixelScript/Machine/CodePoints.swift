/// Where the code points of a text in UTF-8 lie: a table with the place of every 128th.
///
/// Made when the first position is looked for in a text that has others than ASCII; a text that was appended to is looked through
/// from where it ended.
final class CodePoints {
  private static let interval = 128
  private static let piece = 1 << 15

  /// The offset of every 128th code point.
  private var offsets: [Int] = []
  private var bytesSeen = 0
  private var pointsSeen = 0

  /// The bytes that the table takes.
  var cost: Int { offsets.count * MemoryLayout<Int>.stride }

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
    return unsafe CodePoints.step(
      from: offsets[position / CodePoints.interval], by: position % CodePoints.interval, in: bytes)
  }

  /// The number of code points in some bytes: all but those that continue one.
  static func count(_ bytes: Swift.Slice<UnsafeBufferPointer<UInt8>>) -> Int {
    unsafe bytes.count { $0 & 0xc0 != 0x80 }
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
