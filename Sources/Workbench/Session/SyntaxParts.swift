import PixelScript

/// The colors of what is typed at a prompt.
public enum InputTheme: String, Sendable, CaseIterable {
  /// Bright ones, for dark ground.
  case dark
  /// Dark ones, for light ground.
  case light
  /// None.
  case plain
}

extension InputTheme: ScriptChoice {}

/// What a part of a script is, to be told by its color while it is typed.
public enum SyntaxKind: Sendable, Equatable, CaseIterable {
  case keyword, text, number, constant, comment
  /// A command where it is called.
  case command
  /// The name of an argument or of an entry of a map, before its colon.
  case label
}

/// A part of a text and what it is.
public struct SyntaxPart: Sendable, Equatable {
  /// The bytes of the text.
  public let range: Range<Int>
  /// What it is.
  public let kind: SyntaxKind

  /// Creates a part.
  public init(_ range: Range<Int>, _ kind: SyntaxKind) { (self.range, self.kind) = (range, kind) }
}

extension Session {
  /// The colors of what is typed.
  public var theme: InputTheme { environment.theme }

  /// What the parts of an unfinished or wrong text are too, in their order; those that need no color are left out.
  public func syntaxParts(of text: String) -> [SyntaxPart] {
    SyntaxReader(text) { self.interpreter.registry[$0] != nil }.parts
  }
}

/// Finds the parts of a text by the tokens of the language.
private struct SyntaxReader {
  private let bytes: [UInt8]
  private let isCommand: (String) -> Bool
  private(set) var parts: [SyntaxPart] = []

  init(_ text: String, isCommand: @escaping (String) -> Bool) {
    bytes = Array(text.utf8)
    self.isCommand = isCommand
    let tokens = Lexer.tokens(of: SourceText(name: "", bytes: bytes)).tokens
    read(tokens)
    var end = 0
    for token in tokens {
      comment(between: end, Int(token.span.start))
      if case .cell = token.kind { parts.append(SyntaxPart(Int(token.span.start)..<Int(token.span.end), .comment)) }
      end = max(end, Int(token.span.end))
    }
    comment(between: end, bytes.count)
    parts.sort { $0.range.lowerBound < $1.range.lowerBound }
  }

  /// Between tokens stand blanks and comments alone.
  private mutating func comment(between start: Int, _ end: Int) {
    guard start < end, let sign = bytes[start..<end].firstIndex(of: UInt8(ascii: "#")) else { return }
    parts.append(SyntaxPart(sign..<end, .comment))
  }

  private mutating func read(_ tokens: [Token]) {
    for (place, token) in tokens.enumerated() {
      let (start, end) = (Int(token.span.start), Int(token.span.end))
      func add(_ kind: SyntaxKind) { if start < end { parts.append(SyntaxPart(start..<end, kind)) } }
      switch token.kind {
      case .number: add(.number)
      case .string: add(.text)
      case .interpolation(let pieces): interpolation(start, end, pieces)
      case .keyword(let word): add([.true, .false, .nil].contains(word) ? .constant : .keyword)
      case .name(let name): if let kind = kind(of: name, at: place, in: tokens) { add(kind) }
      case .sign, .newline, .cell, .end: break
      }
    }
  }

  /// The text of a string, and in it the values as such.
  private mutating func interpolation(_ start: Int, _ end: Int, _ pieces: [Token.Piece]) {
    var place = start
    for case .value(let tokens, _) in pieces {
      guard let first = tokens.first?.span, let last = tokens.last?.span, Int(first.start) >= place else { continue }
      if place < Int(first.start) { parts.append(SyntaxPart(place..<Int(first.start), .text)) }
      read(tokens)
      place = max(place, Int(last.end))
    }
    if place < end { parts.append(SyntaxPart(place..<end, .text)) }
  }

  private func kind(of name: String, at place: Int, in tokens: [Token]) -> SyntaxKind? {
    let (before, next) = (place > 0 ? tokens[place - 1] : nil, place + 1 < tokens.count ? tokens[place + 1] : nil)
    let isField = before?.kind == .sign(.dot)
    if next?.kind == .sign(.colon), !isField, before.map({ isBeforeLabel($0.kind) }) ?? false { return .label }
    guard isCommand(name) else { return nil }
    if next?.kind == .sign(.leftParenthesis), next?.followsSpace == false { return .command }
    if isField { return nil }
    let isFirst = before.map { startsStatement(after: $0.kind) } ?? true
    guard isFirst else { return nil }
    switch next?.kind {
    case nil, .end, .newline, .sign(.semicolon), .sign(.rightBrace), .name, .number, .string, .interpolation:
      return .command
    case .keyword(let word): return [.fn, .true, .false, .nil].contains(word) ? .command : nil
    default: return nil
    }
  }

  private func isBeforeLabel(_ kind: Token.Kind) -> Bool {
    switch kind {
    case .sign(.comma), .sign(.leftParenthesis), .sign(.leftBrace), .name, .newline: true
    default: false
    }
  }

  private func startsStatement(after kind: Token.Kind) -> Bool {
    switch kind {
    case .newline, .cell, .sign(.semicolon), .sign(.leftBrace), .sign(.rightBrace), .sign(.assign): true
    default: false
    }
  }
}
