import Formats

extension Chart.Panel {
  /// An axis of the page.
  typealias Side = (axis: Chart.Axis, scale: ChartScale)

  /// What goes along the lower edge of a panel, and along its left one.
  func sides(_ scales: Scales) -> (lower: Side, left: Side) {
    let (across, up) = ((axis: x, scale: scales.x), (axis: y, scale: scales.y))
    return isHorizontal ? (lower: up, left: across) : (lower: across, left: up)
  }
}

extension ChartScene {
  /// A tick of an axis: its share of the length and what stands there.
  struct Mark {
    let share: Double
    let label: String
  }

  /// The marks of an axis, what their labels leave out, and the shares of ticks between them that have none.
  struct Marks {
    var all: [Mark]
    var context: String?
    var between: [Double] = []

    /// The width of the longest label.
    var widest: Double { all.map { TextWidth.points($0.label, size: ChartScene.textSize) }.max() ?? 0 }
  }

  /// Draws axes, ticks and labels in a cell of the page; gives the rectangle between the axes.
  mutating func addAxes(_ panel: Chart.Panel, _ scales: Chart.Panel.Scales, in cell: Drawing.Frame) -> Drawing.Frame {
    let (lower, side) = panel.sides(scales)
    let rows = max(Int(cell.height / 38), 2)
    var up = Self.marks(side.axis, side.scale, rows, atLeast: 2, longest: panel.isHorizontal ? 60 : Self.longestName)
    // Names take no more than half of the width, and stand from the top to the bottom.
    if panel.hasNamesBeside {
      let room = max(cell.width / 2 - 24, 20)
      let names = Self.fitted(up.all.map(\.label), room)
      up.all = zip(up.all, names).map { Mark(share: 1 - $0.share, label: $1) }
    }
    let upLabel = side.axis.label(with: up.context)
    let left = cell.x + (upLabel.isEmpty ? 0 : 14) + up.widest + 8
    let opposite = scales.right.flatMap { scale in
      panel.right.map { axis in (axis, marks: Self.marks(axis, scale, rows, atLeast: 2)) }
    }
    let rightLabel = opposite.map { $0.0.label(with: $0.marks.context) } ?? ""
    let beyond = opposite.map { (rightLabel.isEmpty ? 0 : 14) + $0.marks.widest } ?? 0
    let width = max(cell.right - left - 8 - beyond, 10)
    let across = Self.marks(
      lower.axis, lower.scale, max(Int(width / (lower.scale.isTime ? 64 : 36)), 1), atLeast: 2, within: width)
    let label = lower.axis.label(with: across.context)
    // Names that would run into each other are written upright.
    let isUpright = !lower.axis.names.isEmpty && across.widest + 6 > width / Double(max(across.all.count, 1))
    let names = isUpright ? min(across.widest, cell.height * 0.4) + 8 : 16
    let note = scales.dropped > 0 ? 10.0 : 0
    let top = cell.y + (panel.title.isEmpty ? 4 : 16)
    let bottom = cell.bottom - names - (label.isEmpty ? 0 : 13) - note
    let frame = Drawing.Frame(left, top, width, max(bottom - top, 10))
    title(panel, over: frame)
    let gridPen = Drawing.Pen(
      chart.theme.grid.ink(), width: 0.6, dashes: chart.grid == .dashed ? [2.5, 2] : [])
    let tickPen = Drawing.Pen(ink, width: 0.8)
    // Of very many names those are written that find room below each other.
    let step = panel.isHorizontal ? max(Int((Double(up.all.count) * 9 / frame.height).rounded(.up)), 1) : 1
    for (place, mark) in up.all.enumerated() {
      let y = frame.bottom - mark.share * frame.height
      if chart.grid != .none, side.axis.names.isEmpty { line(.init(frame.x, y), .init(frame.right, y), gridPen) }
      line(.init(frame.x - 3, y), .init(frame.x, y), tickPen)
      if place % step == 0 { write(mark.label, .init(frame.x - 5, y + 3), .end) }
    }
    for share in up.between {
      let y = frame.bottom - share * frame.height
      line(.init(frame.x - 1.5, y), .init(frame.x, y), tickPen)
    }
    for mark in opposite?.marks.all ?? [] {
      let y = frame.bottom - mark.share * frame.height
      line(.init(frame.right, y), .init(frame.right + 3, y), tickPen)
      write(mark.label, .init(frame.right + 5, y + 3))
    }
    for share in opposite?.marks.between ?? [] {
      let y = frame.bottom - share * frame.height
      line(.init(frame.right, y), .init(frame.right + 1.5, y), tickPen)
    }
    let upright = isUpright ? Self.fitted(across.all.map(\.label), names - 8) : []
    for (place, mark) in across.all.enumerated() {
      let x = frame.x + mark.share * frame.width
      if chart.grid != .none, lower.axis.names.isEmpty { line(.init(x, frame.y), .init(x, frame.bottom), gridPen) }
      line(.init(x, frame.bottom), .init(x, frame.bottom + 3), tickPen)
      if isUpright {
        write(upright[place], .init(x + 3, frame.bottom + 6), .end, isUpright: true)
      } else {
        // A long label at an end, as of a date, stays on the page.
        let half = TextWidth.points(mark.label, size: Self.textSize) / 2
        let middle = max(min(x, cell.right + 6 - half), cell.x + half - 6)
        write(mark.label, .init(middle, frame.bottom + 12), .middle)
      }
    }
    for share in across.between {
      let x = frame.x + share * frame.width
      line(.init(x, frame.bottom), .init(x, frame.bottom + 1.5), tickPen)
    }
    labelAxes(label, upLabel, rightLabel, of: frame, in: cell, below: cell.bottom - note - 2)
    if note > 0 { write(ChartScene.note(scales.dropped), .init(frame.x, cell.bottom - 1), .start, Self.smallSize) }
    return frame
  }

