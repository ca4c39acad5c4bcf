/// A list of colors in CIE Lab in which the nearest to another is found eight at a time, in single precision.
struct NearestLab {
  private var lightness: [SIMD8<Float>]
  private var a: [SIMD8<Float>]
  private var b: [SIMD8<Float>]

  /// What stands in places of no color: too far away to be the nearest.
  private static let nowhere: Float = 1e6

  /// Lists colors of lightness, a and b; the fourth element is not read.
  init(_ colors: [SIMD4<Float>]) {
    let blocks = (colors.count + 7) / 8
    lightness = Array(repeating: SIMD8(repeating: Self.nowhere), count: blocks)
    (a, b) = (lightness, lightness)
    for (place, color) in colors.enumerated() { self[place] = color }
  }

  subscript(place: Int) -> SIMD4<Float> {
    get { SIMD4(lightness[place / 8][place % 8], a[place / 8][place % 8], b[place / 8][place % 8], 0) }
    set {
      lightness[place / 8][place % 8] = newValue.x
      a[place / 8][place % 8] = newValue.y
      b[place / 8][place % 8] = newValue.z
    }
  }

  /// The place of the nearest color, the first one on ties, and the squared distances to it and to the next.
  func nearest(to color: SIMD4<Float>) -> (place: Int, distance: Float, next: Float) {
    let (x, y, z) = (SIMD8(repeating: color.x), SIMD8(repeating: color.y), SIMD8(repeating: color.z))
    var best = SIMD8<Float>(repeating: .infinity)
    var next = best
    var blocks = SIMD8<Int32>.zero
    for block in lightness.indices {
      let (dl, da, db) = (lightness[block] - x, a[block] - y, b[block] - z)
      let distance = dl * dl + da * da + db * db
      let isNearer = distance .< best
      let farther = distance.replacing(with: best, where: isNearer)
      next.replace(with: farther, where: farther .< next)
      best.replace(with: distance, where: isNearer)
      blocks.replace(with: Int32(truncatingIfNeeded: block), where: isNearer)
    }
    var (place, distance, other) = (8 * Int(blocks[0]), best[0], next[0])
    for lane in 1..<8 {
      let candidate = 8 * Int(blocks[lane]) + lane
      if best[lane] < distance || best[lane] == distance && candidate < place {
        (place, distance, other) = (candidate, best[lane], min(other, distance, next[lane]))
      } else {
        other = min(other, best[lane])
      }
    }
    return (place, distance, other)
  }
}
