/// Divides a script into cells at its `# %%` lines.
struct CellDivision {
  private(set) var cells: [Script.Cell] = []
  /// The mistakes found so far; those in a markdown cell become one.
  private(set) var faults: [SyntaxError]
  private let source: SourceText
  private let statements: [Statement]

  init(source: SourceText, tokens: [Token], statements: [Statement], faults: [SyntaxError]) {
    self.faults = faults
    self.source = source
    self.statements = statements
    let marks = tokens.filter { $0.kind == .cell }.map(\.span)
    let firstMark = marks.first.map { Int($0.start) } ?? source.bytes.count
    let isBlank = source.bytes[..<firstMark].allSatisfy { $0 == 32 || (9...13).contains($0) }
    if marks.isEmpty || !isBlank { addCell(mark: nil, from: 0, to: firstMark) }
    for (index, mark) in marks.enumerated() {
      let end = index + 1 < marks.count ? Int(marks[index + 1].start) : source.bytes.count
      addCell(mark: mark, from: Int(mark.start), to: end)
    }
  }

  private mutating func addCell(mark: Span?, from start: Int, to end: Int) {
    let first = cells.last?.statements.upperBound ?? 0
    let last = statements[first...].firstIndex { Int($0.span.start) >= end } ?? statements.count
    let firstLine = source.lineIndex(at: start) + (mark == nil ? 0 : 1)
    let lastLine = end == source.bytes.count ? source.lineCount : source.lineIndex(at: end)
    let heading = CellHeading(mark.map { source.text($0) } ?? "")
    if heading.kind != .code {
      let stray = Span(start, end)
      let wrong = faults.lazy.map(\.span).first { stray.range.contains(Int($0.start)) }
      if let place = first < last ? statements[first].span : wrong {
        let diagnostic = Diagnostic(
          .syntax, "a \(heading.kind) cell holds only comments, or one text in triple quotes",
          at: Location(source, place),
          help: "start its lines with `#`, or the code with a line `# %%`")
        faults.removeAll { stray.range.contains(Int($0.span.start)) }
        faults.append(SyntaxError(diagnostic: diagnostic, isIncomplete: false))
      }
    }
    cells.append(
      Script.Cell(
        title: heading.title, kind: heading.kind, metadata: heading.metadata, span: Span(start, end),
        lines: firstLine..<max(firstLine, lastLine),
        statements: first..<last, code: statements[first..<last]))
  }
}
