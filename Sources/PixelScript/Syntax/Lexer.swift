import Safepoint

/// Cuts a text into tokens.
///
/// It never stops at a mistake: it notes it, stands in something plausible and goes on, so that all mistakes are told at once.
package struct Lexer {
  /// What a whole text gives.
  package struct Result {
    /// The tokens in order; the last one is an `end`.
    package var tokens: [Token]
    /// The mistakes in order.
    var errors: [SyntaxError]
    /// True when there are mistakes.
    package var hasErrors: Bool { !errors.isEmpty }
  }

  /// How deep values may be nested in the strings of values in strings.
  static let interpolationLimit = 16

  let source: SourceText
  let bytes: [UInt8]
  var position = 0
  var tokens: [Token] = []
  var errors: [SyntaxError] = []
  var interpolationDepth = 0
  var spaceBefore = false
  private var isStopped = false
  /// Whether the name that was read last has letters beyond ASCII.
  private var isWide = false

  private init(_ source: SourceText) {
    self.source = source
    bytes = source.bytes
  }

  /// Returns the tokens of `source`.
  package static func tokens(of source: SourceText) -> Result {
    var lexer = Lexer(source)
    if let (bad, reason, help) = lexer.obstacle() {
      lexer.report(reason, Span(bad, bad + 1), help: help)
      return Result(tokens: [Token(kind: .end, span: Span(0, 0), followsSpace: false)], errors: lexer.errors)
    }
    while lexer.scan(), !Safepoint.mustStop(after: 128) {}
    lexer.append(.end, from: lexer.bytes.count)
    return Result(tokens: lexer.tokens, errors: lexer.errors)
  }

  /// Reads past white space and one token; false at the end of the text.
  mutating func scan() -> Bool {
    skipSpace()
    guard position < bytes.count else { return false }
    let start = position
    switch bytes[position] {
    case "\n":
      position += 1
      if tokens.last?.kind != .newline { append(.newline, from: start) }
    case "#": scanComment()
    case "\"", "'": scanString(prefix: nil, from: start)
    case "0"..."9": scanNumber()
    case "." where isDigit(at: 1) && !touchesOperand: scanNumber()
    case "a"..."z", "A"..."Z", "_", 0x80...: scanWord()
    default: scanSign()
    }
    return true
  }

  /// The byte `offset` places ahead, or 0 past the end.
  func peek(_ offset: Int = 0) -> UInt8 {
    let index = position + offset
    return index < bytes.count ? bytes[index] : 0
  }

  func isDigit(at offset: Int) -> Bool { "0"..."9" ~= peek(offset) }

  /// Adds the token that goes from `start` to here.
  mutating func append(_ kind: Token.Kind, from start: Int) {
    let token = Token(kind: kind, span: Span(start, max(start, position)), followsSpace: spaceBefore)
    // Growing copies them, so that both lie in memory for a while; what must stop keeps the last token only, which may be the end.
    if tokens.count == tokens.capacity, tokens.count >= 1 << 13,
      !Safepoint.mayMake(3 * tokens.count * MemoryLayout<Token>.stride)
    {
      tokens[tokens.count - 1] = token
    } else {
      tokens.append(token)
    }
    spaceBefore = false
  }

  /// Notes a mistake.
  mutating func report(_ message: String, _ span: Span, help: String? = nil, isIncomplete: Bool = false) {
    guard !isStopped else { return }
    let diagnostic = Diagnostic(
      .syntax, message, at: Location(source, span), help: help.map { [$0] } ?? [])
    errors.append(SyntaxError(diagnostic: diagnostic, isIncomplete: isIncomplete))
  }

  /// Skips the rest of the text, and reports nothing more.
  mutating func stop() {
    position = bytes.count
    isStopped = true
  }

  /// True where a `.` would belong to the token before it, as in `x.1`.
  private var touchesOperand: Bool {
    guard let last = tokens.last, !spaceBefore else { return false }
    switch last.kind {
    case .name, .number, .string, .interpolation: return true
    case .sign(let sign): return sign.isCloser
    default: return false
    }
  }

  /// Reads past blanks.
  mutating func skipSpace() {
    while true {
      switch peek() {
      case " ", "\t", "\r": position += 1
      case 0xC2 where peek(1) == 0xA0: position += 2
      default: return
      }
      spaceBefore = true
    }
  }

  private mutating func scanComment() {
    let start = position
    let isLineStart = start == 0 || bytes[start - 1] == "\n"
    while position < bytes.count, bytes[position] != "\n" { position += 1 }
    let line = bytes[start..<position]
    let isMark = line.dropFirst().drop { $0 == " " || $0 == "\t" }.starts(with: "%%".utf8)
    if isLineStart, isMark, interpolationDepth == 0 {
      append(.cell, from: start)
      if CellHeading(source.text(Span(start, position))).kind != .code { skipQuotedCell() }
    }
    spaceBefore = true
  }

  /// Reads past the text of a cell that stands in triple quotes, as editors write it, if it ends: lines in it that look as if a cell began
  /// are text, as for Jupytext.
  private mutating func skipQuotedCell() {
    var place = position
    while place < bytes.count, bytes[place] == 0x20 || (0x09...0x0D).contains(bytes[place]) { place += 1 }
    if place < bytes.count, bytes[place] == "r" { place += 1 }
    guard place + 3 <= bytes.count, bytes[place] == "\"" || bytes[place] == "'",
      bytes[place..<place + 3].allSatisfy({ $0 == bytes[place] })
    else { return }
    let quotes = Array(bytes[place..<place + 3])
    place += 3
    while place + 3 <= bytes.count {
      if bytes[place..<place + 3].elementsEqual(quotes) {
        position = place + 3
        return
      }
      place += 1
    }
  }

  private mutating func scanWord() {
    let start = position
    guard skipNameCharacters() else { return scanStrayCharacter() }
    let word = source.text(Span(start, position))
    if word == "f" || word == "r", peek() == "\"" || peek() == "'" {
      scanString(prefix: word, from: start)
    } else if let keyword = Keyword(rawValue: word) {
      append(.keyword(keyword), from: start)
    } else {
      append(.name(isWide ? word.composedName : word), from: start)
    }
  }

  /// Reads past a name; false when there is none.
  mutating func skipNameCharacters() -> Bool {
    let start = position
    isWide = false
    while position < bytes.count {
      switch bytes[position] {
      case "a"..."z", "A"..."Z", "_": position += 1
      case "0"..."9":
        guard position > start else { return false }
        position += 1
      case 0x80...:
        guard let scalar = scalarHere(),
          position == start
            ? scalar.properties.isXIDStart : scalar.properties.isXIDContinue
        else { return position > start }
        position += scalar.utf8Length
        isWide = true
      default: return position > start
      }
    }
    return position > start
  }

  /// The character that starts here, in a text known to be UTF-8.
  func scalarHere() -> Unicode.Scalar? {
    var decoder = Unicode.UTF8()
    var iterator = bytes[position..<min(position + 4, bytes.count)].makeIterator()
    guard case .scalarValue(let scalar) = decoder.decode(&iterator) else { return nil }
    return scalar
  }

  /// The offset of the first byte that can't be UTF-8, if any.
  /// What makes the text none that is read: where, why, and what helps; nil for one that is.
  private func obstacle() -> (place: Int, reason: String, help: String)? {
    let zero = bytes.firstIndex(of: 0)
    let isMarked = bytes.starts(with: [0xFF, 0xFE]) || bytes.starts(with: [0xFE, 0xFF])
    // Between letters of UTF-16 stand zeros.
    let isWide = zero.map { $0 < 4 && 3 * bytes.prefix(64).count(where: { $0 == 0 }) > bytes.prefix(64).count } ?? false
    if isMarked || isWide {
      let isLong =
        bytes.starts(with: [0xFF, 0xFE, 0, 0]) || bytes.starts(with: [0, 0])
        || bytes.dropFirst().starts(with: [0, 0, 0])
      let name = isLong ? "UTF-32" : "UTF-16"
      let from = isMarked || bytes.starts(with: [0, 0, 0xFE, 0xFF]) ? name : name + (zero == 0 ? "BE" : "LE")
      let isPlain =
        source.name.hasSuffix(".pxb") && source.name.allSatisfy { $0.isLetter || $0.isNumber || "._/-".contains($0) }
      let command = "`iconv -f \(from) -t UTF-8 \(source.name) > new.pxb` makes it so"
      return (
        0, "the text is not UTF-8: it is \(name)",
        "save the file in the encoding UTF-8" + (isPlain ? "; \(command)" : "")
      )
    }
    if let bad = firstInvalidByte() { return (bad, "the text is not UTF-8", "save the file in the encoding UTF-8") }
    return zero.map { ($0, "the text holds a NUL, a byte of no text", "`\\u{0}` in quotes is that character") }
  }

  private func firstInvalidByte() -> Int? {
    var decoder = Unicode.UTF8()
    var iterator = bytes.makeIterator()
    var offset = 0
    while true {
      switch decoder.decode(&iterator) {
      case .scalarValue(let scalar): offset += scalar.utf8Length
      case .emptyInput: return nil
      case .error: return offset
      }
    }
  }
}
