/// Strings that are made often and so only once: one letter of ASCII, none, and the names of types.
///
/// They count against no budget. Nobody changes them, as their slots are never the only ones.
@safe final class SharedStrings {
  let letters = UnsafeMutablePointer<Slot>.allocate(capacity: 128)
  /// The names of types by their tags.
  private var typeNames = [Slot](repeating: .nil, count: 16)
  /// The names of the fields of a caught error.
  let errorFields = ["kind", "message", "line"].map { Slot(.string, owning: StringBox($0, heap: nil)) }
  /// The string without letters.
  let empty: Slot

  init() {
    empty = Slot(.string, owning: StringBox("", heap: nil))
    for byte in 0..<128 {
      let letter = StringBox(CollectionOfOne(UInt8(byte)), meter: nil)
      unsafe (letters + byte).initialize(to: Slot(.string, owning: letter))
    }
  }

  deinit {
    for slot in typeNames + errorFields + [empty] { Teardown.release(slot) }
    unsafe Teardown.release(letters, count: 128)
    unsafe letters.deallocate()
  }

  /// The name of the type of a value, which the caller owns.
  func typeName(of value: Slot) -> Slot {
    let place = Int(value.tag.rawValue)
    if value.tag != .object, typeNames[place].tag == .string { return typeNames[place].copied() }
    let name = Slot(.string, owning: StringBox(value.value.typeName, heap: nil))
    if value.tag != .object { typeNames[place] = name.copied() }
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
