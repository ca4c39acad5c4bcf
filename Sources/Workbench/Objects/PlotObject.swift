import Formats
import PixelScript
import Safepoint

/// A plot in a script.
public final class PlotObject {
  /// What it shows.
  public let chart: Chart

  /// Wraps what a plot shows.
  public init(_ chart: Chart) { self.chart = chart }
}

extension PlotObject: ScriptObject {
  /// "plot".
  public static let scriptName = "plot"
  /// The number of panels, series and points.
  public var displayText: String {
    let series = chart.panels.flatMap(\.series)
    let points = series.reduce(0) { $0 + ($1.boxes.isEmpty ? $1.count : $1.boxes.count) }
    let cells = chart.panels.compactMap(\.heat).map { "\($0.rows)x\($0.columns) cells" }
    let parts = (series.isEmpty && !cells.isEmpty ? [] : ["\(series.count) series", "\(points) points"]) + cells
    let panels = chart.panels.count > 1 ? "\(chart.panels.count) panels, " : ""
    return "plot of \(panels)\(parts.joined(separator: ", "))"
  }
  /// Eight bytes a number.
  public var memoryCost: Int { chart.cost }
  /// True when both show the same.
  public func isEqual(to other: any ScriptObject) -> Bool { (other as? PlotObject)?.chart == chart }
}

extension PlotObject: Showable {
  /// Plots are.
  public var isShownInPassing: Bool { true }
  /// The plot.
  public func rendering() -> Rendering { .plot(chart) }
}

extension PlotObject: Savable {
  /// Plots are saved as SVG, PNG and PDF.
  public static let fileEndings = ["svg", "png", "pdf"]

  /// Writes the plot.
  public func save(to path: String, ending: String) throws {
    let drawing = ChartScene(chart).drawing
    try Safepoint.check()
    switch ending {
    case "png":
      let picture = try drawing.picture(dotsPerInch: chart.dotsPerInch)
      try AtomicFile.write(try PNG.encode(picture, dotsPerInch: chart.dotsPerInch), to: path)
    case "pdf": try AtomicFile.write(try drawing.pdf(), to: path)
    default: try AtomicFile.write(try drawing.svg(), to: path)
    }
  }
}
