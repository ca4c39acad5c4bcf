import Formats
import PixelScript

/// A table as it is shown: numbers to the right, texts to the left; of a long one the first and the last rows.
public struct TableView: Sendable, Codable {
  /// A column of what is shown.
  struct ShownColumn: Sendable, Codable {
    let name: String
    /// The first and the last rows.
    private(set) var cells: [TableCell]
    /// Whether all values, those too that are not shown, are numbers or missing.
    let isNumeric: Bool
    /// Whether all rows, of two or more, have the same value.
    let isConstant: Bool
    /// Whether no row has a value.
    let isEmpty: Bool
    /// The best of all values, where the name tells which is.
    let best: Double?
    private let form: ColumnForm
    private let areAmounts: Bool

    /// How much it says among others: nothing 0, the same everywhere or what figures are of 1, quartiles 2, others 3, figures that are good 4.
    let importance: Int

    init(_ name: String, _ column: Column, _ places: [Int], isRecord: Bool, look: Table.Look) {
      self.name = name
      cells = places.map { TableCell(column[$0], writesLists: look == .runs) }
      isEmpty = places.allSatisfy { column.isMissing(at: $0) } && column.isEmpty
      let goodness = Goodness(name)
      if case .numbers(let numbers) = column {
        isNumeric = column.count > 0
        best = isRecord ? nil : goodness?.best(numbers)
        isConstant = numbers.count > 1 && numbers.dropFirst().allSatisfy { $0.bitPattern == numbers[0].bitPattern }
      } else {
        isNumeric = false
        best = nil
        isConstant = column.count > 1 && Self.isConstant(column)
      }
      let isSecondary = look == .figures && ["type", "missing", "unique"].contains(name)
      let isQuartile = look == .figures && ["q25", "q75"].contains(name)
      importance =
        isEmpty ? 0 : isConstant || isSecondary ? 1 : isQuartile ? 2 : goodness != nil && isNumeric ? 4 : 3
      let numbers = cells.compactMap(\.number)
      areAmounts = Amount.isTold(by: name)
      form = ColumnForm(isNumeric ? numbers : numbers.filter { $0 != $0.rounded() }, areAmounts: areAmounts)
    }

    private static func isConstant(_ column: Column) -> Bool {
      let first = column[0]
      return (1..<column.count).allSatisfy { column[$0] == first }
    }

    /// The text of a cell.
    func text(_ cell: TableCell, unicode: Bool = true) -> String {
      switch cell {
      // Below each other stand figures of one kind; among other values each number stands for itself.
      case .number(let number):
        isNumeric || number != number.rounded()
          ? form.text(number) : ColumnForm([number], areAmounts: areAmounts).text(number)
      case .numbers(let numbers): Sparkline.text(numbers, unicode: unicode)
      case .figure(_, let text): text
      default: DisplayWidth.printable(cell.text)
      }
    }

    /// The column with the numbers of each row in a form of their own.
    func written(_ forms: [ColumnForm]) -> ShownColumn {
      var column = self
      column.cells = zip(cells, forms).map { cell, form in
        if case .number(let number) = cell { .figure(number, form.text(number)) } else { cell }
      }
      return column
    }

    /// Whether a cell is the best of its column.
    func isBest(_ cell: TableCell) -> Bool { best != nil && cell.number == best }
  }

  /// The most rows drawn as text.
  static let rowLimit = 60
  /// The most rows that are kept.
  static let keptLimit = 500

  let columns: [ShownColumn]
  let rowCount: Int
  private let keptCount: Int
  private let isRecord: Bool

  /// Takes what is to be shown out of rows with a value for every column; a record is one row.
  public init(columns: [String], rows: [[Value]], isRecord: Bool = false) {
    self.init(Table(names: columns, rows: rows), isRecord: isRecord)
  }

  /// Takes what is to be shown out of a table; a record is one row. Lists of numbers are drawn as lines unless it tells of runs.
  init(_ table: Table, isRecord: Bool = false) {
    let places = Self.ends(table.count, Self.keptLimit)
    columns = Self.columns(of: table, places, isRecord: isRecord)
    (rowCount, keptCount, self.isRecord) = (table.count, places.count, isRecord)
  }

