import PixelScript

extension Session {
  /// What the cell of text at the beginning of a script says of it, in lines that fit a terminal; empty without one.
  public func summary(of script: Script) -> String {
    guard let first = script.cells.first, first.kind == .markdown else { return "" }
    let lines = NotebookDocument.Cell(first, of: script).source.split(separator: "\n", omittingEmptySubsequences: false)
    // A heading is a paragraph of its own.
    let apart = lines.flatMap { line -> [Substring] in
      line.hasPrefix("#") ? [line.drop { $0 == "#" || $0 == " " }, ""] : [line]
    }
    return MarkdownText(width: environment.console.style.width) { $0 }.text(of: apart)
  }
}
