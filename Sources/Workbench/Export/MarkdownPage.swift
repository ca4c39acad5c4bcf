import Formats
import PixelScript

/// A notebook as Markdown that GitHub shows: code and texts between fences, tables as such, pictures as files beside it.
enum MarkdownPage {
  /// A cell.
  static func part(_ cell: NotebookDocument.Cell, _ options: ExportOptions) throws -> String {
    if cell.kind == .markdown {
      return (cell.title.isEmpty ? "" : "## \(cell.title)\n\n") + cell.source + "\n"
    }
    var text = cell.title.isEmpty ? "" : "## \(cell.title)\n\n"
    if !cell.source.isEmpty { text += fenced(cell.source, cell.kind == .code ? "python" : "text") }
    var pictures = 0
    for output in cell.outputs {
      switch output {
      case .written(let written): text += "\n" + fenced(written, "text")
      case .shown(let rendering):
        for part in try RenderedPart.parts(of: rendering, showsTimes: options.showsTimes) {
          text += "\n"
          switch part {
          case .text(let plain): text += fenced(plain, "text")
          case .table(let table): text += table.markdown
          case .drawing(let svg):
            pictures += 1
            let path = address(try options.keep("cell-\(options.number)-\(pictures)", ".svg", Array(svg.utf8)))
            text += "![plot](\(path))\n"
          case .picture(let png, let width, let height, let words):
            pictures += 1
            let path = address(try options.keep("cell-\(options.number)-\(pictures)", ".png", png))
            let alt = Markup.escaped(words).replacing("\n", with: " ")
            text += "<img src=\"\(path)\" alt=\"\(alt)\" width=\"\(width)\" height=\"\(height)\">\n"
          }
        }
      }
    }
    if let error = cell.error { text += "\n" + fenced(DiagnosticRenderer().text(of: [error]), "text") }
    if cell.isCut { text += "\nOnly a part of what the cell showed is kept.\n" }
    if options.showsTimes, let seconds = cell.seconds { text += "\nTook \(ProgressLine.duration(seconds)).\n" }
    return text
  }

  /// The whole page.
  static func whole(_ document: NotebookDocument, _ parts: [String], _ options: ExportOptions) -> String {
    var head = ""
    if !document.cells.contains(where: { $0.kind == .markdown && $0.source.hasPrefix("# ") }) {
      head = "# \(document.title)\n\n"
    }
    if !document.parameters.isEmpty {
      head += "Parameters: " + document.parameters.map { "`\($0.name): \($0.value)`" }.joined(separator: ", ") + "\n\n"
    }
    if let remark = document.remark { head += "> \(remark)\n\n" }
    return head + parts.filter { !$0.isEmpty }.joined(separator: "\n")
  }

  /// A path as an address, in which some signs are written out.
  private static func address(_ path: String) -> String {
    path.utf8.map { byte in
      let letter = Character(Unicode.Scalar(byte))
      let isPlain = byte < 128 && (letter.isLetter || letter.isNumber || "/._-".contains(letter))
      return isPlain ? String(letter) : "%" + (byte < 16 ? "0" : "") + String(byte, radix: 16, uppercase: true)
    }.joined()
  }

  /// A text between fences that are longer than any in it.
  static func fenced(_ text: String, _ language: String) -> String {
    fence(ControlCharacters.escaped(text), language) + "\n"
  }

  /// A text as it is between fences that are longer than any in it, without a line end behind them.
  static func fence(_ text: String, _ language: String) -> String {
    let runs = text.split(omittingEmptySubsequences: true) { $0 != "`" }.map(\.count)
    let fence = String(repeating: "`", count: max(3, (runs.max() ?? 0) + 1))
    return "\(fence)\(language)\n\(text)\(text.hasSuffix("\n") || text.isEmpty ? "" : "\n")\(fence)"
  }
}
