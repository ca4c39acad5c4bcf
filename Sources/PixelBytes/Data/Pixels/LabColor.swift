import Foundation

/// A color in CIE Lab (D65, 2-degree observer), computed as scikit-image's `rgb2lab` does.
package struct LabColor: Equatable, Sendable {
  package let lightness: Double
  package let a: Double
  package let b: Double

  package init(lightness: Double, a: Double, b: Double) { (self.lightness, self.a, self.b) = (lightness, a, b) }

  package init(_ color: Color) {
    let roots = Roots(color)
    self.init(lightness: 116 * roots.y - 16, a: 500 * (roots.x - roots.y), b: 200 * (roots.y - roots.z))
  }

  /// The 8-bit sRGB color that is nearest, samples outside their range cut.
  package var color: Color {
    let y = (lightness + 16) / 116
    let (cx, cy, cz) = (Self.cube(y + a / 500) * 0.95047, Self.cube(y), Self.cube(y - b / 200) * 1.08883)
    return Color(
      Self.sample(3.2404813432005266 * cx - 1.5371515162713185 * cy - 0.4985363261688878 * cz),
      Self.sample(-0.9692549499965682 * cx + 1.8759900014898907 * cy + 0.04155592655829284 * cz),
      Self.sample(0.05564663913517716 * cx - 0.20404133836651123 * cy + 1.0573110696453443 * cz))
  }

  /// The 8-bit sRGB color that is nearest where the numbers are those of the light of print (D50), as programs for print have them: the
  /// white is made that of sRGB as by Bradford.
  package var colorOfPrint: Color {
    let y = (lightness + 16) / 116
    let (cx, cy, cz) = (Self.cube(y + a / 500) * 0.96422, Self.cube(y), Self.cube(y - b / 200) * 0.82521)
    return Color(
      Self.sample(3.1338561 * cx - 1.6168667 * cy - 0.4906146 * cz),
      Self.sample(-0.9787684 * cx + 1.9161415 * cy + 0.0334540 * cz),
      Self.sample(0.0719453 * cx - 0.2289914 * cy + 1.4052427 * cz))
  }

  /// The roots of a color's light, which rise with every sample.
  struct Roots {
    let x: Double
    let y: Double
    let z: Double

    init(_ color: Color) {
      let (r, g, b) = (
        LabColor.linear[Int(color.red)], LabColor.linear[Int(color.green)], LabColor.linear[Int(color.blue)]
      )
      x = LabColor.root((0.412453 * r + 0.357580 * g + 0.180423 * b) / 0.95047)
      y = LabColor.root(0.212671 * r + 0.715160 * g + 0.072169 * b)
      z = LabColor.root((0.019334 * r + 0.119193 * g + 0.950227 * b) / 1.08883)
    }
  }

  package func squaredDistance(to other: LabColor) -> Double {
    let (dl, da, db) = (lightness - other.lightness, a - other.a, b - other.b)
    return dl * dl + da * da + db * db
  }

  /// The linear light of each 8-bit sample.
  static let linear: [Double] = (0...255).map { sample in
    let value = Double(sample) / 255
    return value > 0.04045 ? pow((value + 0.055) / 1.055, 2.4) : value / 12.92
  }

  fileprivate static func root(_ value: Double) -> Double {
    value > 0.008856 ? cbrt(value) : 7.787 * value + 16.0 / 116
  }

  private static func cube(_ root: Double) -> Double {
    root > 0.2068966 ? root * root * root : (root - 16.0 / 116) / 7.787
  }

  /// The 8-bit sample of a linear light.
  private static func sample(_ light: Double) -> UInt8 {
    let value = light > 0.0031308 ? 1.055 * pow(light, 1 / 2.4) - 0.055 : 12.92 * light
    return UInt8(min(max((value * 255).rounded(), 0), 255))
  }
}
