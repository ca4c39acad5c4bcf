import Formats

extension ChartScene {
  /// A tick of an axis: its share of the length and what stands there.
  struct Mark {
    let share: Double
    let label: String
  }

  /// Draws axes, ticks and labels in a cell of the page; gives the rectangle between the axes.
  mutating func addAxes(_ panel: Chart.Panel, _ scales: Chart.Panel.Scales, in cell: Drawing.Frame) -> Drawing.Frame {
    let rows = max(Int(cell.height / 38), 2)
    let up = Self.marks(panel.y, scales.y, rows)
    let labels = up.map { TextWidth.points($0.label, size: Self.textSize) }.max() ?? 0
    let left = cell.x + (panel.y.label.isEmpty ? 0 : 14) + labels + 8
    let width = max(cell.right - left - 8, 10)
    let across = Self.marks(panel.x, scales.x, max(Int(width / 36), 1))
    let widest = across.map { TextWidth.points($0.label, size: Self.textSize) }.max() ?? 0
    // Names that would run into each other are written upright.
    let isUpright = !panel.x.names.isEmpty && widest + 6 > width / Double(max(across.count, 1))
    let names = isUpright ? min(widest, cell.height * 0.4) + 8 : 16
    let note = scales.dropped > 0 ? 10.0 : 0
    let top = cell.y + (panel.title.isEmpty ? 4 : 16)
    let bottom = cell.bottom - names - (panel.x.label.isEmpty ? 0 : 13) - note
    let frame = Drawing.Frame(left, top, width, max(bottom - top, 10))
    title(panel, over: frame)
    let gridPen = Drawing.Pen(
      chart.theme.grid.ink(), width: 0.6, dashes: chart.grid == .dashed ? [2.5, 2] : [])
    let tickPen = Drawing.Pen(ink, width: 0.8)
    for mark in up {
      let y = frame.bottom - mark.share * frame.height
      if chart.grid != .none { line(.init(frame.x, y), .init(frame.right, y), gridPen) }
      line(.init(frame.x - 3, y), .init(frame.x, y), tickPen)
      write(mark.label, .init(frame.x - 5, y + 3), .end)
    }
    for mark in across {
      let x = frame.x + mark.share * frame.width
      if chart.grid != .none, panel.x.names.isEmpty { line(.init(x, frame.y), .init(x, frame.bottom), gridPen) }
      line(.init(x, frame.bottom), .init(x, frame.bottom + 3), tickPen)
      if isUpright {
        write(Self.fitted(mark.label, names - 8), .init(x + 3, frame.bottom + 6), .end, isUpright: true)
      } else {
        write(mark.label, .init(x, frame.bottom + 12), .middle)
      }
    }
    write(panel.x.label, .init(frame.x + frame.width / 2, cell.bottom - note - 2), .middle)
    write(panel.y.label, .init(cell.x + 8, frame.y + frame.height / 2), .middle, isUpright: true)
    if note > 0 { write(ChartScene.note(scales.dropped), .init(frame.x, cell.bottom - 1), .start, Self.smallSize) }
    return frame
  }

  /// What is said of numbers without a place on a logarithmic axis.
  static func note(_ dropped: Int) -> String {
    "\(dropped) value\(dropped == 1 ? "" : "s") of 0 or below not shown on the logarithmic axis"
  }

  private mutating func line(_ from: Drawing.Point, _ to: Drawing.Point, _ pen: Drawing.Pen) {
    add(.path([from, to], isClosed: false, pen: pen, fill: nil))
  }

  /// The ticks of an axis, or its names; of many names every so many.
  static func marks(_ axis: Chart.Axis, _ scale: ChartScale, _ count: Int) -> [Mark] {
    guard axis.names.isEmpty else {
      let step = max(axis.names.count / 60, 1)
      return stride(from: 0, to: axis.names.count, by: step).map {
        Mark(share: scale.share(Double($0)), label: shortened(axis.names[$0]))
      }
      .filter { (0...1).contains($0.share) }
    }
    let digits = ["⁰", "¹", "²", "³", "⁴", "⁵", "⁶", "⁷", "⁸", "⁹"]
    return scale.ticks(count).map { tick in
      let label = tick.exponent.map { exponent in
        "10" + (exponent < 0 ? "⁻" : "")
          + String(abs(exponent)).compactMap { $0.wholeNumberValue.map { digits[$0] } }.joined()
      }
      return Mark(share: scale.share(tick.value), label: label ?? tick.label.replacing("-", with: "−"))
    }
  }

