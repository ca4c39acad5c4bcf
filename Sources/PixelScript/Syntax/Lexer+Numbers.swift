extension Lexer {
  /// Reads `1`, `1_000`, `0xff`, `.5` or `1e-3`.
  mutating func scanNumber() {
    let start = position
    let (value, exact) = peek() == "0" && (peek(1) == "x" || peek(1) == "X") ? scanHexadecimal() : scanDecimal()
    let digitsEnd = position
    if skipTrailingName() {
      let span = Span(start, position)
      let rest = source.text(Span(digitsEnd, position))
      report("`\(source.text(span))` is no number", span, help: Self.help(source.text(span), rest))
    } else if !value.isFinite {
      report("the number is too large", Span(start, position), help: "the largest number is about 1.8e308")
    } else if !exact {
      report(
        "no number is exactly this one, the nearest is \(Display.text(of: value))", Span(start, position),
        help: "whole numbers are exact up to 2 ** 53; write the nearest, or a string for what is a name, such as an id")
    }
    append(.number(value.isFinite ? value : 0), from: start)
  }

  private static func help(_ text: String, _ rest: String) -> String {
    if rest.allSatisfy({ $0 == "_" }) { return "`_` stands between digits, as in `1_000`" }
    if rest == "e" || rest == "E" { return "an exponent has digits, as in `1e-3`" }
    if text.hasPrefix("0b") || text.hasPrefix("0o") { return "a number is decimal, or hexadecimal as `0xff`" }
    return "a name can't start with a digit, and a product is written with `*`, as in `2 * \(rest)`"
  }

  private mutating func scanHexadecimal() -> (value: Double, isExact: Bool) {
    position += 2
    let digits = digits(where: { byte in
      switch byte {
      case "0"..."9", "a"..."f", "A"..."F": true
      default: false
      }
    })
    if digits.isEmpty { report("`0x` must be followed by digits, as in `0xff`", Span(position - 2, position)) }
    let value = digits.reduce(0) { $0 * 16 + Double($1.hexDigitValue ?? 0) }
    return (value, WholeLiteral.number(hexadecimal: digits) != nil)
  }

  /// A whole number is what its digits say; one with a point or an exponent is the nearest number.
  private mutating func scanDecimal() -> (value: Double, isExact: Bool) {
    let isDecimal = { (byte: UInt8) in "0"..."9" ~= byte }
    var text = digits(where: isDecimal)
    let whole = text
    if peek() == ".", isDigit(at: 1) {
      position += 1
      text += "." + digits(where: isDecimal)
    }
    let signed = peek(1) == "-" || peek(1) == "+"
    if peek() == "e" || peek() == "E", isDigit(at: signed ? 2 : 1) {
      text += "e"
      position += 1
      if signed {
        text += peek() == "-" ? "-" : ""
        position += 1
      }
      text += digits(where: isDecimal)
    }
    let value = Double(text.hasPrefix(".") ? "0" + text : text) ?? .infinity
    return (value, text.utf8.count > whole.utf8.count || WholeLiteral.number(decimal: whole) != nil)
  }

  /// Reads digits with single `_` between them.
  private mutating func digits(where isDigit: (UInt8) -> Bool) -> String {
    var text = ""
    while isDigit(peek()) || (peek() == "_" && isDigit(peek(1)) && !text.isEmpty) {
      if peek() != "_" { text.unicodeScalars.append(Unicode.Scalar(peek())) }
      position += 1
    }
    return text
  }

  /// Reads past letters and digits that touch a number; false when there are none.
  private mutating func skipTrailingName() -> Bool {
    guard skipNameCharacters() else { return false }
    while isDigit(at: 0), skipNameCharacters() || advance() {}
    return true
  }

  private mutating func advance() -> Bool {
    position += 1
    return true
  }
}
