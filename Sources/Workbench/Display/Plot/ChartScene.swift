import Formats
import Safepoint

/// A chart laid out on a page for files.
struct ChartScene {
  /// The page.
  private(set) var drawing: Drawing
  let chart: Chart

  static let textSize = 8.0
  static let smallSize = 7.0
  static let titleSize = 9.5
  private static let margin = 8.0
  /// The most lines of a legend for which a page gets taller.
  private static let legendLines = 40
  /// How many columns a point of the page is worth, at about 300 dpi.
  static let density = 4.0

  var ink: Drawing.Ink { chart.theme.ink.ink() }

  /// Lays a chart out; the same chart gives the same page.
  init(_ chart: Chart) {
    self.chart = chart
    let entries = chart.legend == .none ? [] : chart.legendEntries
    let columns = chart.columnCount
    let rows = max((chart.panels.count + columns - 1) / columns, 1)
    let above = chart.title.isEmpty ? 0 : 18.0
    // A single panel is 4.8 x 3.5 inches with its margins.
    let wide = columns == 1 ? 329.6 : 230.4
    let tall = max(columns == 1 && rows == 1 ? 236.0 : 188, chart.panels.map(Self.heightOfNames).max() ?? 0)
    let room = (
      width: chart.size.map { $0[0] * 72 - 2 * Self.margin } ?? wide * Double(columns),
      height: chart.size.map { $0[1] * 72 - 2 * Self.margin - above } ?? tall * Double(rows)
    )
    var legend: ChartLegend?
    switch chart.legend {
    case .right where !entries.isEmpty:
      // As wide as the panels at most, or half of a page whose size was given; a page of no size gets taller for more than three columns.
      var lines = ChartLegend.lines(within: room.height - 16)
      if chart.size == nil { lines = max(lines, min((entries.count + 2) / 3, Self.legendLines)) }
      legend = ChartLegend(entries, chart, lines: lines, width: room.width * (chart.size == nil ? 1.5 : 0.5))
    case .bottom where !entries.isEmpty:
      legend = ChartLegend(
        below: entries, chart, width: room.width - 20, height: chart.size == nil ? 600 : room.height / 2)
    default: break
    }
    let beside = chart.legend == .right ? legend.map { $0.width + 10 } ?? 0 : 0
    let below = chart.legend == .bottom ? legend.map { $0.height + 6 } ?? 0 : 0
    let width = chart.size.map { $0[0] * 72 } ?? (room.width + beside + 2 * Self.margin)
    let high = chart.legend == .right ? max(room.height, (legend?.height ?? 0) + 16) : room.height
    let height = chart.size.map { $0[1] * 72 } ?? (high + below + above + 2 * Self.margin)
    drawing = Drawing(width: width, height: height, background: chart.theme.background.ink())
    if !chart.title.isEmpty {
      let title = Self.elided(chart.title, Self.titleSize + 1, within: width - beside - 4, isBold: true)
      write(title, Drawing.Point((width - beside) / 2, Self.margin + 9), .middle, Self.titleSize + 1, isBold: true)
    }
    let area = Drawing.Frame(
      Self.margin, Self.margin + above, max(width - 2 * Self.margin - beside, 20),
      max(height - 2 * Self.margin - above - below, 20))
    // All panels are equally large, with a gap between them.
    let gap = 6.0
    let (cellWidth, cellHeight) = (
      (area.width - gap * Double(columns - 1)) / Double(columns), (area.height - gap * Double(rows - 1)) / Double(rows)
    )
    for (place, panel) in chart.panels.enumerated() {
      if Safepoint.mustStop(after: 1 << 16) { return }
      let cell = Drawing.Frame(
        area.x + Double(place % columns) * (cellWidth + gap), area.y + Double(place / columns) * (cellHeight + gap),
        max(cellWidth, 10), max(cellHeight, 10))
      let (frame, parts) = draw(panel, in: cell)
      let inside = chart.legend == .inside ? chart.legendEntries(inside: place) : []
      if !inside.isEmpty {
        ChartLegend(
          inside, chart, lines: ChartLegend.lines(within: frame.height - 12), width: max(frame.width - 24, 20)
        ).draw(inside: frame, over: parts, &drawing)
      }
    }
    if chart.legend == .right { legend?.draw(at: area.right + 12, area.y + 16, &drawing) }
    if chart.legend == .bottom { legend?.draw(at: area.x + 20, area.bottom + 11, &drawing) }
  }

  /// What names below each other need, with a bar of each series.
  private static func heightOfNames(_ panel: Chart.Panel) -> Double {
    guard panel.isHorizontal else { return 0 }
    let beside = panel.series.count { $0.mark == .bars && $0.base.isEmpty }
    return min(46 + Double(panel.x.names.count) * max(13, 4 + 5 * Double(beside)), 2000)
  }

