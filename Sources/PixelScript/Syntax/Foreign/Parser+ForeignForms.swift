/// Forms of other languages inside statements and values: each gives one error that shows the form of this language.
extension Parser {
  /// What a command of IPython such as `%timeit` or `%%time` is here.
  var magicHelp: String {
    var place = index
    while place < tokens.count, tokens[place].kind == .sign(.percent) { place += 1 }
    guard case .name(let word) = tokens[place].kind else {
      return "no command begins with `%`; `help` lists the commands"
    }
    return ForeignWord.help(forMagic: word) ?? ForeignWord.help(for: word)
      ?? "no command begins with `%`; `help` lists the commands"
  }

  // MARK: Statements

  /// The words for a function elsewhere.
  private static let functionWords: Set<String> = ["def", "func", "function", "fun"]

  /// True where `function f(` or the like begins.
  var startsForeignFunction: Bool {
    guard case .name(let word) = current.kind, Parser.functionWords.contains(word), case .name = next.kind else {
      return false
    }
    return tokens[min(index + 2, tokens.count - 1)].kind == .sign(.leftParenthesis)
  }

  /// Notes that a function is written otherwise, and reads it all the same.
  mutating func foreignFunction() throws(SyntaxError) -> Statement.Kind {
    record(
      error(
        "a function is written with `fn`", current.span,
        help: "write `fn \(source.text(next.span))(x) { ... }`"))
    return .function(try namedFunction())
  }

  /// Reads a word such as `elif` that stands in the place of a keyword after a block, and notes the mistake.
  mutating func acceptAfterBlock(foreign words: Set<String>, help: String) -> Bool {
    var following = index
    while tokens[following].kind == .newline { following += 1 }
    guard case .name(let word) = tokens[following].kind, words.contains(word),
      tokens[following + 1].kind != .sign(.assign)
    else { return false }
    index = following
    record(error("`\(word)` has no meaning here", current.span, help: help))
    advance()
    return true
  }

  /// The error about a value such as `print (1 + 2) * 3`, which begins like a call but goes on; nil for anything else.
  func spacedCall(_ value: Expression, at start: Int) -> SyntaxError? {
    guard case .name(let name) = tokens[start].kind, start + 1 < tokens.count,
      tokens[start + 1].kind == .sign(.leftParenthesis), tokens[start + 1].followsSpace
    else { return nil }
    if case .call(let call) = value.kind, call.callee.span == tokens[start].span { return nil }
    var (place, depth) = (start + 1, 0)
    repeat {
      if case .sign(let sign) = tokens[place].kind { depth += sign.closer != nil ? 1 : sign.isCloser ? -1 : 0 }
      place += 1
    } while depth > 0 && place < tokens.count - 1
    let call = Span(Int(tokens[start].span.start), Int(tokens[place - 1].span.end))
    let arguments = short(Span(Int(tokens[start].span.end), Int(value.span.end))) ?? "..."
    return error(
      "this call ends at its `)`, so what follows would work on its result", call,
      help: "write `\(name)(\(arguments))`, or no space before `(` when it is meant so",
      labels: [.init(tokens[place].span, "not part of the call")])
  }

  /// What is meant by a sign with which something begins elsewhere: `:q` of an editor, `@name` before a function, a comma behind
  /// one value; nil for others.
  var foreignStartHelp: String? {
    if at(.colon), index == 0 { return "`quit` ends the session" }
    if at(.at), index == 0 || tokens[index - 1].kind == .newline, case .name(let name) = next.kind {
      return "there are no decorators: write `f = \(name)(f)`"
    }
    let isAlone = current.kind == .newline || current.kind == .end || current.kind == .sign(.semicolon)
    return isAlone && index > 0 && tokens[index - 1].kind == .sign(.comma) ? "a list of one value is `[1]`" : nil
  }

  /// What is meant by signs that spread a value among others, by the bracket that they stand in.
  var spreadHelp: String {
    let names = tokens[index...].lazy.compactMap { if case .name(let name) = $0.kind { name } else { nil } }
    let name = names.first ?? "a"
    switch openers.last?.kind {
    case .sign(.leftBrace): return "two maps are joined by `|`: `\(name) | {key: 1}`"
    case .sign(.leftBracket): return "lists are joined by `+`: `\(name) + [1]`"
    default: return "values are written one by one; none is spread"
    }
  }

