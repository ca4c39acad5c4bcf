extension Lexer {
  /// Reads the escape that starts at a backslash and adds what it stands for.
  mutating func scanEscape(into text: inout [UInt8], isInterpolated: Bool) {
    let start = position
    position += 1
    let letter = peek()
    if position < bytes.count { position += scalarHere()?.utf8Length ?? 1 }
    switch letter {
    case "n": text.append(10)
    case "t": text.append(9)
    case "r": text.append(13)
    case "0": text.append(0)
    case "\\", "\"", "'": text.append(letter)
    case "x": scanCode(from: start, isBraced: false, into: &text)
    case "u": scanCode(from: start, isBraced: true, into: &text)
    case "\n": break
    default:
      let span = Span(start, position)
      report(
        "unknown escape `\(source.text(span))` in a string", span,
        help: "write `\\\\` for a backslash, or `r\"...\"` for a string without escapes")
    }
  }

  /// Reads `NN` or `{N...}` and adds the character with that number.
  private mutating func scanCode(from start: Int, isBraced: Bool, into text: inout [UInt8]) {
    let form = isBraced ? "`\\u{...}` with up to 6 hexadecimal digits" : "`\\xNN` with 2 hexadecimal digits"
    var digits = ""
    let isOpen = isBraced && peek() == "{"
    if isOpen { position += 1 }
    while digits.count < (isBraced ? 6 : 2), Character(Unicode.Scalar(peek())).isHexDigit {
      digits.unicodeScalars.append(Unicode.Scalar(peek()))
      position += 1
    }
    let isClosed = !isBraced || (isOpen && peek() == "}")
    if isOpen && isClosed { position += 1 }
    guard isClosed, isBraced ? !digits.isEmpty : digits.count == 2, let code = UInt32(digits, radix: 16) else {
      return report("the escape must be written \(form)", Span(start, position))
    }
    guard let scalar = Unicode.Scalar(code) else {
      return report("there is no character with the number \(digits)", Span(start, position))
    }
    text.append(contentsOf: String(Character(scalar)).utf8)
  }
}
