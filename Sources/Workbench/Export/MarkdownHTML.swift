import Formats
import PixelScript

/// Markdown as a part of a page of HTML: headings, paragraphs, lists, quotes, tables, code, emphasis and links; everything else is text.
struct MarkdownHTML {
  /// Gives the address that holds a picture which stands at a path; nil where there is none.
  var picture: (_ path: String) -> String? = { _ in nil }
  /// Gives the id of a heading, which the table of contents leads to.
  let anchor: (_ level: Int, _ text: String) -> String

  /// The blocks of a text.
  func html(of text: String) -> String {
    blocks(text.split(separator: "\n", omittingEmptySubsequences: false), depth: 0)
  }

  /// How deep lists and quotes stand in each other at most.
  private static let depthLimit = 16

  private func blocks(_ lines: [Substring], depth: Int) -> String {
    var html = ""
    var rest = lines[...]
    while let line = rest.first {
      if line.allSatisfy(\.isWhitespace) {
        rest = rest.dropFirst()
      } else if let fence = line.prefixMatch(of: /\s*(`{3,}|~{3,})/) {
        let mark = String(fence.1)
        let code = rest.dropFirst().prefix { !$0.drop(while: \.isWhitespace).hasPrefix(mark) }
        rest = rest.dropFirst(code.count + 2)
        html += "<pre><code>\(Markup.escaped(code.joined(separator: "\n")))\n</code></pre>\n"
      } else if let heading = line.wholeMatch(of: /(#{1,6})\s+(.*?)\s*#*/) {
        let level = heading.1.count
        let words = inline(String(heading.2))
        html += "<h\(level) id=\"\(anchor(level, Self.plain(words)))\">\(words)</h\(level)>\n"
        rest = rest.dropFirst()
      } else if line.wholeMatch(of: /\s{0,3}([-*_])(\s*\1){2,}\s*/) != nil {
        html += "<hr>\n"
        rest = rest.dropFirst()
      } else if line.hasPrefix(">"), depth < Self.depthLimit {
        let quote = rest.prefix { $0.hasPrefix(">") }
        rest = rest.dropFirst(quote.count)
        let inner = quote.map { $0.dropFirst().first == " " ? $0.dropFirst(2) : $0.dropFirst() }
        html += "<blockquote>\n\(blocks(inner, depth: depth + 1))</blockquote>\n"
      } else if line.hasPrefix("|"), rest.dropFirst().first?.wholeMatch(of: /\s*\|?[\s:|-]*-[\s:|-]*/) != nil {
        let rows = rest.prefix { $0.hasPrefix("|") }
        rest = rest.dropFirst(rows.count)
        html += table(Array(rows))
      } else if Self.mark(of: line) != nil, depth < Self.depthLimit {
        html += list(&rest, depth: depth)
      } else {
        let block = rest.prefix { line in
          !line.allSatisfy(\.isWhitespace) && !line.hasPrefix("```") && !line.hasPrefix(">")
            && line.prefixMatch(of: /#{1,6}\s/) == nil && (Self.mark(of: line) == nil || depth >= Self.depthLimit)
        }
        let taken = block.isEmpty ? rest.prefix(1) : block
        rest = rest.dropFirst(taken.count)
        html += "<p>\(inline(taken.map(String.init).joined(separator: "\n")))</p>\n"
      }
    }
    return html
  }

  /// The sign of a point of a list, with its indent.
  private static func mark(of line: Substring) -> (width: Int, isNumbered: Bool)? {
    guard let match = line.prefixMatch(of: /\s*(?:[-*+]|(\d{1,9})[.)])(?:\s+|$)/) else { return nil }
    return (match.0.count, match.1 != nil)
  }

  private func list(_ rest: inout ArraySlice<Substring>, depth: Int) -> String {
    guard let first = rest.first, let start = Self.mark(of: first) else { return "" }
    let indent = first.prefix(while: \.isWhitespace).count
    let tag = start.isNumbered ? "ol" : "ul"
    var (items, isLoose): ([[Substring]], Bool) = ([], false)
    while let line = rest.first, let mark = Self.mark(of: line), mark.isNumbered == start.isNumbered,
      line.prefix(while: \.isWhitespace).count <= indent + 1
    {
      var lines = [line.dropFirst(mark.width)]
      rest = rest.dropFirst()
      while let next = rest.first {
        let isBlank = next.allSatisfy(\.isWhitespace)
        let spaces = next.prefix(while: \.isWhitespace).count
        if isBlank {
          guard let after = rest.dropFirst().first, after.prefix(while: \.isWhitespace).count > indent + 1 else {
            break
          }
        } else if Self.mark(of: next) != nil, spaces <= indent + 1 {
          break
        }
        lines.append(next.dropFirst(min(spaces, mark.width)))
        rest = rest.dropFirst()
      }
      items.append(lines)
      // Points between which a line is empty are of one list.
      let next = rest.drop { $0.allSatisfy(\.isWhitespace) }
      if next.startIndex > rest.startIndex, let mark = next.first.flatMap(Self.mark),
        mark.isNumbered == start.isNumbered,
        next.first?.prefix(while: \.isWhitespace).count ?? 0 <= indent + 1
      {
        (rest, isLoose) = (next, true)
      }
    }
    let texts = items.map { lines in
      let isTight =
        !isLoose && !lines.contains { $0.allSatisfy(\.isWhitespace) }
        && !lines.dropFirst().contains { Self.mark(of: $0) != nil }
      let body =
        isTight ? inline(lines.map(String.init).joined(separator: "\n")) : "\n" + blocks(lines, depth: depth + 1)
      return "<li>\(body)</li>\n"
    }
    return "<\(tag)>\n\(texts.joined())</\(tag)>\n"
  }

