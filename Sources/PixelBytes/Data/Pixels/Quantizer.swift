import Formats
import Safepoint

/// Finds the nearest palette color of pixel after pixel.
///
/// The answers are those of `Palette.nearest(to:)`, ties included: single precision decides where the nearest color is nearer
/// than the next by more than its error, else the palette is asked.
struct Quantizer {
  private let palette: Palette
  private let nearest: NearestLab
  private let light = SampleLight()
  /// The colors met last, by a hash of their samples, since sprites use few.
  private var keys = [UInt32](repeating: .max, count: 1024)
  private var answers = [UInt8](repeating: 0, count: 1024)

  init(_ palette: Palette) {
    self.palette = palette
    nearest = NearestLab(palette.lab.map { SIMD4(Float($0.lightness), Float($0.a), Float($0.b), 0) })
  }

  /// The palette indices of a run of a picture's pixels, their alpha merged with white.
  mutating func indices(of image: RasterImage, _ pixels: Range<Int>) -> [UInt8] {
    var indices = [UInt8](repeating: 0, count: pixels.count)
    for (place, pixel) in pixels.enumerated() {
      if place & 0x3FF == 0, Safepoint.mustStop(after: 1 << 18) { break }
      let alpha = image.rgba[4 * pixel + 3]
      let red = mergedSample(image.rgba[4 * pixel], alpha)
      let green = mergedSample(image.rgba[4 * pixel + 1], alpha)
      let blue = mergedSample(image.rgba[4 * pixel + 2], alpha)
      let key = UInt32(red) << 16 | UInt32(green) << 8 | UInt32(blue)
      let slot = Int((key &* 0x9E37_79B1) >> 22)
      if keys[slot] != key {
        keys[slot] = key
        answers[slot] = index(of: Color(red, green, blue))
      }
      indices[place] = answers[slot]
    }
    return indices
  }

  private func index(of color: Color) -> UInt8 {
    let (place, distance, next) = nearest.nearest(to: light.lab(of: color))
    // Both colors are off by less than 0.001 on every axis.
    return next - distance > 0.01 * next.squareRoot() + 0.001 ? UInt8(place) : palette.nearest(to: color)
  }
}

/// The light of 8-bit samples and its way to CIE Lab in single precision.
private struct SampleLight {
  /// What each value of a sample adds to x, y and z, the last element 0.
  private let red: [SIMD4<Float>]
  private let green: [SIMD4<Float>]
  private let blue: [SIMD4<Float>]

  init() {
    func table(_ x: Double, _ y: Double, _ z: Double) -> [SIMD4<Float>] {
      LabColor.linear.map { SIMD4(Float(x * $0 / 0.95047), Float(y * $0), Float(z * $0 / 1.08883), 0) }
    }
    red = table(0.412453, 0.212671, 0.019334)
    green = table(0.357580, 0.715160, 0.119193)
    blue = table(0.180423, 0.072169, 0.950227)
  }

  func lab(of color: Color) -> SIMD4<Float> {
    let light = red[Int(color.red)] + green[Int(color.green)] + blue[Int(color.blue)]
    let root = roots(light)
    return SIMD4(116 * root.y - 16, 500 * (root.x - root.y), 200 * (root.y - root.z), 0)
  }

  /// The cube roots of light, the line that CIE Lab has in their place near black included.
  @inline(__always) private func roots(_ light: SIMD4<Float>) -> SIMD4<Float> {
    // A third of the exponent, then two steps of Halley's method, which triple the number of right digits.
    var root = SIMD4(
      start(light.x), start(light.y), start(light.z), 1)
    for _ in 0..<2 {
      let cube = root * root * root
      root *= (cube + light + light) / (cube + cube + light)
    }
    return root.replacing(with: light * 7.787 + 16.0 / 116, where: light .<= 0.008856)
  }

  private func start(_ light: Float) -> Float { Float(bitPattern: light.bitPattern / 3 + 0x2A51_37A0) }
}
