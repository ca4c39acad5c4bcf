import PixelScript

/// The lines of a table that fit a width.
struct TableGrid {
  private static let gap = 2
  private let view: TableView
  private let style: DisplayStyle
  /// The cells of each column that are drawn.
  private let cells: [[String]]
  private let heads: [String]
  /// The width that each column would like.
  private let natural: [Int]

  /// Lays out what is to be drawn.
  init(_ view: TableView, _ style: DisplayStyle) {
    (self.view, self.style) = (view, style)
    let rows = view.drawnRows
    heads = view.columns.map { DisplayWidth.printable($0.name) }
    let mark = style.color == .none
    cells = view.columns.map { column in
      rows.map { row in
        let cell = column.cells[row]
        let text = column.text(cell, unicode: style.unicode)
        // Where there are no colors a star stands behind the best value, and a space behind the others.
        return mark && column.best != nil ? text + (column.isBest(cell) ? "*" : " ") : text
      }
    }
    natural = zip(heads, cells).map { head, cells in
      cells.reduce(DisplayWidth.columns(of: head)) { max($0, DisplayWidth.columns(of: $1)) }
    }
  }

  /// The width of the whole table.
  var naturalWidth: Int { natural.reduce(0) { $0 + $1 + Self.gap } - Self.gap }

  /// The table, whole lines.
  var text: String {
    guard !view.columns.isEmpty else { return "(no columns)\n" }
    let (shown, widths) = fitted()
    let drawn = view.drawnRows
    let isCut = drawn.count < view.rowCount
    var lines = [line(shown, widths) { heads[$0] }]
    lines.append(
      widths.map { String(repeating: style.unicode ? "─" : "-", count: $0) }.joined(
        separator: String(repeating: " ", count: Self.gap)))
    for (place, row) in drawn.enumerated() {
      if isCut, place == TableView.rowLimit * 2 / 3 {
        lines.append(line(shown, widths) { _ in style.unicode ? "⋮" : ":" })
      }
      lines.append(line(shown, widths, row: row) { cells[$0][place] })
    }
    if isCut {
      lines.append(TerminalText.truncated("(\(view.rowCount) rows)", to: style.width, unicode: style.unicode))
    }
    let hidden = view.columns.indices.filter { !shown.contains($0) }
    if !hidden.isEmpty { lines.append(note(hidden)) }
    return lines.map { $0 + "\n" }.joined()
  }

  /// What is said of columns that found no room: how many, their names, and the value of those that have one only.
  private func note(_ hidden: [Int]) -> String {
    let names = hidden.map { place -> String in
      let column = view.columns[place]
      guard column.isConstant, let cell = column.cells.first else { return heads[place] }
      return "\(heads[place]) = \(column.text(cell, unicode: style.unicode))"
    }
    let count = "\(hidden.count) more column\(hidden.count == 1 ? "" : "s")"
    let whole = "(\(count): \(names.joined(separator: ", ")))"
    if DisplayWidth.columns(of: whole) <= style.width { return whole }
    guard DisplayWidth.columns(of: count) + 6 < style.width else {
      return TerminalText.truncated("(\(count))", to: style.width, unicode: style.unicode)
    }
    return TerminalText.truncated(whole, to: style.width - 1, unicode: style.unicode) + ")"
  }

  private func line(_ shown: [Int], _ widths: [Int], row: Int? = nil, _ text: (Int) -> String) -> String {
    var line = ""
    var pending = 0
    for (column, width) in zip(shown, widths) {
      let right = view.columns[column].isNumeric
      let cell = TerminalText.shortened(text(column), to: width, isNumber: right, unicode: style.unicode)
      let space = width - DisplayWidth.columns(of: cell)
      let isBest = row.map { view.columns[column].isBest(view.columns[column].cells[$0]) } ?? false
      if right { pending += space }
      // No spaces stand at the end of a line.
      if !cell.allSatisfy({ $0 == " " }) {
        line += String(repeating: " ", count: pending)
        let filled = cell.last == " " ? String(cell.dropLast()) : cell
        line += isBest && style.color != .none ? "\u{1B}[1m\(filled)\u{1B}[0m" : filled
        pending = cell.last == " " ? 1 : 0
      } else {
        pending += DisplayWidth.columns(of: cell)
      }
      if !right { pending += space }
      pending += Self.gap
    }
    return line
  }

  /// Texts are narrowed no further as long as others can be left out.
  private var narrowest: Int { style.width >= 60 ? 12 : style.width >= 30 ? 8 : 5 }

  /// The columns that find room, and their widths.
  private func fitted() -> (columns: [Int], widths: [Int]) {
    var shown = Array(view.columns.indices)
    while true {
      if let widths = widths(of: shown, narrowest: narrowest) { return (shown, widths) }
      guard shown.count > 1, let least = shown.dropFirst().min(by: { importance($0) < importance($1) }) else { break }
      shown.removeAll { $0 == least }
    }
    return (shown, widths(of: shown, narrowest: 1) ?? shown.map { min(natural[$0], style.width) })
  }

  /// How much a column says: the same everywhere less than others, a figure more; of equal ones the last goes first.
  private func importance(_ place: Int) -> Int {
    let column = view.columns[place]
    let rank = column.isEmpty ? 0 : column.isConstant ? 1 : column.isFigure ? 3 : 2
    return rank * view.columns.count + view.columns.count - 1 - place
  }

  /// The widths of some columns in which the widest texts are narrowed first, numbers never; nil where they do not fit.
  private func widths(of shown: [Int], narrowest: Int) -> [Int]? {
    var widths = shown.map { natural[$0] }
    func total() -> Int { widths.reduce(0, +) + Self.gap * (widths.count - 1) }
    while total() > style.width {
      let flexible = widths.indices.filter { !view.columns[shown[$0]].isNumeric && widths[$0] > narrowest }
      guard let widest = flexible.map({ widths[$0] }).max() else { return nil }
      let equal = flexible.filter { widths[$0] == widest }
      let second = max(flexible.map { widths[$0] }.filter { $0 < widest }.max() ?? narrowest, narrowest)
      let step = max(min((total() - style.width + equal.count - 1) / equal.count, widest - second), 1)
      for place in equal { widths[place] -= step }
    }
    return widths
  }
}
