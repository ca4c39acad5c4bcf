import PixelScript

/// A notebook with what it showed: what is handed on as a page, as a Jupyter notebook or as Markdown.
struct NotebookDocument {
  /// A cell of it.
  struct Cell {
    /// How far it has come.
    enum State: Equatable {
      case waiting, running, ended
    }

    /// What it holds.
    let kind: Script.Cell.Kind
    /// Its title; empty without one.
    let title: String
    /// What its line says for other programs; empty without any.
    private(set) var options = ""
    /// Its code, or its Markdown, without empty lines around it.
    let source: String
    /// Its lines in the script that it comes from, the one with its title included, up to the next cell; nil without a script.
    var written: String?
    /// Whether it is the last of a script, behind which no empty line stands.
    fileprivate(set) var isLast = false
    /// What it showed, in order.
    var outputs: [CellRecord.Output] = []
    /// Whether something of what it showed is missing.
    var isCut = false
    /// Whether it is an input of a session.
    var isInput = false
    /// The error that ended it.
    var error: Diagnostic?
    /// The seconds that it took.
    var seconds: Double?
    /// How far it has come.
    var state = State.waiting

    /// A cell of a script that has not run yet.
    init(_ cell: Script.Cell, of script: Script) {
      (kind, title, options) = (cell.kind, cell.title, cell.metadata)
      let lines = cell.lines.map { script.source.text(script.source.lineSpan($0)) }
      source = kind == .code ? CellMarks.bare(Self.trimmed(lines)) : Self.trimmed(Self.markdown(lines))
      written = script.source.written(cell.span)
    }

    /// A cell that a session ran.
    init(_ record: CellRecord) {
      (kind, title, isInput) = (.code, record.mark.title, true)
      source = Self.trimmed(record.source.split(separator: "\n", omittingEmptySubsequences: false).map(String.init))
      take(record)
    }

    /// A cell of a text that is no script yet.
    init(kind: Script.Cell.Kind, title: String, options: String = "", source: String) {
      (self.kind, self.title, self.options) = (kind, title, options)
      // Of texts whatever ends a line does so alike; in code it may stand in quotes.
      let isText = kind != .code
      let lines = source.split(omittingEmptySubsequences: false) { letter in
        letter == "\n" || isText && (letter == "\r\n" || letter == "\r")
      }
      self.source = Self.trimmed(lines.map(String.init))
    }

    /// Whether it is what Jupytext and other programs write before the first cell: fields of YAML in comments between lines `# ---`.
    var isHeader: Bool {
      let lines = source.split(separator: "\n")
      return kind == .code && title.isEmpty && options.isEmpty && written?.hasPrefix("# ---") ?? false
        && lines.count > 1
        && lines.first == "# ---" && lines.last == "# ---" && lines.allSatisfy { $0.hasPrefix("#") }
    }

    /// Takes over what a run of the cell showed so far.
    mutating func take(_ record: CellRecord) {
      (outputs, isCut, error, seconds) = (record.outputs, record.isCut, record.error, record.seconds)
      state = record.seconds == nil ? .running : .ended
    }

    /// The text of comment lines without the sign before them, or of one text in triple quotes without those.
    static func markdown(_ lines: [String]) -> [String] {
      quoted(trimmed(lines))?.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        ?? unmarked(lines)
    }

    private static func quoted(_ text: String) -> String? {
      let inner = text.drop { "rR".contains($0) }
      for quotes in ["\"\"\"", "'''"]
      where text.count - inner.count < 2 && inner.count >= 6 && inner.hasPrefix(quotes) && inner.hasSuffix(quotes) {
        return String(inner.dropFirst(3).dropLast(3))
      }
      return nil
    }

    private static func unmarked(_ lines: [String]) -> [String] {
      lines.map { line in
        let text = line.drop { $0 == " " || $0 == "\t" }
        guard text.first == "#" else { return String(text) }
        return String(text.dropFirst().first == " " ? text.dropFirst(2) : text.dropFirst())
      }
    }

    private static func trimmed(_ lines: [String]) -> String {
      func isBlank(_ line: String) -> Bool { line.allSatisfy(\.isWhitespace) }
      return lines.drop(while: isBlank).reversed().drop(while: isBlank).reversed().joined(separator: "\n")
    }
  }

  /// What it is called: its first heading, else what errors call the script.
  let title: String
  /// The values that its parameters were given, as a script writes them.
  var parameters: [(name: String, value: String)] = []
  /// The cells in their order.
  var cells: [Cell]

  /// A script before it runs, with the values that are given for its parameters.
  init(_ script: Script, parameters: [String: Value]) {
    cells = script.cells.map { Cell($0, of: script) }
    if let last = cells.indices.last {
      cells[last].isLast = true
      if cells[last].options.isEmpty, cells[last].written == ScriptPage.part(cells[last]) { cells[last].written = nil }
    }
    self.parameters = parameters.sorted { $0.key < $1.key }.map { ($0.key, $0.value.echo) }
    let name = script.source.name.split(separator: "/").last.map(String.init) ?? script.source.name
    title = Self.heading(of: cells) ?? name
  }

  /// The cells that a session ran.
  init(_ records: [CellRecord]) {
    cells = records.map { Cell($0) }
    title = "A session of PixelBytes"
  }

  private static func heading(of cells: [Cell]) -> String? {
    for cell in cells where cell.kind == .markdown {
      for line in cell.source.split(separator: "\n") where line.hasPrefix("# ") {
        return String(line.dropFirst(2)).trimmingPrefix(while: \.isWhitespace).description
      }
    }
    return nil
  }

  /// How far it has come in a sentence; nil when every cell of code has ended well.
  var remark: String? {
    let code = cells.filter { $0.kind == .code }
    // An error of an input ends that input alone.
    if code.contains(where: \.isInput) {
      let failed = code.filter { $0.error != nil }.count
      return failed == 0 ? nil : "\(failed) of \(code.count) inputs ended with an error."
    }
    // Cells are numbered as everywhere, those of text among them.
    if let place = cells.firstIndex(where: { $0.error != nil }) {
      let isInterrupted = cells[place].error?.kind == .interrupted
      return "\(isInterrupted ? "Interrupted" : "An error ended the run") in cell \(place + 1) of \(cells.count)."
    }
    if let place = cells.firstIndex(where: { $0.state == .running }) {
      return "Cell \(place + 1) of \(cells.count) has not ended."
    }
    let ended = code.count { $0.state == .ended }
    return ended == code.count ? nil : "\(ended) of \(code.count) cells of code have run."
  }
}
