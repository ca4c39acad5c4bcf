import Safepoint

/// Reads JSON part by part, so that a file of any size becomes what its reader makes of it and nothing beside; looks now and then
/// whether the work must stop.
public struct JSONReader {
  /// A part of a text.
  public enum Part: Equatable, Sendable {
    case null
    case bool(Bool)
    /// A number without point and exponent that an `Int` holds.
    case integer(Int)
    /// Any other number, rounded to the nearest.
    case number(Double)
    /// A number as it stands that neither of both holds: a whole one beyond `Int`, or one beyond the largest of 64 bits.
    case literal(String)
    case string(String)
    case arrayStart, arrayEnd, objectStart, objectEnd
    /// A name of an object; its value follows.
    case name(String)
    /// All was read.
    case end
  }

  private enum Place {
    case value, firstElement, firstName, afterValue
  }

  /// The deepest nesting that is read.
  public static let depthLimit = 200
  /// The bytes that are read without a look.
  private static let piece = 1 << 16

  private let bytes: [UInt8]
  private var byte: Int
  /// The place behind the text.
  private let end: Int
  private var place = Place.value
  /// For each open bracket whether it is of an object.
  private var open: [Bool] = []
  /// For each open object the name whose value is read, "" before the first and in a list.
  private var names: [String] = []
  private var nextLook: Int
  /// Whether texts that are values are made; else those that are plain ASCII are passed over and told as empty ones.
  var makesTexts = true

  /// Whether `NaN`, `Infinity` and `-Infinity` are numbers, which Python's json writes and the standard does not have.
  private let readsEndless: Bool

  /// Starts to read a text.
  public init(_ bytes: [UInt8], readsEndless: Bool = false) {
    self.init(bytes, bytes.indices, readsEndless: readsEndless)
  }

  /// Starts to read the text that stands at `range` of some bytes.
  init(_ bytes: [UInt8], _ range: Range<Int>, readsEndless: Bool = false) {
    (self.bytes, self.readsEndless) = (bytes, readsEndless)
    // A byte-order mark, which some editors write, is no part of the text.
    let isMarked = range.count >= 3 && bytes[range.lowerBound] == 0xEF && bytes[range].starts(with: [0xEF, 0xBB, 0xBF])
    byte = range.lowerBound + (isMarked ? 3 : 0)
    end = range.upperBound
    nextLook = byte + Self.piece
  }

  /// Returns the next part.
  public mutating func next() throws(JSONFault) -> Part {
    try skipSpace()
    switch place {
    case .value: return try value()
    case .firstElement: return take("]") ? close() : try value()
    case .firstName: return take("}") ? close() : try name()
    case .afterValue:
      guard let isObject = open.last else {
        guard byte == end else { throw fault("text follows the value") }
        return .end
      }
      if take(",") {
        try skipSpace()
        return isObject ? try name() : try value()
      }
      guard take(isObject ? "}" : "]") else {
        throw fault(isObject ? "expected , or } in an object" : "expected , or ] in a list")
      }
      return close()
    }
  }

  /// The fault that something is wrong here.
  public func fault(_ reason: String, _ kind: JSONFault.Kind = .grammar) -> JSONFault {
    let byte = min(byte, end)
    let isStopped = kind == .stopped
    let line = isStopped ? 1 : bytes[..<byte].count { $0 == UInt8(ascii: "\n") } + 1
    let start = isStopped ? byte : bytes[..<byte].lastIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? 0
    return JSONFault(
      kind: kind, reason: reason, byte: byte, line: line, column: byte - start + 1,
      key: names.filter { !$0.isEmpty }.joined(separator: "."))
  }

  /// The fault that a text begins with another part than an object.
  func notObject(_ part: Part) -> JSONFault {
    fault("expected an object in braces" + (part == .arrayStart ? ", found a list" : ""))
  }

  /// The fault that a name stands in an object for the second time.
  func repeated(_ name: String) -> JSONFault { fault("the name \"\(name)\" is given twice", .repeatedName) }

  private mutating func look() throws(JSONFault) {
    guard byte >= nextLook else { return }
    nextLook = byte + Self.piece
    if Safepoint.mustStop { throw fault("the work was stopped", .stopped) }
  }

  private var following: UInt8? { byte < end ? bytes[byte] : nil }

  private mutating func skipSpace() throws(JSONFault) {
    while let next = following, next <= 0x20, next == 0x20 || next == 0x0A || next == 0x0D || next == 0x09 {
      byte += 1
      try look()
    }
  }

  private mutating func take(_ sign: Unicode.Scalar) -> Bool {
    guard following == UInt8(ascii: sign) else { return false }
    byte += 1
    return true
  }

  private mutating func close() -> Part {
    place = .afterValue
    names.removeLast()
    return open.removeLast() ? .objectEnd : .arrayEnd
  }

  private mutating func name() throws(JSONFault) -> Part {
    guard following == UInt8(ascii: "\"") else {
      throw fault(following == UInt8(ascii: "}") ? "a comma stands before }" : "expected a key in quotes")
    }
    let name = try string()
    try skipSpace()
    guard take(":") else { throw fault("expected : after a key") }
    place = .value
    names[names.count - 1] = name
    return .name(name)
  }

