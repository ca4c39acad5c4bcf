import FuzzInputs

/// Damages files as transfers, broken writers and attackers do.
struct FileMutator {
  var random: FuzzRandom

  /// A file with up to eight changes: bits, bytes, lengths, parts left out, doubled, moved or taken from another, the end cut off.
  mutating func damaged(_ file: [UInt8], with other: [UInt8]) -> [UInt8] {
    var bytes = file
    for _ in 0...random.below(8) {
      guard !bytes.isEmpty else { return Array(other.prefix(random.below(other.count + 1))) }
      // Headers and footers are where the lies are.
      let isEdge = random.below(3) == 0
      let place = isEdge && bytes.count > 64 ? edge(bytes.count) : random.below(bytes.count)
      change(&bytes, at: place, with: other)
    }
    return bytes
  }

  private mutating func edge(_ count: Int) -> Int {
    let place = random.below(64)
    return random.below(2) == 0 ? place : count - 1 - place
  }

  private mutating func change(_ bytes: inout [UInt8], at place: Int, with other: [UInt8]) {
    let end = min(bytes.count, place + 1 + random.below(random.below(4) == 0 ? 400 : 24))
    switch random.below(11) {
    case 0, 1: bytes[place] ^= 1 << UInt8(random.below(8))
    case 2: bytes[place] = UInt8.random(in: 0...255, using: &random)
    case 3: bytes[place] = bytes[place] &+ (random.below(2) == 0 ? 1 : 255)
    case 4: length(&bytes, at: place)
    case 5: bytes.replaceSubrange(place..<min(bytes.count, place + 1), with: hugeNumber())
    case 6: bytes.removeSubrange(place..<end)
    case 7:
      let copies = random.below(8) == 0 ? 200 : 1
      for _ in 0..<copies where bytes.count < 1 << 20 { bytes.insert(contentsOf: bytes[place..<end], at: place) }
    case 8:
      let start = random.below(max(1, other.count))
      let part = other[min(start, other.count)..<min(other.count, start + 1 + random.below(400))]
      if random.below(2) == 0 {
        bytes.insert(contentsOf: part, at: place)
      } else {
        bytes.replaceSubrange(place..<min(bytes.count, place + part.count), with: part)
      }
    case 9: bytes.replaceSubrange(place..<end, with: repeatElement(random.below(2) == 0 ? 0 : 255, count: end - place))
    default: if random.below(4) == 0 { bytes.removeSubrange(place...) }
    }
  }

  /// A number of 16 or 32 bits that lies about a size.
  private mutating func length(_ bytes: inout [UInt8], at place: Int) {
    let values: [UInt32] = [0, 1, 2, 0xFF, 0x7FFF, 0xFFFF, 0x1_0000, 0x7FFF_FFFF, 0x8000_0000, 0xFFFF_FFFF]
    let value = random.below(2) == 0 ? values[random.below(values.count)] : UInt32(random.below(5000))
    let width = random.below(2) == 0 ? 4 : 2
    let isLittle = random.below(2) == 0
    for byte in 0..<width where place + byte < bytes.count {
      bytes[place + byte] = UInt8(truncatingIfNeeded: value >> UInt32(8 * (isLittle ? byte : width - 1 - byte)))
    }
  }

  /// A number in groups of seven bits, as the descriptions of parquet have them.
  private mutating func hugeNumber() -> [UInt8] {
    var bits = random.next() >> UInt64(random.below(64))
    var bytes: [UInt8] = []
    while bits >= 0x80 {
      bytes.append(UInt8(truncatingIfNeeded: bits) | 0x80)
      bits >>= 7
    }
    return bytes + [UInt8(bits)]
  }
}

/// The checksums of a PNG, without which its reader looks at nothing.
enum PNGChecksums {
  /// The file with the checksum of each chunk that is whole made right.
  static func mended(_ file: [UInt8]) -> [UInt8] {
    var bytes = file
    var place = 8
    while place + 12 <= bytes.count {
      let length = bytes[place..<place + 4].reduce(0) { $0 << 8 | Int($1) }
      guard place + 12 + length <= bytes.count else { return bytes }
      let end = place + 8 + length
      let sum = ~bytes[place + 4..<end].reduce(UInt32.max) { sum, byte in
        table[Int(UInt8(truncatingIfNeeded: sum) ^ byte)] ^ sum >> 8
      }
      for byte in 0..<4 { bytes[end + byte] = UInt8(truncatingIfNeeded: sum >> UInt32(24 - 8 * byte)) }
      place = end + 4
    }
    return bytes
  }

  private static let table: [UInt32] = (0..<256).map { number in
    (0..<8).reduce(UInt32(number)) { sum, _ in sum & 1 == 1 ? sum >> 1 ^ 0xEDB8_8320 : sum >> 1 }
  }
}
