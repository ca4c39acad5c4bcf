import Formats
import PixelScript
import Safepoint

/// Makes a script of a Jupyter notebook, and a Jupyter notebook of a script.
///
/// What a script has no place for, which is ids, metadata and outputs, stands in a file beside it, so that the way back finds all of it
/// again for every cell whose text is still the same.
struct NotebookConversion {
  /// The most bytes of a notebook.
  private static let limit = 1 << 28

  let files: FileAccess
  /// Whether files are replaced that are there and of no conversion.
  var replaces = false

  /// What was done, in a sentence; throws rather than replace what no conversion wrote, or what has changed since.
  func convert(_ from: String, to: String) throws -> String {
    switch (try ExportForm(path: from), try ExportForm(path: to)) {
    case (.ipynb, .script): return try toScript(from, to)
    case (.script, .ipynb): return try toNotebook(from, to)
    case (.script, .html), (.script, .markdown):
      let script = try script(from)
      let document = NotebookDocument(script, parameters: [:])
      if try files.isThere(to), try !isPage(to) { try check(to, holds: try Self.markdown(document)) }
      return try write(to) { path in
        try ExportFile(path, files, of: script, showsTimes: false).write(document)
      }
    default:
      throw ScriptError(
        .value,
        "a .ipynb becomes a .pxb, and a .pxb a .ipynb, .html or .md; found \(Display.quoted(from)) and \(Display.quoted(to))",
        argument: "to")
    }
  }

  private func write(_ path: String, _ body: (String) throws -> Void) throws -> String {
    try files.write(path) { try body($0) }
    return "\(path) is written"
  }

  /// Throws for a file that is there, unless it may be replaced.
  private func refuse(_ path: String) throws {
    guard !replaces else { return }
    throw ScriptError(
      .value, "\(Display.quoted(path)) is there already, and not as `convert` wrote it; it would be replaced",
      help: "another path, or `--force` to replace it, in the language `force: true`", argument: "to")
  }

  /// Throws for a file that holds something else than `text`, unless it may be replaced.
  private func check(_ path: String, holds text: String) throws {
    guard !replaces, try files.isThere(path), try bytes(path) != Array(text.utf8) else { return }
    try refuse(path)
  }

  /// Whether a page of HTML is there that this program made.
  private func isPage(_ path: String) throws -> Bool {
    String(decoding: try bytes(path).prefix(4096), as: UTF8.self).contains("name=\"generator\" content=\"PixelBytes ")
  }

  /// What a script is as Markdown, which does not say what made it.
  private static func markdown(_ document: NotebookDocument) throws -> String {
    var options = ExportOptions()
    let parts = try document.cells.enumerated().map { place, cell in
      options.number = place + 1
      return try MarkdownPage.part(cell, options)
    }
    return MarkdownPage.whole(document, parts, options)
  }

  /// Whether a script is there whose cells are all as a conversion wrote them.
  private func isOwn(_ path: String, beside place: String) throws -> Bool {
    guard try files.isThere(place), let kept = try keptCells(place) else { return false }
    let texts: [String]
    do { texts = NotebookDocument(try script(path), parameters: [:]).cells.map(ScriptPage.part) } catch is SyntaxFailure
    {
      return false
    }
    return texts.count == kept.count && kept.found(texts).allSatisfy { if case .same = $0 { true } else { false } }
  }

  /// What a file keeps beside a script; nil where no conversion wrote it.
  private func keptCells(_ place: String) throws -> KeptCells? {
    do { return try KeptCells(try JupyterFile.json(try bytes(place), path: place), path: place) } catch is ScriptError {
      return nil
    }
  }

  /// The file that keeps what a script has no place for.
  private static func companion(of path: String) -> String {
    (path.lastIndex(of: ".").map { String(path[..<$0]) } ?? path) + ".cells.json"
  }

