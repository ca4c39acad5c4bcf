import Foundation

/// White space and other characters at the ends of strings, and the words between, found in the bytes.
extension StringBox {
  /// The bytes without white space at both ends.
  func stripped(_ machine: Machine) throws -> Range<Int> {
    var (start, end, work) = (0, size, Work(machine))
    while start < end, case let length = spaceLength(at: start), length > 0 {
      start += length
      try work.add()
    }
    while end > start, case let length = spaceLength(before: end), length > 0 {
      end -= length
      try work.add()
    }
    return start..<end
  }

  /// The bytes without some characters at both ends; nil when very many are to be taken off.
  func stripped(of characters: StringBox, _ machine: Machine) throws -> Range<Int>? {
    var taken: (UInt64, UInt64) = (0, 0)
    guard characters.size <= Machine.elementsAPiece else { return nil }
    for place in 0..<characters.size {
      let byte = unsafe characters.storage[place]
      if byte >= 128 { return try characters.size <= 64 ? strippedOfLetters(characters, machine) : nil }
      if byte < 64 { taken.0 |= 1 << UInt64(byte) } else { taken.1 |= 1 << UInt64(byte - 64) }
    }
    func isTaken(_ place: Int) -> Bool {
      let byte = unsafe storage[place]
      return byte < 64 ? taken.0 >> UInt64(byte) & 1 == 1 : byte < 128 && taken.1 >> UInt64(byte - 64) & 1 == 1
    }
    var (start, end, work) = (0, size, Work(machine))
    while start < end, isTaken(start) {
      start += 1
      try work.add()
    }
    while end > start, isTaken(end - 1) {
      end -= 1
      try work.add()
    }
    return start..<end
  }

  /// As `stripped`, for few characters, each of any number of bytes.
  private func strippedOfLetters(_ characters: StringBox, _ machine: Machine) throws -> Range<Int> {
    func isTaken(_ letter: Range<Int>) -> Bool {
      var place = 0
      while place < characters.size {
        let length = unsafe CodePoints.length(of: characters.storage[place])
        if unsafe length == letter.count
          && memcmp(characters.storage + place, storage + letter.lowerBound, length) == 0
        {
          return true
        }
        place += length
      }
      return false
    }
    var (start, end, work) = (0, size, Work(machine))
    while start < end {
      let next = unsafe CodePoints.step(from: start, by: 1, in: bytes)
      guard isTaken(start..<next) else { break }
      start = next
      try work.add(characters.size)
    }
    while end > start {
      let before = unsafe CodePoints.step(from: end, by: -1, in: bytes)
      guard isTaken(before..<end) else { break }
      end = before
      try work.add(characters.size)
    }
    return start..<end
  }

  /// Calls `body` with each stretch of bytes between white space, of which no more than `most` count.
  func forEachWord(_ most: Int, _ machine: Machine, _ body: (Range<Int>) throws -> Void) throws {
    var (place, count, work) = (0, 0, Work(machine))
    while place < size {
      let length = spaceLength(at: place)
      if length > 0 {
        place += length
        try work.add()
        continue
      }
      let start = place
      if count == most { return try body(start..<size) }
      while place < size, spaceLength(at: place) == 0 { place += 1 }
      try work.add(place - start)
      try body(start..<place)
      count += 1
    }
  }

  /// Adds the parts of a short text between single bytes to a list; false for other texts.
  func split(by separator: StringBox, into parts: ScriptList, _ machine: Machine) throws -> Bool {
    guard separator.size == 1, size <= StringBox.keptCapacity else { return false }
    let byte = unsafe separator.storage[0]
    var start = 0
    for place in 0..<size where unsafe storage[place] == byte {
      parts.append(owning: try part(start..<place, machine))
      start = place + 1
    }
    parts.append(owning: try part(start..<size, machine))
    try machine.poll(steps: parts.count)
    return true
  }

  /// The bytes of the white space that starts at a place, 0 for none there.
  @inline(__always) private func spaceLength(at place: Int) -> Int {
    let byte = unsafe storage[place]
    if byte < 0xc2 { return byte == 32 || byte >= 9 && byte <= 13 ? 1 : 0 }
    return byte <= 0xe3 ? wideSpaceLength(at: place) : 0
  }

  /// The bytes of the white space that ends before a place, 0 for none there.
  @inline(__always) private func spaceLength(before place: Int) -> Int {
    let byte = unsafe storage[place - 1]
    if byte < 128 { return byte == 32 || byte >= 9 && byte <= 13 ? 1 : 0 }
    if place >= 2, wideSpaceLength(at: place - 2) == 2 { return 2 }
    return place >= 3 && wideSpaceLength(at: place - 3) == 3 ? 3 : 0
  }

  /// As `spaceLength`, for the code points that Unicode calls white space beside those of ASCII.
  private func wideSpaceLength(at place: Int) -> Int {
    let first = unsafe storage[place]
    guard place + 1 < size else { return 0 }
    let second = unsafe storage[place + 1]
    if first == 0xc2 { return second == 0x85 || second == 0xa0 ? 2 : 0 }
    guard place + 2 < size else { return 0 }
    let third = unsafe storage[place + 2]
    switch (first, second) {
    case (0xe1, 0x9a): return third == 0x80 ? 3 : 0
    case (0xe2, 0x80): return third <= 0x8a || third == 0xa8 || third == 0xa9 || third == 0xaf ? 3 : 0
    case (0xe2, 0x81): return third == 0x9f ? 3 : 0
    case (0xe3, 0x80): return third == 0x80 ? 3 : 0
    default: return 0
    }
  }
}