  /// What is meant by two strings side by side, or by a letter before one; nil for anything else.
  var stringHelp: String? {
    guard case .string = current.kind, index > 0 else { return nil }
    switch tokens[index - 1].kind {
    case .name(let letters) where letters.count < 3 && !current.followsSpace:
      return "text is Unicode and needs no letter before it: `\(source.text(current.span))`"
    case .string:
      return "write `\(source.text(tokens[index - 1].span)) + \(source.text(current.span))`"
    default: return nil
    }
  }

  // MARK: Values

  /// True at `is` between two values.
  var isForeignComparison: Bool {
    guard current.kind == .name("is"), current.followsSpace else { return false }
    return next.followsSpace && (next.kind.startsCommandArgument || next.kind == .keyword(.not))
  }

  /// Notes that `is` is written `==`, and reads it so.
  mutating func foreignComparison(_ left: Expression) throws(SyntaxError) -> Expression {
    let start = current
    advance()
    let isNegated = accept(.not)
    let sign = isNegated ? "!=" : "=="
    let (place, fault) = (index, span(from: start))
    let right = try expression(.union)
    var text = source.text(right.span)
    if text == "None" || text == "null" { text = "nil" }
    if errors.last.map({ $0.span.start < left.span.start }) ?? true {
      lastErrorIndex = place
      errors.append(
        error(
          "`\(source.text(fault))` has no meaning here", fault,
          help: "write `\(source.text(left.span)) \(sign) \(text)`"))
    }
    let link = ComparisonLink(comparison: isNegated ? .notEqual : .equal, operatorSpan: fault, right: right)
    return try node(.comparison(left, [link]), left.span.joined(with: right.span))
  }

  /// True at `lambda x, y:`.
  var startsLambda: Bool { lambdaColon(from: index) != nil }

  /// The error about `lambda x: x + 1`.
  mutating func lambda() -> SyntaxError {
    let start = current
    while !at(.colon) { index += 1 }
    let names = source.text(Span(Int(tokens[lastIndex(of: start)].span.end), Int(current.span.start)))
    let head = Span(Int(start.span.start), Int(current.span.end))
    advance()
    let parameters = names.split { $0 == " " || $0 == "," }.joined(separator: ", ")
    var body = "..."
    do throws(SyntaxError) { body = short(try expression().span) ?? body } catch {}
    return error("a function without a name is written with `fn`", head, help: "write `fn(\(parameters)) = \(body)`")
  }

  private func lastIndex(of token: Token) -> Int { tokens[...index].lastIndex(of: token) ?? index }

  /// The error about `[a:b]` without a value before it, at the colon.
  func looseSlice(in opener: Token) -> SyntaxError {
    let first = short(Span(Int(opener.span.end), Int(current.span.start))) ?? "0"
    let second = tokens[min(index + 2, tokens.count - 1)].kind == .sign(.rightBracket) ? short(next.span) : nil
    return error(
      "a slice needs something before it to take a part of", opener.span.joined(with: current.span),
      help: "numbers in a row are written `list(range(\(first), \(second ?? "3")))`, a part of a list `xs[0:3]`")
  }

  /// The error about a key that a map is given twice, if there is one.
  func repeatedKey(_ entries: [MapEntry]) -> SyntaxError? {
    var first: [ExactText: Span] = [:]
    for entry in entries {
      let text: String
      switch entry.key.kind {
      case .string(let key): text = "\"\(key)"
      case .number(let key): text = "\(key == 0 ? 0 : key)"
      default: continue
      }
      if let span = first.updateValue(entry.key.span, forKey: ExactText(text)) {
        return error(
          "the map has the key `\(source.text(entry.key.span))` twice", entry.key.span,
          labels: [.init(span, "given here first")])
      }
    }
    return nil
  }

  /// The error about `(a, b)`, at the comma.
  func tuple(in opener: Token, at place: Int) -> SyntaxError {
    let inner = restOfLine(after: place) ?? "1, 2"
    let before = place > 0 ? tokens[place - 1].kind : .newline
    var (closer, depth) = (place, 0)
    repeat {
      if case .sign(let sign) = tokens[closer].kind { depth += sign.closer != nil ? 1 : sign.isCloser ? -1 : 0 }
      closer += 1
    } while depth > 0 && closer < tokens.count - 1
    let help =
      switch before {
      case .keyword(.assert): "write `assert \(inner)`"
      case .keyword(.return): "write `return \(inner)`"
      default:
        tokens[closer].kind == .sign(.assign)
          ? "names are divided by commas, without brackets: `\(inner) = ...`"
          : "a list stands in brackets: `[\(inner)]`"
      }
    return error(
      "expected `)`, found `,`", current.span, help: help, labels: [.init(opener.span, "opened here")])
  }
}
