import Safepoint
import Tensors

/// Colors gathered into clusters of similar ones by k-means in CIE Lab (Lloyd 1982, started as by Arthur and
/// Vassilvitskii 2007); the same colors, counts and seed give the same clusters.
package struct ColorClusters {
  /// The color in the middle of each cluster.
  package private(set) var centers: [Color] = []
  /// The cluster of each color.
  package private(set) var places: [Int]

  /// The colors in CIE Lab, in steps of 1 / 64 that single precision holds exactly, the same on any machine.
  private let points: [SIMD4<Float>]
  private let weights: [Double]
  private var middles = NearestLab([])

  /// Gathers different colors, each with how often it occurs, into at most `count` clusters.
  ///
  /// No more colors than clusters stay as they are.
  package init(_ colors: [(color: Color, count: Int)], count: Int, seed: UInt64) {
    precondition(count > 0, "\(count) clusters")
    places = Array(colors.indices)
    points = colors.map { Self.point(LabColor($0.color)) }
    weights = colors.map { Double($0.count) }
    guard colors.count > count else {
      centers = colors.map(\.color)
      return
    }
    places = [Int](repeating: -1, count: colors.count)
    middles = NearestLab(chosenMiddles(count, seed))
    // Colors settle within some tens of rounds; what changes later is not visible.
    for _ in 0..<Self.rounds where assign(count) { moveMiddles(count) }
    centers = (0..<count).map { cluster in
      let middle = middles[cluster]
      return LabColor(lightness: Double(middle.x), a: Double(middle.y), b: Double(middle.z)).color
    }
  }

  private static let rounds = 24

  private static func point(_ color: LabColor) -> SIMD4<Float> {
    (SIMD4(Float(color.lightness), Float(color.a), Float(color.b), 0) * 64).rounded(.toNearestOrEven) / 64
  }

  /// Colors of which each is likely far from those before.
  private func chosenMiddles(_ count: Int, _ seed: UInt64) -> [SIMD4<Float>] {
    var random = Random(seed: seed, stream: "k-means")
    var chosen: [SIMD4<Float>] = []
    var shares = weights
    var distances = [Float](repeating: .infinity, count: points.count)
    for _ in 0..<count {
      if Safepoint.mustStop(after: 4 * points.count) { return Array(points.prefix(count)) }
      var rest = random.unit() * shares.reduce(0, +)
      let place = shares.firstIndex { share in
        rest -= share
        return rest < 0
      }
      // Rounding may leave a rest after the last.
      let middle = points[place ?? shares.lastIndex { $0 > 0 } ?? 0]
      chosen.append(middle)
      for place in points.indices {
        let step = points[place] - middle
        distances[place] = min(distances[place], (step * step).sum())
        shares[place] = weights[place] * Double(distances[place])
      }
    }
    return chosen
  }

  /// Gives each color to the nearest middle; false when all stay.
  private mutating func assign(_ count: Int) -> Bool {
    var isChanged = false
    for place in points.indices {
      if Safepoint.mustStop(after: 8 + count) {
        places = places.map { max($0, 0) }
        return false
      }
      let best = middles.nearest(to: points[place]).place
      if places[place] != best {
        places[place] = best
        isChanged = true
      }
    }
    return isChanged
  }

  /// Moves each middle to the mean of its colors; one without colors stays.
  private mutating func moveMiddles(_ count: Int) {
    var sums = [SIMD4<Double>](repeating: .zero, count: count)
    for (place, cluster) in places.enumerated() {
      var point = SIMD4<Double>(points[place])
      point.w = 1
      sums[cluster] += weights[place] * point
    }
    for (cluster, sum) in sums.enumerated() where sum.w > 0 {
      middles[cluster] = Self.point(LabColor(lightness: sum.x / sum.w, a: sum.y / sum.w, b: sum.z / sum.w))
    }
  }
}
