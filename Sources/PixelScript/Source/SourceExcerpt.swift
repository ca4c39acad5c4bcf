/// One line of a source as it is shown under an error, cut to a width, with the columns of its bytes.
struct SourceExcerpt {
  /// The text to show.
  private(set) var text = ""
  /// The first column and the first byte of each character shown, and of the end.
  private var stops: [(byte: Int, column: Int)] = []

  /// Shows the line with this index; when it is wider than `width`, the part around `focus`.
  init(_ source: SourceText, line: Int, focus: Span, width: Int) {
    let full = source.lineSpan(line).range
    let near = Self.window(of: full, around: Int(focus.start), reach: width * 8, in: source.bytes)
    var cells = Self.cells(of: source.bytes[near], from: near.lowerBound)
    let isCut = near != full || cells.reduce(0) { $0 + $1.columns } > width
    if isCut { cells = Self.cut(cells, focus: focus, width: width - 2) }
    let start = cells.first?.byte ?? full.lowerBound
    let end = cells.last?.end ?? full.lowerBound
    var column = 0
    if start > full.lowerBound {
      text = "…"
      column = 1
    }
    for cell in cells {
      stops.append((cell.byte, column))
      text += cell.text
      column += cell.columns
    }
    stops.append((end, column))
    if end < full.upperBound { text += "…" }
  }

  /// The column of the character that holds the byte at `offset`, or the nearest one shown.
  func column(of offset: Int) -> Int {
    stops.last { $0.byte <= offset }?.column ?? stops.first?.column ?? 0
  }

  /// The column after the character that ends at the byte at `offset`, or the nearest one shown.
  func endColumn(of offset: Int) -> Int {
    stops.first { $0.byte >= offset }?.column ?? stops.last?.column ?? 0
  }

  private struct Cell {
    let byte: Int
    let end: Int
    let text: String
    let columns: Int
  }

  /// Returns at most `reach` bytes on either side of a place, without cutting a character.
  private static func window(of line: Range<Int>, around offset: Int, reach: Int, in bytes: [UInt8]) -> Range<Int> {
    var start = max(line.lowerBound, min(offset, line.upperBound) - reach)
    var end = min(line.upperBound, max(offset, line.lowerBound) + reach)
    while start > line.lowerBound, bytes[start] & 0xC0 == 0x80 { start -= 1 }
    while end < line.upperBound, bytes[end] & 0xC0 == 0x80 { end += 1 }
    return start..<end
  }

  private static func cells(of bytes: ArraySlice<UInt8>, from start: Int) -> [Cell] {
    var byte = start
    return String(decoding: bytes, as: UTF8.self).map { character in
      let text = DisplayWidth.printable(String(character))
      let length = character.utf8.count
      defer { byte += length }
      return Cell(byte: byte, end: byte + length, text: text, columns: DisplayWidth.columns(of: text))
    }
  }

  /// Returns the cells of `width` columns around `focus`, with a third of them before it where the line is long enough.
  private static func cut(_ cells: [Cell], focus: Span, width: Int) -> [Cell] {
    let total = cells.reduce(0) { $0 + $1.columns }
    var before = 0
    for cell in cells where cell.end <= Int(focus.start) { before += cell.columns }
    let first = before + min(focus.length, width / 3) <= width ? 0 : max(0, min(before - width / 3, total - width))
    var column = 0
    var result: [Cell] = []
    for cell in cells {
      if column >= first, column + cell.columns <= first + width { result.append(cell) }
      column += cell.columns
    }
    return result
  }
}
