import Formats
import Safepoint

extension PlotScene {
  /// The scene as a picture, lines smoothed, text in a pixel font of ASCII.
  var picture: RasterImage {
    var page = Page(Self.width, Self.height)
    for shape in shapes {
      if Safepoint.mustStop(after: 2000) { break }
      switch shape {
      case .line(let places, let color, let width):
        for (from, to) in zip(places, places.dropFirst()) {
          if Safepoint.mustStop(after: 2000) { break }
          page.stroke(from, to, color, width: width)
        }
      case .disc(let place, let color, let radius): page.stroke(place, place, color, width: 2 * radius)
      case .text(let string, let place, let anchor): page.write(string, place, anchor)
      }
    }
    return RasterImage(width: Self.width, height: Self.height, rgba: page.rgba)
  }

  private struct Page {
    let width, height: Int
    var rgba: [UInt8]

    init(_ width: Int, _ height: Int) {
      (self.width, self.height) = (width, height)
      rgba = [UInt8](repeating: 255, count: 4 * width * height)
    }

    /// Mixes a color into a pixel.
    mutating func blend(_ x: Int, _ y: Int, _ color: ColorCode, _ share: Double) {
      guard x >= 0, y >= 0, x < width, y < height, share > 0 else { return }
      let place = 4 * (y * width + x)
      for (sample, value) in [color.red, color.green, color.blue].enumerated() {
        let old = Double(rgba[place + sample])
        rgba[place + sample] = UInt8((old + (Double(value) - old) * min(share, 1)).rounded())
      }
    }

    /// A straight line with round ends; a pixel is covered by how near its middle is.
    mutating func stroke(_ from: Place, _ to: Place, _ color: ColorCode, width: Double) {
      let reach = width / 2 + 1
      let columns = Int((min(from.x, to.x) - reach).rounded(.down))...Int((max(from.x, to.x) + reach).rounded(.up))
      let rows = Int((min(from.y, to.y) - reach).rounded(.down))...Int((max(from.y, to.y) + reach).rounded(.up))
      let (dx, dy) = (to.x - from.x, to.y - from.y)
      let length = dx * dx + dy * dy
      for row in rows {
        for column in columns {
          let (px, py) = (Double(column) + 0.5 - from.x, Double(row) + 0.5 - from.y)
          let along = length > 0 ? min(max((px * dx + py * dy) / length, 0), 1) : 0
          let (ex, ey) = (px - along * dx, py - along * dy)
          blend(column, row, color, width / 2 + 0.5 - (ex * ex + ey * ey).squareRoot())
        }
      }
    }

    mutating func write(_ text: String, _ place: Place, _ anchor: Anchor) {
      let characters = Array(text)
      let size = characters.count * PixelFont.advance
      let shift = [.start: 0, .middle: size / 2, .end: size][anchor] ?? 0
      var left = Int(place.x) - shift
      let top = Int(place.y) - PixelFont.height
      for character in characters {
        for (row, bits) in PixelFont.rows(of: character).enumerated() {
          for column in 0..<PixelFont.width where bits >> (PixelFont.width - 1 - column) & 1 == 1 {
            blend(left + column, top + row, ColorCode(40, 40, 40), 1)
          }
        }
        left += PixelFont.advance
      }
    }
  }
}