  private mutating func value() throws(JSONFault) -> Part {
    guard open.count < Self.depthLimit else { throw fault("it is nested deeper than \(Self.depthLimit)") }
    try look()
    place = .afterValue
    switch following {
    case UInt8(ascii: "{"): return start(isObject: true)
    case UInt8(ascii: "["): return start(isObject: false)
    case UInt8(ascii: "\""): return .string(makesTexts || !passText() ? try string() : "")
    case UInt8(ascii: "t"): return try word("true", .bool(true))
    case UInt8(ascii: "f"): return try word("false", .bool(false))
    case UInt8(ascii: "n"): return try word("null", .null)
    case UInt8(ascii: "N") where readsEndless: return try word("NaN", .number(.nan))
    case UInt8(ascii: "I") where readsEndless: return try word("Infinity", .number(.infinity))
    case UInt8(ascii: "-") where readsEndless && bytes[byte..<end].starts(with: "-I".utf8):
      return try word("-Infinity", .number(-.infinity))
    case nil: throw fault("it stops where a value should begin")
    case UInt8(ascii: "]") where open.last == false: throw fault("a comma stands before ]")
    case UInt8(ascii: "'"): throw fault("a text stands in double quotes, not single ones")
    default: return try number()
    }
  }

  private mutating func start(isObject: Bool) -> Part {
    byte += 1
    open.append(isObject)
    names.append("")
    place = isObject ? .firstName : .firstElement
    return isObject ? .objectStart : .arrayStart
  }

  private mutating func word(_ text: String, _ part: Part) throws(JSONFault) -> Part {
    guard bytes[byte..<end].starts(with: text.utf8) else {
      throw bytes[byte] == UInt8(ascii: "N") ? foreignWord() : fault("expected \(text)")
    }
    byte += text.utf8.count
    return part
  }

  /// The fault of what begins no value: words of other languages are told as such.
  private func foreignWord() -> JSONFault {
    let letters = bytes[min(byte, end)..<min(byte + 20, end)].prefix { (0x41...0x5A).contains($0 & 0xDF) }
    let word = String(decoding: letters, as: UTF8.self)
    if word == "NaN" || word == "Infinity" { return fault("\(word) is no number of JSON") }
    let known = ["None": "null", "True": "true", "False": "false", "nil": "null", "undefined": "null"]
    return fault(known[word].map { "\(word) is no word of JSON, which has \($0) for it" } ?? "expected a value")
  }

  /// The grammar of JSON numbers, which is narrower than what Swift reads.
  private mutating func number() throws(JSONFault) -> Part {
    let start = byte
    let isNegative = take("-")
    let (count, whole) = try digits()
    guard count > 0 else { throw isNegative ? fault("expected a digit after the sign") : foreignWord() }
    guard count == 1 || bytes[byte - count] != UInt8(ascii: "0") else { throw fault("a number begins with 0") }
    var isWhole = true
    if take(".") {
      isWhole = false
      if try digits().count == 0 { throw fault("expected a digit after the point") }
    }
    if take("e") || take("E") {
      isWhole = false
      if !take("+") { _ = take("-") }
      guard try digits().count > 0 else { throw fault("expected the digits of an exponent") }
    }
    if isWhole, let whole, let integer = Int(exactly: isNegative ? -Int128(whole) : Int128(whole)) {
      // The zero below zero is no whole number.
      return whole == 0 && isNegative ? .number(-0.0) : .integer(integer)
    }
    let text = String(decoding: bytes[start..<byte], as: UTF8.self)
    guard !isWhole, let number = Double(text), number.isFinite else { return .literal(text) }
    return .number(number)
  }

  /// Passes over digits; returns how many there are and the number that they make, nil when it is too large.
  private mutating func digits() throws(JSONFault) -> (count: Int, value: UInt64?) {
    let start = byte
    var value: UInt64 = 0
    while let next = following, (0x30...0x39).contains(next) {
      value = value &* 10 &+ UInt64(next - 0x30)
      byte += 1
      try look()
    }
    let count = byte - start
    return (count, count > 18 ? UInt64(String(decoding: bytes[start..<byte], as: UTF8.self)) : value)
  }

  /// Passes over a text that is plain ASCII; stays where it is before another.
  private mutating func passText() -> Bool {
    var place = byte + 1
    while place < end {
      let next = bytes[place]
      if next == UInt8(ascii: "\"") {
        byte = place + 1
        return true
      }
      if next < 0x20 || next == UInt8(ascii: "\\") || next >= 0x80 { return false }
      place += 1
    }
    return false
  }

  private mutating func string() throws(JSONFault) -> String {
    byte += 1
    var text: [UInt8] = []
    var start = byte
    while let next = following {
      switch next {
      case UInt8(ascii: "\""):
        let rest = bytes[start..<byte]
        byte += 1
        guard let valid = String(validating: text.isEmpty ? rest : text[...] + rest, as: UTF8.self) else {
          throw fault("a string is not UTF-8", .encoding)
        }
        return valid
      case UInt8(ascii: "\\"):
        if start < byte { text += bytes[start..<byte] }
        byte += 1
        text.append(contentsOf: String(try escape()).utf8)
        start = byte
      case ..<0x20:
        byte += 1
        throw fault("a control character stands in a string")
      default: byte += 1
      }
      try look()
    }
    throw fault("a string is never closed")
  }

  private mutating func escape() throws(JSONFault) -> Unicode.Scalar {
    let next = following
    byte += 1
    switch next {
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

  private mutating func codePoint() throws(JSONFault) -> Unicode.Scalar {
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

  private mutating func unit() throws(JSONFault) -> UInt32 {
    let digits = bytes[byte..<min(byte + 4, end)]
    let isHexadecimal = digits.allSatisfy { Character(Unicode.Scalar($0)).isHexDigit }
    guard digits.count == 4, isHexadecimal, let value = UInt32(String(decoding: digits, as: UTF8.self), radix: 16)
    else { throw fault("\\u needs four hexadecimal digits") }
    byte += 4
    return value
  }
}
