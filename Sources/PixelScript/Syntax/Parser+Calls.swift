extension Parser {
  /// True where a call without parentheses begins: a name, a space and the start of an argument.
  var startsCommand: Bool {
    guard case .name = current.kind else { return false }
    if startsSigned { return true }
    guard next.followsSpace, next.kind.startsCommandArgument, !startsLambda else { return false }
    guard next.kind == .name("is") else { return true }
    let third = tokens[min(index + 2, tokens.count - 1)].kind
    return !third.startsCommandArgument && third != .keyword(.not)
  }

  /// True where `name -x` begins, with a space before the sign and none behind it: the sign belongs to an argument when the name
  /// is a command's, and is the operator when it is a variable's, which the compiler knows.
  private var startsSigned: Bool {
    guard case .name = current.kind, next.kind == .sign(.minus), next.followsSpace else { return false }
    let operand = tokens[min(index + 2, tokens.count - 1)]
    return !operand.followsSpace && (operand.kind.startsCommandArgument || operand.kind == .sign(.leftParenthesis))
  }

  /// Reads `name argument, argument, name: value`.
  ///
  /// Where commas divide the values of several names, a signed argument is the only one.
  mutating func command(isOneOfSeveral: Bool = false) throws(SyntaxError) -> Expression {
    let start = current
    let isSigned = startsSigned
    let word = try name("a command").text
    let callee = Expression(.name(word), start.span)
    var arguments = Arguments()
    repeat {
      skipNewlines()
      try argument(of: callee, into: &arguments, isDeclaration: ForeignWord.help(for: word) != nil)
      if isSigned, isOneOfSeveral { break }
    } while accept(.comma)
    let call = Call(
      callee: callee, arguments: arguments.positional, named: arguments.named, form: isSigned ? .signed : .command)
    return try node(.call(call), span(from: start))
  }

  /// Reads the calls, indices and fields that follow a value.
  mutating func postfixed(_ value: Expression) throws(SyntaxError) -> Expression {
    var result = value
    let start = Int(value.span.start)
    while true {
      skipNewlinesBeforeDot()
      let kind: Expression.Kind
      switch current.kind {
      case .sign(.leftParenthesis):
        let arguments = try arguments(of: result)
        kind = .call(
          Call(callee: result, arguments: arguments.positional, named: arguments.named, form: .parentheses))
      case .sign(.leftBracket): kind = .index(result, try subscripts(of: result))
      case .sign(.dot):
        advance()
        kind = .field(result, try fieldName())
      default: return result
      }
      result = try node(kind, Span(start, previousEnd))
    }
  }

  private mutating func skipNewlinesBeforeDot() {
    guard current.kind == .newline else { return }
    var following = index
    while tokens[following].kind == .newline { following += 1 }
    if tokens[following].kind == .sign(.dot) { index = following }
  }

  private mutating func fieldName() throws(SyntaxError) -> Name {
    let token = current
    if case .keyword(let word) = token.kind {
      advance()
      return Name(word.rawValue, token.span)
    }
    let isNumber =
      if case .number = token.kind { true } else {
        token.kind == .sign(.dot) && index > 1 && !tokens[index - 1].followsSpace
      }
    let help = isNumber ? "a range is written `range(1, 5)`, a position stands in brackets: `x[0]`" : nil
    return try name("the name of a field", help: help)
  }

  private struct Arguments {
    var positional: [Expression] = []
    var named: [NamedArgument] = []
  }

  private mutating func arguments(of callee: Expression) throws(SyntaxError) -> Arguments {
    try bracketed { parser throws(SyntaxError) in
      var arguments = Arguments()
      while !parser.at(.rightParenthesis) {
        try parser.argument(of: callee, into: &arguments, isInParentheses: true)
        guard parser.accept(.comma) else { break }
      }
      return arguments
    }
  }

  /// Reads an argument, the first in parentheses perhaps with loops that build a list; in what looks like `let x = 1` the sign `=` is left to be told with the statement.
  private mutating func argument(
    of callee: Expression, into arguments: inout Arguments, isDeclaration: Bool = false, isInParentheses: Bool = false
  ) throws(SyntaxError) {
    let token = current
    let label: String? =
      switch token.kind {
      case .name(let text) where next.kind == .sign(.colon): text
      case .keyword(let word) where next.kind == .sign(.colon): word.rawValue
      default: nil
      }
    guard let label else {
      let start = current
      var value = try expression()
      if at(.for), isInParentheses, arguments.positional.isEmpty, arguments.named.isEmpty {
        value = try node(try comprehension(key: nil, value: value), span(from: start))
      }
      if !isDeclaration, at(.assign), case .name(let text) = value.kind {
        throw assignedArgument(text, of: callee, isCommand: !isInParentheses)
      }
      guard arguments.named.isEmpty else {
        throw error(
          "an argument by position after one by name", value.span,
          help: "put it before `\(arguments.named[0].name.text):`")
      }
      return arguments.positional.append(value)
    }
    advance()
    advance()
    skipNewlines()
    if let first = arguments.named.first(where: { $0.name.text == label }) {
      throw error(
        "the argument `\(label)` is given twice", token.span, labels: [.init(first.name.span, "given here first")])
    }
    arguments.named.append(NamedArgument(name: Name(label, token.span), value: try expression()))
  }

  private mutating func subscripts(of value: Expression) throws(SyntaxError) -> [Subscript] {
    let isApart = current.followsSpace
    return try bracketed { parser throws(SyntaxError) in
      if parser.at(.rightBracket) {
        let call: String? = if isApart, case .name(let name) = value.kind { name } else { nil }
        throw parser.unexpected(
          "a position",
          help: call.map { "a call whose first argument is a list needs parentheses: `\($0)([])`" }
            ?? "all elements are `[:]`")
      }
      return try parser.list(until: .rightBracket) { parser throws(SyntaxError) in try parser.axis() }
    }
  }

  private mutating func axis() throws(SyntaxError) -> Subscript {
    let start = current
    if at(.dot) {
      for _ in 0..<3 where !accept(.dot) { throw unexpected("a position", help: "all axes before others are `...`") }
      return .rest(span: span(from: start))
    }
    let first = at(.colon) ? nil : try expression()
    guard accept(.colon) else {
      guard let first else { throw unexpected("a position") }
      return .position(first)
    }
    let stop = try bound()
    let step = accept(.colon) ? try bound() : nil
    return .slice(start: first, stop: stop, step: step, span: span(from: start))
  }

  /// Reads a bound of a slice, which may be missing.
  private mutating func bound() throws(SyntaxError) -> Expression? {
    at(.colon) || at(.comma) || at(.rightBracket) ? nil : try expression()
  }
}
