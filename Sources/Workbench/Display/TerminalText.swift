import PixelScript

/// Text cut and filled to columns of a terminal.
package enum TerminalText {
  /// The text in at most `width` columns, its end replaced by an ellipsis when it is longer.
  static func truncated(_ text: String, to width: Int, unicode: Bool = true) -> String {
    guard DisplayWidth.columns(of: text) > width else { return text }
    let mark = unicode ? "…" : String("...".prefix(max(width - 1, 0)))
    guard width >= mark.count else { return "" }
    var (kept, room) = ("", width - mark.count)
    for character in text {
      let size = DisplayWidth.columns(of: character)
      if size > room { break }
      kept.append(character)
      room -= size
    }
    return kept + mark
  }

  /// The text in at most `width` columns: of a longer one the middle is left out, so that endings that tell apart stay; of a number,
  /// which has no middle, the end.
  static func shortened(_ text: String, to width: Int, isNumber: Bool, unicode: Bool) -> String {
    let size = DisplayWidth.columns(of: text)
    let mark = unicode ? "…" : ".."
    guard size > width else { return text }
    guard !isNumber, width >= 5 + mark.count else { return truncated(text, to: width, unicode: unicode) }
    let tail = (width - mark.count) / 3
    let head = truncated(text, to: width - tail - mark.count + 1, unicode: true).dropLast()
    var (kept, room) = ("", width - DisplayWidth.columns(of: String(head)) - mark.count)
    for character in text.reversed() {
      let columns = DisplayWidth.columns(of: character)
      if columns > room { break }
      kept.append(character)
      room -= columns
    }
    return head + mark + String(kept.reversed())
  }

  /// The text followed, or with `right` preceded, by as many spaces as make `width` columns.
  static func padded(_ text: String, to width: Int, right: Bool = false) -> String {
    let spaces = String(repeating: " ", count: max(width - DisplayWidth.columns(of: text), 0))
    return right ? spaces + text : text + spaces
  }

  /// The words of a text in lines of fewer than `width` columns, each with its line end; all but the first are indented.
  package static func wrapped(_ text: String, to width: Int, first: String = "", indent: Int = 0) -> String {
    wrapped(text.split(separator: " ").map(String.init), to: width, first: first, indent: indent)
  }

  /// Words in lines of fewer than `width` columns; the first line starts with `first`, the others are indented.
  static func wrapped(_ words: [String], to width: Int, first: String = "", indent: Int = 0) -> String {
    let margin = String(repeating: " ", count: indent)
    var (output, line, isEmpty) = ("", first, true)
    for word in words {
      if !isEmpty, DisplayWidth.columns(of: line) + 1 + DisplayWidth.columns(of: word) >= width {
        output += line + "\n"
        (line, isEmpty) = (margin, true)
      }
      line += isEmpty ? word : " " + word
      isEmpty = false
    }
    return output + line + "\n"
  }
}
