extension Parser {
  /// Reads an assignment, a call without parentheses, a request for help or a value.
  mutating func simpleStatement() throws(SyntaxError) -> Statement.Kind {
    let (start, startIndex) = (current, index)
    if case .name(let text) = start.kind, next.kind == .sign(.question) {
      advance()
      advance()
      return .help(Name(text, start.span))
    }
    if start.kind == .sign(.question), case .name(let text) = next.kind {
      advance()
      let name = Name(text, current.span)
      advance()
      return .help(name)
    }
    if startsCommand { return .expression(try command()) }
    var targets = [try expression()]
    if let error = spacedCall(targets[0], at: startIndex), !at(.comma) { throw error }
    let firstComma = current
    while at(.comma) {
      let comma = current
      advance()
      skipNewlines()
      if at(.assign) { throw error("expected a name after the comma", comma.span) }
      targets.append(try expression())
    }
    if let augmentation = current.kind.augmentation {
      guard targets.count == 1 else {
        throw error("`\(source.text(current.span))` changes one place at a time", current.span)
      }
      let target = try target(targets[0])
      advance()
      skipNewlines()
      let valueIndex = index
      let value = try startsCommand ? command() : expression()
      if let error = spacedCall(value, at: valueIndex) { throw error }
      return .augmentedAssignment(target, augmentation, value)
    }
    guard at(.assign) else {
      guard targets.count == 1 else { throw looseValues(after: startIndex, comma: firstComma) }
      return .expression(targets[0])
    }
    return try assignment(to: targets)
  }

  private mutating func assignment(to left: [Expression]) throws(SyntaxError) -> Statement.Kind {
    var targets: [AssignmentTarget] = []
    for expression in left { targets.append(try target(expression)) }
    advance()
    skipNewlines()
    let (start, startIndex) = (current, index)
    let values = try values(after: try startsCommand ? command(isOneOfSeveral: targets.count > 1) : expression())
    if let error = spacedCall(values[0], at: startIndex) { throw error }
    if at(.assign) {
      throw error("an assignment has no value, so it can't be assigned", current.span, help: "write two statements")
    }
    guard values.count == 1 || values.count == targets.count else {
      let span = span(from: start)
      throw error(
        "\(values.count) values for \(targets.count) name\(targets.count == 1 ? "" : "s")", span,
        help: targets.count == 1 ? "a list stands in brackets: `[\(source.text(span))]`" : nil)
    }
    return .assignment(targets, values)
  }

  /// Returns what `expression` means on the left of `=`.
  private func target(_ expression: Expression) throws(SyntaxError) -> AssignmentTarget {
    switch expression.kind {
    case .name(let text): return .name(Name(text, expression.span))
    case .index(let base, let subscripts): return .index(base, subscripts, span: expression.span)
    case .field(let base, let name): return .field(base, name, span: expression.span)
    case .list:
      throw error(
        "can't assign to a list", expression.span, help: "names are divided by commas, without brackets: `a, b = f()`")
    case .comparison, .binary, .logical, .unary, .conditional:
      throw error("can't assign to the result of an operator", expression.span, help: "`==` compares, `=` assigns")
    case .call(let call):
      let text = source.text(expression.span)
      let isDefinition = call.callee.span.start == expression.span.start && call.form == .parentheses
      throw error(
        "can't assign to a call", expression.span,
        help: isDefinition ? "a function is defined with `fn \(text.prefix(60)) = ...`" : nil)
    default: throw error("can't assign to a value", expression.span, help: "the name stands on the left: `x = 1`")
    }
  }

  /// The error about values divided by commas that nothing is assigned to.
  private func looseValues(after startIndex: Int, comma: Token) -> SyntaxError {
    if let help = parenthesesHelp(startIndex) {
      return error("expected the end of the statement, found `,`", comma.span, help: help)
    }
    return error(
      "expected `=` after names divided by commas", Span(previousEnd, previousEnd),
      help: "a list stands in brackets: `[1, 2]`")
  }

  /// What may help where a statement begins like a call without parentheses whose first argument can't start so.
  private func parenthesesHelp(_ startIndex: Int) -> String? {
    guard case .name(let name) = tokens[startIndex].kind, startIndex + 1 < tokens.count else { return nil }
    let argument = tokens[startIndex + 1]
    switch argument.kind {
    case .sign(.leftParenthesis), .sign(.leftBracket), .sign(.leftBrace), .sign(.minus), .keyword(.not):
      guard argument.followsSpace else { return nil }
      let arguments = restOfLine(after: startIndex) ?? "..."
      return "to call `\(name)` with what follows, write parentheses: `\(name)(\(arguments))`"
    default: return nil
    }
  }

  /// The error about a token that can't follow the statement that began at `startIndex`.
  func trailing(after startIndex: Int) -> SyntaxError {
    var help: String?
    let previous = tokens[max(index - 1, 0)]
    if at(.assign), index == startIndex + 2, case .name(let name) = previous.kind {
      help = "a variable is made by assigning to it: `\(name) = \(restOfLine(after: index) ?? "1")`"
    } else if let foreign = foreignHelp(startIndex) {
      help = foreign
    } else if at(.question) {
      help = "a value with a condition is written `a if c else b`"
    } else if let parentheses = parenthesesHelp(startIndex) {
      help = parentheses
    } else if case .name = previous.kind, let text = stringHelp {
      help = text
    } else if case .name = current.kind, tokens[startIndex..<index].contains(where: { $0.kind == .sign(.doubleSlash) })
    {
      help = ForeignWord.comment
    } else if case .name(let word) = previous.kind, index - 1 > startIndex, current.kind.startsCommandArgument {
      let arguments = restOfLine(after: index - 1) ?? "..."
      let comma = commaForm(startIndex).map { "; to give both, put a comma: `\($0)`" }
      help = "inside a line, a call needs parentheses: `\(word)(\(arguments))`\(comma ?? "")"
    } else if current.kind.startsCommandArgument, previous.kind.isOperand, let form = commaForm(startIndex) {
      help = "put a comma: `\(form)`"
    } else if current.kind.startsCommandArgument, previous.kind.isOperand {
      help = stringHelp ?? "put a comma between the values, or write a statement a line"
    } else if at(.assign) {
      help = "`==` compares, `=` assigns"
    } else if at(.colon), case .number(let start) = previous.kind, case .number(let end) = next.kind {
      help = "numbers in a row are `range(\(Display.text(of: start)), \(Display.text(of: end + 1)))`"
    } else if at(.colon) {
      help = "a block stands in braces: `{ ... }`"
    }
    return unexpected("the end of the statement", help: help)
  }

  /// How the word that a statement begins with is said here, when it is one of other languages.
  func foreignHelp(_ startIndex: Int) -> String? {
    guard case .name(let word) = tokens[startIndex].kind, tokens[startIndex + 1].followsSpace else { return nil }
    return ForeignWord.help(for: word)
  }

  /// A call without parentheses with the comma that is missing before the current token.
  private func commaForm(_ startIndex: Int) -> String? {
    let argument = tokens[min(startIndex + 1, tokens.count - 1)]
    guard index > startIndex + 1, case .name = tokens[startIndex].kind, argument.followsSpace,
      argument.kind.startsCommandArgument,
      let first = short(Span(Int(tokens[startIndex].span.start), Int(tokens[index - 1].span.end))),
      let rest = restOfLine(after: index - 1)
    else { return nil }
    return "\(first), \(rest)"
  }
}
