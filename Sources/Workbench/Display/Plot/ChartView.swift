import Formats
import PixelScript
import Safepoint

/// A chart as text: lines of braille dots in color, or marks where a terminal has no such means.
public struct ChartView {
  /// The marks of series where there are no colors.
  static let marks = Array("*+ox#@%&ABCDEFGHIJKLMNPQRSTUVWXYZabcdefghijkmnpqrstuvwyz")
  /// The narrowest panel that stands beside another one.
  private static let narrowest = 38
  private static let widest = 100
  private static let gap = 3

  let chart: Chart
  let style: DisplayStyle
  /// Whether lines are dots; without colors several of them could not be told apart.
  let isBraille: Bool
  /// The series that the legend tells apart.
  private let entries: [Chart.Series]

  /// Returns the chart as whole lines within the style's width.
  public static func text(_ chart: Chart, style: DisplayStyle) -> String {
    ChartView(chart, style).lines.map { $0.text + "\n" }.joined()
  }

  private init(_ chart: Chart, _ style: DisplayStyle) {
    self.chart = chart
    self.style = style
    entries = chart.legendEntries
    let hasMarkers = chart.panels.contains { $0.series.contains { $0.mark == .scatter && $0.sign != .disc } }
    isBraille =
      style.unicode && !hasMarkers && (chart.panels.allSatisfy { $0.series.count <= 1 } || style.color != .none)
  }

  private var lines: [TerminalLine] {
    var columns = max(min(chart.columnCount, (style.width + Self.gap) / (Self.narrowest + Self.gap)), 1)
    columns = min(columns, max(chart.panels.count, 1))
    let room = min(style.width, Self.widest * columns)
    let width = max((room - Self.gap * (columns - 1)) / columns, 1)
    let height = chart.panels.count == 1 ? 16 : 12
    var lines: [TerminalLine] = []
    if !chart.title.isEmpty { lines.append(TerminalLine(fitted(chart.title, style.width))) }
    for start in stride(from: 0, to: chart.panels.count, by: columns) {
      if Safepoint.mustStop(after: 1 << 16) { break }
      let row = chart.panels[start..<min(start + columns, chart.panels.count)]
      if start > 0 { lines.append(TerminalLine()) }
      lines += TerminalLine.beside(
        row.map { self.lines(of: $0, width: width, height: height) }, width: width, gap: Self.gap)
    }
    return lines + legend
  }

  /// A text in at most so many columns, without what a terminal must not get.
  func fitted(_ text: String, _ width: Int) -> String {
    TerminalText.truncated(DisplayWidth.printable(text), to: max(width, 0), unicode: style.unicode)
  }

  /// Names in at most so many columns each, cut so that they stay different.
  func fitted(_ names: [String], _ width: Int) -> [String] {
    let names = names.map { DisplayWidth.printable($0) }
    return Elision(width: max(width, 1), unicode: style.unicode).texts(names).map { fitted($0, width) }
  }

  private func lines(of panel: Chart.Panel, width: Int, height: Int) -> [TerminalLine] {
    if let heat = panel.heat { return self.lines(of: heat, panel, width: width) }
    guard let scales = panel.scales(margin: 0) else {
      let title = panel.title.isEmpty ? [] : [TerminalLine(fitted(panel.title, width))]
      return title + [TerminalLine(fitted("(nothing to plot)", width))]
    }
    let rows = panel.series.reduce(0) { $0 + max($1.count, $1.boxes.count) }
    // Lines across, and names that lie between numbers, need axes.
    let isNamed =
      !panel.x.names.isEmpty && rows <= 60 && panel.verticals.isEmpty && panel.horizontals.isEmpty
      && panel.labels.isEmpty && panel.right == nil
    var lines: [TerminalLine]
    if isNamed, panel.series.allSatisfy({ $0.mark == .bars }) {
      lines = barLines(panel, scales, width: width)
    } else if isNamed, panel.series.allSatisfy({ $0.mark == .box }) {
      lines = boxLines(panel, scales, width: width)
    } else {
      lines = canvasLines(panel, scales, width: width, height: height)
    }
    if scales.dropped > 0 {
      let note = "(\(ChartScene.note(scales.dropped)))"
      let short = "(\(scales.dropped) of 0 or below left out)"
      lines.append(TerminalLine(fitted(note.count <= width ? note : short, width)))
    }
    return lines
  }

