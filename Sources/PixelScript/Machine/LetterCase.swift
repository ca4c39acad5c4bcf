/// Small and capital letters beyond ASCII.
enum LetterCase {
  case small, capital

  /// The code points of the scripts of Europe, for which what they become is known from a table.
  fileprivate static let known = 0x590

  /// What each of these becomes; 0 for one that becomes several.
  private static let smallTable = table(.small)
  private static let capitalTable = table(.capital)

  private static func table(_ form: LetterCase) -> [UInt16] {
    (0..<UInt16(known)).map { code in
      guard let scalar = Unicode.Scalar(code) else { return code }
      let scalars = form.mapping(scalar).unicodeScalars
      // A letter of more bytes than it had is left to those that become several.
      guard scalars.count == 1, let changed = scalars.first, changed.value < 0x800, code < 0x80 || changed.value >= 0x80
      else { return 0 }
      return UInt16(changed.value)
    }
  }

  private func mapping(_ scalar: Unicode.Scalar) -> String {
    switch self {
    case .small: scalar.properties.lowercaseMapping
    case .capital: scalar.properties.uppercaseMapping
    }
  }

  /// What a byte of ASCII becomes.
  @inline(__always) func changed(_ byte: UInt8) -> UInt8 {
    byte &- (self == .capital ? UInt8(ascii: "a") : UInt8(ascii: "A")) < 26 ? byte ^ 0x20 : byte
  }

  /// What eight bytes of ASCII become: of those from the first letter on, but not behind the last, one bit changes.
  @inline(__always) func changed(_ word: UInt64) -> UInt64 {
    let each: UInt64 = 0x0101_0101_0101_0101
    let first = UInt64(self == .capital ? UInt8(ascii: "a") : UInt8(ascii: "A"))
    // The upper bit of each byte tells.
    let bytes = word & (each &* 0x7f)
    let (reached, passed) = (bytes &+ each &* (128 - first), bytes &+ each &* (128 - first - 26))
    return word ^ (reached & ~passed & (each &* 0x80)) >> 2
  }

  /// What a letter becomes that is one and has as many bytes; nil for one that becomes something else.
  @inline(__always) fileprivate func quick(_ code: UInt32, _ table: [UInt16]) -> UInt32? {
    if code < LetterCase.known {
      let changed = table[Int(code)]
      return changed == 0 && code != 0 ? nil : UInt32(changed)
    }
    // Signs, most scripts of Asia, and pictures.
    let areOfOneForm = (0x2000..<0x2100).contains(code) || (0x3000..<0xa000).contains(code)
    return areOfOneForm || (0xac00..<0xd7a4).contains(code) || (0x1f300..<0x1fb00).contains(code) ? code : nil
  }

  fileprivate var table: [UInt16] {
    switch self {
    case .small: LetterCase.smallTable
    case .capital: LetterCase.capitalTable
    }
  }

  /// The bytes of what a letter becomes that begins with the first of some bytes.
  fileprivate func change(_ bytes: UnsafeBufferPointer<UInt8>) -> String {
    unsafe String(decoding: bytes, as: UTF8.self).unicodeScalars.reduce(into: "") { $0 += mapping($1) }
  }
}

extension StringBox {
  /// A short string with letters beyond ASCII in small or capital ones, which the caller owns; nil for a longer one.
  func changed(to form: LetterCase, _ machine: Machine) throws -> Slot? {
    // A letter may become three, and one of two bytes one of three.
    guard size * 3 <= StringBox.keptCapacity else { return nil }
    try machine.charge(elements: size)
    if let changed = changedAlike(to: form, machine) { return changed }
    let (source, table) = unsafe (bytes, form.table)
    return unsafe machine.newString(size: size * 3) { target in
      var (place, written) = (0, 0)
      while place < source.count {
        let first = unsafe source[place]
        let length = min(CodePoints.length(of: first), source.count - place)
        let letter = unsafe UnsafeBufferPointer(rebasing: source[place..<place + length])
        if let changed = unsafe form.quick(CodePoints.code(letter), table) {
          written += unsafe CodePoints.write(changed, to: target, at: written)
        } else {
          for byte in unsafe form.change(letter).utf8 {
            unsafe target[written] = byte
            written += 1
          }
        }
        place += length
      }
      return written
    }
  }