  /// The columns of a table at some rows; figures have the digits of what their row tells of, but for counts.
  static func columns(of table: Table, _ places: [Int], isRecord: Bool) -> [ShownColumn] {
    let columns = zip(table.names, table.columns).map {
      ShownColumn($0, $1, places, isRecord: isRecord, look: table.look)
    }
    guard table.look == .figures else { return columns }
    let areFigures = columns.map { $0.isNumeric && !["count", "missing", "unique"].contains($0.name) }
    let forms = places.indices.map { row in
      ColumnForm(zip(columns, areFigures).compactMap { $1 ? $0.cells[row].number : nil }, areAmounts: false)
    }
    return zip(columns, areFigures).map { $1 ? $0.written(forms) : $0 }
  }

  /// Some columns of a table.
  init(_ table: TableView, columns: [ShownColumn]) {
    (self.columns, rowCount, keptCount, isRecord) = (columns, table.rowCount, table.keptCount, table.isRecord)
  }

  /// The places of the rows that are kept.
  var keptRows: Range<Int> { 0..<keptCount }

  /// The places of the first and last ones of so many when there are more than `limit`.
  static func ends(_ count: Int, _ limit: Int) -> [Int] {
    // One that is left out would take no more room than what says so.
    count <= limit + 1 ? Array(0..<count) : Array(0..<limit * 2 / 3) + Array(count - limit / 3..<count)
  }

  /// The places among the rows that are kept of those that are drawn as text, and how many of them are the first ones where others
  /// are left out: as many as an echo has room for beside its head and what is said below.
  func drawnRows(in style: DisplayStyle) -> (places: [Int], first: Int) {
    let room = style.mostLines.map { max($0 - 3, 3) } ?? Self.rowLimit
    let limit = rowCount <= room ? room : min(max(style.mostLines.map { $0 - 5 } ?? room, 3), Self.rowLimit)
    return (Self.ends(keptCount, limit), limit * 2 / 3)
  }

  /// About how many bytes it takes.
  var cost: Int { columns.reduce(256) { $0 + $1.cells.reduce(64) { $0 + 32 + $1.cost } } }

  /// Returns the table with a header and a rule, whole lines, never wider than the style: texts are shortened in their middle, then
  /// the columns that say least are left out, and it says so; a record too wide stands upright, a line a column.
  public func text(in style: DisplayStyle) -> String {
    guard isRecord else { return TableGrid(self, style).text }
    let width = TableGrid(self, style).naturalWidth
    guard width > style.width else { return TableGrid(self, style).text }
    let names = columns.map { DisplayWidth.printable($0.name) }
    let indent = names.map { DisplayWidth.columns(of: $0) }.max() ?? 0
    return zip(names, columns).map { name, column in
      let line =
        TerminalText.padded(name, to: indent + 2)
        + (column.cells.first.map { column.text($0, unicode: style.unicode) } ?? "")
      return TerminalText.truncated(line, to: style.width, unicode: style.unicode) + "\n"
    }.joined()
  }

  /// The rows that are kept as a table of HTML, and how many there are when that is more.
  var html: String {
    func row(_ tag: String, _ cells: [String]) -> String {
      let cells = zip(cells, columns).map { text, column in
        "<\(tag)\(column.isNumeric ? " style=\"text-align:right\"" : "")>\(text)</\(tag)>"
      }
      return "<tr>\(cells.joined())</tr>\n"
    }
    let lines = (0..<keptCount).map { place in
      row(
        "td",
        columns.map { column in
          let cell = column.cells[place]
          let text = Markup.escaped(column.text(cell))
          return column.isBest(cell) ? "<b>\(text)</b>" : text
        })
    }
    let note = keptCount < rowCount ? "<p>the first and last of \(rowCount) rows</p>\n" : ""
    let head = row("th", columns.map { Markup.escaped(DisplayWidth.printable($0.name)) })
    return "<table>\n<thead>\(head)</thead>\n<tbody>\n\(lines.joined())</tbody>\n</table>\n" + note
  }

  /// The table as CSV with every digit; nil for one of which not all rows are kept.
  var csv: [UInt8]? {
    guard keptCount == rowCount else { return nil }
    var writer = CSVWriter(columns.map(\.name))
    for row in 0..<rowCount { writer.append(columns.map { $0.cells[row] }) }
    return writer.bytes
  }
}
