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
    if size <= StringBox.shortCapacity {
      try machine.charge(elements: size)
      return unsafe machine.newString(size: size) { target in
        for place in 0..<size { unsafe target[place] = change(storage[place]) }
        return size
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

  /// The bytes without white space of ASCII at both ends; nil when an end has another code point, which may be white space.
  func stripped(_ machine: Machine) throws -> Range<Int>? {
    var (start, end, work) = (0, size, Work(machine))
    while unsafe start < end && StringBox.isSpace(storage[start]) {
      start += 1
      try work.add()
    }
    while unsafe end > start && StringBox.isSpace(storage[end - 1]) {
      end -= 1
      try work.add()
    }
    if unsafe start < end && (storage[start] >= 128 || storage[end - 1] >= 128) { return nil }
    return start..<end
  }

  /// Calls `body` with each stretch of bytes between white space, of which no more than `most` count; only for ASCII.
  func forEachWord(_ most: Int, _ machine: Machine, _ body: (Range<Int>) throws -> Void) throws {
    var (place, count, work) = (0, 0, Work(machine))
    while place < size {
      if unsafe StringBox.isSpace(storage[place]) {
        place += 1
        try work.add()
        continue
      }
      let start = place
      if count == most { return try body(start..<size) }
      while unsafe place < size && !StringBox.isSpace(storage[place]) { place += 1 }
      try work.add(place - start)
      try body(start..<place)
      count += 1
    }
  }

  @inline(__always) static func isSpace(_ byte: UInt8) -> Bool { byte == 32 || byte >= 9 && byte <= 13 }
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
    if size <= StringBox.shortCapacity {
      return unsafe machine.newString(size: size) { target in
        var writer = unsafe TextWriter(target)
        for place in 0..<count {
          if place > 0 { unsafe writer.write(separator.bytes) }
          unsafe slots[place].with(StringBox.self) { unsafe writer.write($0.bytes) }
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
