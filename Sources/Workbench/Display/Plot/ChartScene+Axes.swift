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
    let up = Self.marks(panel.y, scales.y, rows, atLeast: 2)
    let labels = up.map { TextWidth.points($0.label, size: Self.textSize) }.max() ?? 0
    let left = cell.x + (panel.y.label.isEmpty ? 0 : 14) + labels + 8
    let width = max(cell.right - left - 8, 10)
    let most = max(Int(width / (scales.x.isTime ? 64 : 36)), 1)
    let across = Self.marks(panel.x, scales.x, most)
    let label = panel.x.label(with: scales.x.context(most))
    let widest = across.map { TextWidth.points($0.label, size: Self.textSize) }.max() ?? 0
    // Names that would run into each other are written upright.
    let isUpright = !panel.x.names.isEmpty && widest + 6 > width / Double(max(across.count, 1))
    let names = isUpright ? min(widest, cell.height * 0.4) + 8 : 16
    let note = scales.dropped > 0 ? 10.0 : 0
    let top = cell.y + (panel.title.isEmpty ? 4 : 16)
    let bottom = cell.bottom - names - (label.isEmpty ? 0 : 13) - note
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
        // A long label at an end, as of a date, stays on the page.
        let half = TextWidth.points(mark.label, size: Self.textSize) / 2
        let middle = max(min(x, cell.right + 6 - half), cell.x + half - 6)
        write(mark.label, .init(middle, frame.bottom + 12), .middle)
      }
    }
    labelAxes(label, panel.y.label, of: frame, in: cell, below: cell.bottom - note - 2)
    if note > 0 { write(ChartScene.note(scales.dropped), .init(frame.x, cell.bottom - 1), .start, Self.smallSize) }
    return frame
  }

  /// Writes what the axes show below and beside a rectangle, in the middle where there is room, and no longer than its cell of the page.
  mutating func labelAxes(
    _ horizontal: String, _ vertical: String, of frame: Drawing.Frame, in cell: Drawing.Frame, below y: Double
  ) {
    func middle(_ text: String, _ middle: Double, _ low: Double, _ high: Double) -> Double {
      let half = min(TextWidth.points(text, size: Self.textSize), high - low) / 2
      return min(max(middle, low + half), high - half)
    }
    let across = Self.elided(horizontal, Self.textSize, within: cell.width)
    write(across, .init(middle(across, frame.x + frame.width / 2, cell.x, cell.right), y), .middle)
    // A long one ends above the other.
    let bottom = horizontal.isEmpty ? cell.bottom : y - Self.textSize
    let up = Self.elided(vertical, Self.textSize, within: bottom - cell.y)
    let place = Drawing.Point(cell.x + 8, middle(up, frame.y + frame.height / 2, cell.y, bottom))
    write(up, place, .middle, isUpright: true)
  }

  /// What is said of numbers without a place on a logarithmic axis.
  static func note(_ dropped: Int) -> String {
    "\(dropped) value\(dropped == 1 ? "" : "s") of 0 or below not shown on the logarithmic axis"
  }

  private mutating func line(_ from: Drawing.Point, _ to: Drawing.Point, _ pen: Drawing.Pen) {
    add(.path([from, to], isClosed: false, pen: pen, fill: nil))
  }

  /// The ticks of an axis, or its names; of many names every so many.
  static func marks(_ axis: Chart.Axis, _ scale: ChartScale, _ count: Int, atLeast least: Int = 0) -> [Mark] {
    guard axis.names.isEmpty else {
      let step = max(axis.names.count / 60, 1)
      let places = Array(stride(from: 0, to: axis.names.count, by: step))
      return zip(places, shortened(places.map { axis.names[$0] })).map { place, name in
        Mark(share: scale.share(Double(place)), label: name)
      }
      .filter { (0...1).contains($0.share) }
    }
    let digits = ["⁰", "¹", "²", "³", "⁴", "⁵", "⁶", "⁷", "⁸", "⁹"]
    return scale.ticks(count, atLeast: least).map { tick in
      let label = tick.exponent.map { exponent in
        "10" + (exponent < 0 ? "⁻" : "")
          + String(abs(exponent)).compactMap { $0.wholeNumberValue.map { digits[$0] } }.joined()
      }
      let text = scale.isTime ? tick.label : tick.label.replacing("-", with: "−")
      return Mark(share: scale.share(tick.value), label: label ?? text)
    }
  }

  /// A text that ends in an ellipsis where it is wider than its room.
  static func elided(_ text: String, _ size: Double, within room: Double, isBold: Bool = false) -> String {
    func isTooWide(_ text: String) -> Bool { TextWidth.points(text, size: size, isBold: isBold) > room }
    guard isTooWide(text) else { return text }
    var (low, high) = (1, max(text.count - 1, 1))
    while low < high {
      let middle = (low + high + 1) / 2
      if isTooWide(text.prefix(middle) + "…") { high = middle - 1 } else { low = middle }
    }
    return text.prefix(low) + "…"
  }

  /// A name cut to a width.
  static func fitted(_ name: String, _ room: Double) -> String {
    let width = TextWidth.points(name, size: textSize)
    guard width > room + 0.5 else { return name }
    return name.prefix(max(Int(Double(name.count) * room / width) - 1, 1)) + "…"
  }

  /// Names that leave room for the plot.
  static func shortened(_ names: [String]) -> [String] {
    names.allSatisfy { $0.utf8.count <= longestName } ? names : Elision(width: longestName, unicode: true).texts(names)
  }

  private static let longestName = 28
}
