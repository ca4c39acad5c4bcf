import PixelScript
import Safepoint

/// A plot as text: lines of braille dots in color, or marks where a terminal has no such means.
public struct PlotView {
  private static let height = 16
  private static let marks: [Character] = ["*", "+", "o", "x", "#", "@"]
  /// Blue, orange, green, red, purple, brown: distinct for most readers on dark and light ground.
  static let colors: [ColorCode] = [
    ColorCode(77, 141, 210), ColorCode(235, 138, 41), ColorCode(85, 168, 85), ColorCode(214, 79, 80),
    ColorCode(155, 118, 196), ColorCode(150, 110, 90),
  ]

  private let data: PlotData
  private let style: DisplayStyle
  private let isBraille: Bool

  /// Returns the plot as whole lines within the style's width.
  public static func text(_ data: PlotData, style: DisplayStyle) -> String {
    guard let axes = data.axes else {
      return TerminalText.truncated("(nothing to plot)", to: style.width, unicode: style.unicode) + "\n"
    }
    return PlotView(data, style).lines(axes.x, axes.y).map { $0 + "\n" }.joined()
  }

  private init(_ data: PlotData, _ style: DisplayStyle) {
    self.data = data
    self.style = style
    // Without colors, lines of dots could not be told apart.
    isBraille = style.unicode && (data.series.count == 1 || style.color != .none)
  }

  private func lines(_ x: PlotAxis, _ y: PlotAxis) -> [String] {
    let yTicks = y.ticks(5)
    let labelWidth = min(yTicks.map(\.label.count).max() ?? 0, max(style.width - 4, 0))
    let canvas = drawn(x, y, columns: max(min(style.width, 100) - labelWidth - 2, 1))
    let labels = Dictionary(yTicks.map { (Self.row($0.value, y, Self.height), $0.label) }) { first, _ in first }
    var lines: [String] = []
    let indent = labelWidth + 2
    if !data.title.isEmpty { lines.append(String(repeating: " ", count: indent) + text(data.title, after: indent)) }
    for row in 0..<Self.height {
      let label = TerminalText.padded(String((labels[row] ?? "").prefix(labelWidth)), to: labelWidth, right: true)
      let border = style.unicode ? (labels[row] == nil ? "│" : "┤") : (labels[row] == nil ? "|" : "+")
      lines.append("\(label) \(border)\(painted(canvas.row(row, marks: Self.marks)))")
    }
    lines += axisLines(x, canvas.columns, indent: labelWidth + 1)
    return lines + legend(indent: indent)
  }

  /// The row of cells, from the top, in which a value lies.
  private static func row(_ value: Double, _ axis: PlotAxis, _ count: Int) -> Int {
    count - 1 - Int((axis.share(value) * Double(count - 1)).rounded())
  }

  private func drawn(_ x: PlotAxis, _ y: PlotAxis, columns: Int) -> PlotCanvas {
    var canvas = PlotCanvas(columns: columns, rows: Self.height, isBraille: isBraille)
    let (width, height) = (canvas.width, canvas.height)
    func place(_ point: PlotData.Point) -> (x: Int, y: Int) {
      (Int((x.share(point.x) * Double(width - 1)).rounded()), Self.row(point.y, y, height))
    }
    for (index, series) in data.series.enumerated() {
      for run in PlotData.runs(of: series) {
        var last: (x: Int, y: Int)?
        for point in run {
          if Safepoint.mustStop(after: 100) { break }
          let here = place(point)
          switch data.kind {
          case .points: canvas.dot(here.x, here.y, series: index)
          case .bars: canvas.line((here.x, Self.row(0, y, height)), here, series: index)
          case .line: canvas.line(last ?? here, here, series: index)
          }
          last = here
        }
      }
    }
    return canvas
  }

  /// The horizontal axis with its ticks, and the line of their labels.
  private func axisLines(_ x: PlotAxis, _ columns: Int, indent: Int) -> [String] {
    var axis = [Character](repeating: style.unicode ? "─" : "-", count: columns)
    var labels = [Character](repeating: " ", count: columns + 8)
    var free = 0
    for tick in x.ticks(max(columns / 8, 1)) {
      let column = Int((x.share(tick.value) * Double(columns - 1)).rounded())
      axis[column] = style.unicode ? "┬" : "+"
      let start = max(column - tick.label.count / 2, 0)
      guard start >= free, start + tick.label.count <= columns else { continue }
      labels.replaceSubrange(start..<start + tick.label.count, with: tick.label)
      free = start + tick.label.count + 1
    }
    let corner = style.unicode ? "└" : "+"
    let space = String(repeating: " ", count: indent)
    var text = String(String(labels).reversed().drop { $0 == " " }.reversed())
    if !data.xLabel.isEmpty, text.count + data.xLabel.count + 2 <= columns {
      text += "  " + self.text(data.xLabel, after: indent)
    }
    return [space + corner + String(axis), space + " " + text]
  }

  private func painted(_ cells: [(character: Character, series: Int?)]) -> String {
    var line = ""
    var current: Int?
    for cell in cells.reversed().drop(while: { $0.series == nil }).reversed() {
      if style.color != .none, cell.series != current {
        line += cell.series.map { "\u{1B}[0;\(Self.color($0).parameters(style.color))m" } ?? "\u{1B}[0m"
        current = cell.series
      }
      line.append(cell.character)
    }
    return current == nil ? line : line + "\u{1B}[0m"
  }

  static func color(_ series: Int) -> ColorCode { colors[series % colors.count] }

  /// A text that is cut where the line ends when it starts after some columns.
  private func text(_ text: String, after columns: Int) -> String {
    TerminalText.truncated(DisplayWidth.printable(text), to: max(style.width - columns, 0), unicode: style.unicode)
  }

  /// The names of the series with their marks, as many in a line as find room.
  private func legend(indent: Int) -> [String] {
    let space = String(repeating: " ", count: indent)
    var (lines, line, columns) = ([String](), space, indent)
    for (index, series) in data.series.enumerated() where !series.name.isEmpty {
      let mark = isBraille ? "⠤⠤" : String(Self.marks[index % Self.marks.count])
      let name = text(series.name, after: indent + mark.count + 1)
      guard !name.isEmpty else { continue }
      let size = mark.count + 1 + DisplayWidth.columns(of: name) + 3
      if columns > indent, columns + size - 3 > style.width {
        lines.append(line)
        (line, columns) = (space, indent)
      }
      let colored = "\u{1B}[0;\(Self.color(index).parameters(style.color))m\(mark)\u{1B}[0m"
      line += (columns > indent ? "   " : "") + (style.color == .none ? mark : colored) + " " + name
      columns += size
    }
    return columns > indent ? lines + [line] : lines
  }
}