  /// Writes what the axes show below and beside a rectangle, in the middle where there is room, and no longer than its cell of the page.
  mutating func labelAxes(
    _ horizontal: String, _ vertical: String, _ right: String = "", of frame: Drawing.Frame, in cell: Drawing.Frame,
    below y: Double
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
    let beside = Self.elided(right, Self.textSize, within: bottom - cell.y)
    let edge = Drawing.Point(cell.right - 4, middle(beside, frame.y + frame.height / 2, cell.y, bottom))
    write(beside, edge, .middle, isUpright: true)
  }

  /// What is said of numbers without a place on a logarithmic axis.
  static func note(_ dropped: Int) -> String {
    "\(dropped) value\(dropped == 1 ? "" : "s") of 0 or below not shown on the logarithmic axis"
  }

  mutating func line(_ from: Drawing.Point, _ to: Drawing.Point, _ pen: Drawing.Pen) {
    add(.path([from, to], isClosed: false, pen: pen, fill: nil))
  }

  /// The ticks of an axis, or its names; of many names every so many, and of ticks so many that their labels stand apart in a width.
  static func marks(
    _ axis: Chart.Axis, _ scale: ChartScale, _ count: Int, atLeast least: Int = 0, within width: Double? = nil,
    longest: Int = longestName
  ) -> Marks {
    guard axis.names.isEmpty else {
      let step = max(axis.names.count / 60, 1)
      let places = Array(stride(from: 0, to: axis.names.count, by: step))
      let marks = zip(places, shortened(places.map { axis.names[$0] }, longest)).map { place, name in
        Mark(share: scale.share(Double(place)), label: name)
      }
      return Marks(all: marks.filter { (0...1).contains($0.share) })
    }
    func mark(_ tick: ChartTicks.Tick) -> Mark { Mark(share: scale.share(tick.value), label: text(tick, scale)) }
    let ticks = scale.ticks(count, atLeast: least) { ticks in
      guard let width else { return true }
      let ends = ticks.map(mark).sorted { $0.share < $1.share }.map { mark in
        let half = TextWidth.points(mark.label, size: textSize) / 2 + 1.5
        return (low: mark.share * width - half, high: mark.share * width + half)
      }
      return zip(ends, ends.dropFirst()).allSatisfy { $0.high <= $1.low }
    }
    return Marks(
      all: ticks.all.map(mark), context: ticks.context?.replacing("-", with: scale.isTime ? "-" : "−"),
      between: scale.valuesBetween(ticks).map { scale.share($0) })
  }

  /// The label of a tick, with powers of ten as such.
  private static func text(_ tick: ChartTicks.Tick, _ scale: ChartScale) -> String {
    if scale.isTime { return tick.label }
    guard let exponent = tick.exponent else { return tick.label.replacing("-", with: "−") }
    let digits = ["⁰", "¹", "²", "³", "⁴", "⁵", "⁶", "⁷", "⁸", "⁹"]
    return (tick.factor == 1 ? "10" : "\(tick.factor)×10") + (exponent < 0 ? "⁻" : "")
      + String(abs(exponent)).compactMap { $0.wholeNumberValue.map { digits[$0] } }.joined()
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

  /// Names cut to a width, in the middle, so that they stay different.
  static func fitted(_ names: [String], _ room: Double) -> [String] {
    func areTooWide(_ names: [String]) -> Bool {
      names.contains { TextWidth.points($0, size: textSize) > room + 0.5 }
    }
    guard areTooWide(names) else { return names }
    var (low, high) = (1, max(names.map(\.count).max() ?? 1, 1))
    while low < high {
      let middle = (low + high + 1) / 2
      if areTooWide(shortened(names, middle)) { high = middle - 1 } else { low = middle }
    }
    return shortened(names, low)
  }

  /// Names that leave room for the plot.
  static func shortened(_ names: [String], _ longest: Int = longestName) -> [String] {
    names.allSatisfy { $0.utf8.count <= longest } ? names : Elision(width: longest, unicode: true).texts(names)
  }

  static let longestName = 28
}
