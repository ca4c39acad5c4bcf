import Workbench

/// The colors of what is typed.
enum InputColors {
  /// The bytes above which a text stays plain, so that each key is seen at once.
  private static let limit = 20_000

  /// The numbers that select the colors of the bytes of a line that goes on from a block.
  static func styles(of line: String, after block: String, in session: Session) -> [UInt8] {
    let (start, count) = (block.utf8.count, line.utf8.count)
    guard start + count <= limit, session.theme != .plain else { return [] }
    var styles = [UInt8](repeating: 0, count: count)
    for part in session.syntaxParts(of: block + line) {
      let style = session.theme.style(of: part.kind)
      for place in max(part.range.lowerBound - start, 0)..<max(min(part.range.upperBound - start, count), 0) {
        styles[place] = style
      }
    }
    return styles
  }
}

extension InputTheme {
  /// The number that selects a color of the terminal: on dark ground a bright one, on light ground a dark one.
  fileprivate func style(of kind: SyntaxKind) -> UInt8 {
    let bright: UInt8 = self == .dark ? 60 : 0
    return switch kind {
    case .keyword: 35 + bright
    case .text: 32 + bright
    case .number: 36 + bright
    case .constant: 36 + bright
    case .comment: 90
    case .command: 34 + bright
    case .label: 33 + (self == .dark ? 60 : 0)
    }
  }
}