  private func script(_ path: String) throws -> Script {
    try Script.parse(SourceText(name: path, bytes: try files.script(path)))
  }

  private func bytes(_ path: String) throws -> [UInt8] { try readFile(try files.existing(path), limit: Self.limit) }

  // MARK: To a script

  private func toScript(_ from: String, _ to: String) throws -> String {
    let notebook = try JupyterFile(decoding: try bytes(from), path: from)
    let texts = notebook.scriptCells()
    let text = JupyterFile.script(of: texts)
    var kept: [JSON] = []
    for cell in texts {
      try Safepoint.check()
      kept.append(
        .object([
          .init("sha256", .string(SHA256.digest(of: Array(cell.text.utf8)))), .init("cells", .array(cell.cells)),
        ]))
    }
    let companion = JSON.object([
      .init("format", .integer(1)), .init("notebook", .object(notebook.head)), .init("kept", .array(kept)),
    ])
    let place = Self.companion(of: to)
    if try files.isThere(to), try !isOwn(to, beside: place) { try check(to, holds: text) }
    if try files.isThere(place), try keptCells(place) == nil { try refuse(place) }
    _ = try write(place) { try AtomicFile.write(companion.text(writesEndless: true) + "\n", to: $0) }
    _ = try write(to) { try AtomicFile.write(text, to: $0) }
    let python = texts.count(where: \.isForeign)
    let note =
      python == 0
      ? ""
      : "; \(python) cell\(python == 1 ? "" : "s") of another language stand\(python == 1 ? "s" : "") in it as text"
    return "\(to) has \(texts.count) cells\(note); ids, metadata and outputs are kept in \(place)"
  }

  // MARK: To a notebook

  private func toNotebook(_ from: String, _ to: String) throws -> String {
    let document = NotebookDocument(try script(from), parameters: [:])
    let place = Self.companion(of: from)
    let isThere = try files.isThere(place)
    let kept = isThere ? try KeptCells(try JupyterFile.json(try bytes(place), path: place), path: place) : nil
    var isWhole = kept != nil
    let texts = document.cells.map(ScriptPage.part)
    var cells: [JSON] = []
    let found = kept?.found(texts) ?? texts.map { _ in .none }
    var (matches, header) = (0, nil as String?)
    for (place, (cell, found)) in zip(document.cells, found).enumerated() {
      if place == 0, cell.isHeader { header = cell.written }
      switch found {
      case .same(let before):
        cells += before
        matches += 1
      case .changed(let before):
        isWhole = false
        if header != nil, place == 0 { continue }
        cells += try JupyterNotebook.cells(cell).dropLast() + [KeptCells.renewed(before, cell)]
      case .none:
        isWhole = false
        if header == nil || place > 0 { cells += try JupyterNotebook.cells(cell) }
      }
    }
    let head: [JSON.Field]
    if isWhole, let kept {
      head = kept.head
    } else {
      cells = JupyterFile.withIdentities(cells)
      head = JupyterNotebook.head(
        document, metadata: kept.flatMap { $0.head.first { $0.name == "metadata" }?.value }, header: header)
    }
    let notebook = JSON.object([JSON.Field("cells", .array(cells))] + head)
    let text = notebook.text(.indented, writesEndless: true) + "\n"
    try check(to, holds: text)
    _ = try write(to) { try AtomicFile.write(text, to: $0) }
    return "\(to) has \(cells.count) cells" + (isThere ? "; those of \(matches) are as \(place) keeps them" : "")
  }
}

extension Session {
  /// Makes a script of a Jupyter notebook or the other way round, as the endings of the paths say, which may lead anywhere.
  ///
  /// What is there and of no conversion is replaced only where `replaces` is set.
  public func convert(_ from: String, to: String, replaces: Bool = false) throws {
    let files = FileAccess(writeFolders: ["/"])
    environment.notice(try NotebookConversion(files: files, replaces: replaces).convert(from, to: to))
  }
}
