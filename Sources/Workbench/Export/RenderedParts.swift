import Formats
import PixelScript

/// Something shown as an export has it: a text, a table, or a picture as a file.
enum RenderedPart {
  case text(String)
  case table(TableView)
  /// A plot as SVG.
  case drawing(String)
  /// PNG, with the size at which it is shown and what stands for it in words.
  case picture(png: [UInt8], width: Int, height: Int, words: String)

  /// The parts of what a cell shows, one below the other; without times unless they are asked for.
  static func parts(of rendering: Rendering, showsTimes: Bool) throws -> [RenderedPart] {
    switch rendering {
    case .text(let text): return [.text(text)]
    case .picture(let picture):
      let large = picture.enlarged(by: max(1, 128 / max(picture.width, picture.height)))
      return [.picture(png: try PNG.encode(large), width: large.width, height: large.height, words: "picture")]
    case .grid(let tiles): return [try sheet(tiles)]
    case .sheet(let sheet):
      let picture = try sheet.picture
      return [
        .picture(png: try PNG.encode(picture), width: picture.width, height: picture.height, words: sheet.words)
      ]
    case .animation(let animation):
      let (bytes, width, height) = try animation.file()
      return [.picture(png: bytes, width: width, height: height, words: "\(animation.frames.count) frames")]
    case .plot(let chart):
      let title = chart.title.isEmpty ? "plot" : chart.title
      let svg = try ChartScene(chart).drawing.svg()
      let label = "<svg role=\"img\" aria-label=\"\(Markup.escaped(title).replacing("\n", with: " "))\" "
      return [.drawing(label + svg.dropFirst(5))]
    case .table(let table): return [.table(showsTimes ? table : table.withoutTimes)]
    case .column(let parts): return try parts.flatMap { try self.parts(of: $0, showsTimes: showsTimes) }
    }
  }

  /// Pictures beside each other with their captions, as one picture.
  private static func sheet(_ tiles: [Rendering.Tile]) throws -> RenderedPart {
    let columns = min(4, max(tiles.count, 1))
    let cells = tiles.map { Optional(PictureSheet.Cell(picture: $0.picture, text: $0.caption)) }
    let rows = stride(from: 0, to: cells.count, by: columns).map { Array(cells[$0..<min($0 + columns, cells.count)]) }
    let picture = try PictureSheet(rows: rows, textWidth: 160).picture
    let words = tiles.map(\.caption).filter { !$0.isEmpty }.joined(separator: "; ")
    return .picture(
      png: try PNG.encode(picture), width: picture.width, height: picture.height,
      words: words.isEmpty ? "pictures" : words)
  }
}

extension TableView {
  /// The names of columns that no two runs have in common.
  private static let timeColumns: Set = ["seconds", "tokens_per_second"]

  /// The table without columns of times and rates; as it is when nothing else would be left.
  var withoutTimes: TableView {
    let kept = columns.filter { !Self.timeColumns.contains($0.name) }
    return kept.isEmpty || kept.count == columns.count ? self : TableView(self, columns: kept)
  }

  /// The rows that are kept, as Markdown that GitHub shows.
  var markdown: String {
    func escaped(_ text: String) -> String { MarkdownCell.escaped(text) }
    func line(_ cells: [String]) -> String { "| \(cells.joined(separator: " | ")) |\n" }
    let rows = keptRows.map { row in
      line(
        columns.map { column in
          let text = escaped(column.text(column.cells[row]))
          return column.isBest(column.cells[row]) ? "**\(text)**" : text
        })
    }
    let note = keptRows.count < rowCount ? "\nThe first and last of \(rowCount) rows.\n" : ""
    return line(columns.map { escaped($0.name) }) + line(columns.map { $0.isNumeric ? "---:" : "---" }) + rows.joined()
      + note
  }
}

extension RasterImage {
  /// The picture with every pixel so many times as wide and high, which no program then smooths.
  fileprivate func enlarged(by factor: Int) -> RasterImage {
    guard factor > 1 else { return self }
    var rgba: [UInt8] = []
    rgba.reserveCapacity(4 * width * height * factor * factor)
    for row in 0..<height {
      var line: [UInt8] = []
      for column in 0..<width {
        let pixel = self.rgba[4 * (row * width + column)..<4 * (row * width + column) + 4]
        for _ in 0..<factor { line += pixel }
      }
      for _ in 0..<factor { rgba += line }
    }
    return RasterImage(width: width * factor, height: height * factor, rgba: rgba)
  }
}
