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
    func topic(_ name: String) -> String? { do { return try help.topic(name) } catch { return nil } }
    for token in tokens where Int(token.span.start) <= cursor && cursor <= Int(token.span.end) {
      if case .name(let name) = token.kind, let text = topic(name) { return text }
    }
    let before = tokens.prefix { Int($0.span.end) <= cursor }
    return CallScanner.openCall(after: Array(before), isCallable: completer.isCallable).flatMap { topic($0.name) }
  }

  private var completer: Completer { Completer(registry: registry, variables: interpreter.variables) }
}
