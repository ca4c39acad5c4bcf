extension Parser {
  /// Reads an expression whose operators hold at least as tightly as `minimum`.
  mutating func expression(_ minimum: Precedence = .conditional) throws(SyntaxError) -> Expression {
    try nested { parser throws(SyntaxError) in
      var left = try parser.prefixed()
      while true {
        if parser.isForeignComparison, minimum <= .comparison {
          left = try parser.foreignComparison(left)
          continue
        }
        guard let infix = parser.current.kind.infix, infix.precedence >= minimum else { return left }
        if case .comparison(.notIn) = infix, parser.next.kind != .keyword(.in) { return left }
        left = try parser.infixed(left, infix)
      }
    }
  }

  private mutating func infixed(_ left: Expression, _ infix: Infix) throws(SyntaxError) -> Expression {
    let kind: Expression.Kind
    switch infix {
    case .conditional: return try conditional(left)
    case .comparison: return try comparison(left)
    case .logical(let operation, let precedence):
      try readOperator()
      kind = .logical(operation, left, try expression(precedence.tighter))
    case .binary(let operation, let precedence):
      try readOperator()
      // A power groups to the right, and its exponent may have a sign.
      kind = .binary(operation, left, try expression(precedence == .power ? .negation : precedence.tighter))
    }
    return try node(kind, Span(Int(left.span.start), previousEnd))
  }

  /// Reads an operator and the line end that may follow it.
  private mutating func readOperator() throws(SyntaxError) {
    let token = current
    advance()
    guard current.kind == .newline else { return }
    let lineEnd = index
    skipNewlines()
    guard startsStatement(at: index) else { return }
    index = lineEnd
    throw unexpected("a value after `\(source.text(token.span))`")
  }

  private mutating func conditional(_ value: Expression) throws(SyntaxError) -> Expression {
    try readOperator()
    let condition = try expression(.or)
    guard accept(.else) else {
      throw unexpected("`else`", help: "a value with a condition is written `a if c else b`")
    }
    skipNewlines()
    let otherwise = try expression(.conditional)
    return try node(
      .conditional(condition: condition, value: value, otherwise: otherwise), value.span.joined(with: otherwise.span))
  }

  private mutating func comparison(_ first: Expression) throws(SyntaxError) -> Expression {
    var links: [ComparisonLink] = []
    while case .comparison(let comparison)? = current.kind.infix {
      let start = current
      if comparison == .notIn {
        guard next.kind == .keyword(.in) else { break }
        advance()
      }
      let operatorSpan = start.span.joined(with: current.span)
      try readOperator()
      let right = try expression(.union)
      links.append(ComparisonLink(comparison: comparison, operatorSpan: operatorSpan, right: right))
    }
    return try node(.comparison(first, links), Span(Int(first.span.start), previousEnd))
  }

  private mutating func prefixed() throws(SyntaxError) -> Expression {
    let start = current
    switch start.kind {
    case .sign(.minus):
      try readOperator()
      let operand = try expression(.negation)
      // A negative number is a constant, except under a power, which holds tighter.
      if case .number(let value) = operand.kind { return try node(.number(-value), span(from: start)) }
      return try node(.unary(.negate, operand), span(from: start))
    case .keyword(.not):
      try readOperator()
      return try node(.unary(.not, try expression(.not)), span(from: start))
    default: return try postfixed(try primary())
    }
  }

  private mutating func primary() throws(SyntaxError) -> Expression {
    let token = current
    let kind: Expression.Kind
    switch token.kind {
    case .name where startsLambda: throw lambda()
    case .number(let value): kind = .number(value)
    case .string(let text): kind = .string(text)
    case .name(let text): kind = .name(text)
    case .keyword(.true): kind = .bool(true)
    case .keyword(.false): kind = .bool(false)
    case .keyword(.nil): kind = .nil
    case .interpolation(let pieces): kind = .interpolation(interpolation(pieces))
    case .keyword(.fn):
      advance()
      guard at(.leftParenthesis) else {
        throw unexpected("`(`", help: "a function without a name is written `fn(x) = x + 1`")
      }
      return try node(.function(try function(named: nil, from: token)), span(from: token))
    case .sign(.leftParenthesis):
      let place = index
      let inner = try bracketed { parser throws(SyntaxError) in
        if parser.at(.rightParenthesis) { throw parser.unexpected("a value", help: "an empty list is `[]`") }
        let inner = try parser.expression()
        if parser.at(.comma) { throw parser.tuple(in: token, at: place) }
        return inner
      }
      return Expression(inner.kind, span(from: token))
    case .sign(.leftBracket):
      let kind = try bracketed { parser throws(SyntaxError) in try parser.listParts() }
      return try node(kind, span(from: token))
    case .sign(.leftBrace): return try map()
    case .sign(.star), .sign(.doubleStar):
      let isFirst = index == 0 || !tokens[index - 1].kind.isOperand
      let isSpread = isFirst && openers.last != nil
      let isRest = openers.last == nil && index > 0 && tokens[index - 1].kind == .sign(.comma)
      throw unexpected(
        "a value",
        help: isSpread
          ? spreadHelp
          : isRest ? "what is left is a slice: `a, b = xs[0], xs[1:]`" : nil)
    case .keyword(.if): throw unexpected("a value", help: "a value with a condition is written `a if c else b`")
    case .sign(.percent):
      let isMagic = if case .name = next.kind { !next.followsSpace } else { next.kind == .sign(.percent) }
      throw unexpected("a value", help: isMagic ? magicHelp : nil)
    case .sign(.plus):
      throw unexpected("a value", help: "a value has no sign `+`; `x += 1` adds to a variable")
    case .sign(.doubleSlash): throw unexpected("a value", help: ForeignWord.comment)
    case .sign(.dot) where openers.last != nil && next.kind == .sign(.dot):
      throw unexpected("a value", help: spreadHelp)
    default: throw unexpected("a value", help: augmentationHelp ?? foreignStartHelp)
    }
    advance()
    return try node(kind, token.span)
  }

  private var augmentationHelp: String? {
    guard at(.assign), index > 0, case .binary? = tokens[index - 1].kind.infix else { return nil }
    return "the operators that change a variable are `+=`, `-=`, `*=` and `/=`, of sets also `|=`, `&=` and `^=`"
  }

  /// Reads what stands in the brackets of a list.
  private mutating func listParts() throws(SyntaxError) -> Expression.Kind {
    var elements: [Expression] = []
    while !at(.rightBracket) {
      elements.append(try expression())
      if at(.for), elements.count == 1 { return try wholeComprehension(value: elements[0]) }
      guard accept(.comma) else { break }
    }
    return .list(elements)
  }

  private mutating func map() throws(SyntaxError) -> Expression {
    let start = current
    let kind = try bracketed { parser throws(SyntaxError) in try parser.mapParts() }
    if case .map(let entries) = kind, let error = repeatedKey(entries) { throw error }
    return try node(kind, span(from: start))
  }

  private mutating func mapParts() throws(SyntaxError) -> Expression.Kind {
    var entries: [MapEntry] = []
    while !at(.rightBrace) {
      let isBuilt = entries.isEmpty && isBuiltByLoops
      let key = isBuilt ? try expression() : try mapKey()
      let isSet = at(.comma) || at(.rightBrace) || at(.for)
      try expect(
        .colon,
        help: "an entry of a map is written `key: value`"
          + (isSet ? "; a list stands in `[ ]`, a set is made by `set([1, 2])`" : ""))
      let value = try expression()
      if at(.for), entries.isEmpty { return try wholeComprehension(key: key, value: value) }
      entries.append(MapEntry(key: key, value: value))
      guard accept(.comma) else { break }
    }
    return .map(entries)
  }

  /// True in the braces of a map with a `for` of its own: there a bare word as key is a variable.
  private var isBuiltByLoops: Bool {
    var (place, depth) = (index, 0)
    while place < tokens.count {
      switch tokens[place].kind {
      case .keyword(.for) where depth == 0: return true
      case .sign(.comma) where depth == 0: return false
      case .sign(let sign):
        if sign.closer != nil { depth += 1 }
        if sign.isCloser { depth -= 1 }
        if depth < 0 { return false }
      case .end, .cell: return false
      default: break
      }
      place += 1
    }
    return false
  }

  /// Reads a key; a bare word is a string.
  private mutating func mapKey() throws(SyntaxError) -> Expression {
    let token = current
    guard next.kind == .sign(.colon) else { return try expression() }
    switch token.kind {
    case .name(let text):
      advance()
      return Expression(.string(text), token.span)
    case .keyword(let word) where word != .true && word != .false && word != .nil:
      advance()
      return Expression(.string(word.rawValue), token.span)
    default: return try expression()
    }
  }

  /// Reads an expression that takes all the tokens; `nil` after an error, which is noted.
  private mutating func wholeExpression() -> Expression? {
    do throws(SyntaxError) {
      let value = try expression()
      guard current.kind == .end else { throw unexpected("`}`") }
      return value
    } catch {
      record(error)
      return nil
    }
  }

  /// Parses the values in a string; their errors are noted and don't stop the rest.
  private mutating func interpolation(_ pieces: [Token.Piece]) -> [InterpolationPart] {
    pieces.compactMap { piece in
      switch piece {
      case .text(let text): return .text(text)
      case .value(let tokens, let style):
        var parser = Parser(source, tokens: tokens, isPart: true)
        parser.ignoresNewlines = true
        parser.nesting = nesting
        parser.context = context
        parser.skipNewlines()
        let value = parser.wholeExpression()
        for error in parser.errors {
          lastErrorIndex = nil
          record(error)
        }
        let format = style.format.map { interpolation($0) }
        return value.map { .value($0, .init(isQuoted: style.isQuoted, format: format)) }
      }
    }
  }
}
