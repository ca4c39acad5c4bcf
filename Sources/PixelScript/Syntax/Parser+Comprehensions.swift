extension Parser {
  /// Reads the loops and conditions of a list or a map that loops build, from the first `for` on.
  mutating func comprehension(key: Expression?, value: Expression) throws(SyntaxError) -> Expression.Kind {
    var clauses: [Comprehension.Clause] = []
    while true {
      if at(.for) {
        clauses.append(try loopClause())
      } else if accept(.if) {
        clauses.append(.condition(try expression(.or)))
        if at(.else) {
          throw error(
            "`else` in a condition of a list", current.span,
            help: "a value with a condition stands before `for`: `[a if c else b for x in xs]`")
        }
      } else {
        return .comprehension(Comprehension(key: key, value: value, clauses: clauses))
      }
    }
  }

  /// Reads the rest of a list or a map that loops build, which has nothing else in its brackets.
  mutating func wholeComprehension(key: Expression? = nil, value: Expression) throws(SyntaxError) -> Expression.Kind {
    let kind = try comprehension(key: key, value: value)
    guard !at(.comma) else {
      throw error(
        "nothing follows the loops that build a \(key == nil ? "list" : "map")", current.span,
        help: key == nil ? "lists are joined by `+`: `[x for x in xs] + [y]`" : nil)
    }
    return kind
  }

  private mutating func loopClause() throws(SyntaxError) -> Comprehension.Clause {
    advance()
    let form = "a list is built by `[x for x in xs]`"
    let isTuple = at(.leftParenthesis)
    var names = [try name("the name of a variable", help: isTuple ? "write `for a, b in pairs`, without `( )`" : form)]
    if accept(.comma) { names.append(try name("the name of a variable", help: form)) }
    guard accept(.in) else { throw unexpected("`in`", help: form) }
    if names.count == 2, names[0].text == names[1].text {
      throw error(
        "the two variables of the loop have the same name", names[1].span, labels: [.init(names[0].span, "the first")])
    }
    return .loop(names, try expression(.or))
  }

  /// The error about a `for` that stands where no list or map can be built.
  func looseComprehension(in opener: Token) -> SyntaxError {
    let isGroup = opener.kind == .sign(.leftParenthesis)
    // `print [x for x in xs]` begins like an index.
    let place = tokens.lastIndex { $0.span == opener.span } ?? 0
    if opener.kind == .sign(.leftBracket), opener.followsSpace, place > 0, case .name(let name) = tokens[place - 1].kind
    {
      let arguments = restOfLine(after: place - 1) ?? "[...]"
      return error(
        "`for` stands in an index", current.span,
        help: "a call whose first argument is a list needs parentheses: `\(name)(\(arguments))`",
        labels: [.init(opener.span, "opened here")])
    }
    return error(
      isGroup ? "a list is not built in parentheses" : "`for` stands behind one value", current.span,
      help: isGroup ? "write it in brackets: `[x for x in xs]`" : "a list of lists is `[[a, b] for a, b in pairs]`",
      labels: [.init(opener.span, "opened here")])
  }
}