  /// Axes, and dots between them.
  private func canvasLines(
    _ panel: Chart.Panel, _ scales: Chart.Panel.Scales, width: Int, height: Int
  ) -> [TerminalLine] {
    let (lower, side) = panel.sides(scales)
    let ticks = side.scale.ticks(height < 16 ? 4 : 5, atLeast: 2)
    let beside =
      side.axis.names.isEmpty
      ? ticks.all.map { (share: side.scale.share($0.value), label: $0.label) }
      : fitted(side.axis.names, max(width / 3, 1)).enumerated().map {
        (share: panel.hasNamesBeside ? 1 - side.scale.share(Double($0)) : 0, label: $1)
      }
    let labelWidth = min(beside.map { DisplayWidth.columns(of: $0.label) }.max() ?? 0, max(width - 4, 0))
    let indent = labelWidth + 2
    let opposite = scales.right.map { scale in (scale: scale, ticks: scale.ticks(height < 16 ? 4 : 5, atLeast: 2)) }
    let rightWidth = opposite.map { $0.ticks.all.map { DisplayWidth.columns(of: $0.label) }.max() ?? 0 } ?? 0
    let columns = max(width - indent - (opposite == nil ? 0 : rightWidth + 2), 1)
    var canvas = ChartCanvas(columns: columns, rows: height, isBraille: isBraille)
    draw(panel, scales, on: &canvas)
    let signs = signs(of: panel)
    func row(_ share: Double) -> Int { height - 1 - Int((min(max(share, 0), 1) * Double(height - 1)).rounded()) }
    func placed(_ marks: [(share: Double, label: String)]) -> [Int: String] {
      Dictionary(marks.filter { (0...1).contains($0.share) }.map { (row($0.share), $0.label) }) { first, _ in first }
    }
    let labels = placed(beside)
    let rightLabels = placed(
      opposite.map { right in right.ticks.all.map { (share: right.scale.share($0.value), label: $0.label) } } ?? [])
    var lines: [TerminalLine] = []
    let sideLabel = side.axis.label(with: side.axis.names.isEmpty ? ticks.context : nil)
    let rightLabel = panel.right?.label(with: opposite?.ticks.context) ?? ""
    for (text, other) in [(panel.title, ""), (sideLabel, rightLabel)] where !text.isEmpty || !other.isEmpty {
      var line = TerminalLine(String(repeating: " ", count: min(indent, width)))
      line.append(fitted(text, width - indent))
      // What the axis at the right shows ends above its numbers.
      let room = width - line.columns - 1
      if !other.isEmpty, room > 3 {
        let other = fitted(other, room)
        line.append(String(repeating: " ", count: width - line.columns - DisplayWidth.columns(of: other)) + other)
      }
      lines.append(line)
    }
    for row in 0..<height {
      var line = TerminalLine(
        TerminalText.padded(fitted(labels[row] ?? "", labelWidth), to: labelWidth, right: true) + " ")
      line.append(style.unicode ? (labels[row] == nil ? "│" : "┤") : (labels[row] == nil ? "|" : "+"))
      append(canvas.row(row, marks: signs, shade: style.unicode ? "░" : "."), panel, to: &line)
      if opposite != nil {
        line.append(String(repeating: " ", count: max(indent + columns - line.columns, 0)))
        let label = rightLabels[row]
        line.append(style.unicode ? (label == nil ? "│" : "├") : (label == nil ? "|" : "+"))
        if let label { line.append(" " + label) }
      }
      lines.append(line)
    }
    return lines + axisLines(lower.axis, lower.scale, columns: columns, indent: indent - 1, width: width)
  }

  /// Adds cells without those at the end in which nothing is.
  private func append(_ cells: [ChartCanvas.Cell], _ panel: Chart.Panel, to line: inout TerminalLine) {
    let seen = (cells.lastIndex { $0.series != nil || $0.character != " " }).map { $0 + 1 } ?? 0
    var place = 0
    while place < seen {
      let series = cells[place].series
      let start = place
      while place < seen, cells[place].series == series { place += 1 }
      let text = String(cells[start..<place].map(\.character))
      line.append(text, series.map { color($0 < panel.series.count ? panel.series[$0] : nil) }, style.color)
    }
  }

  /// The signs of the series of a panel where there are no colors, each as the legend has it, and of the lines across it.
  func signs(of panel: Chart.Panel) -> [Character] {
    let places = panel.series.enumerated().map { place, series in entries.firstIndex(where: series.isToldLike) ?? place
    }
    return (places + [max(entries.count, panel.series.count)]).map { Self.marks[$0 % Self.marks.count] }
  }

