import Formats
import PixelScript

/// A table as it is shown: numbers to the right, texts to the left; of a long one the first and the last rows.
public struct TableView: Sendable {
  private enum Cell: Sendable {
    case none
    case number(Double)
    case string(String)
    /// What has no form of its own in a table, as text.
    case other(String)

    init(_ value: Value) {
      switch value {
      case .nil: self = .none
      case .number(let number): self = .number(number)
      case .string(let text): self = .string(text)
      default: self = .other(Display.echo(of: value, limit: TableView.cellLimit))
      }
    }

    var number: Double? { if case .number(let number) = self { number } else { nil } }

    /// The text without a form that is chosen for a column.
    var text: String {
      switch self {
      case .none: Value.nil.description
      case .number(let number): Display.text(of: number)
      case .string(let text), .other(let text): text
      }
    }
  }

  /// The most rows drawn as text.
  static let rowLimit = 60
  /// The most rows that are kept.
  static let keptLimit = 500
  /// The bytes of a list or map in a cell; no display is as wide.
  private static let cellLimit = 10_000
  private static let gap = 2
  /// Columns that need more are narrowed no further: then others are left out.
  private static let narrowest = 12

  private let columns: [String]
  /// The first and the last rows.
  private let rows: [[Cell]]
  /// For each column whether all of its values are numbers or missing.
  private let isNumeric: [Bool]
  private let rowCount: Int
  private let isRecord: Bool

  /// Takes what is to be shown out of rows with a value for every column; a record is one row.
  public init(columns: [String], rows: [[Value]], isRecord: Bool = false) {
    self.columns = columns
    self.rows = Self.ends(rows.count, Self.keptLimit).map { rows[$0].map(Cell.init) }
    isNumeric = columns.indices.map { column in rows.allSatisfy { Self.isNumeric($0[column]) } && !rows.isEmpty }
    rowCount = rows.count
    self.isRecord = isRecord
  }

  /// The places of the first and last ones of so many when there are more than `limit`.
  private static func ends(_ count: Int, _ limit: Int) -> [Int] {
    count <= limit ? Array(0..<count) : Array(0..<limit * 2 / 3) + Array(count - limit / 3..<count)
  }

  /// About how many bytes it takes.
  var cost: Int {
    rows.reduce(256) { $0 + $1.reduce(32) { $0 + 32 + ($1.number == nil ? $1.text.utf8.count : 0) } }
  }

  /// Returns the table with a header and a rule, whole lines, never wider than the style: columns that find no room are left
  /// out, and it says so; a record too wide stands upright, a line a column.
  public func text(in style: DisplayStyle) -> String {
    guard isRecord, let record = rows.first else { return grid(in: style) }
    let whole = grid(in: DisplayStyle(color: style.color, width: .max, unicode: style.unicode))
    let width = whole.split(separator: "\n").map { DisplayWidth.columns(of: $0) }.max() ?? 0
    guard width > style.width else { return grid(in: style) }
    let names = columns.map { DisplayWidth.printable($0) }
    let indent = names.map { DisplayWidth.columns(of: $0) }.max() ?? 0
    return zip(names, record).map { name, cell in
      let line = TerminalText.padded(name, to: indent + 2) + DisplayWidth.printable(cell.text)
      return TerminalText.truncated(line, to: style.width, unicode: style.unicode) + "\n"
    }.joined()
  }

  private func grid(in style: DisplayStyle) -> String {
    guard !columns.isEmpty else { return "(no columns)\n" }
    let kept = Self.ends(rows.count, Self.rowLimit)
    let isCut = kept.count < rowCount
    var cells = columns.indices.map { column in texts(column, kept) }
    let heads = columns.map { DisplayWidth.printable($0) }
    let widths = Self.fitted(
      columns.indices.map { column in
        ([heads[column]] + cells[column]).map { DisplayWidth.columns(of: $0) }.max() ?? 0
      }, to: style.width)
    if isCut {
      for column in cells.indices { cells[column].insert(style.unicode ? "⋮" : ":", at: Self.rowLimit * 2 / 3) }
    }
    let rule = widths.map { String(repeating: style.unicode ? "─" : "-", count: $0) }
    var lines = [Self.line(heads, widths, isNumeric, style), rule.joined(separator: "  ")]
    for row in 0..<(cells.first?.count ?? 0) {
      lines.append(Self.line(cells.map { $0[row] }, widths, isNumeric, style))
    }
    let hidden = columns.count - widths.count
    if isCut { lines.append("(\(rowCount) rows)") }
    if hidden > 0 { lines.append("(\(hidden) more column\(hidden == 1 ? "" : "s"))") }
    return lines.map { TerminalText.truncated($0, to: style.width, unicode: style.unicode) + "\n" }.joined()
  }

  /// The rows that are kept as a table of HTML, and how many there are when that is more.
  var html: String {
    func row(_ tag: String, _ cells: [String]) -> String {
      let cells = zip(cells, isNumeric).map { text, isNumeric in
        "<\(tag)\(isNumeric ? " style=\"text-align:right\"" : "")>\(Markup.escaped(text))</\(tag)>"
      }
      return "<tr>\(cells.joined())</tr>\n"
    }
    let cells = columns.indices.map { texts($0, Array(rows.indices)) }
    let lines = rows.indices.map { place in row("td", cells.map { $0[place] }) }
    let note = rows.count < rowCount ? "<p>the first and last of \(rowCount) rows</p>\n" : ""
    return "<table>\n<thead>\(row("th", columns))</thead>\n<tbody>\n\(lines.joined())</tbody>\n</table>\n" + note
  }

  /// The table as CSV with every digit; nil for one of which not all rows are kept.
  var csv: String? {
    rows.count == rowCount ? CSV.text(columns: columns, rows: rows.map { $0.map(\.text) }) : nil
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
  private func texts(_ column: Int, _ places: [Int]) -> [String] {
    let cells = places.map { rows[$0][column] }
    let numbers = cells.compactMap(\.number).filter(\.isFinite)
    let form = NumberForm(column: numbers)
    let whole = numbers.allSatisfy { $0 == $0.rounded() }
    return cells.map { cell in
      switch cell {
      case .none: return ""
      case .number(let number) where !whole: return form.text(number)
      default: return DisplayWidth.printable(cell.text)
      }
    }
  }
}
