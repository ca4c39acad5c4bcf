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
    if size <= ByteSearch.shortText, part.size <= size {
      try machine.charge(bytes: size)
      var place = 0
      while let found = unsafe ByteSearch.first(part.bytes, in: bytes, from: place), try body(found) {
        try machine.poll(steps: 1)
        place = found + part.size
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
    // Nobody changes a string that another slot has too.
    if range.count == size { return Slot(.string, owning: self) }
    let part = try unsafe machine.string(of: UnsafeBufferPointer(rebasing: bytes[range]))
    if isKnownASCII { part.with(StringBox.self) { $0.noteASCII() } }
    return part
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

  /// A new string of one of ASCII with all letters in one case.
  func changedASCII(to form: LetterCase, _ machine: Machine) throws -> Slot {
    if size == 1 { return machine.letter(Int(form.changed(unsafe storage[0]))) }
    if size <= StringBox.keptCapacity {
      try machine.charge(elements: size)
      // The bytes alone, as a box that a closure holds would be counted.
      let source = unsafe bytes
      let changed = unsafe machine.newString(size: source.count) { target in
        // Whole words lie within the room of both.
        var place = 0
        while place < source.count {
          let word = unsafe UnsafeRawPointer(source.baseAddress.unsafelyUnwrapped + place)
            .loadUnaligned(as: UInt64.self)
          unsafe UnsafeMutableRawPointer(target.baseAddress.unsafelyUnwrapped + place)
            .storeBytes(of: form.changed(word), as: UInt64.self)
          place += 8
        }
        return source.count
      }
      changed.with(StringBox.self) { $0.noteASCII() }
      return changed
    }
    let changed = try unsafe StringBox(size: size, heap: machine.meter.heap) { target in
      try machine.inPieces(elements: size) { piece in
        for place in piece { unsafe target[place] = form.changed(storage[place]) }
      }
      return size
    }
    changed.noteASCII()
    return Slot(.string, owning: changed)
  }
}

extension StringBox {
  /// A new string with another byte in the place of each that is one.
  private func replacedByte(_ byte: UInt8, by other: StringBox, _ machine: Machine) throws -> Slot {
    let (source, replacement) = unsafe (bytes, other.storage[0])
    let replaced = unsafe machine.newString(size: size) { target in
      for place in source.indices { unsafe target[place] = source[place] == byte ? replacement : source[place] }
      return source.count
    }
    if isKnownASCII { replaced.with(StringBox.self) { $0.noteASCII() } }
    return replaced
  }

  /// A new string with another in the place of a part, which the caller owns, where all of them are short; nil for others.
  func replacedShort(_ part: StringBox, by other: StringBox, limit: Int?, _ machine: Machine) throws -> Slot? {
    guard size <= StringBox.keptCapacity, part.size > 0, part.size <= StringBox.keptCapacity else { return nil }
    try machine.charge(elements: size)
    let most = max(limit ?? .max, 0)
    guard let start = unsafe memchr(storage, Int32(part.storage[0]), size) else { return Slot(.string, owning: self) }
    let begin = unsafe start - UnsafeMutableRawPointer(storage)
    var (count, place) = (0, begin)
    let first = unsafe part.storage[0]
    @inline(__always) func isPart(at place: Int) -> Bool {
      unsafe storage[place] == first && place + part.size <= size
        && (part.size == 1 || memcmp(storage + place, part.storage, part.size) == 0)
    }
    while place < size, count < most {
      let isFound = isPart(at: place)
      count += isFound ? 1 : 0
      place += isFound ? part.size : 1
    }
    if count == 0 { return Slot(.string, owning: self) }
    if part.size == 1, other.size == 1, count < most { return try replacedByte(first, by: other, machine) }
    let length = size + count * (other.size - part.size)
    guard length <= StringBox.keptCapacity else { return nil }
    let (source, replacement) = unsafe (bytes, other.bytes)
    let replaced = unsafe machine.newString(size: length) { target in
      var writer = unsafe TextWriter(target)
      var (start, place, left) = (0, begin, count)
      while left > 0 {
        guard isPart(at: place) else {
          place += 1
          continue
        }
        unsafe writer.write(UnsafeBufferPointer(rebasing: source[start..<place]))
        unsafe writer.write(replacement)
        place += part.size
        (start, left) = (place, left - 1)
      }
      unsafe writer.write(UnsafeBufferPointer(rebasing: source[start...]))
      return writer.count
    }
    if isKnownASCII, other.isKnownASCII { replaced.with(StringBox.self) { $0.noteASCII() } }
    return replaced
  }
}

extension StringBox {
  /// A new string of this one and another, which the caller owns.
  func joined(with other: StringBox, _ machine: Machine) throws -> Slot {
    let total = size + other.size
    if total <= Machine.bytesAPiece {
      try machine.charge(bytes: total)
      // The bytes alone, as a box that a closure holds would be counted.
      let (left, right) = unsafe (bytes, other.bytes)
      let joined = unsafe machine.newString(size: total) { target in
        var writer = unsafe TextWriter(target)
        unsafe writer.write(left)
        unsafe writer.write(right)
        return total
      }
      if isKnownASCII, other.isKnownASCII { joined.with(StringBox.self) { $0.noteASCII() } }
      return joined
    }
    try machine.meter.check(adding: total)
    let joined = try unsafe StringBox(size: total, heap: machine.heap) { target in
      var writer = unsafe TextWriter(target)
      try unsafe writer.write(bytes, machine)
      try unsafe writer.write(other.bytes, machine)
      return writer.count
    }
    return Slot(.string, owning: joined)
  }

  /// A new string of this one several times, which the caller owns.
  func repeated(_ times: Int, _ machine: Machine) throws -> Slot {
    let total = size * times
    if total <= StringBox.keptCapacity {
      try machine.charge(bytes: total)
      let part = unsafe bytes
      let repeated = unsafe machine.newString(size: total) { target in
        var writer = unsafe TextWriter(target)
        while writer.count < total { unsafe writer.write(part) }
        return total
      }
      if isKnownASCII { repeated.with(StringBox.self) { $0.noteASCII() } }
      return repeated
    }
    let repeated = try unsafe StringBox(size: total, heap: machine.heap) { target in
      guard let start = target.baseAddress, target.count > 0 else { return 0 }
      unsafe start.update(from: storage, count: size)
      // Doubles what is there, so that a million repetitions of a letter take twenty copies.
      var written = size
      while written < target.count {
        let part = min(written, target.count - written)
        try machine.inPieces(bytes: part) {
          unsafe (start + written + $0.lowerBound).update(from: start + $0.lowerBound, count: $0.count)
        }
        written += part
      }
      return written
    }
    if isKnownASCII { repeated.noteASCII() }
    return Slot(.string, owning: repeated)
  }
}

extension ScriptList {
  /// The strings of a list as one, with another between them; nil when one of them is no string.
  func joined(by separator: StringBox, _ machine: Machine) throws -> Slot? {
    var (size, isASCII) = (0, separator.isQuicklyASCII)
    for place in 0..<count {
      let part = unsafe slots[place]
      guard part.tag == .string else { return nil }
      part.with(StringBox.self) { part in
        size += part.size + (place > 0 ? separator.size : 0)
        isASCII = isASCII && part.isKnownASCII
      }
      try machine.poll(steps: 1)
    }
    try machine.meter.check(adding: size)
    if size <= StringBox.keptCapacity {
      let (parts, between) = unsafe (operands, separator.bytes)
      let joined = unsafe machine.newString(size: size) { target in
        var writer = unsafe TextWriter(target)
        for place in 0..<parts.count {
          if place > 0 { unsafe writer.write(between) }
          unsafe writer.write(parts[place].with(StringBox.self) { unsafe $0.bytes })
        }
        return writer.count
      }
      if isASCII { joined.with(StringBox.self) { $0.noteASCII() } }
      return joined
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
    if isASCII { joined.noteASCII() }
    return Slot(.string, owning: joined)
  }
}
