/// What stands in a script as another language has it, in the words and signs of this one: for errors that show how it is written here.
extension Parser {
  private static let constants = ["True": "true", "False": "false", "None": "nil"]

  /// The text of a span in this language, as far as that takes no more than other words and signs: constants, the names of
  /// arguments, `lambda`, `dict()` and `.items()`. Nil when it is long, empty or goes over several lines.
  ///
  /// In a `command` the arguments stand without parentheses.
  func short(_ span: Span, limit: Int = 60, command: String? = nil) -> String? {
    guard span.length <= limit else { return nil }
    let text = translated(span, command).split(separator: " ").joined(separator: " ")
    return text.isEmpty || text.contains("\n") ? nil : text
  }

  private func translated(_ span: Span, _ command: String?) -> String {
    var text = ""
    var copied = Int(span.start)
    var place = firstToken(from: Int(span.start))
    // The brackets that are open, with what is called by them.
    var brackets: [(sign: Sign, callee: String?)] = command.map { [(.leftParenthesis, $0)] } ?? []
    while place < tokens.count - 1, tokens[place].span.end <= span.end {
      var change: (text: String, end: Int)?
      switch tokens[place].kind {
      case .name(let name): change = self.change(name, at: place, in: brackets.last)
      case .sign(.dot) where kinds(place + 1, 3) == [.name("items"), .sign(.leftParenthesis), .sign(.rightParenthesis)]:
        change = ("", place + 3)
      case .sign(let sign) where sign.closer != nil:
        let callee: String? = if place > 0, case .name(let name) = tokens[place - 1].kind { name } else { nil }
        brackets.append((sign, callee))
      case .sign(let sign) where sign.isCloser:
        if let opener = brackets.popLast(), opener.sign == .leftParenthesis, opener.callee == Parser.mapMaker {
          change = ("}", place)
        }
      default: break
      }
      if let change {
        if change.text == "{" { brackets.append((.leftParenthesis, Parser.mapMaker)) }
        text += source.text(Span(copied, Int(tokens[place].span.start))) + change.text
        place = change.end
        copied = Int(tokens[place].span.end)
      }
      place += 1
    }
    return text + source.text(Span(copied, max(copied, Int(span.end))))
  }

  private static let mapMaker = "dict"

  /// What a name becomes, and the last token that this replaces; nil where it stays.
  private func change(_ name: String, at place: Int, in bracket: (sign: Sign, callee: String?)?) -> (String, Int)? {
    if let constant = Parser.constants[name] { return (constant, place) }
    if let colon = lambdaColon(from: place) {
      let names = source.text(Span(Int(tokens[place].span.end), Int(tokens[colon].span.start)))
      return ("fn(\(names.split { $0 == " " || $0 == "," }.joined(separator: ", "))) =", colon)
    }
    if name == Parser.mapMaker, kinds(place + 1, 1) == [.sign(.leftParenthesis)],
      kinds(place + 3, 1) == [.sign(.assign)]
    {
      return ("{", place + 1)
    }
    guard bracket?.sign == .leftParenthesis, kinds(place + 1, 1) == [.sign(.assign)] else { return nil }
    let own = bracket?.callee.flatMap { ForeignWord.ownName(ofParameter: name, of: $0) } ?? name
    return (own + (tokens[min(place + 2, tokens.count - 1)].followsSpace ? ":" : ": "), place + 1)
  }

  /// What some tokens are from a place on; fewer at the end.
  private func kinds(_ place: Int, _ count: Int) -> [Token.Kind] {
    tokens[min(place, tokens.count)..<min(place + count, tokens.count)].map(\.kind)
  }

  /// The place of the first token that starts at a byte or behind it.
  private func firstToken(from byte: Int) -> Int {
    var (low, high) = (0, tokens.count)
    while low < high {
      let middle = (low + high) / 2
      if Int(tokens[middle].span.start) < byte { low = middle + 1 } else { high = middle }
    }
    return low
  }

  /// The colon of `lambda x, y:`, which begins at a token, or nil.
  func lambdaColon(from start: Int) -> Int? {
    guard tokens[start].kind == .name("lambda") else { return nil }
    var place = start + 1
    while place < tokens.count {
      switch tokens[place].kind {
      case .name, .sign(.comma), .sign(.star): place += 1
      case .sign(.colon): return place
      default: return nil
      }
    }
    return nil
  }

  /// The error about `f(name=value)`, at the sign: it shows the whole call as it is written here.
  func assignedArgument(_ name: String, of callee: Expression, isCommand: Bool) -> SyntaxError {
    error(
      "the name of an argument is followed by `:`", current.span,
      help: "write `\(callText(from: callee, isCommand: isCommand) ?? "\(name): value")`")
  }

  /// The call that is being read, as it is written here; nil when it is long or goes over several lines.
  private func callText(from callee: Expression, isCommand: Bool) -> String? {
    var (place, depth) = (index, isCommand ? 1 : 0)
    while depth >= 0 {
      switch tokens[place].kind {
      case .end, .cell, .newline, .sign(.semicolon):
        guard isCommand, depth == 1 else { return nil }
        depth = -1
        continue
      case .sign(let sign): depth += sign.closer != nil ? 1 : sign.isCloser ? -1 : 0
      default: break
      }
      if isCommand, depth == 0 { break }
      place += 1
    }
    let name: String? = if isCommand, case .name(let name) = callee.kind { name } else { nil }
    return short(Span(Int(callee.span.start), Int(tokens[place - 1].span.end)), limit: 100, command: name)
  }
}
