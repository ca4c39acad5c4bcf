import Safepoint

/// How the characters of a text file are written as bytes.
public enum TextEncoding: String, CaseIterable, Sendable {
  /// UTF-8, which all files that are written here have.
  case utf8 = "utf-8"
  /// UTF-8 behind a byte-order mark, if there is one, which is no character of the text.
  case utf8Marked = "utf-8-sig"
  /// UTF-16 of the byte order that a mark at the beginning tells, without one that in which more higher bytes are 0.
  case utf16 = "utf-16"
  /// UTF-16, the lower byte first.
  case utf16Little = "utf-16-le"
  /// UTF-16, the higher byte first.
  case utf16Big = "utf-16-be"
  /// UTF-32 of the byte order that a mark at the beginning tells, without one that in which the highest byte of the first character is 0.
  case utf32 = "utf-32"
  /// UTF-32, the lowest byte first.
  case utf32Little = "utf-32-le"
  /// UTF-32, the highest byte first.
  case utf32Big = "utf-32-be"
  /// ISO 8859-1: the first 256 characters.
  case latin1 = "latin-1"
  /// Windows-1252: as Latin-1, with typographic signs and the euro in place of control characters.
  case cp1252 = "cp1252"

  /// What Python calls them beside these names, in small letters and without signs.
  private static let otherNames: [String: TextEncoding] = [
    "u8": .utf8, "utf": .utf8, "u16": .utf16, "u32": .utf32, "unicodelittle": .utf16Little,
    "iso88591": .latin1, "88591": .latin1, "l1": .latin1, "latin": .latin1, "cp819": .latin1, "windows1252": .cp1252,
    "1252": .cp1252,
  ]

  /// The encoding of a name as Python spells it: in letters of any case, with `-`, `_`, blanks or nothing between its parts.
  public init?(named name: String) {
    func plain(_ name: String) -> String { name.lowercased().filter { !"-_ ".contains($0) } }
    let plainName = plain(name)
    guard let found = Self.allCases.first(where: { plain($0.rawValue) == plainName }) ?? Self.otherNames[plainName]
    else { return nil }
    self = found
  }

  /// The encoding that the bytes of a text, which are not UTF-8, seem to have; nil where they are none of a text.
  public static func guess(_ bytes: [UInt8]) -> TextEncoding? {
    if isUTF32(bytes) { return .utf32.holding(bytes) }
    if bytes.starts(with: [0xFF, 0xFE]) || bytes.starts(with: [0xFE, 0xFF]) { return .utf16.holding(bytes) }
    // Every second byte of most texts in UTF-16 is 0.
    let start = bytes.prefix(1 << 12)
    if 3 * start.count(where: { $0 == 0 }) > start.count { return .utf16.holding(bytes) }
    return (bytes.contains { (0x80...0x9F).contains($0) } ? TextEncoding.cp1252 : .latin1).holding(bytes)
  }

  /// This encoding where bytes are a text in it: of the signs below the blank texts have blanks and ends of lines and pages alone, and
  /// files of other kinds have all.
  private func holding(_ bytes: [UInt8]) -> TextEncoding? {
    do {
      let isText = try utf8(bytes, file: "").allSatisfy {
        $0 >= 0x20 && $0 != 0x7F || 0x09...0x0D ~= $0 || $0 == 0x1A || $0 == 0x1B
      }
      return isText ? self : nil
    } catch { return nil }
  }

  /// Whether bytes begin with the mark of UTF-16, or with eight characters of it below 256.
  static func isUTF16(_ bytes: [UInt8]) -> Bool {
    if bytes.starts(with: [0xFF, 0xFE]) || bytes.starts(with: [0xFE, 0xFF]) { return true }
    return bytes.count >= 16
      && [0, 1].contains { used in (0..<16).allSatisfy { ($0 % 2 == used) == (bytes[$0] != 0) } }
  }

  /// Whether bytes begin with the mark of UTF-32, or with four characters of it below 256.
  static func isUTF32(_ bytes: [UInt8]) -> Bool {
    if bytes.starts(with: [0xFF, 0xFE, 0, 0]) || bytes.starts(with: [0, 0, 0xFE, 0xFF]) { return true }
    guard bytes.count >= 16, bytes.count % 4 == 0 || bytes.count >= 512 else { return false }
    return [0, 3].contains { used in (0..<16).allSatisfy { ($0 % 4 == used) == (bytes[$0] != 0) } }
  }

