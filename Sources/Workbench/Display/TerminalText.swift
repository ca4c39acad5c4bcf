/// Text as a terminal lays it out: columns taken, nothing that steers the terminal.
enum TerminalText {
  /// The columns that a text takes: two for wide characters of East Asia and emoji, none for marks that combine.
  static func columns(of text: some StringProtocol) -> Int { text.reduce(0) { $0 + columns(of: $1) } }

  private static func columns(of character: Character) -> Int {
    guard let scalar = character.unicodeScalars.first else { return 0 }
    if scalar.value < 0x300 { return 1 }
    switch scalar.properties.generalCategory {
    case .nonspacingMark, .enclosingMark, .format: return 0
    default: break
    }
    if scalar.properties.isEmojiPresentation { return 2 }
    return wide.contains { $0.contains(scalar.value) } ? 2 : 1
  }

  /// The ranges of wide characters (Unicode's East Asian Width W and F), coarsely.
  private static let wide: [ClosedRange<UInt32>] = [
    0x1100...0x115F, 0x2E80...0x303E, 0x3041...0xA4CF, 0xA960...0xA97C, 0xAC00...0xD7A3, 0xF900...0xFAFF,
    0xFE30...0xFE6F, 0xFF00...0xFF60, 0xFFE0...0xFFE6, 0x1F300...0x1F64F, 0x1F900...0x1F9FF, 0x20000...0x3FFFD,
  ]

  /// The text on one line, with a sign in the place of every character that would steer a terminal.
  static func printable(_ text: String) -> String {
    String(
      String.UnicodeScalarView(
        text.unicodeScalars.map { scalar in
          switch scalar.properties.generalCategory {
          case .control: scalar == "\n" || scalar == "\t" ? " " : "\u{FFFD}"
          case .lineSeparator, .paragraphSeparator, .surrogate: " "
          case .format where (0x202A...0x202E).contains(scalar.value) || (0x2066...0x2069).contains(scalar.value):
            "\u{FFFD}"
          default: scalar
          }
        }))
  }

  /// The text in at most `width` columns, its end replaced by an ellipsis when it is longer.
  static func truncated(_ text: String, to width: Int, unicode: Bool = true) -> String {
    guard columns(of: text) > width else { return text }
    let mark = unicode ? "…" : String("...".prefix(max(width - 1, 0)))
    guard width >= mark.count else { return "" }
    var (kept, room) = ("", width - mark.count)
    for character in text {
      let size = columns(of: character)
      if size > room { break }
      kept.append(character)
      room -= size
    }
    return kept + mark
  }

  /// The text followed, or with `right` preceded, by as many spaces as make `width` columns.
  static func padded(_ text: String, to width: Int, right: Bool = false) -> String {
    let spaces = String(repeating: " ", count: max(width - columns(of: text), 0))
    return right ? spaces + text : text + spaces
  }
}
