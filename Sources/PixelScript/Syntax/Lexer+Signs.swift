extension Lexer {
  private static let signs = Sign.allCases.map { (sign: $0, bytes: Array($0.rawValue.utf8)) }

  /// What people write who know other languages: the word meant, or none, and how it is written here.
  private static let foreign: [(text: String, meant: Token.Kind?, help: String)] = [
    ("===", .sign(.equal), "write `==`"),
    ("!==", .sign(.notEqual), "write `!=`"),
    ("<>", .sign(.notEqual), "write `!=`"),
    (":=", .sign(.assign), "write `=`"),
    ("++", nil, "write `x += 1`"),
    ("--", nil, "write `x -= 1`"),
    ("->", nil, "types are not declared; a function is written `fn f(x) { ... }` or `fn(x) = x + 1`"),
    ("&&", .keyword(.and), "write `and`"),
    ("||", .keyword(.or), "write `or`"),
    ("!", .keyword(.not), "write `not`"),
    ("=>", .sign(.assign), "a function is written `fn(x) = x + 1`"),
    ("~", .keyword(.not), "write `not`"),
    ("\\", nil, "a line goes on after an operator, after a comma and inside brackets; no sign is needed"),
    ("$", nil, "a variable has no sign before its name"),
    ("`", nil, "a string stands in `\"`"),
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

  /// The signs of other languages that begin with one of this language.
  private static let longer = ["===", "!==", "<>", ":=", "++", "->", "=>", "&&", "||"].map { Array($0.utf8) }

  /// Reads an operator, a bracket, or a character that has no meaning.
  mutating func scanSign() {
    let start = position
    let rest = bytes[start..<min(start + 3, bytes.count)]
    let isForeign = Lexer.longer.contains { rest.starts(with: $0) } || isDecrement
    guard !isForeign, let match = Lexer.signs.first(where: { rest.starts(with: $0.bytes) }) else {
      return scanStrayCharacter()
    }
    position += match.bytes.count
    append(.sign(match.sign), from: start)
  }

  /// True at `--` with nothing behind it to negate.
  private var isDecrement: Bool {
    guard peek() == "-", peek(1) == "-", tokens.last?.kind.isOperand == true else { return false }
    let next = bytes[min(position + 2, bytes.count)...].first { $0 != 32 } ?? 10
    return next == "\n" || next == "\r" || next == ";" || next == "}" || next == "#"
  }

  /// Reports a character that has no meaning, and what was probably meant.
  mutating func scanStrayCharacter() {
    if skipShellLine() { return }
    let start = position
    let rest = bytes[start..<min(start + 3, bytes.count)]
    if let known = Lexer.foreign.first(where: { rest.starts(with: $0.text.utf8) }) {
      position += known.text.utf8.count
      reportForeign(known.text, Span(start, position), help: known.help)
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
      Span(start, position), help: isVisible && scalar.value > 127 ? "text stands in quotes" : nil)
  }

  /// Reads past a line such as `!ls -l`, of which one error tells; false where there is none.
  private mutating func skipShellLine() -> Bool {
    let isFirst = tokens.last.map { $0.kind == .newline || $0.kind == .cell } ?? true
    let isLetter = "a"..."z" ~= peek(1) || "A"..."Z" ~= peek(1)
    guard isFirst, peek() == "!", isLetter else { return false }
    let start = position
    while position < bytes.count, bytes[position] != 10, bytes[position] != 13 { position += 1 }
    let word = String(decoding: bytes[start + 1..<position].prefix { $0 > 32 }, as: UTF8.self)
    report(
      "commands of a shell are not run here", Span(start, position),
      help: ForeignWord.help(for: word) ?? ForeignWord.help(for: "what"))
    return true
  }

  /// Reports a sign of another language; several on one line are one mistake with a label each.
  private mutating func reportForeign(_ sign: String, _ span: Span, help: String) {
    let line = source.lineIndex(at: Int(span.start))
    guard let last = errors.last, last.isForeignSign, source.lineIndex(at: Int(last.span.start)) == line else {
      report("`\(sign)` has no meaning here", span, help: help)
      if !errors.isEmpty { errors[errors.count - 1].isForeignSign = true }
      return
    }
    if last.diagnostic.help != [help] { errors[errors.count - 1].diagnostic.labels.append(.init(span, help)) }
  }
}
