import Safepoint

extension Lexer {
  /// Reads a string whose prefix, `f` or `r` or none, has been read.
  mutating func scanString(prefix: String?, from start: Int) {
    let quote = bytes[position]
    let isTriple = peek(1) == quote && peek(2) == quote
    position += isTriple ? 3 : 1
    let delimiter = StringDelimiter(quote: quote, isTriple: isTriple, opener: Span(start, position))
    var pieces: [Token.Piece] = []
    var text: [UInt8] = []
    while true {
      guard position < bytes.count, isTriple || bytes[position] != "\n" else {
        reportUnclosed(delimiter)
        break
      }
      if atEnd(of: delimiter) {
        position += isTriple ? 3 : 1
        break
      }
      switch bytes[position] {
      case "\\" where prefix != "r": scanEscape(into: &text, isInterpolated: prefix == "f")
      case "{" where prefix == "f" && peek(1) != "{":
        if !text.isEmpty { pieces.append(.text(String(decoding: text, as: UTF8.self))) }
        text = []
        pieces += scanValue(in: delimiter)
      case "{" where prefix == "f", "}" where prefix == "f" && peek(1) == "}":
        text.append(bytes[position])
        position += 2
      case "}" where prefix == "f":
        report("`}` without `{` in a string with values", Span(position, position + 1), help: "write `}}` for a brace")
        position += 1
      default:
        let first = position
        repeat { position += 1 } while position < bytes.count && !mayEndText(bytes[position], quote)
        // Beside what is read stands the text of the token.
        guard position - first < 1 << 16 || Safepoint.mayMake(2 * (text.count + position - first)) else {
          stop()
          return
        }
        text.append(contentsOf: bytes[first..<position])
      }
    }
    if prefix == "f" {
      if !text.isEmpty { pieces.append(.text(String(decoding: text, as: UTF8.self))) }
      append(.interpolation(pieces), from: start)
    } else {
      append(.string(String(decoding: text, as: UTF8.self)), from: start)
    }
  }

  /// Whether a byte of a string may be more than itself.
  private func mayEndText(_ byte: UInt8, _ quote: UInt8) -> Bool {
    switch byte {
    case quote, "\\", "{", "}", "\n": true
    default: false
    }
  }

  /// Reads `{value}`, `{value!r}`, `{value=}` or `{value:format}`; nothing after a mistake that has been reported.
  private mutating func scanValue(in delimiter: StringDelimiter) -> [Token.Piece] {
    let opener = Span(position, position + 1)
    position += 1
    interpolationDepth += 1
    let outer = (tokens, spaceBefore)
    tokens = []
    defer {
      (tokens, spaceBefore) = outer
      interpolationDepth -= 1
    }
    guard interpolationDepth <= Lexer.interpolationLimit else {
      report("values in strings are nested more than \(Lexer.interpolationLimit) deep", opener)
      stop()
      return []
    }
    guard scanValueTokens(in: delimiter) else {
      report(
        "`{` in a string is never closed", opener, help: "write `{{` for a brace", isIncomplete: delimiter.isTriple)
      skipToEnd(of: delimiter)
      return []
    }
    let end = position
    let label = scanLabel(from: Int(opener.end))
    var style = Token.ValueStyle(isQuoted: scanConversion() ?? (label != nil && peek() != ":"))
    if peek() == ":" { style.format = scanFormat(in: delimiter) }
    if peek() == "}" { position += 1 }
    let value = Token.Piece.value(tokens + [Token(kind: .end, span: Span(end, end), followsSpace: false)], style)
    return label.map { [.text($0), value] } ?? [value]
  }

  /// Reads the `=` that shows a value's text before it, and returns that text with the sign.
  private mutating func scanLabel(from start: Int) -> String? {
    guard peek() == "=" else { return nil }
    position += 1
    while peek() == " " { position += 1 }
    return source.text(Span(start, position))
  }

