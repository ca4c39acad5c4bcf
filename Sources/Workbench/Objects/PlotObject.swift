import Formats
import PixelScript

/// A plot in a script.
public final class PlotObject {
  /// What it shows.
  public let data: PlotData

  /// Wraps what a plot shows.
  public init(_ data: PlotData) { self.data = data }
}

extension PlotObject: ScriptObject {
  /// "plot".
  public static let scriptName = "plot"
  /// The number of series and points.
  public var displayText: String {
    let points = data.series.reduce(0) { $0 + $1.points.count }
    return "plot of \(data.series.count) series, \(points) points"
  }
  /// Sixteen bytes a point.
  public var memoryCost: Int { data.series.reduce(128) { $0 + 64 + 16 * $1.points.count } }
  /// True when both show the same.
  public func isEqual(to other: any ScriptObject) -> Bool { (other as? PlotObject)?.data == data }
}

extension PlotObject: Showable {
  /// The plot.
  public func rendering() -> Rendering { .plot(data) }
}

extension PlotObject: Savable {
  /// Plots are saved as SVG and PNG.
  public static let fileEndings = ["svg", "png"]

  /// Writes the plot.
  public func save(to path: String, ending: String) throws {
    let scene = PlotScene(data)
    if ending == "png" { try PNG.write(scene.picture, to: path) } else { try AtomicFile.write(scene.svg, to: path) }
  }
}
