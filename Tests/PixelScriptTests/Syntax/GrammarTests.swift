import Foundation
import PixelScript
import Testing

/// The grammar of the documentation says the same as the parser.
@Suite struct GrammarTests {
  static let root = ScriptTests.root.appending(path: "../..").standardized

  private static let rules = Result {
    let page = root.appending(path: "Sources/PixelScript/PixelScript.docc/Grammar.md")
    let parts = try String(contentsOf: page, encoding: .utf8).components(separatedBy: "```ebnf\n")
    var reader = GrammarReader(try #require(parts.dropFirst().first?.components(separatedBy: "```").first))
    return try reader.rules()
  }

  static func grammar() throws -> GrammarRecognizer { try GrammarRecognizer(rules.get()) }

  /// What the grammar can't say, or reads as something else: by the names of the scripts.
  static let beyond = [
    "deep", "jumps_outside", "outer_outside", "param_twice", "python_lambda", "repeated_key",
  ]

  static let scripts = ["language", "commands", "regression", "modules", "workbench", "errors"]
    .flatMap { ScriptTests.paths(in: $0) }

  private func source(_ path: String) throws -> SourceText {
    try ScriptRunner.source(ScriptTests.root.appending(path: path))
  }

  private func isParsed(_ source: SourceText) -> Bool {
    do {
      _ = try Script.parse(source)
      return true
    } catch { return false }
  }

  private func accepts(_ grammar: GrammarRecognizer, _ source: SourceText) throws -> Bool {
    let words = Lexer.tokens(of: source)
    return try !words.hasErrors && grammar.accepts(words.tokens)
  }

  @Test func everyRuleIsThere() throws {
    let rules = try Self.rules.get()
    #expect(rules.count > 40)
    var missing: Set<String> = []
    func walk(_ form: GrammarRecognizer.Form) {
      switch form {
      case .rule(let name): if rules[name] == nil { missing.insert(name) }
      case .sequence(let parts), .choice(let parts): parts.forEach(walk)
      case .optional(let part), .repeated(let part), .follows(let part, _): walk(part)
      case .word(let word):
        if Keyword(rawValue: word) == nil, Sign(rawValue: word) == nil { missing.insert(word) }
      case .kind: break
      }
    }
    rules.values.forEach { walk($0.form) }
    #expect(missing.isEmpty)
  }

  /// Every script that the parser accepts, and every one that it refuses but for what lies beyond a grammar.
  @Test(arguments: scripts) func agreesWithTheParser(path: String) throws {
    let source = try source(path)
    let isParsed = isParsed(source)
    if !isParsed, Self.beyond.contains(where: { path.hasSuffix("/\($0).pxb") }) { return }
    #expect(try accepts(try Self.grammar(), source) == isParsed)
  }

  @Test func acceptsTheNotebooksAndTasks() throws {
    let grammar = try Self.grammar()
    for folder in ["Notebooks", "Scripts"] {
      let place = Self.root.appending(path: folder).path
      for name in (FileManager.default.enumerator(atPath: place)?.compactMap { $0 as? String } ?? [])
      where name.hasSuffix(".pxb") {
        #expect(try accepts(grammar, try ScriptRunner.source(URL(filePath: "\(place)/\(name)"))), "\(name)")
      }
    }
  }

  /// Each line on its own, and without every third of its words, which tells more than whole scripts do; but for words that
  /// need something around them.
  @Test func agreesOnSingleLines() throws {
    let grammar = try Self.grammar()
    var (same, different): (Int, Set<String>) = (0, [])
    var seen: Set<String> = []
    func compare(_ text: String) throws {
      guard seen.insert(text).inserted else { return }
      let line = SourceText(name: "line", text)
      if try accepts(grammar, line) == isParsed(line) { same += 1 } else { different.insert(text) }
    }
    for path in Self.scripts {
      let whole = try source(path)
      for line in 0..<whole.lineCount where whole.lineSpan(line).length < 400 {
        let text = SourceText(name: "line", whole.text(whole.lineSpan(line)))
        let needsMore: Set<Token.Kind> = [.keyword(.return), .keyword(.break), .keyword(.continue), .keyword(.param)]
        let words = Lexer.tokens(of: text).tokens.dropLast()
        if words.contains(where: { needsMore.contains($0.kind) }) { continue }
        try compare(text.text(text.span))
        for (place, word) in words.enumerated() where (place + line) % 3 == 0 {
          try compare(text.text(Span(0, Int(word.span.start))) + text.text(Span(Int(word.span.end), text.bytes.count)))
        }
      }
    }
    print("the grammar and the parser agree on \(same) of \(same + different.count) lines")
    #expect(Double(different.count) < 0.002 * Double(same), "\(different.sorted())")
  }
}
