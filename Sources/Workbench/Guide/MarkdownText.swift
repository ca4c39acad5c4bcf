import PixelScript

/// Writes the Markdown of the documentation as text for a terminal.
struct MarkdownText {
  /// The columns of the terminal.
  let width: Int
  /// What stands for a link to a page.
  let link: (String) -> String

  /// Paragraphs, lists and tables in lines that fit, code indented, without the marks that only a browser needs.
  func text(of lines: [Substring]) -> String {
    var blocks: [String] = []
    var rest = lines[...]
    while let line = rest.first {
      if line.hasPrefix("```") {
        let code = rest.dropFirst().prefix { !$0.hasPrefix("```") }
        rest = rest.dropFirst(code.count + 2)
        blocks.append(code.map { $0.isEmpty ? "\n" : "  \($0)\n" }.joined())
      } else if line.isEmpty {
        rest = rest.dropFirst()
      } else if line.hasPrefix("|") {
        let rows = rest.prefix { $0.hasPrefix("|") }
        rest = rest.dropFirst(rows.count)
        blocks.append(table(rows.map(Self.cells).filter { !$0.allSatisfy { $0.wholeMatch(of: /:?-+:?/) != nil } }))
      } else {
        let block = rest.prefix { !$0.isEmpty && !$0.hasPrefix("```") && !$0.hasPrefix("|") }
        rest = rest.dropFirst(block.count)
        blocks.append(paragraphs(Array(block)))
      }
    }
    return blocks.joined(separator: "\n")
  }

  /// Lines of text with marks of code only, as one line.
  func plain(_ text: String) -> String {
    var parts = text.replacing("``", with: "`").split(separator: "`", omittingEmptySubsequences: false).map(String.init)
    for place in stride(from: 0, to: parts.count, by: 2) {
      parts[place] = parts[place].replacing(/<doc:(\w+)>/) { link(String($0.1)) }
        .replacing(/\[([^\]]+)\]\([^)]*\)/) { $0.1 }.replacing("**", with: "")
    }
    return parts.joined(separator: "`")
  }

  /// A paragraph, or the points of a list, a paragraph each.
  private func paragraphs(_ lines: [Substring]) -> String {
    var points: [(mark: String, text: String)] = []
    for line in lines {
      let mark = line.prefixMatch(of: /(?:-|\d+\.)\s/).map { String($0.0) }
      if points.isEmpty || mark != nil { points.append((mark ?? "", "")) }
      points[points.count - 1].text += line.dropFirst(mark?.count ?? 0) + " "
    }
    return points.map { point in
      TerminalText.wrapped(words(plain(point.text)), to: width, first: point.mark, indent: point.mark.count)
    }.joined()
  }

  /// The words of a text; code with spaces in it is one word where it is short enough to stay on its line.
  private func words(_ text: String, below limit: Int? = nil) -> [String] {
    let limit = limit ?? width / 2
    var words: [String] = []
    var isCode = false
    for word in text.split(separator: " ") {
      if isCode, let last = words.last, last.count + word.count + 1 < limit {
        words[words.count - 1] += " " + word
      } else {
        words.append(String(word))
      }
      if !word.count(where: { $0 == "`" }).isMultiple(of: 2) { isCode.toggle() }
    }
    return words
  }

  // MARK: Tables

  /// The texts of a row between its bars, of which those in code count as text.
  private static func cells(_ row: Substring) -> [String] {
    var (cells, isCode) = ([""], false)
    for sign in row.dropFirst() {
      if sign == "`" { isCode.toggle() }
      if sign == "|", !isCode { cells.append("") } else { cells[cells.count - 1].append(sign) }
    }
    return cells.dropLast().map(\.trimmed)
  }

  /// Rows in columns, whose cells are broken into lines where they would not fit beside each other; where not even their words do, each
  /// row is a paragraph with the heads before the cells.
  private func table(_ rows: [[String]]) -> String {
    let count = rows.map(\.count).max() ?? 1
    let rows = rows.map { row in row.map(plain) + [String](repeating: "", count: count - row.count) }
    guard let widths = widths(of: rows, count) else { return paragraphs(rows) }
    return rows.map { row in
      let cells = zip(row, widths).map { text, columns in
        TerminalText.wrapped(words(text, below: columns + 1), to: columns + 1).split(separator: "\n")
      }
      return (0..<max(cells.map(\.count).max() ?? 0, 1)).map { line in
        let parts = zip(cells, widths).map { cell, columns in
          TerminalText.padded(line < cell.count ? String(cell[line]) : "", to: columns)
        }
        return parts.joined(separator: Self.gap).trimmedAtEnd + "\n"
      }.joined()
    }.joined()
  }

  private static let gap = "  "

  /// The widths of columns that fit beside each other, the wide ones cut to one width; nil where words do not fit.
  private func widths(of rows: [[String]], _ count: Int) -> [Int]? {
    let room = width - 1 - Self.gap.count * (count - 1)
    let natural = (0..<count).map { column in rows.map { DisplayWidth.columns(of: $0[column]) }.max() ?? 0 }
    let least = (0..<count).map { column in
      rows.flatMap { $0[column].split(separator: " ") }.map { DisplayWidth.columns(of: String($0)) }.max() ?? 0
    }
    func widths(_ most: Int) -> [Int] { zip(natural, least).map { min($0, max($1, most)) } }
    return stride(from: room, through: 8, by: -1).lazy.map(widths).first { $0.reduce(0, +) <= room }
  }

  private func paragraphs(_ rows: [[String]]) -> String {
    guard let heads = rows.first else { return "" }
    return rows.dropFirst().map { row in
      zip(heads, row).enumerated().filter { $1.1 != "" }.map { place, cell in
        TerminalText.wrapped(
          words((cell.0.isEmpty ? "" : cell.0 + ": ") + cell.1), to: width, first: place == 0 ? "" : Self.gap, indent: 4
        )
      }.joined()
    }.joined()
  }
}

extension String {
  /// The text without white space around it.
  fileprivate var trimmed: String {
    String(trimmingPrefix(while: \.isWhitespace)).trimmedAtEnd
  }

  /// The text without white space behind it.
  fileprivate var trimmedAtEnd: String { String(prefix(count - reversed().prefix(while: \.isWhitespace).count)) }
}
