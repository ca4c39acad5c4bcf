import Foundation

/// Quick ways for values that are short or of one kind.
extension StringBox {
  /// As `equals` where that takes no time; nil for long strings of one size.
  @inline(__always) func shortEqual(_ other: StringBox) -> Bool? {
    guard size == other.size else { return false }
    // Words lie within the room of any string.
    let first = word(at: 0) ^ other.word(at: 0)
    if size <= 8 { return size == 0 || first &<< UInt64(64 - 8 * size) == 0 }
    guard first == 0 else { return false }
    if size <= 16 { return (word(at: 8) ^ other.word(at: 8)) &<< UInt64(128 - 8 * size) == 0 }
    guard size <= StringBox.keptCapacity else { return nil }
    return unsafe memcmp(storage, other.storage, size) == 0
  }

  /// Whether a short string has another one of at most four bytes, such as a letter; nil for others.
  @inline(__always) func hasLetter(_ other: StringBox) -> Bool? {
    let length = other.size
    guard length > 0, length <= 4, size <= StringBox.keptCapacity else { return nil }
    if length == 1 { return unsafe size > 0 && memchr(storage, Int32(other.storage[0]), size) != nil }
    let letter = unsafe UnsafeRawPointer(other.storage).loadUnaligned(as: UInt32.self)
    // What lies behind the letter does not count.
    let behind = UInt32(32 - 8 * length)
    var place = 0
    while place + 4 <= size {
      let found = unsafe UnsafeRawPointer(storage + place).loadUnaligned(as: UInt32.self)
      if (found ^ letter) &<< behind == 0 { return true }
      place += 1
    }
    while place + length <= size {
      if unsafe memcmp(storage + place, other.storage, length) == 0 { return true }
      place += 1
    }
    return false
  }

  /// The number that at most 15 digits with at most one point and a sign spell, which one division makes exactly; else nil.
  var shortNumber: Double? {
    guard size > 0, size <= 17 else { return nil }
    var (whole, scale, digits, hasPoint) = (0.0, 1.0, 0, false)
    let isNegative = unsafe bytes[0] == UInt8(ascii: "-")
    for place in (isNegative ? 1 : 0)..<size {
      let byte = unsafe bytes[place]
      if byte == UInt8(ascii: "."), !hasPoint, digits > 0 {
        hasPoint = true
      } else if byte >= UInt8(ascii: "0"), byte <= UInt8(ascii: "9") {
        whole = whole * 10 + Double(byte - UInt8(ascii: "0"))
        digits += 1
        if hasPoint { scale *= 10 }
      } else {
        return nil
      }
    }
    guard digits > 0, digits <= 15, !hasPoint || scale > 1 else { return nil }
    return (isNegative ? -whole : whole) / scale
  }
}

extension Operands {
  /// The place of the first number or string before which no other comes, or nil when one is neither, or there is none. A NaN is it only
  /// where there is no number.
  func extreme(isMaximum: Bool, _ machine: Machine) throws -> Int? {
    guard count > 0 else { return nil }
    if self[0].tag == .string { return try extremeText(isMaximum: isMaximum, machine) }
    guard self[0].isNumber else { return nil }
    var (best, rank) = (0, Self.rank(of: self[0].number, isMaximum: isMaximum))
    var areNumbers = true
    try machine.inPieces(elements: count) { piece in
      for place in piece where areNumbers {
        areNumbers = self[place].isNumber
        let other = Self.rank(of: self[place].number, isMaximum: isMaximum)
        if isMaximum ? rank < other : other < rank { (best, rank) = (place, other) }
      }
    }
    return areNumbers ? best : nil
  }

  /// The rank of a number among which a NaN comes last, whichever end is looked for.
  @inline(__always) private static func rank(of number: Double, isMaximum: Bool) -> Int64 {
    isMaximum && number.isNaN ? .min : SortKeys.rank(of: number)
  }

  private func extremeText(isMaximum: Bool, _ machine: Machine) throws -> Int? {
    var best = 0
    var areTexts = true
    try machine.inPieces(elements: count) { piece in
      for place in piece where areTexts {
        areTexts = self[place].tag == .string
        guard areTexts, place > 0 else { continue }
        let order = try machine.order(ofTexts: self[place], self[best])
        if isMaximum ? order > 0 : order < 0 { best = place }
      }
    }
    return areTexts ? best : nil
  }

