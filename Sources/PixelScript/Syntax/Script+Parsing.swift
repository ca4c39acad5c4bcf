extension Script {
  /// The largest text that is read, in bytes.
  public static let sizeLimit = 64 << 20

  /// Parses a text.
  ///
  /// All syntax errors are found in one pass and thrown together, in the order of the text.
  public static func parse(_ source: SourceText) throws(SyntaxFailure) -> Script {
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
    let errors = cells.faults.sorted { $0.span.start < $1.span.start }.prefix(Parser.errorLimit)
    guard errors.isEmpty else {
      throw SyntaxFailure(diagnostics: errors.map(\.diagnostic), isIncomplete: errors.allSatisfy(\.isIncomplete))
    }
    return Script(source: source, statements: statements, cells: cells.cells)
  }

  /// Joins the errors about tokens and those about grammar, which often follow from one about a token on the same line.
  private static func merged(_ lexical: [SyntaxError], _ grammar: [SyntaxError], in source: SourceText) -> [SyntaxError]
  {
    let lines = Set(lexical.map { source.lineIndex(at: Int($0.span.start)) })
    let independent = grammar.filter { !lines.contains(source.lineIndex(at: Int($0.span.start))) }
    return lexical + independent
  }
}
