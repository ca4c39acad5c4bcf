import PixelScript

/// The lines of a table that fit a width.
struct TableGrid {
  private static let gap = 2
  private let view: TableView
  private let style: DisplayStyle
  /// The places of the rows that are drawn.
  private let rows: [Int]
  /// How many of them stand before those that are left out.
  private let first: Int
  /// The columns that may be shown, the most important ones first; of each its head, the cells that are drawn, and the width that it
  /// would like.
  private let candidates: [Int]
  private var heads: [Int: String] = [:]
  private var cells: [Int: [String]] = [:]
  private var natural: [Int: Int] = [:]

  /// Lays out what is to be drawn.
  init(_ view: TableView, _ style: DisplayStyle) {
    (self.view, self.style) = (view, style)
    (rows, first) = view.drawnRows(in: style)
    let rows = rows
    // No more than these find room, whatever they hold.
    candidates = Self.mostImportant(view, style.width)
    let mark = style.color == .none
    for place in candidates {
      let column = view.columns[place]
      heads[place] = DisplayWidth.printable(column.name)
      cells[place] = rows.map { row in
        let cell = column.cells[row]
        let text = column.text(cell, unicode: style.unicode)
        // Where there are no colors a star stands behind the best value, and a space behind the others.
        return mark && column.best != nil ? text + (column.isBest(cell) ? "*" : " ") : text
      }
      natural[place] = (cells[place] ?? []).reduce(DisplayWidth.columns(of: heads[place] ?? "")) {
        max($0, DisplayWidth.columns(of: $1))
      }
    }
  }

  /// The first column, and of the others those that say most.
  private static func mostImportant(_ view: TableView, _ count: Int) -> [Int] {
    Array(view.columns.indices.prefix(1))
      + view.columns.indices.dropFirst().sorted { importance($0, view) > importance($1, view) }.prefix(
        max(count - 1, 0))
  }

  /// The width of the whole table; at least as much as is known of a very wide one.
  var naturalWidth: Int { candidates.reduce(0) { $0 + (natural[$1] ?? 0) + Self.gap } - Self.gap }

  /// The table, whole lines.
  var text: String {
    guard !view.columns.isEmpty else { return "(no columns)\n" }
    let (shown, widths) = fitted()
    let isCut = rows.count < view.rowCount
    var lines = [line(shown, widths) { heads[$0] ?? "" }]
    lines.append(
      widths.map { String(repeating: style.unicode ? "─" : "-", count: $0) }.joined(
        separator: String(repeating: " ", count: Self.gap)))
    let texts = zip(shown, widths).map { column, width in
      let texts = cells[column] ?? []
      return (
        column,
        view.columns[column].isNumeric ? texts : Elision(width: width, unicode: style.unicode).texts(texts)
      )
    }
    let fittedCells = Dictionary(uniqueKeysWithValues: texts)
    for (place, row) in rows.enumerated() {
      if isCut, place == first {
        lines.append(line(shown, widths) { _ in style.unicode ? "⋮" : ":" })
      }
      lines.append(line(shown, widths, row: row) { fittedCells[$0]?[place] ?? "" })
    }
    if isCut {
      let all = view.rowCount <= TableView.rowLimit ? "all" : "\(TableView.rowLimit)"
      let more = style.mostLines == nil || rows.count == TableView.rowLimit ? "" : "; `show _` gives \(all)"
      lines.append(TerminalText.truncated("(\(view.rowCount) rows\(more))", to: style.width, unicode: style.unicode))
    }
    if shown.count < view.columns.count { lines.append(note(without: Set(shown))) }
    return lines.map { $0 + "\n" }.joined()
  }

  /// What is said of columns that found no room: how many, their names, and the value of those that have one only.
  private func note(without shown: Set<Int>) -> String {
    let hidden = view.columns.indices.lazy.filter { !shown.contains($0) }
    // More names than these do not stand in a line.
    let names = hidden.prefix(style.width).map { place -> String in
      let column = view.columns[place]
      let head = DisplayWidth.printable(column.name)
      guard column.isConstant, let cell = column.cells.first else { return head }
      return "\(head) = \(column.text(cell, unicode: style.unicode))"
    }
    let number = view.columns.count - shown.count
    let count = "\(number) more column\(number == 1 ? "" : "s")"
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
    // The least that each takes: numbers are never narrowed.
    var (count, total) = (0, -Self.gap)
    for place in candidates {
      let width = natural[place] ?? 0
      total += Self.gap + (view.columns[place].isNumeric ? width : min(width, narrowest))
      guard total <= style.width else { break }
      count += 1
    }
    let shown = candidates.prefix(max(count, 1)).sorted()
    if let widths = widths(of: shown, narrowest: narrowest) { return (shown, widths) }
    return (shown, widths(of: shown, narrowest: 1) ?? shown.map { min(natural[$0] ?? 0, style.width) })
  }

  /// How much a column says: the same everywhere less than others, a figure more; of equal ones the last goes first.
  private static func importance(_ place: Int, _ view: TableView) -> Int {
    let column = view.columns[place]
    return column.importance * view.columns.count + view.columns.count - 1 - place
  }

  /// The widths of some columns in which the widest texts are narrowed first, numbers never; nil where they do not fit.
  private func widths(of shown: [Int], narrowest: Int) -> [Int]? {
    var widths = shown.map { natural[$0] ?? 0 }
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
