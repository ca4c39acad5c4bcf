/// An opaque color and the escape sequences that select it.
struct ColorCode: Hashable, Codable {
  let red, green, blue: UInt8

  init(_ red: UInt8, _ green: UInt8, _ blue: UInt8) { (self.red, self.green, self.blue) = (red, green, blue) }

  /// The parameters of the escape sequence for the foreground (or background) color.
  func parameters(_ depth: Console.ColorDepth, background: Bool = false) -> String {
    let kind = background ? 48 : 38
    switch depth {
    case .none: return ""
    case .ansi256: return "\(kind);5;\(ansi256)"
    case .trueColor: return "\(kind);2;\(red);\(green);\(blue)"
    }
  }

  /// The nearest of xterm's 216 colors and 24 grays.
  var ansi256: Int {
    let levels: [Int] = [0, 95, 135, 175, 215, 255]
    func nearest(_ value: UInt8) -> Int {
      levels.indices.min { abs(levels[$0] - Int(value)) < abs(levels[$1] - Int(value)) } ?? 0
    }
    let (r, g, b) = (nearest(red), nearest(green), nearest(blue))
    let gray = min(max((Int(red) + Int(green) + Int(blue)) / 3 - 3, 0) / 10, 23)
    let level = 8 + 10 * gray
    let toGray = distance(level, level, level)
    return toGray < distance(levels[r], levels[g], levels[b]) ? 232 + gray : 16 + 36 * r + 6 * g + b
  }

  private func distance(_ r: Int, _ g: Int, _ b: Int) -> Int {
    let (x, y, z) = (Int(red) - r, Int(green) - g, Int(blue) - b)
    return x * x + y * y + z * z
  }

  /// The color as one number.
  var code: Int { Int(red) << 16 | Int(green) << 8 | Int(blue) }

  /// How bright the color looks, from 0 to 1 (Rec. 601).
  var luminance: Double { (0.299 * Double(red) + 0.587 * Double(green) + 0.114 * Double(blue)) / 255 }
}
