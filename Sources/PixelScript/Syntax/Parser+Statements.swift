import Safepoint

extension Parser {
  /// Reads statements up to the end of the text or to the `}` of the block they stand in.
  mutating func statements() -> [Statement] {
    var result: [Statement] = []
    while !Safepoint.mustStop(after: 1024) {
      let start = index
      switch current.kind {
      case .newline, .sign(.semicolon): index += 1
      case .end: return result
      case .cell:
        if context.isInBlock { return result }
        index += 1
      case .sign(.rightBrace):
        if context.isInBlock { return result }
        record(error("`}` without `{`", current.span))
        index += 1
      case _ where skipForeignBlock(): lost.append(start..<index)
      default:
        let opened = openers.count
        let outer = context
        do {
          result.append(try statement())
        } catch {
          context = outer
          var told = error
          if told.diagnostic.help.isEmpty, let help = foreignHelp(start) { told.diagnostic.help = [help] }
          record(told)
          openers.removeSubrange(opened...)
          recover(from: start)
          lost.append(start..<index)
        }
      }
    }
    return result
  }

  /// Reads `{ statements }`; a line may end before the brace.
  mutating func block(inFunction: Bool? = nil, inLoop: Bool? = nil) throws(SyntaxError) -> Block {
    skipNewlines()
    let opener = current
    guard at(.leftBrace) else {
      throw unexpected("`{`", help: at(.colon) ? "a block stands in braces: `{ ... }`" : equalityHelp)
    }
    return try nested { parser throws(SyntaxError) in
      let outer = (parser.context, parser.ignoresNewlines)
      parser.context = Context(
        isInFunction: inFunction ?? outer.0.isInFunction, isInLoop: inLoop ?? outer.0.isInLoop, isInBlock: true)
      parser.ignoresNewlines = false
      parser.openers.append(opener)
      parser.advance()
      let statements = parser.statements()
      guard parser.at(.rightBrace) else { throw parser.unexpected("`}`") }
      parser.openers.removeLast()
      (parser.context, parser.ignoresNewlines) = outer
      parser.advance()
      return Block(statements, parser.span(from: opener))
    }
  }

  var equalityHelp: String? { at(.assign) ? "`==` compares, `=` assigns" : nil }

  private mutating func statement() throws(SyntaxError) -> Statement {
    let start = current
    let startIndex = index
    let kind = try statementKind()
    let span = span(from: start)
    switch current.kind {
    case .newline, .end, .cell, .sign(.rightBrace), .sign(.semicolon): break
    default: throw trailing(after: startIndex)
    }
    let endsLine = next.kind == .newline || next.kind == .end || next.kind == .cell
    return Statement(kind, span, isSilenced: at(.semicolon) && endsLine)
  }

  private mutating func statementKind() throws(SyntaxError) -> Statement.Kind {
    let start = current
    if startsForeignFunction { return try foreignFunction() }
    if startsOuter { return try outer() }
    guard case .keyword(let word) = start.kind else { return try simpleStatement() }
    if next.kind == .sign(.assign) {
      throw error(
        "`\(word.rawValue)` is a word of the language and can't be the name of a variable", start.span,
        help: "take another name, such as `\(word.rawValue)_`")
    }
    switch word {
    case .fn:
      guard case .sign(.leftParenthesis) = next.kind else { return .function(try namedFunction()) }
      return try simpleStatement()
    case .if: return try conditional()
    case .while:
      advance()
      let condition = try condition()
      return .whileLoop(condition, try block(inLoop: true))
    case .for: return try forLoop()
    case .try: return try tryCatch()
    case .break, .continue:
      advance()
      guard context.isInLoop else { throw error("`\(word.rawValue)` outside a loop", start.span) }
      return word == .break ? .breakLoop : .continueLoop
    case .return: return try returnValues()
    case .raise:
      advance()
      return .raise(try expression())
    case .assert: return try assertion()
    case .import: return try importScript()
    case .param: return try parameter()
    case .true, .false, .nil, .not: return try simpleStatement()
    case .else: throw error("`else` without `if`", start.span, help: "write it after the `}` of the `if`: `} else {`")
    case .catch:
      throw error("`catch` without `try`", start.span, help: "write it after the `}` of the `try`: `} catch e {`")
    case .and, .as, .in, .or: throw unexpected("a statement")
    }
  }

