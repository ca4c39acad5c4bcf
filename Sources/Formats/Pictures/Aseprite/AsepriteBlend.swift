/// How a layer changes what lies under it; the numbers are those of the files.
///
/// The arithmetic is that of the editor's blending since its version 1.3, in whole parts of 255, so that a frame has the samples of what
/// the editor exports.
enum AsepriteBlend: Int {
  case normal, multiply, screen, overlay, darken, lighten, dodge, burn, hardLight, softLight, difference, exclusion
  case hue, saturation, color, luminosity
  case addition, subtract, divide

  /// A color: red, green, blue and how opaque it is, of 255.
  typealias Pixel = SIMD4<UInt8>

  /// A color over another, of which `opacity` of 255 is let through.
  func over(_ below: Pixel, _ above: Pixel, _ opacity: Int) -> Pixel {
    let normal = Self.normal(below, above, opacity)
    if self == .normal || below.w == 0 || above.w == 0 { return normal }
    let blended = Self.normal(below, mixed(below, above), opacity)
    // Where what lies under is half there, the mode changes the color by half.
    let under = Int(below.w)
    let half = Self.merged(normal, blended, under)
    return Self.merged(half, blended, Self.product(under, Self.product(Int(above.w), opacity)))
  }

  /// The product of two parts of 255.
  static func product(_ a: Int, _ b: Int) -> Int {
    let sum = a * b + 128
    return (sum >> 8 + sum) >> 8
  }

  private static func quotient(_ a: Int, _ b: Int) -> Int { (a * 255 + b / 2) / b }

  private static func normal(_ below: Pixel, _ above: Pixel, _ opacity: Int) -> Pixel {
    let alpha = product(Int(above.w), opacity)
    if below.w == 0 { return Pixel(above.x, above.y, above.z, UInt8(alpha)) }
    if alpha == 0 { return below }
    let sum = alpha + Int(below.w) - product(Int(below.w), alpha)
    var result = Pixel(0, 0, 0, UInt8(sum))
    for channel in 0..<3 {
      let under = Int(below[channel])
      result[channel] = UInt8(under + (Int(above[channel]) - under) * alpha / sum)
    }
    return result
  }

  /// Something between two colors that are there: `share` of 255 of the second.
  private static func merged(_ first: Pixel, _ second: Pixel, _ share: Int) -> Pixel {
    if first.w == 0 || second.w == 0 { return first.w == 0 ? second : first }
    var result = Pixel()
    for channel in 0..<4 {
      let start = Int(first[channel])
      result[channel] = UInt8(truncatingIfNeeded: start + product(Int(second[channel]) - start, share))
    }
    return result
  }

  /// What the mode makes of two colors, as opaque as the upper one.
  private func mixed(_ below: Pixel, _ above: Pixel) -> Pixel {
    var result = above
    switch self {
    case .hue, .saturation, .color, .luminosity:
      let (under, over) = (Self.parts(below), Self.parts(above))
      let color =
        switch self {
        case .hue: Self.lit(Self.saturated(over, under.max() - under.min()), Self.light(under))
        case .saturation: Self.lit(Self.saturated(under, over.max() - over.min()), Self.light(under))
        case .color: Self.lit(over, Self.light(under))
        default: Self.lit(under, Self.light(over))
        }
      for channel in 0..<3 {
        let part = color[channel]
        result[channel] = part.isNaN ? 0 : UInt8(255 * min(1, max(0, part)))
      }
    default:
      for channel in 0..<3 { result[channel] = UInt8(blended(Int(below[channel]), Int(above[channel]))) }
    }
    return result
  }

  /// What the mode makes of one channel.
  private func blended(_ below: Int, _ above: Int) -> Int {
    switch self {
    case .normal, .hue, .saturation, .color, .luminosity: above
    case .multiply: Self.product(below, above)
    case .screen: below + above - Self.product(below, above)
    case .overlay: Self.hardLight.blended(above, below)
    case .darken: min(below, above)
    case .lighten: max(below, above)
    case .dodge: below == 0 ? 0 : below >= 255 - above ? 255 : Self.quotient(below, 255 - above)
    case .burn: below == 255 ? 255 : 255 - below >= above ? 0 : 255 - Self.quotient(255 - below, above)
    case .hardLight:
      above < 128 ? Self.product(below, above << 1) : Self.screen.blended(below, above << 1 - 255)
    case .softLight: softLight(Double(below) / 255, Double(above) / 255)
    case .difference: abs(below - above)
    case .exclusion: below + above - 2 * Self.product(below, above)
    case .addition: min(255, below + above)
    case .subtract: max(0, below - above)
    case .divide: below == 0 ? 0 : below >= above ? 255 : Self.quotient(below, above)
    }
  }

  private func softLight(_ below: Double, _ above: Double) -> Int {
    let curve = below <= 0.25 ? ((16 * below - 12) * below + 4) * below : below.squareRoot()
    let value =
      above <= 0.5 ? below - (1 - 2 * above) * below * (1 - below) : below + (2 * above - 1) * (curve - below)
    return Int(value * 255 + 0.5)
  }
}

extension AsepriteBlend {
  /// Red, green and blue from 0 to 1.
  private typealias Parts = SIMD3<Double>

  private static func parts(_ color: Pixel) -> Parts { Parts(Double(color.x), Double(color.y), Double(color.z)) / 255 }

  private static func light(_ color: Parts) -> Double { 0.3 * color.x + 0.59 * color.y + 0.11 * color.z }

  /// A color with its channels moved so that it is so light, drawn towards gray where one would leave 0 to 1.
  private static func lit(_ color: Parts, _ light: Double) -> Parts {
    var moved = color + (light - Self.light(color))
    let (gray, low, high) = (Self.light(moved), moved.min(), moved.max())
    if low < 0 { moved = gray + ((moved - gray) * gray) / (gray - low) }
    if high > 1 { moved = gray + ((moved - gray) * (1 - gray)) / (high - gray) }
    return moved
  }

  /// A color with its lowest channel at 0, its highest at `saturation`, and the other between as before.
  private static func saturated(_ color: Parts, _ saturation: Double) -> Parts {
    let (low, high) = (color.min(), color.max())
    guard high > low else { return Parts() }
    let spread = ((color - low) * saturation) / (high - low)
    return spread.replacing(with: saturation, where: color .== high)
  }
}
