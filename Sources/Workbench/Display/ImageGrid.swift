import Formats
import PixelScript

/// Several pictures side by side, each with its caption below.
public enum ImageGrid {
  private static let gap = 2
  /// The width of a caption without a picture.
  private static let textColumns = 32

  /// Returns the grid: as many pictures a row as the style is wide, captions cut to the width of their picture.
  public static func text(_ tiles: [Rendering.Tile], style: DisplayStyle) -> String {
    // An echo that must be short has four side by side.
    let most = tiles.count <= 2 ? style.width : columns(of: style.mostLines == nil ? 2 : 4, in: style)
    let views = tiles.map { tile in tile.picture.map { ImageView($0, style: style, columns: most) } }
    let tile = views.map { $0?.columns ?? min(most, textColumns) }.max() ?? 1
    let perRow = max((style.width + gap) / (tile + gap), 1)
    var text = ""
    for start in stride(from: 0, to: views.count, by: perRow) {
      let row = start..<min(start + perRow, views.count)
      if start > 0 { text += "\n" }
      text += lines(of: row.map { (views[$0], tiles[$0].caption) }, tile: tile, style: style)
    }
    return text
  }

  /// The columns of each of several pictures side by side.
  private static func columns(of count: Int, in style: DisplayStyle) -> Int {
    max((style.width - (count - 1) * gap) / count, 1)
  }

  private static func lines(
    of row: [(view: ImageView?, caption: String)], tile: Int, style: DisplayStyle
  ) -> String {
    let height = row.compactMap(\.view?.lines.count).max() ?? 0
    let separator = String(repeating: " ", count: gap)
    var text = style.drawsPixels ? PixelPicture.room(height) : ""
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
