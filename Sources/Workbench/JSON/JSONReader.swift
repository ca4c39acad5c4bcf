import PixelScript
import Safepoint

extension JSONText {
  /// Returns the value of a JSON file; throws a value error with the line for anything else.
  static func decode(_ bytes: [UInt8], file: String) throws -> Value {
    var reader = JSONReader(bytes: bytes, file: file)
    let value = try reader.value(depth: 0)
    reader.skipSpace()
    guard reader.place == bytes.count else { throw reader.fault("text follows the value") }
    return value
  }
}

private struct JSONReader {
  let bytes: [UInt8]
  let file: String
  var place = 0
  private var nextLook = piece

  /// The bytes that are read without a look.
  private static let piece = 1 << 16

  init(bytes: [UInt8], file: String) { (self.bytes, self.file) = (bytes, file) }

  func fault(_ reason: String) -> ScriptError {
    let line = bytes[..<min(place, bytes.count)].count { $0 == UInt8(ascii: "\n") } + 1
    return ScriptError(.value, "\(file) is not JSON: line \(line): \(reason)")
  }

  var next: UInt8? { place < bytes.count ? bytes[place] : nil }

  /// Throws when the run must stop.
  private mutating func look() throws {
    guard place >= nextLook else { return }
    nextLook = place + Self.piece
    try Safepoint.check()
  }

  mutating func skipSpace() { while let byte = next, [0x20, 0x09, 0x0A, 0x0D].contains(byte) { place += 1 } }

  mutating func take(_ byte: Character) -> Bool {
    guard let wanted = byte.asciiValue, next == wanted else { return false }
    place += 1
    return true
  }

  mutating func value(depth: Int) throws -> Value {
    guard depth < JSONText.depthLimit else { throw fault("it is nested deeper than \(JSONText.depthLimit)") }
    try look()
    skipSpace()
    switch next {
    case UInt8(ascii: "{"): return try object(depth)
    case UInt8(ascii: "["): return try array(depth)
    case UInt8(ascii: "\""): return .string(try string())
    case UInt8(ascii: "t"): return try word("true", .bool(true))
    case UInt8(ascii: "f"): return try word("false", .bool(false))
    case UInt8(ascii: "n"): return try word("null", .nil)
    case nil: throw fault("it stops where a value should begin")
    default: return .number(try number())
    }
  }

  private mutating func word(_ text: String, _ value: Value) throws -> Value {
    guard bytes[place...].starts(with: text.utf8) else { throw fault("expected \(text)") }
    place += text.utf8.count
    return value
  }

  private mutating func array(_ depth: Int) throws -> Value {
    place += 1
    let list = ScriptList()
    skipSpace()
    if take("]") { return .list(list) }
    repeat {
      list.append(try value(depth: depth + 1))
      skipSpace()
    } while take(",")
    guard take("]") else { throw fault("expected , or ] in a list") }
    return .list(list)
  }

  private mutating func object(_ depth: Int) throws -> Value {
    place += 1
    let map = ScriptMap()
    skipSpace()
    if take("}") { return .map(map) }
    repeat {
      skipSpace()
      guard next == UInt8(ascii: "\"") else { throw fault("expected a key in quotes") }
      let key = try string()
      skipSpace()
      guard take(":") else { throw fault("expected : after a key") }
      let value = try value(depth: depth + 1)
      try map.makeRoom { try Safepoint.check() }
      map[key] = value
      skipSpace()
    } while take(",")
    guard take("}") else { throw fault("expected , or } in an object") }
    return .map(map)
  }

  /// The grammar of JSON numbers, which is narrower than what Swift reads.
  private mutating func number() throws -> Double {
    let start = place
    _ = take("-")
    let whole = digits()
    guard whole == 1 || whole > 1 && bytes[place - whole] != UInt8(ascii: "0") else { throw fault("expected a value") }
    if take("."), digits() == 0 { throw fault("expected a digit after the point") }
    if take("e") || take("E") {
      if !take("+") { _ = take("-") }
      guard digits() > 0 else { throw fault("expected the digits of an exponent") }
    }
    guard let number = Double(String(decoding: bytes[start..<place], as: UTF8.self)), number.isFinite else {
      throw fault("a number is too large")
    }
    return number
  }

  private mutating func digits() -> Int {
    let start = place
    while let byte = next, (0x30...0x39).contains(byte) { place += 1 }
    return place - start
  }

  private mutating func string() throws -> String {
    place += 1
    var text: [UInt8] = []
    while let byte = next {
      place += 1
      try look()
      switch byte {
      case UInt8(ascii: "\""):
        guard let valid = String(validating: text, as: UTF8.self) else { throw fault("a string is not UTF-8") }
        return valid
      case UInt8(ascii: "\\"): text += Array(String(try escape()).utf8)
      case ..<0x20: throw fault("a control character stands in a string")
      default: text.append(byte)
      }
    }
    throw fault("a string is never closed")
  }

  private mutating func escape() throws -> Unicode.Scalar {
    let byte = next
    place += 1
    switch byte {
    case UInt8(ascii: "\""): return "\""
    case UInt8(ascii: "\\"): return "\\"
    case UInt8(ascii: "/"): return "/"
    case UInt8(ascii: "b"): return "\u{8}"
    case UInt8(ascii: "f"): return "\u{c}"
    case UInt8(ascii: "n"): return "\n"
    case UInt8(ascii: "r"): return "\r"
    case UInt8(ascii: "t"): return "\t"
    case UInt8(ascii: "u"): return try codePoint()
    default: throw fault("an unknown escape")
    }
  }

  private mutating func codePoint() throws -> Unicode.Scalar {
    let first = try unit()
    if (0xD800..<0xDC00).contains(first), take("\\"), take("u") {
      let second = try unit()
      if (0xDC00..<0xE000).contains(second),
        let scalar = Unicode.Scalar(0x10000 + (first - 0xD800) << 10 + (second - 0xDC00))
      {
        return scalar
      }
    } else if let scalar = Unicode.Scalar(first) {
      return scalar
    }
    throw fault("half of a surrogate pair")
  }

  private mutating func unit() throws -> UInt32 {
    let digits = bytes[place..<min(place + 4, bytes.count)]
    let isHexadecimal = digits.allSatisfy { Character(Unicode.Scalar($0)).isHexDigit }
    guard digits.count == 4, isHexadecimal, let value = UInt32(String(decoding: digits, as: UTF8.self), radix: 16)
    else { throw fault("\\u needs four hexadecimal digits") }
    place += 4
    return value
  }
}
