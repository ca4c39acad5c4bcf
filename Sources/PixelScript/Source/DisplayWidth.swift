/// The columns that text takes on a terminal.
public enum DisplayWidth {
  /// The ranges of characters that take two columns without being emoji: the wide scripts of East Asia and full-width forms.
  private static let wide: [ClosedRange<UInt32>] = [
    0x1100...0x115F, 0x2329...0x232A, 0x2E80...0x303E, 0x3041...0xA4CF, 0xA960...0xA97F, 0xAC00...0xD7A3,
    0xF900...0xFAFF, 0xFE30...0xFE6F, 0xFF00...0xFF60, 0xFFE0...0xFFE6, 0x16FE0...0x18DFF, 0x1AFF0...0x1B2FF,
    0x1F200...0x1F265, 0x20000...0x3FFFD,
  ]

  /// Returns the columns of a text on one line; control characters count none.
  public static func columns(of text: some StringProtocol) -> Int {
    text.utf8.allSatisfy { (32..<127).contains($0) } ? text.utf8.count : text.reduce(0) { $0 + columns(of: $1) }
  }

  /// Returns the columns of one character: 0, 1 or 2.
  public static func columns(of character: Character) -> Int {
    guard let first = character.unicodeScalars.first else { return 0 }
    if first.value < 0x300 { return first.value < 32 || (127..<160).contains(first.value) ? 0 : 1 }
    let isEmoji = first.properties.isEmojiPresentation || character.unicodeScalars.contains("\u{FE0F}")
    if isEmoji || wide.contains(where: { $0.contains(first.value) }) { return 2 }
    switch first.properties.generalCategory {
    case .nonspacingMark, .enclosingMark, .format, .control: return 0
    default: return 1
    }
  }

  /// Returns the text on one line with control characters escaped, so that none can act on the terminal, and tabs as
  /// spaces or what is given for them.
  public static func printable(_ text: some StringProtocol, tab: String = "    ") -> String {
    var result = ""
    for scalar in text.unicodeScalars {
      if scalar == "\t" {
        result += tab
      } else if let escape = ControlCharacters.escape(scalar) {
        result += escape
      } else {
        result.unicodeScalars.append(scalar)
      }
    }
    return result
  }
}
