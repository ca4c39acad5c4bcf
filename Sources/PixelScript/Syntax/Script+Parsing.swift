extension Script {
  /// The largest text that is read, in bytes.
  public static let sizeLimit = 64 << 20

  /// Parses a text.
  ///
  /// All syntax errors are found in one pass and thrown together, in the order of the text.
  public static func parse(_ source: SourceText) throws(SyntaxFailure) -> Script {
    let reading = try Reading(source)
    guard reading.errors.isEmpty else {
      throw SyntaxFailure(
        diagnostics: reading.errors.map(\.diagnostic), isIncomplete: reading.errors.allSatisfy(\.isIncomplete))
    }
    return reading.script
  }

  /// What could be read of a text.
  struct Reading {
    /// The statements without those that could not be read.
    let script: Script
    /// What is wrong with the others, in the order of the text.
    let errors: [SyntaxError]
    /// The names in what could not be read, which may get values there.
    let lostNames: Set<String>
    /// True when what could not be read may bring in the names of another script.
    let losesImport: Bool

    init(_ source: SourceText) throws(SyntaxFailure) {
      guard source.bytes.count <= sizeLimit else {
        let message = "the script has \(source.bytes.count) bytes, the limit is \(sizeLimit)"
        let diagnostic = Diagnostic(.limit, message, at: Location(source, Span(0, 0)))
        throw SyntaxFailure(diagnostics: [diagnostic], isIncomplete: false)
      }
      let lexed = Lexer.tokens(of: source)
      var parser = Parser(source, tokens: lexed.tokens)
      let statements = parser.statements()
      try SyntaxFailure.checkStop()
      let told = lexed.errors.filter { error in !parser.skipped.contains { $0.range.contains(Int(error.span.start)) } }
      let cells = CellDivision(
        source: source, tokens: lexed.tokens, statements: statements, faults: merged(told, parser.errors, in: source))
      errors = Array(cells.faults.sorted { $0.span.start < $1.span.start }.prefix(Parser.errorLimit))
      script = Script(source: source, statements: statements, cells: cells.cells)
      var (lost, reached) = ([Token.Kind](), 0)
      // Statements in statements are lost together.
      for range in parser.lost.sorted(by: { $0.lowerBound < $1.lowerBound }) where range.upperBound > reached {
        lost += lexed.tokens[max(range.lowerBound, reached)..<range.upperBound].map(\.kind)
        reached = range.upperBound
      }
      // A string without an end takes up what stands behind it.
      let unread = lexed.errors.flatMap { Lexer.tokens(of: SourceText(name: "", source.text($0.span))).tokens }.map(
        \.kind)
      lostNames = Set((lost + unread).compactMap { if case .name(let name) = $0 { name } else { nil } })
      losesImport = lost.contains(.keyword(.import)) || parser.isStopped
    }
  }

  /// Joins the errors about tokens and those about grammar, which often follow from one about a token on the same line.
  private static func merged(_ lexical: [SyntaxError], _ grammar: [SyntaxError], in source: SourceText) -> [SyntaxError]
  {
    let lines = Set(lexical.map { source.lineIndex(at: Int($0.span.start)) })
    let independent = grammar.filter { !lines.contains(source.lineIndex(at: Int($0.span.start))) }
    return lexical + independent
  }
}