  /// A name cut to a width.
  static func fitted(_ name: String, _ room: Double) -> String {
    let width = TextWidth.points(name, size: textSize)
    guard width > room + 0.5 else { return name }
    return name.prefix(max(Int(Double(name.count) * room / width) - 1, 1)) + "…"
  }

  /// A name that leaves room for the plot.
  static func shortened(_ name: String) -> String { name.count > 28 ? name.prefix(27) + "…" : name }
}

/// The legend of a chart on a page.
struct ChartLegend {
  private let entries: [Chart.Series]
  private let chart: Chart
  private let names: [String]
  /// The width of its longest line.
  let width: Double

  private static let sample = 22.0
  private static let lineHeight = 14.0

  init(_ entries: [Chart.Series], _ chart: Chart) {
    // A page has no room for more.
    let most = 40
    self.entries = Array(entries.prefix(most))
    self.chart = chart
    names =
      self.entries.map { ChartScene.shortened($0.name) }
      + (entries.count > most ? ["… \(entries.count - most) more"] : [])
    width = Self.sample + 6 + (names.map { TextWidth.points($0, size: ChartScene.textSize) }.max() ?? 0)
  }

  private func columns(_ room: Double) -> Int { max(Int(room / (width + 14)), 1) }

  /// The height that it takes below the panels.
  func height(within room: Double) -> Double {
    Double((names.count + columns(room) - 1) / columns(room)) * Self.lineHeight
  }

  /// Draws the lines below each other.
  func draw(beside x: Double, _ y: Double, _ drawing: inout Drawing) {
    for place in names.indices { draw(place, x, y + Double(place) * Self.lineHeight, &drawing) }
  }

  /// Draws as many lines side by side as find room.
  func draw(below area: Drawing.Frame, _ y: Double, _ room: Double, _ drawing: inout Drawing) {
    let columns = columns(room)
    for place in names.indices {
      draw(
        place, area.x + 20 + Double(place % columns) * (width + 14),
        y + Double(place / columns) * Self.lineHeight + 5, &drawing)
    }
  }

  /// Draws the lines on a ground of their own in the upper right corner.
  func draw(inside frame: Drawing.Frame, _ drawing: inout Drawing) {
    let height = Double(names.count) * Self.lineHeight + 4
    let box = Drawing.Frame(frame.right - width - 14, frame.y + 4, width + 10, height)
    drawing.elements.append(
      .path(
        box.corners, isClosed: true, pen: .init(chart.theme.grid.ink(), width: 0.6),
        fill: chart.theme.background.ink(alpha: 0.85)))
    draw(beside: box.x + 5, box.y + 9, &drawing)
  }

  private func draw(_ place: Int, _ x: Double, _ y: Double, _ drawing: inout Drawing) {
    let ink = chart.theme.ink.ink()
    if place < entries.count {
      let series = entries[place]
      let color = ChartColors.color(series.tint, isDark: chart.theme == .dark)
      let width = series.width ?? 1.4
      switch series.mark {
      case .scatter:
        drawing.elements.append(.discs([.init(x + Self.sample / 2, y)], radius: 2.6, pen: nil, fill: color.ink()))
      case .bars, .histogram, .box, .area:
        drawing.elements.append(
          .path(
            Drawing.Frame(x + 4, y - 4, Self.sample - 8, 8).corners, isClosed: true, pen: nil,
            fill: color.ink(alpha: series.mark == .bars ? 1 : 0.6)))
      case .line, .heatmap:
        drawing.elements.append(
          .path(
            [.init(x, y), .init(x + Self.sample, y)], isClosed: false,
            pen: .init(color.ink(), width: width + 0.2, dashes: series.dash.lengths(width: width)), fill: nil))
      }
    }
    drawing.elements.append(
      .text(.init(names[place], .init(x + Self.sample + 6, y + 2.8), ink, size: ChartScene.textSize)))
  }
}
