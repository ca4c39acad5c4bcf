import Formats

/// A picture as lines of text: pixels where the terminal takes them, half blocks in color, or shades without.
///
/// A character cell shows two pixels, one above the other. Small pictures are enlarged by a whole factor, pictures wider
/// than the style are thinned out by one; both keep the pixels sharp. Transparent pixels leave the terminal's background.
public struct ImageView {
  /// The lines, each of `columns` columns, without line ends.
  public let lines: [String]
  /// The columns of every line.
  public let columns: Int

  /// The columns up to which small pictures are enlarged.
  static let comfortableWidth = 32
  /// The most lines of one picture.
  static let lineLimit = 120

  /// Draws a picture in the columns of the style, or in `columns` when that is less, and in so many lines; a pixel is at most
  /// `scale` columns wide when that is said. Without colors brightness itself tells what stands in a field; else what differs from
  /// the background. Pictures of one `identity` replace each other where a protocol of pixels keeps them apart.
  public init(
    _ picture: RasterImage, style: DisplayStyle, columns limit: Int? = nil, lines mostLines: Int? = nil,
    scale wished: Int? = nil, isField: Bool = false, identity: Int? = nil
  ) {
    let most = style.drawsPixels ? max(style.screen.lines - 2, 2) : Self.lineLimit
    let scale = ImageScale(
      picture.width, picture.height, columns: max(1, min(limit ?? style.width, style.width)),
      lines: min(most, mostLines ?? most), wished: wished)
    columns = scale.width
    switch style.pictures {
    case .characters:
      let shades = ImageShades(picture, unicode: style.unicode, isField: isField)
      lines = (0..<(scale.height + 1) / 2).map { line in
        String(
          (0..<scale.width).map { column in
            let rows = [2 * line, 2 * line + 1].filter { $0 < scale.height }
            return shades.character(rows.map { shades.ink(picture, scale.source(column), scale.source($0)) })
          })
      }
    case .blocks:
      lines = (0..<(scale.height + 1) / 2).map { line in
        var pen = Pen(depth: style.color)
        for column in 0..<scale.width {
          pen.draw(
            Self.color(picture, scale, column, 2 * line), over: Self.color(picture, scale, column, 2 * line + 1))
        }
        return pen.finished()
      }
    case .kitty, .iterm, .sixel: lines = PixelPicture(picture, scale, style, identity).lines
    }
  }

  private static func color(_ picture: RasterImage, _ scale: ImageScale, _ column: Int, _ row: Int) -> ColorCode? {
    guard row < scale.height else { return nil }
    let place = 4 * (scale.source(row) * picture.width + scale.source(column))
    guard picture.rgba[place + 3] >= 128 else { return nil }
    return ColorCode(picture.rgba[place], picture.rgba[place + 1], picture.rgba[place + 2])
  }
}

/// Writes one line and changes colors only where they change.
private struct Pen {
  let depth: Console.ColorDepth
  private var line = ""
  private var colors = ""

  init(depth: Console.ColorDepth) { self.depth = depth }

  mutating func draw(_ upper: ColorCode?, over lower: ColorCode?) {
    switch (upper, lower) {
    case (nil, nil): put(" ", "")
    case (let upper?, nil): put("▀", upper.parameters(depth))
    case (nil, let lower?): put("▄", lower.parameters(depth))
    case (let upper?, let lower?):
      put("▀", upper.parameters(depth) + ";" + lower.parameters(depth, background: true))
    }
  }

  private mutating func put(_ character: Character, _ wanted: String) {
    if wanted != colors {
      line += wanted.isEmpty ? "\u{1B}[0m" : "\u{1B}[0;\(wanted)m"
      colors = wanted
    }
    line.append(character)
  }

  func finished() -> String { colors.isEmpty ? line : line + "\u{1B}[0m" }
}
