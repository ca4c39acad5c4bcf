/// Builds the syntax tree from tokens, by recursive descent for statements and by precedence for expressions.
struct Parser {
  /// How deep brackets, blocks and operators may be nested in one another.
  static let nestingLimit = 200
  /// How high a tree may be; it bounds every later walk over the tree.
  static let heightLimit = 500
  /// The most errors that are told at once.
  static let errorLimit = 100

  /// What the statement being read stands in.
  struct Context {
    var isInFunction = false
    var isInLoop = false
    var isInBlock = false
  }

  let source: SourceText
  let tokens: [Token]
  /// True for the tokens of a value in a string, whose end is not that of the text.
  let isPart: Bool
  var index = 0
  var errors: [SyntaxError] = []
  var ignoresNewlines = false
  var nesting = 0
  var context = Context()
  /// The brackets that are open here.
  var openers: [Token] = []
  /// The token that the last error was about, for which no other is reported.
  var lastErrorIndex: Int?
  /// What was read past as text of another language; mistakes in its tokens are not worth telling either.
  var skipped: [Span] = []
  /// The tokens of statements that could not be read: names there may get values.
  var lost: [Range<Int>] = []
  /// The names that `param` has declared, and where.
  var declared: [String: Span] = [:]
  /// True once a limit was passed: what follows from there on is not worth telling.
  var isStopped = false

  init(_ source: SourceText, tokens: [Token], isPart: Bool = false) {
    self.source = source
    self.tokens = tokens
    self.isPart = isPart
  }

  // MARK: Tokens

  var current: Token { tokens[index] }

  /// The token after this one, line ends included.
  var next: Token { tokens[min(index + 1, tokens.count - 1)] }

  /// The end of the last token that was read.
  var previousEnd: Int { index > 0 ? Int(tokens[lastTokenIndex].span.end) : Int(current.span.start) }

  private var lastTokenIndex: Int {
    var last = index - 1
    while last > 0, tokens[last].kind == .newline { last -= 1 }
    return max(last, 0)
  }

  func at(_ sign: Sign) -> Bool { current.kind == .sign(sign) }

  func at(_ keyword: Keyword) -> Bool { current.kind == .keyword(keyword) }

  mutating func advance() {
    if index < tokens.count - 1 { index += 1 }
    if ignoresNewlines { skipNewlines() }
  }

  mutating func skipNewlines() {
    while current.kind == .newline { index += 1 }
  }

  /// Reads the token if it is this sign.
  mutating func accept(_ sign: Sign) -> Bool {
    guard at(sign) else { return false }
    advance()
    return true
  }

  /// Reads the token if it is this keyword.
  mutating func accept(_ keyword: Keyword) -> Bool {
    guard at(keyword) else { return false }
    advance()
    return true
  }

  mutating func expect(_ sign: Sign, help: String? = nil) throws(SyntaxError) {
    guard accept(sign) else { throw unexpected("`\(sign.rawValue)`", help: help) }
  }

  /// Reads a name; `role` says what it names.
  mutating func name(_ role: String, help: String? = nil) throws(SyntaxError) -> Name {
    let token = current
    switch token.kind {
    case .name(let text):
      advance()
      return Name(text, token.span)
    case .keyword(let word):
      throw error(
        "`\(word.rawValue)` is a word of the language and can't be \(role)", token.span,
        help: "take another name, such as `\(word.rawValue)_`")
    default: throw unexpected(role, help: help)
    }
  }

  /// The bytes from `start` to the end of the last token.
  func span(from start: Token) -> Span { Span(Int(start.span.start), previousEnd) }

  // MARK: Errors

  func error(_ message: String, _ span: Span, help: String? = nil, labels: [Diagnostic.Label] = []) -> SyntaxError {
    let diagnostic = Diagnostic(
      .syntax, message, at: Location(source, span), labels: labels, help: help.map { [$0] } ?? [])
    return SyntaxError(diagnostic: diagnostic, isIncomplete: false)
  }

