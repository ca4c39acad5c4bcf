/// Where a GIF that was cut off ends.
enum GIFEnd {
  /// The bytes of a GIF, in which a block that was cut off states what is there of it, so that its beginning is read.
  static func mended(_ bytes: [UInt8]) -> [UInt8] {
    guard bytes.count > 13 else { return bytes }
    var place = 13 + tableSize(bytes[10])
    while place < bytes.count {
      switch bytes[place] {
      case 0x21: place += 2
      case 0x2C where place + 10 <= bytes.count: place += 11 + tableSize(bytes[place + 9])
      case 0x2C, 0x3B: return bytes
      default:
        place += 1
        continue
      }
      // Blocks of up to 255 bytes, each behind its length, up to one of none.
      while place < bytes.count, bytes[place] != 0 {
        let end = place + 1 + Int(bytes[place])
        guard end <= bytes.count else {
          let rest = bytes[(place + 1)...]
          return bytes[..<place] + (rest.isEmpty ? [] : [UInt8(rest.count)]) + rest + [0]
        }
        place = end
      }
      if place >= bytes.count { return bytes + [0] }
      place += 1
    }
    return bytes
  }

  /// The bytes of the colors that flags state.
  private static func tableSize(_ flags: UInt8) -> Int { flags & 0x80 == 0 ? 0 : 3 << (Int(flags & 7) + 1) }
}
