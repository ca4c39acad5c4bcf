import Formats
import Foundation
import PixelScript

/// A notebook as one page of HTML, which asks for nothing else: no script, no network, light or dark as the reader likes it.
enum HTMLPage {
  /// Code of more lines than this is folded at first.
  private static let longCode = 16
  /// What stands in for the number that tells headings of the same words apart.
  private static let heading = "\u{1}"

  /// A cell. Headings that the table of contents names are marked by a control character, which no text of a page has.
  static func part(_ cell: NotebookDocument.Cell, _ options: ExportOptions) throws -> String {
    if cell.kind == .markdown {
      guard cell.source.utf8.count <= CodeHTML.limit else { return "<pre>\(Markup.escaped(cell.source))</pre>\n" }
      let title = cell.title.isEmpty ? "" : "## \(cell.title)\n\n"
      let markdown = MarkdownHTML(picture: options.embedded) { level, text in
        "\(heading)\(level)\(heading)\(text)\(heading)"
      }
      return "<section class=\"text\">\n\(markdown.html(of: title + cell.source))</section>\n"
    }
    var html = "<section class=\"cell\">\n"
    if !cell.title.isEmpty {
      let title = Markup.escaped(cell.title)
      html += "<h2 id=\"\(heading)2\(heading)\(title)\(heading)\">\(title)</h2>\n"
    }
    if cell.kind == .raw { return html + "<pre>\(Markup.escaped(cell.source))</pre>\n</section>\n" }
    if !cell.source.isEmpty {
      let lines = cell.source.count { $0 == "\n" } + 1
      html += """
        <details\(lines <= longCode ? " open" : "")><summary>Code, \(lines) line\(lines == 1 ? "" : "s")</summary>
        <pre class="code"><code>\(CodeHTML.html(of: cell.source))</code></pre></details>

        """
    }
    for output in cell.outputs {
      switch output {
      case .written(let text):
        html += "<pre class=\"out\">\(Markup.escaped(ControlCharacters.escaped(text)))</pre>\n"
      case .shown(let rendering):
        let shown = try shown(rendering, options)
        html += "<div class=\"out\">\n\(shown)</div>\n"
      }
    }
    if let error = cell.error {
      html +=
        "<pre class=\"error\">\(Markup.escaped(ControlCharacters.escaped(DiagnosticRenderer().text(of: [error]))))</pre>\n"
    }
    if cell.isCut { html += "<p class=\"note\">Only a part of what the cell showed is kept.</p>\n" }
    if cell.state == .running { html += "<p class=\"note\">This cell has not ended.</p>\n" }
    if options.showsTimes, let seconds = cell.seconds {
      html += "<p class=\"note\">Took \(ProgressLine.duration(seconds)).</p>\n"
    }
    return html + "</section>\n"
  }

  private static func shown(_ rendering: Rendering, _ options: ExportOptions) throws -> String {
    switch rendering {
    case .table(let table):
      "<div class=\"wide\">\((options.showsTimes ? table : table.withoutTimes).html)</div>\n"
    case .plot(let chart):
      try RenderedPart.parts(of: rendering, showsTimes: options.showsTimes).map { part in
        guard case .drawing(let svg) = part else { return "" }
        // What holds a picture or a heat map keeps its colors in the dark.
        let isBright = svg.contains("<image ") || chart.panels.contains { $0.heat != nil }
        return "<div class=\"plot\(isBright ? " bright" : "")\">\(svg)</div>\n"
      }.joined()
    case .column(let parts): try parts.map { try shown($0, options) }.joined()
    case .text, .picture, .grid, .sheet, .animation: try rendering.html()
    }
  }