  /// Reads `!r` or `!s`; true for the one that shows strings in quotes.
  private mutating func scanConversion() -> Bool? {
    guard peek() == "!" else { return nil }
    let start = position
    position += 1
    while "a"..."z" ~= peek() || "A"..."Z" ~= peek() { position += 1 }
    let span = Span(start, position)
    if source.text(span) != "!r", source.text(span) != "!s" {
      report(
        "`\(source.text(span))` is no form of a value", span,
        help: "`!r` shows a string in quotes; a format follows a colon, as in `{x:.2f}`")
    }
    return source.text(span) == "!r"
  }

  /// Reads tokens up to the `}` or `:` that ends a value; false when the string or the text ends first.
  private mutating func scanValueTokens(in delimiter: StringDelimiter) -> Bool {
    var depth = 0
    while true {
      skipSpace()
      guard position < bytes.count else { return false }
      if depth == 0, atEndOfValue { return true }
      if atEnd(of: delimiter), !delimiter.isTriple, tokens.last?.kind.isOperand ?? !hasBraceAhead { return false }
      if bytes[position] == "\n" && !delimiter.isTriple { return false }
      if case .sign(let sign)? = scanned() {
        depth += sign.closer != nil ? 1 : sign.isCloser ? -1 : 0
        if depth < 0 { return false }
      }
    }
  }

  /// True at the `}`, the `:`, the `!r` or the `=` that ends a value.
  private var atEndOfValue: Bool {
    switch peek() {
    case "}", ":": return true
    case "!": return peek(1) != "=" && tokens.last?.kind.isOperand == true
    case "=":
      var next = position + 1
      while next < bytes.count, bytes[next] == " " { next += 1 }
      return next < bytes.count && ["}", ":", "!"].contains { $0 ~= bytes[next] }
    default: return false
    }
  }

  /// True when a `}` follows on this line, so that a quote right after `{` starts a string and does not end the outer one.
  private var hasBraceAhead: Bool { bytes[position...].prefix { $0 != "\n" }.contains(UInt8(ascii: "}")) }

  /// Reads one token and returns what it is; `nil` when only space was left or nothing was added.
  private mutating func scanned() -> Token.Kind? {
    let count = tokens.count
    return scan() && tokens.count > count ? tokens[count].kind : nil
  }

  /// Reads the format specification from its colon up to `}`; it may hold values itself, as in `{x:{width}.2f}`.
  private mutating func scanFormat(in delimiter: StringDelimiter) -> [Token.Piece] {
    let (colon, told) = (position, errors.count)
    position += 1
    var pieces: [Token.Piece] = []
    var start = position
    while position < bytes.count, !["}", "\"", "\n"].contains(where: { $0 ~= bytes[position] }) {
      guard bytes[position] == "{" else {
        position += 1
        continue
      }
      if start < position { pieces.append(.text(source.text(Span(start, position)))) }
      pieces += scanValue(in: delimiter)
      start = position
    }
    if start < position { pieces.append(.text(source.text(Span(start, position)))) }
    if peek() != "}", errors.count == told {
      report("a format must be followed by `}`", Span(position > colon + 1 ? colon + 1 : colon, position))
    }
    return pieces
  }

  private func atEnd(of delimiter: StringDelimiter) -> Bool {
    guard peek() == delimiter.quote else { return false }
    return !delimiter.isTriple || (peek(1) == delimiter.quote && peek(2) == delimiter.quote)
  }

  private mutating func skipToEnd(of delimiter: StringDelimiter) {
    while position < bytes.count, !atEnd(of: delimiter), delimiter.isTriple || bytes[position] != "\n" { position += 1 }
  }

  private mutating func reportUnclosed(_ delimiter: StringDelimiter) {
    let quotes = source.text(delimiter.opener)
    // The reason has been told where a value in the string is not closed.
    guard errors.last.map({ $0.span.start < delimiter.opener.start }) ?? true else { return }
    report(
      "the string is never closed", delimiter.isTriple ? delimiter.opener : Span(Int(delimiter.opener.start), position),
      help: delimiter.isTriple
        ? "end it with `\(quotes.suffix(3))`" : "end it with `\(quotes.suffix(1))` on the same line",
      isIncomplete: delimiter.isTriple)
  }
}

/// How a string being read ends.
struct StringDelimiter {
  let quote: UInt8
  let isTriple: Bool
  /// The prefix and the quotes it started with.
  let opener: Span
}
