import Formats
import Safepoint

/// Very many points as one picture, which is drawn in a fraction of the time of as many discs and looks the same.
struct PointCloud {
  let points: [Drawing.Point]
  let radius: Double
  let color: ColorCode
  let alpha: Double
  let marker: ChartMarker

  /// From this many points on a page holds the picture.
  static let least = 50_000

  /// The picture of what lies in a frame, with so many pixels to a unit of the page.
  func picture(in frame: Drawing.Frame, scale: Double) -> RasterImage {
    let (width, height) = (max(Int(frame.width * scale), 1), max(Int(frame.height * scale), 1))
    let reach = Int(((marker == .disc ? 1 : 1.6) * radius * scale).rounded(.up))
    let stamp = stamp(reach, radius * scale)
    // What is still seen of the ground.
    var ground = [Float](repeating: 1, count: width * height)
    for (place, point) in points.enumerated() {
      if place & 0xFFF == 0, Safepoint.mustStop(after: 1 << 18) { break }
      let (x, y) = ((point.x - frame.x) * scale, (point.y - frame.y) * scale)
      guard x > -Double(reach), y > -Double(reach), x < Double(width + reach), y < Double(height + reach) else {
        continue
      }
      let (left, top) = (Int(x) - reach, Int(y) - reach)
      for row in max(-top, 0)..<max(min(2 * reach + 1, height - top), max(-top, 0)) {
        let (line, mask) = ((top + row) * width + left, row * (2 * reach + 1))
        for column in max(-left, 0)..<max(min(2 * reach + 1, width - left), max(-left, 0)) {
          ground[line + column] *= stamp[mask + column]
        }
      }
    }
    var rgba = [UInt8](repeating: 0, count: 4 * width * height)
    for place in ground.indices where ground[place] < 1 {
      (rgba[4 * place], rgba[4 * place + 1], rgba[4 * place + 2]) = (color.red, color.green, color.blue)
      rgba[4 * place + 3] = UInt8((255 * (1 - ground[place])).rounded())
    }
    return RasterImage(width: width, height: height, rgba: rgba)
  }

  /// What a disc leaves of the ground below it, pixel by pixel.
  private func stamp(_ reach: Int, _ radius: Double) -> [Float] {
    (-reach...reach).flatMap { y in
      (-reach...reach).map { x in
        Float(1 - alpha * marker.cover(Double(x), Double(y), radius: radius))
      }
    }
  }
}
