/// Python's format specification for numbers and strings: `[[fill]align][sign][#][0][width][,][.precision][type]`.
package final class FormatSpecification {
  private(set) var fill: Character = " "
  private(set) var alignment: Character?
  private(set) var sign: Character = "-"
  private(set) var isAlternate = false
  private(set) var width = 0
  private(set) var grouping: Character?
  private(set) var precision: Int?
  private(set) var type: Character?
  private let source: String
  /// The form where texts are written in it byte by byte.
  private(set) lazy var plain = PlainForm(self)

  /// The widest and most precise form that is given.
  private static let limit = 10_000
  /// The bytes of the longest text that is read as a specification.
  private static let longest = 100
  private static let help = "such as `.2f`, `>8`, `,`, `05d`, `.1%` or `e`"

  /// A value in the form that a specification asks for; throws a value error when they do not go together.
  package static func format(_ value: Value, _ text: String) throws(ScriptError) -> String {
    try FormatSpecification(text).text(of: value)
  }

  /// A value in the form; throws a value error when they do not go together.
  func text(of value: Value) throws(ScriptError) -> String {
    switch value {
    case .number(let number): return try apply(number)
    case .string(let string): return try apply(string)
    default:
      if let number = Double.convert(value) { return try apply(number) }
      guard type == nil || type == "s" else {
        throw ScriptError(.value, "the format \"\(source)\" is for numbers, found \(describe(value))")
      }
      return try apply(value.description)
    }
  }

  /// Reads a specification; throws a value error when it is none.
  init(_ text: String) throws(ScriptError) {
    guard text.utf8.count <= Self.longest else {
      throw ScriptError(.value, "\"\(Display.start(of: text))\" is no format", help: Self.help)
    }
    source = text
    var rest = Array(text)[...]
    func isAlignment(_ sign: Character) -> Bool { "<>^=".contains(sign) }
    if rest.count >= 2, isAlignment(rest[rest.startIndex + 1]) {
      fill = rest.removeFirst()
      alignment = rest.removeFirst()
    } else if let first = rest.first, isAlignment(first) {
      alignment = rest.removeFirst()
    }
    if let first = rest.first, "+- ".contains(first) { sign = rest.removeFirst() }
    if rest.first == "#" {
      isAlternate = true
      rest.removeFirst()
    }
    if rest.first == "0" {
      rest.removeFirst()
      if alignment == nil { (fill, alignment) = ("0", "=") }
    }
    width = try Self.number(&rest, text) ?? 0
    if let first = rest.first, ",_".contains(first) { grouping = rest.removeFirst() }
    if rest.first == "." {
      rest.removeFirst()
      guard let digits = try Self.number(&rest, text) else {
        throw ScriptError(.value, "the format \"\(text)\" lacks the number of digits after the point")
      }
      precision = digits
    }
    type = rest.popFirst()
    guard rest.isEmpty, type.map({ "bcdeEfFgGnosxX%".contains($0) }) ?? true else {
      throw ScriptError(
        .value, "\"\(text)\" is no format", help: Self.help)
    }
  }

  private static func number(_ rest: inout ArraySlice<Character>, _ text: String) throws(ScriptError) -> Int? {
    var digits = ""
    while let digit = rest.first, digit.isASCII, digit.isNumber { digits.append(rest.removeFirst()) }
    if digits.isEmpty { return nil }
    guard let number = Int(digits), number <= limit else {
      throw ScriptError(.limit, "the format \"\(text)\" asks for more than \(limit) characters")
    }
    return number
  }

  private func apply(_ text: String) throws(ScriptError) -> String {
    guard type == nil || type == "s" else {
      throw ScriptError(
        .value, "the format \"\(source)\" is for numbers, found the string \(Display.quoted(Display.start(of: text)))")
    }
    let kept = precision.map { String(String.UnicodeScalarView(text.unicodeScalars.prefix($0))) } ?? text
    return padded("", kept, natural: "<")
  }

  private func apply(_ number: Double) throws(ScriptError) -> String {
    if type == "c", number < 0 { throw ScriptError(.value, "\(Display.text(of: number)) is no code point") }
    let signed = number.sign == .minus && !number.isNaN ? "-" : sign == "-" ? "" : String(sign)
    guard number.isFinite else { return padded(signed, number.isNaN ? "nan" : "inf", natural: ">") }
    let digits = try body(abs(number))
    return padded((number == 0 && signed == "-" ? "" : signed) + prefix, digits, natural: ">")
  }

  /// What tells the base before the digits; zeros that fill the width stand between the two.
  private var prefix: String {
    guard isAlternate, let type, "boxX".contains(type) else { return "" }
    return "0\(type)"
  }

  private func body(_ number: Double) throws(ScriptError) -> String {
    switch type {
    case "f", "F": return grouped(DecimalText.text(of: number, "f", precision ?? 6))
    case "%": return grouped(DecimalText.text(of: number * 100, "f", precision ?? 6)) + "%"
    case "e": return DecimalText.text(of: number, "e", precision ?? 6)
    case "E": return DecimalText.text(of: number, "E", precision ?? 6)
    case "g", "n":
      return grouped(DecimalText.text(of: number, "g", precision ?? 6))
    case "G": return grouped(DecimalText.text(of: number, "G", precision ?? 6))
    case nil:
      if let precision { return grouped(DecimalText.text(of: number, "g", max(precision, 1))) }
      return grouped(Display.text(of: number))
    case "s": throw ScriptError(.value, "the format \"\(source)\" is for strings, found \(Display.text(of: number))")
    default: return try whole(number)
    }
  }

  private func whole(_ number: Double) throws(ScriptError) -> String {
    guard let integer = Int(exactly: number) else {
      throw ScriptError(
        .value, "the format \"\(source)\" is for whole numbers, found \(Display.text(of: number))",
        help: "such as `.0f`, which rounds")
    }
    switch type {
    case "b": return String(integer, radix: 2)
    case "o": return String(integer, radix: 8)
    case "x": return String(integer, radix: 16)
    case "X": return String(integer, radix: 16, uppercase: true)
    case "c":
      guard let scalar = UInt32(exactly: integer).flatMap(Unicode.Scalar.init) else {
        throw ScriptError(.value, "\(integer) is no code point")
      }
      return String(Character(scalar))
    default: return grouped(String(integer))
    }
  }

  /// The digits before the point in groups of three.
  private func grouped(_ text: String) -> String {
    guard let grouping else { return text }
    let end = text.firstIndex { !$0.isNumber } ?? text.endIndex
    var output = ""
    let digits = Array(text[..<end])
    for (place, digit) in digits.enumerated() {
      if place > 0, (digits.count - place).isMultiple(of: 3) { output.append(grouping) }
      output.append(digit)
    }
    return output + text[end...]
  }

  private func padded(_ sign: String, _ text: String, natural: Character) -> String {
    // A code point takes four bytes at most.
    if width == 0 || text.utf8.count / 4 >= width { return sign + text }
    let missing = width - sign.unicodeScalars.count - text.unicodeScalars.count
    guard missing > 0 else { return sign + text }
    func filling(_ count: Int) -> String { String(repeating: fill, count: count) }
    switch alignment ?? natural {
    case "<": return sign + text + filling(missing)
    case "^": return filling(missing / 2) + sign + text + filling(missing - missing / 2)
    case "=": return sign + filling(missing) + text
    default: return filling(missing) + sign + text
    }
  }
}