  mutating func add(_ element: Drawing.Element) { drawing.elements.append(element) }

  mutating func write(
    _ text: String, _ place: Drawing.Point, _ anchor: Drawing.Anchor = .start, _ size: Double = ChartScene.textSize,
    isBold: Bool = false, isUpright: Bool = false, ink: Drawing.Ink? = nil
  ) {
    guard !text.isEmpty else { return }
    add(
      .text(
        Drawing.Text(
          text, place, ink ?? self.ink, anchor: anchor, size: size, isBold: isBold, isUpright: isUpright)))
  }

  /// Draws a panel and gives the rectangle between its axes with what is drawn there.
  private mutating func draw(
    _ panel: Chart.Panel, in cell: Drawing.Frame
  ) -> (frame: Drawing.Frame, parts: [Drawing.Element]) {
    if let heat = panel.heat { return (draw(heat, of: panel, in: cell), []) }
    guard let scales = panel.scales(margin: 0.04) else {
      title(panel, over: cell)
      write("nothing to plot", Drawing.Point(cell.x + cell.width / 2, cell.y + cell.height / 2), .middle)
      return (cell, [])
    }
    let frame = addAxes(panel, scales, in: cell)
    let mapping = ChartMapping(panel, scales, in: frame, density: Self.density)
    var parts: [Drawing.Element] = []
    // Lines across lie above what is filled and below lines and points.
    for isFilled in [true, false] {
      for place in panel.layers where panel.series[place].mark.isFilled == isFilled {
        if Safepoint.mustStop(after: 1 << 16) { break }
        parts += elements(panel.series[place], place, panel, mapping.of(panel.series[place]))
      }
      // Bars that stand on others do not hide the error bars of those.
      for series in panel.series where isFilled && series.mark == .bars {
        parts += whiskers(series, ChartColors.color(series.tint, isDark: chart.theme == .dark), mapping.of(series))
      }
      if isFilled { parts += rules(panel, mapping) }
    }
    add(.clipped(parts, frame))
    write(panel.labels, mapping)
    outline(frame)
    if panel.right != nil {
      line(.init(frame.right, frame.y), .init(frame.right, frame.bottom), .init(ink, width: 0.8))
    }
    return (frame, parts)
  }

  mutating func title(_ panel: Chart.Panel, over frame: Drawing.Frame) {
    let text = Self.elided(panel.title, Self.titleSize, within: max(frame.width, 60) + 20)
    write(text, Drawing.Point(frame.x + frame.width / 2, frame.y - 5), .middle, Self.titleSize)
  }

  /// The left and lower edge of a panel, above what it holds.
  private mutating func outline(_ frame: Drawing.Frame) {
    let corners = frame.corners
    add(.path([corners[0], corners[3], corners[2]], isClosed: false, pen: .init(ink, width: 0.8), fill: nil))
  }

  /// Writes texts beside their places, to the left of those where there is no room to the right.
  private mutating func write(_ labels: [Chart.Label], _ mapping: ChartMapping) {
    for label in labels {
      guard (0...1).contains(mapping.x.share(label.x)), (0...1).contains(mapping.y.share(label.y)),
        let point = mapping.point(label.x, label.y)
      else { continue }
      let text = Self.elided(label.text, Self.textSize, within: mapping.frame.width)
      let isLeft = point.x + 3 + TextWidth.points(text, size: Self.textSize) > mapping.frame.right
      let above = max(point.y - 3, mapping.frame.y + Self.textSize)
      write(text, Drawing.Point(point.x + (isLeft ? -3 : 3), above), isLeft ? .end : .start)
    }
  }

  private func rules(_ panel: Chart.Panel, _ mapping: ChartMapping) -> [Drawing.Element] {
    let pen = Drawing.Pen(chart.theme.ink.ink(alpha: 0.7), width: 0.8, dashes: [3, 2])
    let frame = mapping.frame
    var parts: [Drawing.Element] = []
    func add(_ isLevel: Bool, _ point: Drawing.Point) {
      let line: [Drawing.Point] =
        isLevel
        ? [.init(frame.x, point.y), .init(frame.right, point.y)]
        : [.init(point.x, frame.y), .init(point.x, frame.bottom)]
      parts.append(.path(line, isClosed: false, pen: pen, fill: nil))
    }
    for place in panel.verticals {
      guard let point = mapping.point(place, mapping.y.low) else { continue }
      add(mapping.isHorizontal, point)
    }
    for height in panel.horizontals {
      guard let point = mapping.point(mapping.x.low, height) else { continue }
      add(!mapping.isHorizontal, point)
    }
    return parts
  }
}