  /// The color of a series, gray for what is none.
  func color(_ series: Chart.Series?) -> ColorCode {
    series.map { ChartColors.color($0.tint, isDark: true) } ?? ColorCode(140, 140, 140)
  }

  private typealias AxisTick = (share: Double, label: String)

  /// A horizontal axis with its ticks, and the line of their labels.
  func axisLines(_ axis: Chart.Axis, _ scale: ChartScale, columns: Int, indent: Int, width: Int) -> [TerminalLine] {
    var marks = [Character](repeating: style.unicode ? "─" : "-", count: columns)
    var labels = [Character](repeating: " ", count: columns)
    var free = 0
    func column(_ tick: AxisTick) -> Int { Int((tick.share * Double(columns - 1)).rounded()) }
    func start(_ tick: AxisTick) -> Int {
      max(min(column(tick) - tick.label.count / 2, columns - tick.label.count), 0)
    }
    func placed(_ ticks: [ChartTicks.Tick]) -> [AxisTick] {
      ticks.map { (share: scale.share($0.value), label: $0.label) }.filter { (0...1).contains($0.share) }
        .sorted { $0.share < $1.share }
    }
    let found = scale.ticks(max(columns / (scale.isTime ? 13 : 8), 1), atLeast: 2) { ticks in
      let ticks = placed(ticks)
      return zip(ticks, ticks.dropFirst()).allSatisfy { start($0) + $0.label.count < start($1) }
    }
    let names = fitted(axis.names, max(columns / max(axis.names.count, 1) - 1, 3)).enumerated().map {
      (share: scale.share(Double($0)), label: $1)
    }
    let ticks =
      names.isEmpty ? placed(found.all) : names.filter { (0...1).contains($0.share) }.sorted { $0.share < $1.share }
    for tick in ticks {
      let column = column(tick)
      marks[column] = style.unicode ? "┬" : "+"
      let start = start(tick)
      guard start >= free, start + tick.label.count <= columns,
        tick.label.allSatisfy({ DisplayWidth.columns(of: $0) == 1 })
      else { continue }
      labels.replaceSubrange(start..<start + tick.label.count, with: tick.label)
      free = start + tick.label.count + 1
    }
    let space = String(repeating: " ", count: indent)
    var text = String(String(labels).reversed().drop { $0 == " " }.reversed())
    var below: [TerminalLine] = []
    let label = axis.label(with: names.isEmpty ? found.context : nil)
    if !label.isEmpty {
      if text.count + label.count + 2 <= columns {
        text += "  " + fitted(label, width - indent - 1 - text.count - 2)
      } else {
        let label = fitted(label, columns)
        let before = max((columns - DisplayWidth.columns(of: label)) / 2, 0)
        below.append(TerminalLine(space + " " + String(repeating: " ", count: before) + label))
      }
    }
    return [TerminalLine(space + (style.unicode ? "└" : "+") + String(marks)), TerminalLine(space + " " + text)] + below
  }

  /// The names of the series with their marks, as many in a line as find room.
  private var legend: [TerminalLine] {
    let entries = chart.legend == .none ? [] : entries
    var (lines, line) = ([TerminalLine](), TerminalLine())
    let indent = min(2, max(style.width - 8, 0))
    for (index, series) in entries.prefix(Self.legendLimit).enumerated() {
      let mark = isBraille ? Self.sample(series) : String(Self.marks[index % Self.marks.count])
      let name = fitted(series.name, style.width - indent - mark.count - 1)
      guard !name.isEmpty else { continue }
      let size = mark.count + 1 + DisplayWidth.columns(of: name)
      if line.columns > 0, line.columns + 3 + size > style.width {
        lines.append(line)
        line = TerminalLine()
      }
      line.append(line.columns == 0 ? String(repeating: " ", count: indent) : "   ")
      line.append(mark, color(series), style.color)
      line.append(" " + name)
    }
    if line.columns > 0 { lines.append(line) }
    let more = entries.count - Self.legendLimit
    return more > 0 ? lines + [TerminalLine(fitted("  (\(more) more series)", style.width))] : lines
  }

  /// The most series that the legend names.
  private static let legendLimit = 100

  private static func sample(_ series: Chart.Series) -> String {
    switch series.mark {
    case .scatter: "⠶"
    case .bars, .histogram, .box, .area: "██"
    case .line, .heatmap:
      switch series.dash {
      case .solid: "⠤⠤"
      case .dashed: "⠤⠄"
      case .dotted: "⠄⠄"
      case .dashdot: "⠤⠠"
      }
    }
  }
}
