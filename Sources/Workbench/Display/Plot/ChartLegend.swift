import Formats

/// The legend of a chart on a page, in columns where one does not find room.
struct ChartLegend {
  private let chart: Chart
  private let entries: [Chart.Series]
  private let names: [String]
  /// The lines of each column.
  private let lines: Int
  /// The width of a column.
  private let column: Double

  private static let sample = 22.0
  private static let lineHeight = 14.0
  private static let gap = 14.0

  /// A legend of at most so many lines below each other, and columns beside each other; it says how many entries find no room.
  init(_ entries: [Chart.Series], _ chart: Chart, lines: Int, width: Double) {
    self.chart = chart
    let names = ChartScene.shortened(entries.map(\.name))
    column = Self.column(names)
    let columns = max(Int((width + Self.gap) / (column + Self.gap)), 1)
    let room = max(lines, 1) * columns
    self.lines = min(max(lines, 1), entries.count)
    self.entries = Array(entries.prefix(entries.count > room ? room - 1 : room))
    let more = entries.count - self.entries.count
    self.names = names.prefix(self.entries.count) + (more > 0 ? ["… \(more) more"] : [])
  }

  private static func column(_ names: [String]) -> Double {
    sample + 6 + (names.map { TextWidth.points($0, size: ChartScene.textSize) }.max() ?? 0)
  }

  /// A legend below panels: as many columns as find room.
  init(below entries: [Chart.Series], _ chart: Chart, width: Double, height: Double) {
    let columns = max(
      Int((width + Self.gap) / (Self.column(ChartScene.shortened(entries.map(\.name))) + Self.gap)), 1)
    let most = Int(height / Self.lineHeight)
    self.init(entries, chart, lines: min((entries.count + columns - 1) / columns, most), width: width)
  }

  /// The lines that find room in a height.
  static func lines(within height: Double) -> Int { Int(height / lineHeight) }

  private var columns: Int { lines > 0 ? (names.count + lines - 1) / lines : 0 }

  /// The width that it takes.
  var width: Double { Double(columns) * (column + Self.gap) - Self.gap }
  /// The height that it takes.
  var height: Double { Double(min(lines, names.count)) * Self.lineHeight }

  /// Draws the lines from a place on.
  func draw(at x: Double, _ y: Double, _ drawing: inout Drawing) {
    for place in names.indices {
      draw(
        place, x + Double(place / lines) * (column + Self.gap), y + Double(place % lines) * Self.lineHeight, &drawing)
    }
  }

  /// Draws the lines on a ground of their own where they hide least of what is drawn: in a corner, at the middle of a side or in the
  /// middle, the first in matplotlib's order of places that are equal.
  func draw(inside frame: Drawing.Frame, over parts: [Drawing.Element], _ drawing: inout Drawing) {
    let (width, height) = (self.width + 10, self.height + 4)
    let (left, top) = (frame.x + 4, frame.y + 4)
    let (right, bottom) = (frame.right - width - 4, frame.bottom - height - 4)
    let (center, middle) = ((left + right) / 2, (top + bottom) / 2)
    let cells = DrawnCells(parts, in: frame)
    let places = [
      (right, top), (left, top), (left, bottom), (right, bottom), (left, middle), (right, middle), (center, bottom),
      (center, top), (center, middle),
    ]
    var box = Drawing.Frame(right, top, width, height)
    var hidden = cells.count(in: box)
    for (x, y) in places where hidden > 0 {
      let other = Drawing.Frame(x, y, width, height)
      let count = cells.count(in: other)
      if count < hidden { (box, hidden) = (other, count) }
    }
    drawing.elements.append(
      .path(
        box.corners, isClosed: true, pen: .init(chart.theme.grid.ink(), width: 0.6),
        fill: chart.theme.background.ink(alpha: 0.85)))
    draw(at: box.x + 5, box.y + 9, &drawing)
  }

  private func draw(_ place: Int, _ x: Double, _ y: Double, _ drawing: inout Drawing) {
    let ink = chart.theme.ink.ink()
    if place < entries.count {
      let series = entries[place]
      let color = ChartColors.color(series.tint, isDark: chart.theme == .dark)
      let width = series.width ?? 1.4
      switch series.mark {
      case .scatter:
        let middle = Drawing.Point(x + Self.sample / 2, y)
        drawing.elements += series.sign.elements([middle], radius: 2.6, fill: color.ink())
      case .bars, .histogram, .box, .area:
        // As they are drawn: boxes and areas with lines around what is light, histograms where several lie above each other.
        let opacity = [.box, .area].contains(series.mark) ? 0.3 : chart.opacity(of: series.mark)
        drawing.elements.append(
          .path(
            Drawing.Frame(x + 4, y - 4, Self.sample - 8, 8).corners, isClosed: true,
            pen: opacity < 0.5 ? .init(color.ink(), width: 1) : nil, fill: color.ink(alpha: opacity)))
      case .line, .heatmap:
        drawing.elements.append(
          .path(
            [.init(x, y), .init(x + Self.sample, y)], isClosed: false,
            pen: .init(color.ink(), width: width + 0.2, dashes: series.dash.lengths(width: width)), fill: nil))
        if let marker = series.marker {
          drawing.elements += marker.elements([.init(x + Self.sample / 2, y)], radius: 2.6, fill: color.ink())
        }
      }
    }
    drawing.elements.append(
      .text(.init(names[place], .init(x + Self.sample + 6, y + 2.8), ink, size: ChartScene.textSize)))
  }
}
