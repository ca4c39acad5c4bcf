import PixelScript

/// Text cut and filled to columns of a terminal.
enum TerminalText {
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

  /// The text followed, or with `right` preceded, by as many spaces as make `width` columns.
  static func padded(_ text: String, to width: Int, right: Bool = false) -> String {
    let spaces = String(repeating: " ", count: max(width - DisplayWidth.columns(of: text), 0))
    return right ? spaces + text : text + spaces
  }
}
