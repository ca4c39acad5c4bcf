import Foundation

/// Searches and changes that look at the bytes where they are.
extension StringBox {
  /// Calls `body` with the place of each occurrence of a part, which is not empty, from the first to the last, until it returns
  /// false; they do not overlap.
  @inline(__always)
  func forEachOccurrence(of part: StringBox, _ machine: Machine, _ body: (Int) throws -> Bool) throws {
    if part.size == 1, size <= Machine.bytesAPiece {
      let wanted = unsafe part.bytes[0]
      try machine.charge(bytes: size)
      for place in 0..<size where unsafe bytes[place] == wanted {
        guard try body(place) else { return }
        try machine.poll(steps: 1)
      }
      return
    }
    let charge = { (bytes: Int) in try machine.charge(bytes: bytes) }
    let search = try unsafe ByteSearch(part.bytes, charge: charge)
    var place = 0
    while let found = try unsafe search.first(in: bytes, from: place, charge: charge), try body(found) {
      try machine.poll(steps: 1)
      place = found + part.size
    }
  }

  /// The number of code points before a byte.
  func count(before place: Int, _ machine: Machine) throws -> Int {
    if try count(machine) == size { return place }
    var count = 0
    try machine.inPieces(bytes: place) { unsafe count += CodePoints.count(bytes[$0]) }
    return count
  }

  /// The number of code points between two bytes.
  func count(from start: Int, to end: Int, _ machine: Machine) throws -> Int {
    var count = 0
    try machine.inPieces(bytes: end - start) { piece in
      unsafe count += CodePoints.count(bytes[start + piece.lowerBound..<start + piece.upperBound])
    }
    return count
  }

  /// Some of the bytes as a string, which the caller owns.
  @inline(__always) func part(_ range: Range<Int>, _ machine: Machine) throws -> Slot {
    try unsafe machine.string(of: UnsafeBufferPointer(rebasing: bytes[range]))
  }

  /// True when the bytes at a place are those of a part.
  func has(_ part: StringBox, at place: Int, _ machine: Machine) throws -> Bool {
    guard place >= 0, place + part.size <= size else { return false }
    var areSame = true
    try machine.inPieces(bytes: part.size) { piece in
      guard areSame else { return }
      areSame =
        unsafe memcmp(storage + place + piece.lowerBound, part.storage + piece.lowerBound, piece.count) == 0
    }
    return areSame
  }

  /// A new string of what a function makes of each byte, which is one of ASCII.
  @inline(__always) func changed(_ machine: Machine, _ change: (UInt8) -> UInt8) throws -> Slot {
    if size <= StringBox.keptCapacity {
      try machine.charge(elements: size)
      // The bytes alone, as a box that a closure holds would be counted.
      let source = unsafe bytes
      return unsafe machine.newString(size: source.count) { target in
        for place in source.indices { unsafe target[place] = change(source[place]) }
        return source.count
      }
    }
    let changed = try unsafe StringBox(size: size, heap: machine.meter.heap) { target in
      try machine.inPieces(elements: size) { piece in
        for place in piece { unsafe target[place] = change(storage[place]) }
      }
      return size
    }
    return Slot(.string, owning: changed)
  }

  /// As `changed`, for a short string of letters of ASCII and of those of two bytes that lie as far apart in small and capital as those
  /// of ASCII: from U+00C0 to U+00FE, but for the four without such a partner. Nil for other strings.
  func changedLatin(_ machine: Machine, _ change: (UInt8) -> UInt8) throws -> Slot? {
    var place = 0
    while place < size {
      let byte = unsafe storage[place]
      if byte >= 128 {
        let second = unsafe place + 1 < size ? storage[place + 1] & 0x3f : 0x3f
        guard byte == 0xc3, second != 0x17, second != 0x1f, second != 0x37, second != 0x3f else { return nil }
        place += 1
      }
      place += 1
    }
    try machine.charge(elements: size)
    let isCapital = change(UInt8(ascii: "a")) == UInt8(ascii: "A")
    return unsafe machine.newString(size: size) { target in
      for place in 0..<size {
        let byte = unsafe storage[place]
        // Only second bytes begin with these two bits.
        let isSecond = byte & 0xc0 == 0x80
        unsafe target[place] = isSecond ? (isCapital ? byte & ~0x20 : byte | 0x20) : change(byte)
      }
      return size
    }
  }
}

extension ScriptList {
  /// The strings of a list as one, with another between them; nil when one of them is no string.
  func joined(by separator: StringBox, _ machine: Machine) throws -> Slot? {
    var size = 0
    for place in 0..<count {
      let part = unsafe slots[place]
      guard part.tag == .string else { return nil }
      size += part.with(StringBox.self) { $0.size } + (place > 0 ? separator.size : 0)
      try machine.poll(steps: 1)
    }
    try machine.meter.check(adding: size)
    if size <= StringBox.keptCapacity {
      let (parts, between) = unsafe (operands, separator.bytes)
      return unsafe machine.newString(size: size) { target in
        var writer = unsafe TextWriter(target)
        for place in 0..<parts.count {
          if place > 0 { unsafe writer.write(between) }
          unsafe writer.write(parts[place].with(StringBox.self) { unsafe $0.bytes })
        }
        return writer.count
      }
    }
    let joined = try unsafe StringBox(size: size, heap: machine.meter.heap) { target in
      var writer = unsafe TextWriter(target)
      var looked = 0
      for place in 0..<count {
        if place > 0 { try unsafe writer.write(separator.bytes, machine) }
        try unsafe slots[place].with(StringBox.self) { try unsafe writer.write($0.bytes, machine) }
        if writer.count - looked >= Machine.bytesAPiece {
          try machine.charge(bytes: writer.count - looked)
          looked = writer.count
        }
      }
      try machine.charge(bytes: writer.count - looked)
      return writer.count
    }
    return Slot(.string, owning: joined)
  }
}