  /// The UTF-8 of the bytes of a file; throws where they are none of this encoding.
  public func utf8(_ bytes: [UInt8], file: String) throws(FormatError) -> [UInt8] {
    if self == .utf8 { return bytes }
    if self == .utf8Marked { return Array(bytes.dropFirst(bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0)) }
    guard Safepoint.mayMake(3 * bytes.count) else {
      throw FormatError(.limit, in: file, "does not fit into the budget of memory")
    }
    var text: [UInt8] = []
    text.reserveCapacity(bytes.count + bytes.count / 8)
    switch self {
    case .utf8, .utf8Marked: break
    case .latin1: for byte in bytes { Self.append(UInt32(byte), to: &text) }
    case .cp1252: for byte in bytes { Self.append(Self.windows(byte), to: &text) }
    case .utf16: try Self.appendUTF16(bytes, file, isBigEndian: Self.isBigEndian16(bytes), to: &text)
    case .utf16Little, .utf16Big: try Self.appendUTF16(bytes, file, isBigEndian: self == .utf16Big, to: &text)
    case .utf32:
      let isBigEndian = bytes.starts(with: [0, 0, 0xFE, 0xFF]) || bytes.count >= 4 && bytes[0] == 0 && bytes[3] != 0
      try Self.appendUTF32(bytes, file, isBigEndian: isBigEndian, to: &text)
    case .utf32Little, .utf32Big: try Self.appendUTF32(bytes, file, isBigEndian: self == .utf32Big, to: &text)
    }
    if Safepoint.mustStop(after: bytes.count / 2) { throw FormatError(.io, in: file, "was not read to its end") }
    return text
  }

  private static func append(_ code: UInt32, to text: inout [UInt8]) {
    if code < 0x80 { return text.append(UInt8(code)) }
    text += UTF8.encode(Unicode.Scalar(code) ?? "\u{FFFD}").map { Array($0) } ?? []
  }

  /// The characters of 0x80 to 0x9F; five bytes that stand for none stay control characters, as browsers have it.
  private static let signs: [UInt32] = [
    0x20AC, 0x81, 0x201A, 0x192, 0x201E, 0x2026, 0x2020, 0x2021, 0x2C6, 0x2030, 0x160, 0x2039, 0x152, 0x8D, 0x17D, 0x8F,
    0x90,
    0x2018, 0x2019, 0x201C, 0x201D, 0x2022, 0x2013, 0x2014, 0x2DC, 0x2122, 0x161, 0x203A, 0x153, 0x9D, 0x17E, 0x178,
  ]

  private static func windows(_ byte: UInt8) -> UInt32 {
    (0x80...0x9F).contains(byte) ? signs[Int(byte) - 0x80] : UInt32(byte)
  }

  /// Whether the higher byte of each character of a text of UTF-16 comes first: a mark tells, else the bytes that are 0, as the higher
  /// ones of letters, blanks, commas and line ends are.
  private static func isBigEndian16(_ bytes: [UInt8]) -> Bool {
    if bytes.starts(with: [0xFE, 0xFF]) { return true }
    if bytes.starts(with: [0xFF, 0xFE]) { return false }
    var zeros = [0, 0]
    for (place, byte) in bytes.prefix(1 << 16).enumerated() where byte == 0 { zeros[place % 2] += 1 }
    return zeros[0] > zeros[1]
  }

  private static func appendUTF16(
    _ bytes: [UInt8], _ file: String, isBigEndian: Bool, to text: inout [UInt8]
  ) throws(FormatError) {
    guard bytes.count % 2 == 0 else {
      throw FormatError(.malformed, in: file, "is not UTF-16: it has an odd number of bytes, \(bytes.count)")
    }
    guard !isUTF32(bytes) else { throw FormatError(.malformed, in: file, "is not UTF-16: it seems to be UTF-32") }
    if bytes.starts(with: isBigEndian ? [0xFF, 0xFE] : [0xFE, 0xFF]) {
      throw FormatError(
        .malformed, in: file,
        "is not UTF-16 of that byte order: it begins with the mark of the other; `utf-16` reads both")
    }
    let start = bytes.starts(with: isBigEndian ? [0xFE, 0xFF] : [0xFF, 0xFE]) ? 2 : 0
    var high: UInt32?
    for place in stride(from: start, to: bytes.count, by: 2) {
      let unit = UInt32(bytes[place + (isBigEndian ? 0 : 1)]) << 8 | UInt32(bytes[place + (isBigEndian ? 1 : 0)])
      switch (high, unit) {
      case (nil, 0xD800...0xDBFF): high = unit
      case (let first?, 0xDC00...0xDFFF):
        append(0x10000 + (first - 0xD800) << 10 + (unit - 0xDC00), to: &text)
        high = nil
      case (nil, 0..<0xD800), (nil, 0xE000...0xFFFF): append(unit, to: &text)
      default: throw FormatError(.malformed, in: file, "is not UTF-16: half of a character stands at byte \(place)")
      }
    }
    if high != nil { throw FormatError(.malformed, in: file, "is not UTF-16: it ends in half of a character") }
  }

  private static func appendUTF32(
    _ bytes: [UInt8], _ file: String, isBigEndian: Bool, to text: inout [UInt8]
  ) throws(FormatError) {
    guard bytes.count % 4 == 0 else {
      throw FormatError(.malformed, in: file, "is not UTF-32: its \(bytes.count) bytes are no multiple of four")
    }
    let start = bytes.starts(with: [0xFF, 0xFE, 0, 0]) || bytes.starts(with: [0, 0, 0xFE, 0xFF]) ? 4 : 0
    for place in stride(from: start, to: bytes.count, by: 4) {
      let code = (0..<4).reduce(UInt32(0)) { $0 << 8 | UInt32(bytes[place + (isBigEndian ? $1 : 3 - $1)]) }
      guard Unicode.Scalar(code) != nil else {
        throw FormatError(.malformed, in: file, "is not UTF-32: no character stands at byte \(place)")
      }
      append(code, to: &text)
    }
  }
}
