extension Lexer {
  private static let signs = Sign.allCases.map { (sign: $0, bytes: Array($0.rawValue.utf8)) }

  /// What people write who know other languages: the word meant, or none, and how it is written here.
  private static let foreign: [(text: String, meant: Token.Kind?, help: String)] = [
    ("&&", .keyword(.and), "write `and`"),
    ("||", .keyword(.or), "write `or`"),
    ("!", .keyword(.not), "write `not`"),
    ("=>", .sign(.assign), "a function is written `fn(x) = x + 1`"),
    ("&", .keyword(.and), "write `and`"),
    ("|", .keyword(.or), "write `or`"),
    ("~", .keyword(.not), "write `not`"),
    ("^", .sign(.doubleStar), "a power is written `**`"),
    ("\\", nil, "a line goes on after an operator, after a comma and inside brackets; no sign is needed"),
    ("\u{201C}", nil, "write the straight quote `\"`"),
    ("\u{201D}", nil, "write the straight quote `\"`"),
    ("\u{2018}", nil, "write the straight quote `\"`"),
    ("\u{2019}", nil, "write the straight quote `\"`"),
    ("\u{00D7}", .sign(.star), "write `*`"),
    ("\u{2212}", .sign(.minus), "write `-`"),
    ("\u{2264}", .sign(.lessOrEqual), "write `<=`"),
    ("\u{2265}", .sign(.greaterOrEqual), "write `>=`"),
    ("\u{2260}", .sign(.notEqual), "write `!=`"),
  ]

  /// Reads an operator, a bracket, or a character that has no meaning.
  mutating func scanSign() {
    let start = position
    let rest = bytes[start..<min(start + 2, bytes.count)]
    let isArrow = rest.elementsEqual("=>".utf8)
    guard !isArrow, let match = Lexer.signs.first(where: { rest.starts(with: $0.bytes) }) else {
      return scanStrayCharacter()
    }
    position += match.bytes.count
    append(.sign(match.sign), from: start)
  }

  /// Reports a character that has no meaning, and what was probably meant.
  mutating func scanStrayCharacter() {
    let start = position
    let rest = bytes[start..<min(start + 3, bytes.count)]
    if let known = Lexer.foreign.first(where: { rest.starts(with: $0.text.utf8) }) {
      position += known.text.utf8.count
      report("`\(known.text)` has no meaning here", Span(start, position), help: known.help)
      if let kind = known.meant { append(kind, from: start) }
      return
    }
    let scalar = scalarHere() ?? "\u{FFFD}"
    position += scalar.utf8Length
    while let next = scalarHere(), next == scalar { position += scalar.utf8Length }
    let isVisible = scalar.value > 32 && scalar.value != 127 && scalar.properties.generalCategory != .format
    let code =
      "U+" + String(repeating: "0", count: max(0, 4 - String(scalar.value, radix: 16).count))
      + String(scalar.value, radix: 16, uppercase: true)
    report(
      isVisible
        ? "the character `\(scalar)` has no meaning outside a string" : "the character \(code) has no meaning here",
      Span(start, position))
  }
}