  private mutating func condition() throws(SyntaxError) -> Expression {
    let start = current
    return try header(placeholder: Expression(.nil, start.span)) { parser throws(SyntaxError) in
      let condition = try parser.expression()
      parser.skipNewlines()
      guard parser.at(.leftBrace) else {
        let form = "a block stands in braces: `{ ... }`"
        throw parser.unexpected("`{`", help: parser.equalityHelp ?? form)
      }
      return condition
    }
  }

  private mutating func conditional() throws(SyntaxError) -> Statement.Kind {
    var branches: [ConditionalBranch] = []
    repeat {
      advance()
      let condition = try condition()
      branches.append(ConditionalBranch(condition: condition, body: try block()))
      if acceptAfterBlock(foreign: ["elif", "elseif", "elsif"], help: "write `else if`") {
        index -= 1
        continue
      }
      guard acceptAfterBlock(.else) else { return .conditional(branches, otherwise: nil) }
      guard at(.if) else { break }
    } while true
    return .conditional(branches, otherwise: try block())
  }

  /// Reads a keyword that goes on with a statement after a block, on the same line or a later one.
  private mutating func acceptAfterBlock(_ keyword: Keyword) -> Bool {
    var following = index
    while tokens[following].kind == .newline { following += 1 }
    guard tokens[following].kind == .keyword(keyword) else { return false }
    index = following
    advance()
    return true
  }

  private mutating func forLoop() throws(SyntaxError) -> Statement.Kind {
    advance()
    let start = current
    let form = "a loop is written `for x in xs { }`"
    let (names, values) = try header(placeholder: ([], Expression(.nil, start.span))) {
      parser throws(SyntaxError) -> ([Name], Expression) in
      let isTuple = parser.at(.leftParenthesis)
      var names = [
        try parser.name("the name of a variable", help: isTuple ? form + ", without `( )`" : form)
      ]
      if parser.accept(.comma) { names.append(try parser.name("the name of a variable", help: form)) }
      guard parser.accept(.in) else { throw parser.unexpected("`in`", help: form) }
      parser.skipNewlines()
      let values = try parser.expression()
      parser.skipNewlines()
      guard parser.at(.leftBrace) else { throw parser.unexpected("`{`", help: form) }
      return (names, values)
    }
    if names.count == 2, names[0].text == names[1].text {
      throw error(
        "the two variables of the loop have the same name", names[1].span, labels: [.init(names[0].span, "the first")])
    }
    return .forLoop(names, values, try block(inLoop: true))
  }

  private mutating func tryCatch() throws(SyntaxError) -> Statement.Kind {
    advance()
    let body = try block()
    let isForeign = acceptAfterBlock(foreign: ["except", "rescue", "finally"], help: "write `try { } catch e { }`")
    guard isForeign || acceptAfterBlock(.catch) else {
      skipNewlines()
      throw unexpected("`catch`", help: "write `try { } catch e { }`")
    }
    let name = try header(placeholder: nil as Name?) { parser throws(SyntaxError) in
      while isForeign, !parser.at(.leftBrace), parser.current.kind != .newline, parser.current.kind != .end {
        parser.advance()
      }
      if parser.at(.leftBrace) || parser.current.kind == .newline { return nil }
      let name = try parser.name("the name of a variable", help: "write `catch e { }`")
      parser.skipNewlines()
      guard parser.at(.leftBrace) else { throw parser.unexpected("`{`") }
      return name
    }
    let handler = try block()
    if acceptAfterBlock(foreign: ["finally"], help: "put its statements after the `catch` block") { _ = try block() }
    return .tryCatch(body, error: name, handler)
  }

  private mutating func returnValues() throws(SyntaxError) -> Statement.Kind {
    let start = current
    advance()
    guard context.isInFunction else {
      throw error(
        "`return` outside a function", start.span,
        help: "the value of a line or a cell is shown by itself; `quit` ends a script")
    }
    switch current.kind {
    case .newline, .end, .cell, .sign(.rightBrace), .sign(.semicolon): return .returnValues([])
    default: return .returnValues(try values(after: try expression()))
    }
  }

  private mutating func assertion() throws(SyntaxError) -> Statement.Kind {
    advance()
    let condition = try expression()
    guard accept(.comma) else { return .assertion(condition, message: nil) }
    skipNewlines()
    return .assertion(condition, message: try expression())
  }

  /// Reads one value or more, divided by commas.
  mutating func values(after first: Expression) throws(SyntaxError) -> [Expression] {
    var values = [first]
    while accept(.comma) {
      skipNewlines()
      values.append(try expression())
    }
    return values
  }
}