  private func table(_ rows: [Substring]) -> String {
    func cells(_ row: Substring) -> [String] {
      var (cells, isCode, isEscaped) = ([""], false, false)
      for sign in row.drop(while: \.isWhitespace).dropFirst() {
        if sign == "`" { isCode.toggle() }
        if sign == "|", !isCode, !isEscaped { cells.append("") } else { cells[cells.count - 1].append(sign) }
        isEscaped = sign == "\\" && !isEscaped
      }
      if cells.last?.allSatisfy(\.isWhitespace) == true { cells.removeLast() }
      return cells.map { inline($0.replacing("\\|", with: "|")) }
    }
    func line(_ tag: String, _ row: Substring) -> String {
      "<tr>\(cells(row).map { "<\(tag)>\($0)</\(tag)>" }.joined())</tr>\n"
    }
    return "<div class=\"wide\"><table>\n<thead>\(line("th", rows[0]))</thead>\n<tbody>\n"
      + rows.dropFirst(2).map { line("td", $0) }.joined() + "</tbody>\n</table></div>\n"
  }

  // MARK: Words

  /// Text with code, emphasis and links; what stands in code is left as it is.
  func inline(_ text: String) -> String {
    var parts: [String] = []
    var rest = text[...]
    while let start = rest.firstIndex(of: "`") {
      let marks = rest[start...].prefix { $0 == "`" }
      let behind = rest[marks.endIndex...]
      guard let end = behind.firstRange(of: String(marks)) else { break }
      parts.append(words(rest[..<start]))
      parts.append("<code>\(Markup.escaped(String(behind[..<end.lowerBound])))</code>")
      rest = behind[end.upperBound...]
    }
    return (parts + [words(rest)]).joined()
  }

  private func words(_ text: Substring) -> String {
    var html = ""
    var rest = text
    while let match = rest.firstMatch(of: /(!?)\[([^\[\]]*)\]\(([^()\s]*)(?:\s+"[^"]*")?\)|<(https?:[^<>\s]+)>/) {
      html += Self.emphasized(rest[..<match.range.lowerBound])
      let words = match.2.map { Self.emphasized($0) } ?? Markup.escaped(String(match.4 ?? ""))
      let address = String(match.3 ?? match.4 ?? "")
      if match.1 == "!", let picture = picture(address) {
        html += "<img src=\"\(picture)\" alt=\"\(Self.plain(words).replacing("\n", with: " "))\">"
      } else {
        html += Self.link(to: address, words)
      }
      rest = rest[match.range.upperBound...]
    }
    return html + Self.emphasized(rest)
  }

  /// A link to a page, a place or a file; other addresses, such as those that run something, stay words.
  private static func link(to address: String, _ words: String) -> String {
    let scheme = address.prefixMatch(of: /([A-Za-z][A-Za-z0-9+.-]*):/)?.1.lowercased()
    guard scheme.map({ ["http", "https", "mailto"].contains($0) }) ?? !address.isEmpty else { return words }
    return
      "<a href=\"\(Markup.escaped(address).replacing("\n", with: ""))\">\(words.isEmpty ? Markup.escaped(address) : words)</a>"
  }

  private static func emphasized(_ text: Substring) -> String {
    Markup.escaped(String(text))
      .replacing(/&amp;(#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});/) { "&\($0.1);" }
      .replacing(/~~(\S(?:[^~]*[^\s~])?)~~/) { "<del>\($0.1)</del>" }
      .replacing(/\*\*(\S(?:[^*]*\S)?)\*\*/) { "<strong>\($0.1)</strong>" }
      .replacing(/(^|[\s(])__(\S(?:[^_]*\S)?)__/) { "\($0.1)<strong>\($0.2)</strong>" }
      .replacing(/\*([^\s*](?:[^*]*[^\s*])?)\*/) { "<em>\($0.1)</em>" }
      .replacing(/(^|[\s(])_([^\s_](?:[^_]*[^\s_])?)_/) { "\($0.1)<em>\($0.2)</em>" }
      .replacing(/[ ]{2,}\n/) { _ in "<br>\n" }
  }

  /// HTML without its tags.
  static func plain(_ html: String) -> String { html.replacing(/<[^>]*>/) { _ in "" } }
}