  /// The whole page.
  static func whole(_ document: NotebookDocument, _ parts: [String], _ options: ExportOptions) -> String {
    var contents: [(level: Int, id: String, words: String)] = []
    let body = numbered(parts.joined(separator: "\n"), &contents)
    let title = Markup.escaped(document.title)
    var head = ""
    if contents.first?.level != 1 { head += "<h1>\(title)</h1>\n" }
    if let remark = document.remark { head += "<p class=\"remark\">\(Markup.escaped(remark))</p>\n" }
    if !document.parameters.isEmpty {
      let rows = document.parameters.map {
        "<tr><th>\(Markup.escaped($0.name))</th><td><code>\(Markup.escaped($0.value))</code></td></tr>\n"
      }
      head += "<details><summary>Parameters that were given</summary><table>\n\(rows.joined())</table></details>\n"
    }
    let links = contents.filter { $0.level <= 3 }.map {
      "<li class=\"level\($0.level)\"><a href=\"#\($0.id)\">\($0.words)</a></li>\n"
    }
    let list =
      links.count < 2
      ? ""
      : """
      <nav><details open><summary>Contents</summary><ul>
      \(links.joined())</ul></details></nav>

      """
    let times = options.showsTimes ? "" : " Times and rates are left out."
    return """
      <!DOCTYPE html>
      <html lang="en">
      <head>
      <meta charset="utf-8">
      <meta name="viewport" content="width=device-width, initial-scale=1">
      <meta name="color-scheme" content="light dark">
      <meta name="generator" content="PixelBytes \(Session.version)">
      <title>\(title)</title>
      <style>
      \(HTMLStyle.text)</style>
      </head>
      <body>
      \(list)<main>
      \(head)\(body)<footer>PixelBytes \(Session.version).\(times)</footer>
      </main>
      </body>
      </html>

      """
  }

  /// Gives headings their ids, different ones where words are the same, and lists them.
  private static func numbered(_ html: String, _ contents: inout [(level: Int, id: String, words: String)]) -> String {
    let parts = html.split(separator: Character(heading), omittingEmptySubsequences: false)
    var text = String(parts[0])
    var counts: [String: Int] = [:]
    for place in stride(from: 1, to: parts.count - 2, by: 3) {
      let words = String(parts[place + 1])
      let letters = words.lowercased().map { $0.isLetter || $0.isNumber ? $0 : "-" }
      let slug = String(letters.split(separator: "-").joined(separator: "-"))
      let name = slug.isEmpty ? "part" : slug
      counts[name, default: 0] += 1
      let id = counts[name] == 1 ? name : "\(name)-\(counts[name] ?? 0)"
      contents.append((Int(parts[place]) ?? 2, id, words))
      text += id + parts[place + 2]
    }
    return text
  }
}

/// Code of the language with its comments, texts, numbers and words marked.
enum CodeHTML {
  private static let words: Set = [
    "if", "else", "while", "for", "in", "fn", "return", "break", "continue", "and", "or", "not", "true", "false", "nil",
    "param", "import", "as", "try", "catch", "raise", "assert",
  ]

  /// The bytes of a text above which nothing in it is marked.
  static let limit = 1 << 18

  /// The code, escaped.
  static func html(of code: String) -> String {
    guard code.utf8.count <= limit else { return Markup.escaped(code) }
    var html = ""
    var rest = code[...]
    let pattern = /#[^\n]*|[rf]?"""[\s\S]*?"""|[rf]?"(?:\\.|[^"\\\n])*"|[A-Za-z_]\w*|\d[\w.]*/
    while let match = rest.firstMatch(of: pattern) {
      html += Markup.escaped(String(rest[..<match.range.lowerBound]))
      let word = String(match.0)
      let kind: String? =
        if word.hasPrefix("#") { "c" } else if word.hasSuffix("\"") { "s" } else if words.contains(word) {
          "k"
        } else if word.first?.isNumber == true { "n" } else { nil }
      let text = Markup.escaped(word)
      html += kind.map { "<span class=\"\($0)\">\(text)</span>" } ?? text
      rest = rest[match.range.upperBound...]
    }
    return html + Markup.escaped(String(rest))
  }
}
