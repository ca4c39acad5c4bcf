import PixelScript
import Safepoint

/// What a plot shows: series of points, and how to draw them.
public struct PlotData: Sendable, Equatable {
  /// A point of a series; a coordinate that is not finite makes a gap.
  public struct Point: Sendable, Equatable {
    /// Its place along the horizontal axis.
    public let x: Double
    /// Its height.
    public let y: Double

    /// Creates a point.
    public init(_ x: Double, _ y: Double) { (self.x, self.y) = (x, y) }

    /// True when both coordinates are numbers that can be drawn.
    var isFinite: Bool { x.isFinite && y.isFinite }
  }

  /// Points that belong together.
  public struct Series: Sendable, Equatable {
    /// What the legend calls it; empty for nothing.
    public let name: String
    /// The points in the order in which a line joins them.
    public let points: [Point]

    /// Creates a series.
    public init(_ name: String, _ points: [Point]) { (self.name, self.points) = (name, points) }
  }

  /// How points are drawn.
  public enum Kind: String, Sendable, ScriptChoice {
    /// Joined by lines.
    case line
    /// Each on its own.
    case points
    /// As bars from 0.
    case bars
  }

  /// What to write above.
  public var title: String
  /// What the horizontal axis shows.
  public var xLabel: String
  /// How points are drawn.
  public var kind: Kind
  /// The series in the order of the legend.
  public var series: [Series]

  /// Creates what a plot shows.
  public init(title: String = "", xLabel: String = "", kind: Kind = .line, series: [Series]) {
    self.title = title
    self.xLabel = xLabel
    self.kind = kind
    self.series = series
  }

  /// The axes that hold all finite points, or nil without any.
  var axes: (x: PlotAxis, y: PlotAxis)? {
    var (left, right, low, high) = (Double.infinity, -Double.infinity, Double.infinity, -Double.infinity)
    var isWhole = true
    for series in series {
      for point in series.points {
        if Safepoint.mustStop(after: 4) { break }
        guard point.isFinite else { continue }
        (left, right) = (min(left, point.x), max(right, point.x))
        (low, high) = (min(low, point.y), max(high, point.y))
        isWhole = isWhole && point.x == point.x.rounded()
      }
    }
    guard left <= right else { return nil }
    if kind == .bars { (low, high) = (min(low, 0), max(high, 0)) }
    return (PlotAxis(left, right, isWhole: isWhole), PlotAxis(low, high))
  }

  /// The runs of neighboring finite points of each series.
  static func runs(of series: Series) -> [ArraySlice<Point>] {
    let points = series.points
    var runs: [ArraySlice<Point>] = []
    var first: Int?
    for place in points.indices {
      if Safepoint.mustStop(after: 4) { return [] }
      if points[place].isFinite {
        first = first ?? place
      } else if let start = first {
        runs.append(points[start..<place])
        first = nil
      }
    }
    if let first { runs.append(points[first...]) }
    return runs
  }
}
