import Formats
import PixelScript

extension ChartView {
  /// A field of cells: with their numbers where they find room, else as a picture of half blocks.
  func lines(of heat: Chart.Heat, _ panel: Chart.Panel, width: Int) -> [TerminalLine] {
    var lines = [panel.title].filter { !$0.isEmpty }.map { TerminalLine(fitted($0, width)) }
    guard heat.hasCells else { return lines + [TerminalLine(fitted("(nothing to plot)", width))] }
    let range = heat.range
    let names = min(Self.widest(heat.rowLabels), width / 3)
    let texts = heat.rows * heat.columns <= 1600 && heat.showsNumbers != false ? heat.texts : []
    let cell = max(texts.map(\.count).max() ?? 0, min(Self.widest(heat.columnLabels), 8)) + 2
    let hasNumbers = !texts.isEmpty && names + 1 + cell * heat.columns <= width && heat.rows <= 40
    if hasNumbers {
      lines += cells(heat, range, texts, names: names, cell: cell)
    } else {
      lines += picture(heat, names: names, width: width)
    }
    for (sign, label) in [("→", panel.x.label), ("↓", panel.y.label)] where !label.isEmpty {
      lines.append(TerminalLine(fitted(style.unicode ? "\(sign) \(label)" : label, width)))
    }
    if !heat.values.isEmpty, chart.legend != .none, !hasNumbers, let range { lines.append(key(range, width)) }
    return lines
  }

  private static func widest(_ labels: Chart.Heat.Labels) -> Int {
    labels.longest.map { DisplayWidth.columns(of: DisplayWidth.printable($0)) }.max() ?? 0
  }

  /// What stands beside the rows in so many columns; names that would look alike when cut are cut where they differ.
  private func rowLabels(_ heat: Chart.Heat, _ columns: Int) -> Chart.Heat.Labels {
    heat.rowLabels.cut { names in
      Elision(width: columns, unicode: style.unicode).texts(names.map { DisplayWidth.printable($0) })
    }
  }

  private func cells(
    _ heat: Chart.Heat, _ range: ChartScale?, _ texts: [String], names: Int, cell: Int
  ) -> [TerminalLine] {
    var lines: [TerminalLine] = []
    let labels = (rows: rowLabels(heat, names), columns: heat.columnLabels)
    if !labels.columns.isEmpty {
      var line = TerminalLine(String(repeating: " ", count: names + 1))
      for column in labels.columns.places(every: 1) {
        line.append(TerminalText.padded(fitted(labels.columns[column], cell - 1), to: cell, right: true))
      }
      lines.append(line)
    }
    let shades: [Character] = style.unicode ? [" ", "░", "▒", "▓", "█"] : [" ", ".", ":", "+", "#"]
    for row in 0..<heat.rows {
      var line = TerminalLine(
        TerminalText.padded(fitted(labels.rows[row], names), to: names, right: true))
      line.append(" ")
      for column in 0..<heat.columns {
        let text = texts[row * heat.columns + column]
        guard let color = heat.color(row, column, range) else {
          line.append(TerminalText.padded(text, to: cell, right: true))
          continue
        }
        if style.color == .none {
          let share = range.map { min(max($0.share(heat.values[row * heat.columns + column]), 0), 1) } ?? 0
          line.append(String(shades[min(Int(share * 5), 4)]) + TerminalText.padded(text, to: cell - 1, right: true))
        } else {
          let ink = color.luminance > 0.55 ? ColorCode(20, 20, 20) : ColorCode(245, 245, 245)
          line.append(TerminalText.padded(text + " ", to: cell, right: true), ink, on: color, style.color)
        }
      }
      lines.append(line)
    }
    return lines
  }

  private func picture(_ heat: Chart.Heat, names: Int, width: Int) -> [TerminalLine] {
    let room = max(width - (names > 0 ? names + 1 : 0), 1)
    let picture = heat.picture(most: max(min(room, 80), 1))
    let view = ImageView(picture, style: style.inText, columns: room, isField: true)
    let labels = rowLabels(heat, names)
    let count = max(view.lines.count, 1)
    // Places stand at some lines, names at all.
    let step = labels.arePlaces ? labels.step((2 * heat.rows + count - 1) / count) : 1
    let rows = view.lines.enumerated().map { place, text in
      var line = TerminalLine()
      if names > 0 {
        // The first row of cells that begins in this line and has a label tells it.
        let first = ((place * heat.rows + count - 1) / count + step - 1) / step * step
        let isHere = first * count / max(heat.rows, 1) == place
        line.append(TerminalText.padded(isHere ? fitted(labels[first], names) : "", to: names, right: true) + " ")
      }
      line.append(drawn: text, columns: view.columns)
      return line
    }
    guard !heat.columnLabels.isEmpty else { return rows }
    return rows + [below(heat, indent: names > 0 ? names + 1 : 0, drawn: view.columns, width: width)]
  }

  /// The names of those columns below which there is room for one.
  private func below(_ heat: Chart.Heat, indent: Int, drawn: Int, width: Int) -> TerminalLine {
    var line = TerminalLine(String(repeating: " ", count: indent))
    let labels = heat.columnLabels
    let room = (Self.widest(labels) + 2) * heat.columns
    let step = labels.arePlaces ? labels.step((room + drawn - 1) / max(drawn, 1)) : 1
    for place in labels.places(every: step) {
      let start = indent + place * drawn / max(heat.columns, 1)
      let text = fitted(labels[place], max((width - indent) / 3, 1))
      guard start >= line.columns + (line.columns > indent ? 2 : 0),
        start + DisplayWidth.columns(of: text) <= width
      else { continue }
      line.append(String(repeating: " ", count: start - line.columns) + text)
    }
    return line
  }

  /// The colors between the lowest and the highest number.
  private func key(_ range: ChartScale, _ width: Int) -> TerminalLine {
    func text(_ value: Double) -> String { NumberForm(of: value).text(value) }
    let room = max(min(width - text(range.low).count - text(range.high).count - 2, 32), 1)
    var line = TerminalLine(fitted(text(range.low) + " ", width))
    for step in 0..<room where line.columns < width {
      let share = Double(step) / Double(max(room - 1, 1))
      if style.color == .none {
        // Colors without color are as bright as they are.
        line.append(String(ImageShades.shade(ofBrightness: ChartColors.heat(share).luminance)))
      } else {
        line.append(" ", nil, on: ChartColors.heat(share), style.color)
      }
    }
    line.append(fitted(" " + text(range.high), width - line.columns))
    return line
  }
}