  /// The error that the current token is not what the grammar has here.
  func unexpected(_ expected: String, help: String? = nil) -> SyntaxError {
    let isOver = current.kind == .end || current.kind == .cell
    let end = Span(previousEnd, previousEnd)
    var result: SyntaxError
    if isOver, let opener = openers.last {
      result = error("`\(source.text(opener.span))` is never closed", opener.span)
      result.diagnostic.labels = [
        .init(end, "\(isPart ? "the value" : current.kind == .cell ? "the cell" : "the text") ends here")
      ]
    } else {
      let isPoint = isOver || current.kind == .newline
      result = error(
        "expected \(expected), found \(description(of: current))", isPoint ? end : current.span, help: help)
    }
    result.isIncomplete = current.kind == .end && !isPart
    return result
  }

  /// What errors call a token.
  func description(of token: Token) -> String {
    switch token.kind {
    case .newline: "the end of the line"
    case .cell: "a new cell"
    case .end where isPart: "`\(source.text(Span(Int(token.span.start), Int(token.span.start) + 1)))`"
    case .end: "the end of the text"
    case .string, .interpolation: "a string"
    default: "`\(source.text(token.span))`"
    }
  }

  // MARK: Limits

  /// Runs `parse` one level deeper.
  mutating func nested<Result>(
    _ parse: (inout Parser) throws(SyntaxError) -> Result
  ) throws(SyntaxError) -> Result {
    guard nesting < Parser.nestingLimit else {
      throw limitError("the text is nested more than \(Parser.nestingLimit) deep", current.span)
    }
    nesting += 1
    defer { nesting -= 1 }
    return try parse(&self)
  }

  /// Creates a node, unless the tree gets too high.
  func node(_ kind: Expression.Kind, _ span: Span) throws(SyntaxError) -> Expression {
    let expression = Expression(kind, span)
    guard expression.height <= Parser.heightLimit else {
      throw limitError("the expression has more than \(Parser.heightLimit) steps one on another", current.span)
    }
    return expression
  }

  private func limitError(_ message: String, _ span: Span) -> SyntaxError {
    var result = error(message, span, help: "give a part of it a name: `part = ...`")
    result.diagnostic.kind = .limit
    return result
  }

  // MARK: Brackets

  /// Reads an opening bracket, what `parse` reads inside it, where line ends don't count, and the closing bracket.
  mutating func bracketed<Result>(
    _ parse: (inout Parser) throws(SyntaxError) -> Result
  ) throws(SyntaxError) -> Result {
    let opener = current
    guard case .sign(let sign) = opener.kind, let closer = sign.closer else { throw unexpected("a bracket") }
    let outer = ignoresNewlines
    ignoresNewlines = true
    openers.append(opener)
    advance()
    let result = try parse(&self)
    guard at(closer) else {
      if at(.for) { throw looseComprehension(in: opener) }
      if at(.colon), sign == .leftBracket { throw looseSlice(in: opener) }
      if current.kind != .end, index > 0, tokens[index - 1].kind == .newline, startsStatement(at: index) {
        throw self.error(
          "`\(sign.rawValue)` is never closed", opener.span,
          labels: [.init(current.span, "a new statement starts here")])
      }
      var error = unexpected("`,` or `\(closer.rawValue)`", help: commaHelp)
      if error.diagnostic.labels.isEmpty { error.diagnostic.labels = [.init(opener.span, "opened here")] }
      throw error
    }
    openers.removeLast()
    ignoresNewlines = outer
    advance()
    return result
  }

  private var commaHelp: String? {
    if at(.assign) { return "`==` compares; an argument's name is followed by `:`" }
    return current.kind.startsCommandArgument ? "put a comma between the values" : nil
  }

  /// Reads values divided by commas up to the closing bracket, which is left.
  mutating func list<Element>(
    until closer: Sign, _ parse: (inout Parser) throws(SyntaxError) -> Element
  ) throws(SyntaxError) -> [Element] {
    var elements: [Element] = []
    while !at(closer) {
      elements.append(try parse(&self))
      guard accept(.comma) else { break }
    }
    return elements
  }
}
