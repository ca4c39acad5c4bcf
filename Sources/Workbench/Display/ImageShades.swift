import Formats

/// A picture without colors: the more a pixel's brightness differs from the background's, the denser it is drawn, so that what the
/// picture shows stands out on a dark terminal as on a light one. The background is left blank.
struct ImageShades {
  private static let shades: [Character] = [" ", "░", "▒", "▓", "█"]
  private static let ascii = Array(" .:-=+*#%@")

  private static let bright = Array(".:-=+*#%@")

  private let unicode: Bool
  /// Whether the brightness itself is drawn.
  private let isField: Bool
  /// The color of most of the border's pixels; nil for transparent ones.
  private let background: ColorCode?

  init(_ picture: RasterImage, unicode: Bool, isField: Bool = false) {
    (self.unicode, self.isField) = (unicode, isField)
    guard !isField else {
      background = nil
      return
    }
    var counts: [ColorCode?: Int] = [:]
    let (width, height) = (picture.width, picture.height)
    for x in 0..<width { for y in Set([0, height - 1]) { counts[Self.color(picture, x, y), default: 0] += 1 } }
    for y in 0..<height { for x in Set([0, width - 1]) { counts[Self.color(picture, x, y), default: 0] += 1 } }
    let most = counts.max { ($0.value, $0.key?.code ?? -1) < ($1.value, $1.key?.code ?? -1) }
    // A border of many colors is no background.
    let isOne = 2 * (most?.value ?? 0) >= counts.values.reduce(0, +)
    let ground = isOne ? most?.key ?? nil : nil
    // A picture of one color alone is not all background.
    let isAll = (0..<width * height).allSatisfy { Self.color(picture, $0 % width, $0 / width) == ground }
    background = isAll ? nil : ground
  }

  /// How dense a pixel is, from 0 for the background to 1.
  func ink(_ picture: RasterImage, _ x: Int, _ y: Int) -> Double {
    guard let color = Self.color(picture, x, y) else { return isField ? -1 : 0 }
    if isField { return color.luminance }
    guard color != background else { return 0 }
    // On nothing, or on many colors, as ink on paper.
    return max(abs(color.luminance - (background?.luminance ?? 1)), 0.2)
  }

  /// The character for one pixel, or two of which the first stands above the other.
  func character(_ inks: [Double]) -> Character {
    if isField {
      let there = inks.filter { $0 >= 0 }
      guard !there.isEmpty else { return " " }
      return Self.shade(ofBrightness: there.reduce(0, +) / Double(there.count))
    }
    let mean = inks.reduce(0, +) / Double(max(inks.count, 1))
    guard unicode else { return Self.ascii[Int((mean * Double(Self.ascii.count - 1)).rounded(.up))] }
    if inks.count == 2, (inks[0] == 0) != (inks[1] == 0), inks[0] + inks[1] >= 0.4 { return inks[1] == 0 ? "▀" : "▄" }
    return Self.shades[Int((mean * Double(Self.shades.count - 1)).rounded(.up))]
  }

  /// The character for a brightness from 0 to 1.
  static func shade(ofBrightness brightness: Double) -> Character {
    bright[min(Int(brightness * Double(bright.count)), bright.count - 1)]
  }

  private static func color(_ picture: RasterImage, _ x: Int, _ y: Int) -> ColorCode? {
    let place = 4 * (y * picture.width + x)
    guard picture.rgba[place + 3] >= 128 else { return nil }
    return ColorCode(picture.rgba[place], picture.rgba[place + 1], picture.rgba[place + 2])
  }
}