  /// A new list of them.
  func list(_ heap: Heap) -> ScriptList {
    let list = ScriptList(capacity: count, heap: heap)
    for place in 0..<count { list.append(owning: self[place].copied()) }
    return list
  }
}

extension ScriptList {
  /// Whether a number or a string is an element; nil for other values, long strings, and where a value of the host lies before it.
  @inline(__always) func hasPlain(_ item: Slot) -> Bool? {
    guard item.isNumber || item.tag == .string else { return nil }
    for place in 0..<count {
      let element = unsafe slots[place]
      if element.tag == .object { return nil }
      guard element.tag == item.tag else { continue }
      if item.isNumber {
        if element.number == item.number { return true }
      } else {
        let areSame = item.with(StringBox.self) { a in element.with(StringBox.self) { a.shortEqual($0) } }
        guard let areSame else { return nil }
        if areSame { return true }
      }
    }
    return false
  }

  /// The elements, for as long as nobody changes the list.
  var operands: Operands { unsafe Operands(slots, count: count) }

  /// Sorts a list of few numbers or short strings in place, equal ones as they were; false when it is not one.
  func sortShort(descending: Bool, _ machine: Machine) throws -> Bool {
    guard count <= 16 else { return false }
    if unsafe count > 0 && slots[0].tag == .string { return try sortShortTexts(descending: descending, machine) }
    for place in 0..<count where unsafe !slots[place].isNumber { return false }
    for place in stride(from: 1, to: count, by: 1) {
      let slot = unsafe slots[place]
      let rank = SortKeys.rank(of: slot.number)
      var free = place
      while free > 0 {
        let other = unsafe slots[free - 1]
        let before = SortKeys.rank(of: other.number)
        guard descending ? before < rank : rank < before else { break }
        unsafe slots[free] = other
        free -= 1
      }
      unsafe slots[free] = slot
    }
    return true
  }
}

extension ScriptList {
  private func sortShortTexts(descending: Bool, _ machine: Machine) throws -> Bool {
    for place in 0..<count {
      let slot = unsafe slots[place]
      guard slot.tag == .string, slot.with(StringBox.self, { $0.size <= StringBox.keptCapacity }) else { return false }
    }
    for place in stride(from: 1, to: count, by: 1) {
      let slot = unsafe slots[place]
      var free = place
      while free > 0 {
        // Short strings are compared without a look, so that no element is lost on the way.
        let order = try machine.order(ofTexts: slot, unsafe slots[free - 1])
        guard descending ? order > 0 : order < 0 else { break }
        unsafe slots[free] = slots[free - 1]
        free -= 1
      }
      unsafe slots[free] = slot
    }
    return true
  }
}

extension Machine {
  /// The digits of a whole number, as a string that the caller owns.
  func digits(of number: Int) -> Slot {
    let digits = unsafe newString(size: 20) { buffer in
      var writer = unsafe TextWriter(buffer)
      writer.write(number)
      return writer.count
    }
    digits.with(StringBox.self) { $0.noteASCII() }
    return digits
  }

  /// A format specification, which is read once when the same text asks for it again.
  func format(_ text: StringBox) throws(ScriptError) -> FormatSpecification {
    if let lastFormat, lastFormat.text === text { return lastFormat.format }
    let format = try FormatSpecification(text.text)
    lastFormat = (text, format)
    return format
  }

  /// A pattern, which is read once as long as few others are asked for.
  func pattern(_ text: StringBox, ignoresCase: Bool) throws(ScriptError) -> Pattern {
    for known in lastPatterns where known.text === text && known.ignoresCase == ignoresCase { return known.pattern }
    let pattern = try readPattern(text, ignoresCase: ignoresCase)
    // A loop uses few, each the same constant every time.
    if lastPatterns.count >= 8 { lastPatterns.removeFirst() }
    lastPatterns.append((text, ignoresCase, pattern))
    return pattern
  }

  private func readPattern(_ text: StringBox, ignoresCase: Bool) throws(ScriptError) -> Pattern {
    let key = ExactText((ignoresCase ? "i" : "c") + text.text)
    if let known = patterns[key] { return known }
    let pattern = try Pattern(text.text, ignoresCase: ignoresCase)
    if patterns.count >= 64 { patterns.removeAll() }
    patterns[key] = pattern
    return pattern
  }
}
