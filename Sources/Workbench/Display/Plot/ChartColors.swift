import Formats

/// The colors of plots, which most color-blind readers tell apart (Okabe and Ito), and those of fields of numbers (viridis).
enum ChartColors {
  /// The colors of series on white.
  static let light = [
    ColorCode(0, 114, 178), ColorCode(213, 94, 0), ColorCode(0, 158, 115), ColorCode(204, 121, 167),
    ColorCode(230, 159, 0), ColorCode(86, 180, 233), ColorCode(90, 90, 90),
  ]
  /// The colors of series on black, and in terminals, whose ground is not known.
  static let dark = [
    ColorCode(77, 157, 224), ColorCode(240, 120, 50), ColorCode(30, 180, 130), ColorCode(220, 140, 185),
    ColorCode(230, 175, 40), ColorCode(120, 205, 250), ColorCode(160, 160, 160),
  ]

  /// The color of a series.
  static func color(_ tint: Chart.Tint, isDark: Bool) -> ColorCode {
    switch tint {
    case .fixed(let color): return color
    case .slot(let slot):
      let colors = isDark ? dark : light
      return colors[slot % colors.count]
    }
  }

  /// Ten places of the map "viridis", from the lowest to the highest.
  private static let viridis: [(Double, Double, Double)] = [
    (68, 1, 84), (72, 40, 120), (62, 73, 137), (49, 104, 142), (38, 130, 142), (31, 158, 137), (53, 183, 121),
    (109, 205, 89), (180, 222, 44), (253, 231, 37),
  ]

  /// The color of a share from 0 to 1.
  static func heat(_ share: Double) -> ColorCode {
    let place = min(max(share, 0), 1) * Double(viridis.count - 1)
    let index = min(Int(place), viridis.count - 2)
    let (from, to, part) = (viridis[index], viridis[index + 1], place - Double(index))
    func mixed(_ a: Double, _ b: Double) -> UInt8 { UInt8((a + (b - a) * part).rounded()) }
    return ColorCode(mixed(from.0, to.0), mixed(from.1, to.1), mixed(from.2, to.2))
  }

  /// A color by its name or six hexadecimal digits, with or without a "#"; nil for another text.
  static func named(_ text: String) -> ColorCode? {
    if let color = names[text.lowercased()] { return color }
    let digits = text.hasPrefix("#") ? text.dropFirst() : text[...]
    guard digits.utf8.count == 6, let value = UInt32(digits, radix: 16) else { return nil }
    return ColorCode(UInt8(value >> 16), UInt8(value >> 8 & 255), UInt8(value & 255))
  }

  /// The names that colors have.
  static let names: [String: ColorCode] = [
    "blue": light[0], "red": light[1], "green": light[2], "pink": light[3], "orange": light[4], "sky": light[5],
    "gray": light[6], "grey": light[6], "black": ColorCode(0, 0, 0), "white": ColorCode(255, 255, 255),
    "purple": ColorCode(117, 79, 160), "brown": ColorCode(140, 86, 75), "yellow": ColorCode(240, 228, 66),
  ]
}

extension ColorCode {
  /// The color on a page.
  func ink(alpha: Double = 1) -> Drawing.Ink { Drawing.Ink(red, green, blue, alpha: alpha) }
}

extension Chart.Theme {
  /// The color of the page.
  var background: ColorCode { self == .light ? ColorCode(255, 255, 255) : ColorCode(22, 24, 28) }
  /// The color of texts and axes.
  var ink: ColorCode { self == .light ? ColorCode(30, 30, 30) : ColorCode(225, 225, 225) }
  /// The color of the lines across a panel.
  var grid: ColorCode { self == .light ? ColorCode(215, 215, 215) : ColorCode(65, 68, 74) }
}

extension Chart.Dash {
  /// The dash that tells a series from those of the same color, whose slots are less.
  init(slot: Int) {
    let order: [Chart.Dash] = [.solid, .dashed, .dotted, .dashdot]
    self = order[slot / ChartColors.light.count % order.count]
  }

  /// The lengths of dashes and gaps in points, for a line of a width.
  func lengths(width: Double) -> [Double] {
    let unit = max(width, 0.8)
    return switch self {
    case .solid: []
    case .dashed: [4 * unit, 2 * unit]
    case .dotted: [unit, 1.6 * unit]
    case .dashdot: [5 * unit, 1.6 * unit, unit, 1.6 * unit]
    }
  }

  /// Which of eight dots of a line are drawn in a terminal.
  var dots: UInt8 {
    switch self {
    case .solid: 0b1111_1111
    case .dashed: 0b0001_1111
    case .dotted: 0b0101_0101
    case .dashdot: 0b0100_1111
    }
  }
}
