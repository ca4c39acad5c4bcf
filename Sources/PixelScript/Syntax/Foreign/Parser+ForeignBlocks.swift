extension Parser {
  /// The words that begin a block behind a colon in Python, besides words of this language.
  private static let openers: Set<String> = [
    "def", "class", "with", "elif", "elseif", "except", "finally", "async", "match",
  ]
  /// The words that go on with such a block.
  private static let clauses: Set<String> = ["elif", "elseif", "else", "except", "finally", "catch"]

  /// Reads past a block behind a colon with the lines set in below it and the clauses that go on with it.
  ///
  /// One error tells how its first line is written here; what stands inside is not looked at. False where there is none.
  mutating func skipForeignBlock() -> Bool {
    guard let colon = foreignColon(from: index) else { return false }
    record(foreignBlock(from: index, colon: colon))
    let (start, margin) = (index, indentation(at: index))
    while true {
      skipLine()
      // The line may end at the brace of the block around it.
      guard current.kind == .newline else { break }
      let next = lineStart(after: index)
      let isInside = indentation(at: next) > margin
      let isClause = indentation(at: next) == margin && isClause(at: next) && foreignColon(from: next) != nil
      guard isInside || isClause, !isBoundary(next) else { break }
      index = next
    }
    skipped.append(Span(Int(tokens[start].span.start), Int(current.span.start)))
    return true
  }

  private func isBoundary(_ place: Int) -> Bool { tokens[place].kind == .end || tokens[place].kind == .cell }

  private func word(at place: Int) -> String? {
    switch tokens[place].kind {
    case .name(let text): text
    case .keyword(let word): word.rawValue
    default: nil
    }
  }

  private func isClause(at place: Int) -> Bool { word(at: place).map { Parser.clauses.contains($0) } ?? false }

  /// The first token on the next line that has any.
  private func lineStart(after place: Int) -> Int {
    var next = place
    while tokens[next].kind == .newline { next += 1 }
    return next
  }

  /// The number of bytes before the first token of a token's line.
  private func indentation(at place: Int) -> Int {
    let line = source.lineSpan(source.lineIndex(at: min(Int(tokens[place].span.start), source.bytes.count)))
    return source.bytes[line.range].prefix { $0 == 32 || $0 == 9 }.count
  }

  /// Reads to the end of the line, over line ends inside brackets.
  private mutating func skipLine() {
    var depth = 0
    while !isBoundary(index) {
      switch current.kind {
      case .newline where depth == 0: return
      case .sign(.rightBrace) where depth == 0 && context.isInBlock: return
      case .sign(let sign): depth = max(0, depth + (sign.closer != nil ? 1 : sign.isCloser ? -1 : 0))
      default: break
      }
      index += 1
    }
  }

  /// The colon that opens a block in the statement that starts here, outside all brackets.
  private func foreignColon(from start: Int) -> Int? {
    var needsLineEnd = false
    switch tokens[start].kind {
    case .keyword(.if), .keyword(.while), .keyword(.for), .keyword(.try), .keyword(.else), .keyword(.catch): break
    case .name(let word) where Parser.openers.contains(word): needsLineEnd = !["def", "class", "async"].contains(word)
    default: return nil
    }
    var depth = 0
    for place in start + 1..<tokens.count {
      switch tokens[place].kind {
      case .end, .cell: return nil
      case .newline where depth == 0, .sign(.assign) where depth == 0: return nil
      case .sign(.leftBrace) where depth == 0, .sign(.semicolon): return nil
      case .sign(.colon) where depth == 0:
        let next = tokens[min(place + 1, tokens.count - 1)].kind
        return needsLineEnd && next != .newline && next != .end ? nil : place
      case .sign(let sign): depth += sign.closer != nil ? 1 : sign.isCloser ? -1 : 0
      default: break
      }
    }
    return nil
  }

  // MARK: The error

  private func foreignBlock(from start: Int, colon: Int) -> SyntaxError {
    let first = word(at: start) ?? ""
    let head = Span(Int(tokens[start].span.start), Int(tokens[colon].span.end))
    let between = Span(Int(tokens[start].span.end), Int(tokens[colon].span.start))
    let rest = short(between)
    let body = restOfLine(after: colon)
    switch first {
    case "def", "async":
      return error(
        "a function is written with `fn`, its block in braces", head,
        help: source.text(between).contains(":") ? "write `fn name(x) { ... }`" : function(rest, body))
    case "class":
      return error("there are no classes", head, help: "a map holds named values: `{name: 1}`; a function can make one")
    case "with": return error("`with` has no meaning here", head, help: ForeignWord.help(for: first))
    case "match": return error("there is no block of `match`", head, help: ForeignWord.help(for: "switch"))
    default: break
    }
    let block = body == "pass" ? "{ }" : "{ \(body ?? "...") }"
    let form =
      switch first {
      case "try": "try \(block) catch e { ... }"
      case "except", "catch": "} catch e \(block)"
      case "finally": "try { } catch e { }`, and `finally`'s lines after it"
      case "elif", "elseif": "} else if \(rest ?? "c") \(block)"
      case "else": "} else \(block)"
      default: "\(first) \(rest ?? (first == "for" ? "x in xs" : "c")) \(block)"
      }
    return error(
      "a block stands in braces, not behind a colon", tokens[colon].span,
      help: "write `\(form)\(first == "finally" ? "" : "`")")
  }

  private func function(_ head: String?, _ body: String?) -> String {
    guard var head else { return "write `fn name(x) { ... }`" }
    if let arrow = head.firstRange(of: "->") { head = String(head[..<arrow.lowerBound]) }
    if head.hasPrefix("def ") { head.removeFirst(4) }
    let takesMany = head.contains("*")
    head.replace("*", with: "")
    let written = head.split(separator: "=", omittingEmptySubsequences: false)
      .map { $0.split(separator: " ").joined(separator: " ") }.joined(separator: ": ")
    let form =
      if let body, body.hasPrefix("return ") { "= \(body.dropFirst(7))" } else {
        body == "pass" ? "{ }" : "{ \(body ?? "...") }"
      }
    return (takesMany ? "several values are given as one list: " : "write ") + "`fn \(written) \(form)`"
  }

  /// The text between a token and the end of its line, outside brackets, without a comment; nil when it is long.
  func restOfLine(after place: Int) -> String? {
    var (last, depth) = (place, 0)
    loop: while last + 1 < tokens.count {
      switch tokens[last + 1].kind {
      case .newline where depth == 0, .end, .cell, .sign(.semicolon): break loop
      case .sign(let sign):
        depth += sign.closer != nil ? 1 : sign.isCloser ? -1 : 0
        if depth < 0 { break loop }
      default: break
      }
      last += 1
    }
    return short(Span(Int(tokens[place].span.end), max(Int(tokens[place].span.end), Int(tokens[last].span.end))))
  }
}
