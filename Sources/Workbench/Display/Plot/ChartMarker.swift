import Formats
import PixelScript

/// The sign of the points of a series: a disc, and others where the points of several series differ in more than color.
enum ChartMarker: String, Sendable, Codable {
  case disc, square, triangle, diamond, cross, plus

  /// The sign in the place of a dash, which points do not have.
  init(_ dash: Chart.Dash) {
    switch dash {
    case .solid: self = .disc
    case .dashed: self = .square
    case .dotted: self = .triangle
    case .dashdot: self = .diamond
    }
  }

  /// The corners around 0, 0 of a sign as large as a disc of radius 1; none of the disc.
  var corners: [Drawing.Point] {
    switch self {
    case .disc: []
    case .square: [(-0.89, -0.89), (0.89, -0.89), (0.89, 0.89), (-0.89, 0.89)].map { Drawing.Point($0.0, $0.1) }
    case .triangle: [(0, -1.5), (1.3, 0.78), (-1.3, 0.78)].map { Drawing.Point($0.0, $0.1) }
    case .diamond: [(0, -1.35), (1.15, 0), (0, 1.35), (-1.15, 0)].map { Drawing.Point($0.0, $0.1) }
    case .plus: Self.arms.map { Drawing.Point($0.0, $0.1) }
    // The same turned by an eighth.
    case .cross: Self.arms.map { Drawing.Point(($0.0 - $0.1) * 0.7071, ($0.0 + $0.1) * 0.7071) }
    }
  }

  /// Half of the length and of the width of the arms of a plus.
  private static let (reach, half) = (1.5, 0.3)
  private static let arms = [
    (half, -half), (half, -reach), (-half, -reach), (-half, -half), (-reach, -half), (-reach, half), (-half, half),
    (-half, reach), (half, reach), (half, half), (reach, half), (reach, -half),
  ]

  /// The signs at some points.
  func elements(_ points: [Drawing.Point], radius: Double, fill: Drawing.Ink) -> [Drawing.Element] {
    guard self != .disc else { return [.discs(points, radius: radius, pen: nil, fill: fill)] }
    let corners = corners
    return points.map { point in
      let outline = corners.map { Drawing.Point(point.x + radius * $0.x, point.y + radius * $0.y) }
      return .path(outline, isClosed: true, pen: nil, fill: fill)
    }
  }

  /// How much of a pixel at a distance from the middle of a sign with a radius is covered.
  func cover(_ x: Double, _ y: Double, radius: Double) -> Double {
    let corners = corners
    guard !corners.isEmpty else { return min(max(radius - (x * x + y * y).squareRoot() + 0.5, 0), 1) }
    if self == .plus || self == .cross {
      let turned = self == .plus ? (x, y) : ((x + y) * 0.7071, (y - x) * 0.7071)
      let (long, short) = (max(abs(turned.0), abs(turned.1)), min(abs(turned.0), abs(turned.1)))
      return min(max(radius * Self.reach - long + 0.5, 0), 1) * min(max(radius * Self.half - short + 0.5, 0), 1)
    }
    // The least distance to the inside of an edge.
    var inside = Double.infinity
    for (place, from) in corners.enumerated() {
      let to = corners[(place + 1) % corners.count]
      let (dx, dy) = (to.x - from.x, to.y - from.y)
      let distance = (dx * (y - radius * from.y) - dy * (x - radius * from.x)) / (dx * dx + dy * dy).squareRoot()
      inside = min(inside, distance)
    }
    return min(max(inside + 0.5, 0), 1)
  }
}

extension ChartMarker: SpelledChoice {
  /// The letters that matplotlib has for them.
  private static let letters: [String: ChartMarker] = [
    "o": .disc, "s": .square, "^": .triangle, "D": .diamond, "d": .diamond, "x": .cross, "+": .plus,
  ]

  /// A sign by its name or its letter.
  static func convert(_ value: Value) -> ChartMarker? {
    guard case .string(let name) = value else { return nil }
    return ChartMarker(rawValue: name) ?? letters[name]
  }
}
