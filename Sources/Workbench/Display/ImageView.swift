import Formats

/// A picture as lines of text: half blocks in color, or characters of different darkness without.
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
  /// Characters from dark to bright.
  private static let ramp = Array(".:-=+*#%@")

  /// Draws a picture in the columns of the style, or in `columns` when that is less.
  public init(_ picture: RasterImage, style: DisplayStyle, columns limit: Int? = nil) {
    let scale = Scale(picture.width, picture.height, columns: max(1, min(limit ?? style.width, style.width)))
    columns = scale.width
    lines = (0..<(scale.height + 1) / 2).map { line in
      var pen = Pen(depth: style.color)
      for column in 0..<scale.width {
        let upper = Self.color(picture, scale, column, 2 * line)
        let lower = Self.color(picture, scale, column, 2 * line + 1)
        if style.pictures == .characters {
          pen.draw(Self.shade([upper, lower].compactMap { $0 }))
        } else {
          pen.draw(upper, over: lower)
        }
      }
      return pen.finished()
    }
  }

  /// The whole factors between pixels of the picture and half cells.
  private struct Scale {
    let width, height: Int
    private let grow, shrink: Int

    init(_ width: Int, _ height: Int, columns: Int) {
      let tall = 2 * ImageView.lineLimit
      shrink = max((width + columns - 1) / columns, (height + tall - 1) / tall)
      grow = max(1, min(columns / width, ImageView.comfortableWidth / width, tall / height))
      self.width = shrink > 1 ? (width + shrink - 1) / shrink : width * grow
      self.height = shrink > 1 ? (height + shrink - 1) / shrink : height * grow
    }

    func source(_ place: Int) -> Int { shrink > 1 ? place * shrink : place / grow }
  }

  private static func color(_ picture: RasterImage, _ scale: Scale, _ column: Int, _ row: Int) -> ColorCode? {
    guard row < scale.height else { return nil }
    let place = 4 * (scale.source(row) * picture.width + scale.source(column))
    guard picture.rgba[place + 3] >= 128 else { return nil }
    return ColorCode(picture.rgba[place], picture.rgba[place + 1], picture.rgba[place + 2])
  }

  private static func shade(_ colors: [ColorCode]) -> Character {
    guard !colors.isEmpty else { return " " }
    let brightness = colors.reduce(0) { $0 + $1.luminance } / Double(colors.count)
    return ramp[min(Int(brightness * Double(ramp.count)), ramp.count - 1)]
  }
}

/// Writes one line and changes colors only where they change.
private struct Pen {
  let depth: Console.ColorDepth
  private var line = ""
  private var colors = ""

  init(depth: Console.ColorDepth) { self.depth = depth }

  mutating func draw(_ character: Character) { line.append(character) }

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
