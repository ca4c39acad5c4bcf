import PixelScript

/// A table as aligned text: numbers to the right, texts to the left, never wider than the style.
public enum TableView {
  /// The most rows shown; of longer tables the first and the last ones.
  static let rowLimit = 60
  private static let gap = 2
  /// Columns that need more are narrowed no further: then others are left out.
  private static let narrowest = 12

  /// Returns the table with a header and a rule, whole lines. Columns that find no room are left out, and it says so.
  public static func text(columns: [String], rows: [[Value]], style: DisplayStyle) -> String {
    guard !columns.isEmpty else { return "(no columns)\n" }
    let omitted = rows.count > rowLimit ? rowLimit * 2 / 3..<rows.count - rowLimit / 3 : 0..<0
    let kept = rows.indices.filter { !omitted.contains($0) }
    var cells = columns.indices.map { column in texts(kept.map { rows[$0][column] }) }
    let right = columns.indices.map { column in rows.allSatisfy { isNumeric($0[column]) } && !rows.isEmpty }
    let heads = columns.map { DisplayWidth.printable($0) }
    let widths = fitted(
      columns.indices.map { column in
        ([heads[column]] + cells[column]).map { DisplayWidth.columns(of: $0) }.max() ?? 0
      }, to: style.width)
    if !omitted.isEmpty {
      for column in cells.indices { cells[column].insert(style.unicode ? "⋮" : ":", at: omitted.lowerBound) }
    }
    let rule = widths.map { String(repeating: style.unicode ? "─" : "-", count: $0) }
    var lines = [line(heads, widths, right, style), rule.joined(separator: "  ")]
    for row in 0..<(cells.first?.count ?? 0) { lines.append(line(cells.map { $0[row] }, widths, right, style)) }
    let hidden = columns.count - widths.count
    if !omitted.isEmpty { lines.append("(\(rows.count) rows)") }
    if hidden > 0 { lines.append("(\(hidden) more column\(hidden == 1 ? "" : "s"))") }
    return lines.map { TerminalText.truncated($0, to: style.width, unicode: style.unicode) + "\n" }.joined()
  }

  private static func line(_ cells: [String], _ widths: [Int], _ right: [Bool], _ style: DisplayStyle) -> String {
    let parts = widths.indices.map { column in
      let text = TerminalText.truncated(cells[column], to: widths[column], unicode: style.unicode)
      return TerminalText.padded(text, to: widths[column], right: right[column])
    }
    let whole = parts.joined(separator: String(repeating: " ", count: gap))
    return String(whole.reversed().drop { $0 == " " }.reversed())
  }

  /// The widths of the columns that fit: the widest are narrowed first, then columns are dropped from the end.
  private static func fitted(_ natural: [Int], to width: Int) -> [Int] {
    var widths = natural
    func total() -> Int { widths.reduce(0, +) + gap * (widths.count - 1) }
    while total() > width, let widest = widths.max(), widest > narrowest {
      let second = max(widths.filter { $0 < widest }.max() ?? narrowest, narrowest)
      let count = widths.count { $0 == widest }
      let step = max(min((total() - width + count - 1) / count, widest - second), 1)
      for column in widths.indices where widths[column] == widest { widths[column] -= step }
    }
    while total() > width, widths.count > 1 { widths.removeLast() }
    return widths
  }

  private static func isNumeric(_ value: Value) -> Bool {
    switch value {
    case .number, .nil: true
    default: false
    }
  }

  /// The cells of a column; numbers that are not all whole get the same number of decimals.
  private static func texts(_ values: [Value]) -> [String] {
    let numbers = values.compactMap { Double.convert($0) }.filter(\.isFinite)
    let form = NumberForm(column: numbers)
    let whole = numbers.allSatisfy { $0 == $0.rounded() }
    return values.map { value in
      switch value {
      case .nil: return ""
      case .number(let number) where number.isFinite && !whole:
        return form.text(number)
      case .string(let text): return DisplayWidth.printable(text)
      default: return DisplayWidth.printable(value.echo)
      }
    }
  }
}