  /// As above where all letters are of one or two bytes, and as many as before; nil for others.
  private func changedAlike(to form: LetterCase, _ machine: Machine) -> Slot? {
    let (source, table) = unsafe (bytes, form.table)
    var place = 0
    let changed = unsafe machine.newString(size: size) { target in
      while place < source.count {
        let first = unsafe source[place]
        if first < 128 {
          unsafe target[place] = UInt8(truncatingIfNeeded: table[Int(first)])
          place += 1
          continue
        }
        guard first < 0xe0, place + 1 < source.count else { break }
        let code = unsafe UInt32(first & 0x1f) << 6 | UInt32(source[place + 1] & 0x3f)
        guard code < LetterCase.known, case let other = table[Int(code)], other != 0 else { break }
        unsafe target[place] = 0xc0 | UInt8(truncatingIfNeeded: other >> 6)
        unsafe target[place + 1] = 0x80 | UInt8(truncatingIfNeeded: other & 0x3f)
        place += 2
      }
      return source.count
    }
    if place < size {
      Teardown.release(changed)
      return nil
    }
    changed.with(StringBox.self) { $0.note(count: knownCount) }
    return changed
  }

  /// As above for a long string, of which no letter takes more or fewer bytes than before; nil for others.
  func changedInPlace(to form: LetterCase, _ machine: Machine) throws -> Slot? {
    let table = form.table
    var isPossible = true
    try machine.meter.check(adding: size)
    let result = try unsafe StringBox(size: size, heap: machine.heap) { target in
      var (place, next) = (0, Machine.elementsAPiece)
      while place < size {
        let length = unsafe min(CodePoints.length(of: storage[place]), size - place)
        let letter = unsafe UnsafeBufferPointer(rebasing: bytes[place..<place + length])
        guard let changed = unsafe form.quick(CodePoints.code(letter), table),
          unsafe CodePoints.write(changed, to: target, at: place) == length
        else {
          isPossible = false
          return 0
        }
        place += length
        if place >= next {
          try machine.charge(elements: Machine.elementsAPiece)
          next += Machine.elementsAPiece
        }
      }
      return size
    }
    return isPossible ? Slot(.string, owning: result) : nil
  }
}

extension CodePoints {
  /// The number of the code point that some bytes spell.
  @inline(__always) static func code(_ bytes: UnsafeBufferPointer<UInt8>) -> UInt32 {
    var code = unsafe UInt32(bytes[0])
    guard bytes.count > 1 else { return code }
    code &= 0x7f >> UInt32(bytes.count)
    for place in 1..<bytes.count { code = unsafe code << 6 | UInt32(bytes[place] & 0x3f) }
    return code
  }

  /// Writes a code point; returns how many bytes it takes.
  @inline(__always)
  static func write(_ code: UInt32, to target: UnsafeMutableBufferPointer<UInt8>, at place: Int) -> Int {
    func tail(_ shift: UInt32) -> UInt8 { 0x80 | UInt8(code >> shift & 0x3f) }
    if code < 0x80 {
      unsafe target[place] = UInt8(code)
      return 1
    }
    if code < 0x800 {
      unsafe (target[place], target[place + 1]) = (0xc0 | UInt8(code >> 6), tail(0))
      return 2
    }
    if code < 0x10000 {
      unsafe (target[place], target[place + 1], target[place + 2]) = (0xe0 | UInt8(code >> 12), tail(6), tail(0))
      return 3
    }
    unsafe (target[place], target[place + 1]) = (0xf0 | UInt8(code >> 18), tail(12))
    unsafe (target[place + 2], target[place + 3]) = (tail(6), tail(0))
    return 4
  }
}

extension StringBox {
  /// The number of the only code point; nil for none or several.
  var onlyCode: UInt32? {
    unsafe size > 0 && CodePoints.length(of: storage[0]) == size ? CodePoints.code(bytes) : nil
  }
}
