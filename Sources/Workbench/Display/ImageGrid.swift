import Formats
import PixelScript

/// Several pictures side by side, each with its caption below.
public enum ImageGrid {
  private static let gap = 2
  /// The width of a caption without a picture.
  private static let textColumns = 32
  /// The least columns of a picture in a row of many; a longer row is broken.
  private static let leastColumns = 4

  /// Returns the grid: as many pictures a row as the style is wide, captions cut to the width of their picture.
  public static func text(_ tiles: [Rendering.Tile], style: DisplayStyle) -> String {
    // An echo that must be short has four side by side.
    let most = tiles.count <= 2 ? style.width : columns(of: style.mostLines == nil ? 2 : 4, in: style)
    let views = tiles.map { tile in tile.picture.map { ImageView($0, style: style, columns: most) } }
    let tile = views.map { $0?.columns ?? min(most, textColumns) }.max() ?? 1
    let perRow = max((style.width + gap) / (tile + gap), 1)
    return text(broken([Array(zip(views, tiles.map(\.caption)))], perRow), tile: tile, style: style)
  }

  /// Returns a sheet: its rows one below the other, each broken where the style is not wide enough for it.
  static func text(_ sheet: Rendering.Sheet, style: DisplayStyle) -> String {
    let longest = max(sheet.rows.map(\.count).max() ?? 0, 1)
    let perRow = min(longest, max((style.width + gap) / (leastColumns + gap), 1))
    let most = columns(of: perRow, in: style)
    let rows = sheet.rows.map { row in
      row.map { tile -> Part in
        (tile?.picture.map { ImageView($0, style: style, columns: most, scale: sheet.scale) }, tile?.caption ?? "")
      }
    }
    let captions = rows.joined().map { DisplayWidth.columns(of: DisplayWidth.printable($0.caption)) }.max() ?? 0
    let pictures = rows.joined().compactMap { $0.view?.columns }.max() ?? 1
    let tile = max(pictures, min(captions, textColumns, most))
    return text(broken(rows, max((style.width + gap) / (tile + gap), 1)), tile: tile, style: style)
  }

  private typealias Part = (view: ImageView?, caption: String)

  /// Rows of at most so many parts.
  private static func broken(_ rows: [[Part]], _ count: Int) -> [[Part]] {
    rows.flatMap { row in
      stride(from: 0, to: row.count, by: count).map { Array(row[$0..<min($0 + count, row.count)]) }
    }
  }

  /// The columns of each of several pictures side by side.
  private static func columns(of count: Int, in style: DisplayStyle) -> Int {
    max((style.width - (count - 1) * gap) / count, 1)
  }

  private static func text(_ rows: [[Part]], tile: Int, style: DisplayStyle) -> String {
    rows.map { lines(of: $0, tile: tile, style: style) }.joined(separator: "\n")
  }

  private static func lines(of row: [Part], tile: Int, style: DisplayStyle) -> String {
    let height = row.compactMap(\.view?.lines.count).max() ?? 0
    let separator = String(repeating: " ", count: gap)
    var text = style.drawsPixels && height > 0 ? PixelPicture.room(height) : ""
    for line in 0..<height {
      text +=
        row.enumerated().map { place, part in
          let present = part.view.flatMap { line < $0.lines.count ? $0 : nil }
          let fill = String(repeating: " ", count: tile - (present?.columns ?? 0))
          return (present?.lines[line] ?? "") + (place + 1 < row.count ? fill : "")
        }.joined(separator: separator) + "\n"
    }
    guard row.contains(where: { !$0.caption.isEmpty }) else { return text }
    let width = row.count == 1 ? style.width : tile
    text +=
      row.enumerated().map { place, part in
        let caption = TerminalText.truncated(
          DisplayWidth.printable(part.caption), to: width, unicode: style.unicode)
        return place + 1 < row.count ? TerminalText.padded(caption, to: width) : caption
      }.joined(separator: separator) + "\n"
    return text
  }
}
