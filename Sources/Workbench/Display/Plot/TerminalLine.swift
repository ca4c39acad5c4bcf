import PixelScript

/// A line for a terminal, with the number of its columns.
struct TerminalLine {
  private(set) var text = ""
  private(set) var columns = 0

  init() {}

  /// A line of a text without control characters.
  init(_ text: String) { append(text) }

  /// Adds a text.
  mutating func append(_ text: String) {
    self.text += text
    columns += DisplayWidth.columns(of: text)
  }

  /// Adds a text in a color, if there are colors.
  mutating func append(_ text: String, _ color: ColorCode?, on ground: ColorCode? = nil, _ depth: Console.ColorDepth) {
    let parameters = [color?.parameters(depth), ground?.parameters(depth, background: true)].compactMap { $0 }
    guard depth != .none, !parameters.isEmpty else { return append(text) }
    self.text += "\u{1B}[0;\(parameters.joined(separator: ";"))m\(text)\u{1B}[0m"
    columns += DisplayWidth.columns(of: text)
  }

  /// Adds what already selects its colors.
  mutating func append(drawn text: String, columns: Int) {
    self.text += text
    self.columns += columns
  }

  /// Adds a line.
  mutating func append(_ line: TerminalLine) { append(drawn: line.text, columns: line.columns) }

  /// Adds spaces up to a column.
  mutating func pad(to columns: Int) {
    if columns > self.columns { append(String(repeating: " ", count: columns - self.columns)) }
  }

  /// Blocks of lines beside each other, each as wide as `width`, with a gap between them.
  static func beside(_ blocks: [[TerminalLine]], width: Int, gap: Int) -> [TerminalLine] {
    guard blocks.count > 1 else { return blocks.first ?? [] }
    return (0..<(blocks.map(\.count).max() ?? 0)).map { row in
      var line = TerminalLine()
      for (place, block) in blocks.enumerated() where row < block.count {
        if block[row].columns > 0 { line.pad(to: place * (width + gap)) }
        line.append(block[row])
      }
      return line
    }
  }
}
