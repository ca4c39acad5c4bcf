import PixelScript

extension Session {
  /// Returns what can stand at the cursor, a byte offset, of a line that follows the lines of `block`; nil when nothing is known.
  public func completion(of line: String, cursor: Int, after block: String = "") -> Completion? {
    completer.completion(of: line, cursor: cursor, after: block)
  }

  /// Returns what `help` tells of the name at the cursor, a byte offset, or else of the call that it stands in; nil for neither.
  public func help(at cursor: Int, of text: String, width: Int = 80) -> String? {
    let tokens = Array(Lexer.tokens(of: SourceText(name: "", text)).tokens.dropLast())
    let help = HelpText(interpreter, width: width)
    for token in tokens where Int(token.span.start) <= cursor && cursor <= Int(token.span.end) {
      switch token.kind {
      case .name(let name): if let text = help.known(name) { return text }
      case .keyword(let word): return help.guide.topic(word.rawValue).map(help.description)
      default: break
      }
    }
    let before = tokens.prefix { Int($0.span.end) <= cursor }
    return CallScanner.openCall(after: Array(before), isCallable: completer.isCallable).flatMap { help.known($0.name) }
  }

  /// Returns what `help` tells of a command, a variable or a topic, or finds for other words; without words, the overview.
  package func help(about words: String) throws(ScriptError) -> String {
    let help = HelpText(interpreter, width: environment.console.style.width)
    return words.isEmpty ? help.overview : try help.topic(words)
  }

  /// The text of the call of `help` that a line means which asks with words that the language does not read; nil for any other text.
  public func question(_ bytes: [UInt8]) -> [UInt8]? { helpCall(for: bytes).map { Array($0.utf8) } }

  /// The call of `help` that a line means which asks with words that the language does not read, as in `help for`, `for?`
  /// and `?`; nil for any other text.
  func helpCall(for bytes: [UInt8]) -> String? {
    guard bytes.count < 200, let text = String(validating: bytes, as: UTF8.self) else { return nil }
    let lines = text.split(separator: "\n")
    var words = lines.count == 1 ? lines[0].split(whereSeparator: \.isWhitespace) : []
    guard words != ["?"] else { return "help" }
    let isCall = words.first == "help" && words.count > 1
    if isCall {
      words.removeFirst()
    } else if words.first?.hasPrefix("?") == true {
      words[0] = words[0].drop { $0 == "?" }
    } else if words.last?.hasSuffix("?") == true {
      while words[words.count - 1].last == "?" { words[words.count - 1].removeLast() }
    } else {
      return nil
    }
    words.removeAll(where: \.isEmpty)
    guard let first = words.first, words.allSatisfy({ $0.wholeMatch(of: /[\p{L}_][\w-]*/) != nil }) else { return nil }
    let isKnown = registry[String(first)] != nil || isCall && ["true", "false", "nil"].contains(first)
    let name = String(first.prefix { $0 != "-" })
    guard !(words.count == 1 && isKnown), interpreter.variable(name) == nil else { return nil }
    return "help \"\(words.joined(separator: " "))\""
  }

  private var completer: Completer {
    Completer(registry: registry, names: interpreter.variableNames, value: interpreter.variable)
  }
}
