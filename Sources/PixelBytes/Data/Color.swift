import Foundation

/// An 8-bit sRGB color.
public struct Color: Hashable, Sendable {
  /// The red sample.
  public let red: UInt8
  /// The green sample.
  public let green: UInt8
  /// The blue sample.
  public let blue: UInt8

  /// Creates a color from its samples.
  public init(_ red: UInt8, _ green: UInt8, _ blue: UInt8) {
    self.red = red
    self.green = green
    self.blue = blue
  }

  /// Creates a color from six hexadecimal digits, such as `0xf83800`.
  public init(hex: UInt32) {
    self.init(
      UInt8(truncatingIfNeeded: hex >> 16), UInt8(truncatingIfNeeded: hex >> 8), UInt8(truncatingIfNeeded: hex))
  }

  /// The color as six hexadecimal digits.
  public var hex: String {
    [red, green, blue].map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
  }
}

/// A color in CIE Lab (D65, 2-degree observer), computed as scikit-image's `rgb2lab` does.
package struct LabColor: Equatable, Sendable {
  package let lightness: Double
  package let a: Double
  package let b: Double

  init(_ color: Color) {
    let (r, g, b) = (Self.linear[Int(color.red)], Self.linear[Int(color.green)], Self.linear[Int(color.blue)])
    let x = Self.root((0.412453 * r + 0.357580 * g + 0.180423 * b) / 0.95047)
    let y = Self.root(0.212671 * r + 0.715160 * g + 0.072169 * b)
    let z = Self.root((0.019334 * r + 0.119193 * g + 0.950227 * b) / 1.08883)
    self.lightness = 116 * y - 16
    self.a = 500 * (x - y)
    self.b = 200 * (y - z)
  }

  func squaredDistance(to other: LabColor) -> Double {
    let (dl, da, db) = (lightness - other.lightness, a - other.a, b - other.b)
    return dl * dl + da * da + db * db
  }

  /// The linear light of each 8-bit sample.
  private static let linear: [Double] = (0...255).map { sample in
    let value = Double(sample) / 255
    return value > 0.04045 ? pow((value + 0.055) / 1.055, 2.4) : value / 12.92
  }

  private static func root(_ value: Double) -> Double {
    value > 0.008856 ? cbrt(value) : 7.787 * value + 16.0 / 116
  }
}
