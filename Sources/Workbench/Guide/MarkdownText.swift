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
  private func words(_ text: String) -> [String] {
    var words: [String] = []
    var isCode = false
    for word in text.split(separator: " ") {
      if isCode, let last = words.last, last.count + word.count < width / 2 {
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

  /// Rows in columns; where the last column would be narrow, each row is a paragraph.
  private func table(_ rows: [[String]]) -> String {
    let rows = rows.map { $0.map(plain) }
    let last = (rows.map(\.count).max() ?? 1) - 1
    let widths = (0..<last).map { column in
      rows.map { column < $0.count ? DisplayWidth.columns(of: $0[column]) : 0 }.max() ?? 0
    }
    let indent = widths.reduce(0) { $0 + $1 + 2 }
    guard indent + 24 <= width else {
      return rows.map { TerminalText.wrapped(words($0.joined(separator: "  ")), to: width, indent: 4) }.joined()
    }
    return rows.map { row in
      guard row[last] != "" else { return row.joined(separator: "  ").trimmed + "\n" }
      let cells = zip(row, widths).map { TerminalText.padded($0, to: $1) + "  " }
      return TerminalText.wrapped(words(row[last]), to: width, first: cells.joined(), indent: indent)
    }.joined()
  }
}

extension String {
  /// The text without white space around it.
  fileprivate var trimmed: String {
    let rest = trimmingPrefix(while: \.isWhitespace)
    return String(rest.prefix(rest.count - rest.reversed().prefix(while: \.isWhitespace).count))
  }
}
