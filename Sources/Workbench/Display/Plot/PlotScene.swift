import Safepoint

/// A plot as shapes on a white page, for files.
struct PlotScene {
  /// A place on the page in pixels, from the upper left.
  struct Place: Equatable {
    let x, y: Double
    init(_ x: Double, _ y: Double) { (self.x, self.y) = (x, y) }
  }

  /// Which point of a text stands at its place.
  enum Anchor: String {
    case start, middle, end
  }

  enum Shape {
    case line([Place], ColorCode, width: Double)
    case disc(Place, ColorCode, radius: Double)
    /// The baseline of the text is at the place.
    case text(String, Place, Anchor)
  }

  static let width = 640
  static let height = 400
  private(set) var shapes: [Shape] = []

  private let frame: (left: Double, right: Double, top: Double, bottom: Double) = (70, 620, 40, 345)
  private static let ink = ColorCode(40, 40, 40)
  private static let grid = ColorCode(225, 225, 225)

  /// Lays a plot out; without a finite point only the title is left.
  init(_ data: PlotData) {
    shapes.append(.text(data.title, Place((frame.left + frame.right) / 2, 24), .middle))
    guard let (x, y) = data.axes else {
      shapes.append(.text("nothing to plot", Place(Double(Self.width) / 2, Double(Self.height) / 2), .middle))
      return
    }
    addAxes(x, y, data.xLabel)
    func place(_ point: PlotData.Point) -> Place {
      Place(
        frame.left + x.share(point.x) * (frame.right - frame.left),
        frame.bottom - y.share(point.y) * (frame.bottom - frame.top))
    }
    for (index, series) in data.series.enumerated() {
      let color = PlotView.color(index)
      for run in PlotData.runs(of: series) {
        let isLine = data.kind == .line && run.count > 1
        var line: [Place] = []
        for point in run {
          if Safepoint.mustStop(after: 100) { break }
          if isLine {
            line.append(place(point))
          } else if data.kind == .bars {
            shapes.append(.line([place(.init(point.x, 0)), place(point)], color, width: 6))
          } else {
            shapes.append(.disc(place(point), color, radius: 3))
          }
        }
        if line.count > 1 { shapes.append(.line(line, color, width: 2)) }
      }
    }
    addLegend(data.series)
  }

  private mutating func addAxes(_ x: PlotAxis, _ y: PlotAxis, _ label: String) {
    for tick in y.ticks(6) {
      let height = frame.bottom - y.share(tick.value) * (frame.bottom - frame.top)
      shapes.append(.line([Place(frame.left, height), Place(frame.right, height)], Self.grid, width: 1))
      shapes.append(.text(tick.label, Place(frame.left - 8, height + 4), .end))
    }
    for tick in x.ticks(8) {
      let column = frame.left + x.share(tick.value) * (frame.right - frame.left)
      shapes.append(.line([Place(column, frame.bottom), Place(column, frame.bottom + 5)], Self.ink, width: 1))
      shapes.append(.text(tick.label, Place(column, frame.bottom + 20), .middle))
    }
    let corner = Place(frame.left, frame.bottom)
    shapes.append(.line([Place(frame.left, frame.top), corner, Place(frame.right, frame.bottom)], Self.ink, width: 1))
    shapes.append(.text(label, Place((frame.left + frame.right) / 2, frame.bottom + 40), .middle))
  }

  private mutating func addLegend(_ series: [PlotData.Series]) {
    var height = frame.top + 8
    for (index, one) in series.enumerated() where !one.name.isEmpty {
      shapes.append(
        .line([Place(frame.right - 22, height), Place(frame.right - 4, height)], PlotView.color(index), width: 3))
      shapes.append(.text(one.name, Place(frame.right - 28, height + 4), .end))
      height += 18
    }
  }
}
