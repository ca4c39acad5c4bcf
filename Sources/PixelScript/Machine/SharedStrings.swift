/// Strings that are made often and so only once: one letter of ASCII, none, and the names of types.
///
/// They count against no budget. Nobody changes them, as their slots are never the only ones.
@safe final class SharedStrings {
  let letters = UnsafeMutablePointer<Slot>.allocate(capacity: 128)
  /// The names of types by their tags.
  private let typeNames = UnsafeMutablePointer<Slot>.allocate(capacity: SharedStrings.tagCount)
  private static let tagCount = 16
  /// The names of the fields of a caught error.
  let errorFields = SharedStrings.names("kind", "message", "line")
  /// The names of the fields of what a pattern found.
  let matchFields = SharedStrings.names("text", "start", "end", "groups", "names")
  /// The string without letters.
  let empty: Slot

  init() {
    empty = Slot(.string, owning: StringBox("", heap: nil))
    unsafe typeNames.initialize(repeating: .nil, count: SharedStrings.tagCount)
    for byte in 0..<128 {
      let letter = StringBox(CollectionOfOne(UInt8(byte)), meter: nil)
      unsafe (letters + byte).initialize(to: Slot(.string, owning: letter))
    }
  }

  deinit {
    for slot in errorFields + matchFields + [empty] { Teardown.release(slot) }
    unsafe Teardown.release(letters, count: 128)
    unsafe letters.deallocate()
    unsafe Teardown.release(typeNames, count: SharedStrings.tagCount)
    unsafe typeNames.deallocate()
  }

  private static func names(_ names: String...) -> [Slot] {
    names.map { Slot(.string, owning: StringBox($0, heap: nil)) }
  }

  /// The name of the type of a value, which the caller owns.
  @inline(__always) func typeName(of value: Slot) -> Slot {
    let known = unsafe typeNames[Int(value.tag.rawValue)]
    return known.tag == .string ? known.copied() : newTypeName(of: value)
  }

  private func newTypeName(of value: Slot) -> Slot {
    let name = Slot(.string, owning: StringBox(value.value.typeName, heap: nil))
    // Values of the host have names of their own.
    if value.tag != .object { unsafe typeNames[Int(value.tag.rawValue)] = name.copied() }
    return name
  }
}

extension Machine {
  /// A new string of some bytes, which the caller owns.
  @inline(__always) func string(of bytes: UnsafeBufferPointer<UInt8>) throws -> Slot {
    switch bytes.count {
    case 0: return shared.empty.copied()
    case 1 where unsafe bytes[0] < 128: return unsafe letters[Int(bytes[0])].copied()
    case ...Machine.bytesAPiece:
      try charge(bytes: bytes.count)
      return unsafe newString(size: bytes.count) { unsafe $0.update(fromContentsOf: bytes) }
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
