import Formats
import Foundation

/// A picture as pixels for terminals that take them, in as many columns and lines as half blocks would take.
///
/// The first line draws it, and puts the cursor back where it was; all lines then step over it, as text would erase it. The lines must be
/// there before: `room` makes them, as a terminal that scrolls while it draws loses the place.
struct PixelPicture {
  /// The most pixels that are sent.
  private static let pixelLimit = 4 << 20
  /// The most bytes of a part of kitty's protocol.
  private static let partSize = 4096

  /// The lines, as `ImageView` has them.
  let lines: [String]

  init(_ picture: RasterImage, _ scale: ImageScale, _ style: DisplayStyle, _ identity: Int? = nil) {
    let (columns, rows) = (scale.width, (scale.height + 1) / 2)
    let pixels = Self.enlarged(picture, scale, style)
    let sequence =
      switch style.pictures {
      case .kitty: Self.kitty(pixels, columns, rows, identity)
      case .iterm: Self.iterm(pixels, columns, rows)
      default: Sixel.encode(pixels)
      }
    let step = "\u{1B}[\(columns)C"
    lines = (0..<rows).map { $0 == 0 ? "\u{1B}7\(sequence)\u{1B}8\(step)" : step }
  }

  /// What makes lines and goes back to the first of them.
  static func room(_ lines: Int) -> String { String(repeating: "\n", count: lines) + "\u{1B}[\(lines)A" }

  /// The picture with as many pixels as its cells have, or as it has itself where these are more.
  private static func enlarged(_ picture: RasterImage, _ scale: ImageScale, _ style: DisplayStyle) -> RasterImage {
    let (columns, rows) = (scale.width, 2 * ((scale.height + 1) / 2))
    var (x, y) = (style.screen.cellWidth, style.screen.cellHeight / 2)
    // The other protocols fit a picture into its cells themselves.
    if style.pictures != .sixel {
      let most = max(Int((Double(pixelLimit) / Double(columns * rows)).squareRoot()), 1)
      x = min(max(x, scale.shrink), most)
      y = x
    }
    let (width, height) = (columns * x, rows * y)
    func source(_ place: Int, _ size: Int) -> Int {
      Int((Double(place) + 0.5) * Double(scale.shrink) / Double(size * scale.grow))
    }
    let from = (0..<width).map { source($0, x) }
    var rgba = [UInt8](repeating: 0, count: 4 * width * height)
    for row in 0..<height {
      let line = source(row, y)
      guard line < picture.height else { break }
      for column in 0..<width where from[column] < picture.width {
        let (place, old) = (4 * (row * width + column), 4 * (line * picture.width + from[column]))
        for channel in 0..<4 { rgba[place + channel] = picture.rgba[old + channel] }
      }
    }
    return RasterImage(width: width, height: height, rgba: rgba)
  }

  /// https://sw.kovidgoyal.net/kitty/graphics-protocol: transmit and display a PNG, no answers, the cursor stays. One of the same
  /// identity takes the place of that before.
  private static func kitty(_ picture: RasterImage, _ columns: Int, _ rows: Int, _ identity: Int?) -> String {
    let data = Array(base64(picture).utf8)
    let named = identity.map { "i=\($0),p=1," } ?? ""
    var sequence = ""
    for start in stride(from: 0, to: data.count, by: partSize) {
      let end = min(start + partSize, data.count)
      let keys = start == 0 ? "a=T,f=100,q=2,\(named)C=1,c=\(columns),r=\(rows)," : "q=2,"
      let part = String(decoding: data[start..<end], as: UTF8.self)
      sequence += "\u{1B}_G\(keys)m=\(end < data.count ? 1 : 0);\(part)\u{1B}\\"
    }
    return sequence
  }

  /// https://iterm2.com/documentation-images.html
  private static func iterm(_ picture: RasterImage, _ columns: Int, _ rows: Int) -> String {
    let keys = "inline=1;width=\(columns);height=\(rows);preserveAspectRatio=0"
    return "\u{1B}]1337;File=\(keys):\(base64(picture))\u{7}"
  }

  /// An empty text where the picture can't be written, so that nothing is drawn.
  private static func base64(_ picture: RasterImage) -> String {
    do { return Data(try PNG.encode(picture)).base64EncodedString() } catch { return "" }
  }
}
