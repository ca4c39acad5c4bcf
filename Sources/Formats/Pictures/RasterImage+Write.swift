import Safepoint

extension RasterImage {
  /// The endings of the files that pictures are written to.
  public static let fileEndings = ["png", "jpg", "jpeg", "svg"]

  /// Writes the picture whole or not at all, in the form of one of `fileEndings`; throws a `FormatError`.
  public func write(to path: String, ending: String) throws(FormatError) {
    switch ending {
    case "jpg", "jpeg": try JPEG.write(self, to: path)
    case "svg": try AtomicFile.write(svg(), to: path)
    default: try PNG.write(self, to: path)
    }
  }

  /// The picture as SVG, each pixel `scale` wide: a unit a pixel, a rectangle for each run of one color in a row; what is transparent is
  /// left out. Only a part when the work must stop.
  public func svg(scale: Int = 1) -> String {
    var text = """
      <svg xmlns="http://www.w3.org/2000/svg" width="\(scale * width)" height="\(scale * height)" viewBox="0 0 \(width) \(height)" \
      shape-rendering="crispEdges">

      """
    for y in 0..<height {
      if Safepoint.mustStop(after: 32 * width) { break }
      var start = 0
      while start < width {
        let color = pixel(start, y)
        var end = start + 1
        while end < width, pixel(end, y) == color { end += 1 }
        if color[3] > 0 {
          let opacity = color[3] < 255 ? " fill-opacity=\"\(Double(color[3]) / 255)\"" : ""
          text += "<rect x=\"\(start)\" y=\"\(y)\" width=\"\(end - start)\" height=\"1\""
          text += " fill=\"rgb(\(color[0]),\(color[1]),\(color[2]))\"\(opacity)/>\n"
        }
        start = end
      }
    }
    return text + "</svg>\n"
  }

  private func pixel(_ x: Int, _ y: Int) -> [UInt8] {
    let place = 4 * (y * width + x)
    return Array(rgba[place..<place + 4])
  }
}
