/// Strings that are made often and so only once: one letter of ASCII, none, and the names of types.
///
/// They count against no budget. Nobody changes them, as their slots are never the only ones.
@safe final class SharedStrings {
  /// Letters beyond ASCII that texts had, each at the place that its last bits tell; none is replaced by another.
  private let wideLetters = UnsafeMutablePointer<Slot>.allocate(capacity: SharedStrings.wideCount)
  /// The bytes of each of these, as a `WideLetter` has them; 0 where there is none.
  private let wideBytes = UnsafeMutablePointer<UInt32>.allocate(capacity: SharedStrings.wideCount)
  private static let wideCount = 1 << 11
  let letters = UnsafeMutablePointer<Slot>.allocate(capacity: 128)
  /// The names of types by their tags.
  private let typeNames = UnsafeMutablePointer<Slot>.allocate(capacity: SharedStrings.tagCount)
  private static let tagCount = 16
  /// The names of the fields of a caught error.
  let errorFields = (kind: name("kind"), message: name("message"), line: name("line"))
  /// The names of the kinds of errors that were caught.
  private var kindNames: [(kind: Diagnostic.Kind, name: Slot)] = []
  /// The names of the fields of what a pattern found.
  let matchFields = SharedStrings.names("text", "start", "end", "groups", "names")
  /// The string without letters.
  let empty: Slot

  init() {
    empty = Slot(.string, owning: StringBox("", heap: nil))
    unsafe typeNames.initialize(repeating: .nil, count: SharedStrings.tagCount)
    unsafe wideLetters.initialize(repeating: .nil, count: SharedStrings.wideCount)
    unsafe wideBytes.initialize(repeating: 0, count: SharedStrings.wideCount)
    for byte in 0..<128 {
      let letter = StringBox(CollectionOfOne(UInt8(byte)), meter: nil)
      unsafe (letters + byte).initialize(to: Slot(.string, owning: letter))
    }
  }

  deinit {
    for slot in [errorFields.kind, errorFields.message, errorFields.line] + matchFields + [empty]
      + kindNames.map(\.name)
    { Teardown.release(slot) }
    unsafe Teardown.release(letters, count: 128)
    unsafe letters.deallocate()
    unsafe Teardown.release(typeNames, count: SharedStrings.tagCount)
    unsafe typeNames.deallocate()
    unsafe Teardown.release(wideLetters, count: SharedStrings.wideCount)
    unsafe wideLetters.deallocate()
    unsafe wideBytes.deallocate()
  }

  /// The string of one letter beyond ASCII, without a reference of its own; nil where another letter has its place.
  @inline(__always) func wideLetter(_ letter: WideLetter) -> Slot? {
    let known = unsafe wideBytes[letter.place]
    if known == letter.bytes { return unsafe wideLetters[letter.place] }
    return known == 0 ? newWideLetter(letter) : nil
  }

  @inline(never) private func newWideLetter(_ letter: WideLetter) -> Slot {
    let text = unsafe StringBox(size: letter.length, heap: nil) { target in
      for place in 0..<letter.length { unsafe target[place] = UInt8(truncatingIfNeeded: letter.bytes >> (8 * place)) }
      return letter.length
    }
    let slot = Slot(.string, owning: text)
    unsafe wideLetters[letter.place] = slot
    unsafe wideBytes[letter.place] = letter.bytes
    return slot
  }

  private static func names(_ names: String...) -> [Slot] {
    names.map(name)
  }

  private static func name(_ text: String) -> Slot { Slot(.string, owning: StringBox(text, heap: nil)) }

  /// The name of the type of a value, which the caller owns.
  @inline(__always) func typeName(of value: Slot) -> Slot {
    let known = unsafe typeNames[Int(value.tag.rawValue)]
    return known.tag == .string ? known.copied() : newTypeName(of: value)
  }

  /// The name of a kind of errors, which the caller owns.
  func name(of kind: Diagnostic.Kind) -> Slot {
    for known in kindNames where known.kind == kind { return known.name.copied() }
    let name = Slot(.string, owning: StringBox(kind.rawValue, heap: nil))
    kindNames.append((kind, name))
    return name.copied()
  }

  private func newTypeName(of value: Slot) -> Slot {
    let name = Slot(.string, owning: StringBox(value.value.typeName, heap: nil))
    // Values of the host have names of their own.
    if value.tag != .object { unsafe typeNames[Int(value.tag.rawValue)] = name.copied() }
    return name
  }
}

extension Machine {
  /// The string of one letter of ASCII, which the caller owns.
  func letter(_ code: Int) -> Slot { unsafe letters[code].copied() }

  /// The string of one code point, which the caller owns.
  func letter(of scalar: Unicode.Scalar) throws -> Slot {
    try unsafe withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 4) { letter in
      let length = unsafe CodePoints.write(scalar.value, to: letter, at: 0)
      return try unsafe string(of: UnsafeBufferPointer(rebasing: letter[..<length]))
    }
  }

  /// A new string of some bytes, which the caller owns.
  @inline(__always) func string(of bytes: UnsafeBufferPointer<UInt8>) throws -> Slot {
    switch bytes.count {
    case 0: return shared.empty.copied()
    case 1 where unsafe bytes[0] < 128: return unsafe letters[Int(bytes[0])].copied()
    case 2...4:
      let first = unsafe bytes[0]
      if first >= 128, CodePoints.length(of: first) == bytes.count,
        let letter = unsafe shared.wideLetter(WideLetter(bytes.baseAddress.unsafelyUnwrapped, bytes.count))
      {
        return letter.copied()
      }
      return unsafe newString(size: bytes.count) { unsafe $0.update(fromContentsOf: bytes) }
    case ...Machine.bytesAPiece:
      try charge(bytes: bytes.count)
      return unsafe newString(size: bytes.count) { target in
        unsafe TextWriter.copy(
          bytes.baseAddress.unsafelyUnwrapped, to: target.baseAddress.unsafelyUnwrapped, bytes.count)
        return bytes.count
      }
    default:
      try meter.check(adding: bytes.count)
      let box = try unsafe StringBox(size: bytes.count, meter: meter) { target in
        var writer = unsafe TextWriter(target)
        try unsafe writer.write(bytes, self)
        return writer.count
      }
      return Slot(.string, owning: box)
    }
  }
}

/// A letter beyond ASCII in UTF-8.
struct WideLetter {
  /// Its bytes, the first one lowest.
  let bytes: UInt32
  /// How many they are: two to four.
  let length: Int

  /// The letter whose bytes begin at an address.
  @inline(__always) init(_ start: UnsafePointer<UInt8>, _ length: Int) {
    self.length = length
    var bytes = unsafe UInt32(start[0]) | UInt32(start[1]) << 8
    if length > 2 { unsafe bytes |= UInt32(start[2]) << 16 }
    if length > 3 { unsafe bytes |= UInt32(start[3]) << 24 }
    self.bytes = bytes
  }

  /// Where the shared string of the letter lies: what the last bits of its number tell.
  @inline(__always) var place: Int {
    let last = bytes >> UInt32(8 * (length - 1)), before = bytes >> UInt32(8 * (length - 2))
    return Int(last & 0x3f | (before & 0x1f) << 6)
  }
}
