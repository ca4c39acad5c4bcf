import PixelScript

extension ChartView {
  private func heading(_ panel: Chart.Panel, _ label: String, _ width: Int) -> [TerminalLine] {
    [panel.title, label].filter { !$0.isEmpty }.map { TerminalLine(fitted($0, width)) }
  }

  private func nameWidth(_ names: [String], _ width: Int) -> Int {
    min(names.map { DisplayWidth.columns(of: DisplayWidth.printable($0)) }.max() ?? 0, max(width / 3, 1))
  }

  private func named(_ name: String, _ columns: Int) -> TerminalLine {
    TerminalLine(TerminalText.padded(fitted(name, columns), to: columns, right: true) + (style.unicode ? " │" : " |"))
  }

  /// Bars from left to right, a line each, behind their names and before their numbers.
  func barLines(_ panel: Chart.Panel, _ scales: Chart.Panel.Scales, width: Int) -> [TerminalLine] {
    let nameColumns = nameWidth(panel.x.names, width)
    let names = fitted(panel.x.names, nameColumns)
    if panel.series.contains(where: { !$0.base.isEmpty }) { return stackedLines(panel, scales, width: width) }
    let form = ColumnForm(panel.series.flatMap(\.y))
    func text(_ series: Chart.Series, _ place: Int) -> String {
      if MissingNumber.isMissing(series.y[place]) { return "" }
      let number = form.text(series.y[place])
      guard place < series.low.count, series.high[place] > series.y[place] else { return number }
      let spread = series.high[place] - series.y[place]
      return "\(number) \(style.unicode ? "±" : "+-")\(NumberForm(of: spread).text(spread))"
    }
    let texts = panel.series.map { series in series.y.indices.map { text(series, $0) } }
    let textColumns = min(texts.joined().map(\.count).max() ?? 0, max(width / 3, 0))
    let room = max(width - nameColumns - 3 - textColumns, 1)
    let scale = scales.y
    func column(_ value: Double) -> Double { min(max(scale.share(value), 0), 1) * Double(room) }
    let ground = column(scale.isLogarithmic ? scale.low : 0)
    let signs = signs(of: panel)
    var lines = heading(panel, panel.y.isLimited ? "" : panel.y.label, width)
    for place in places(panel, scales) {
      var isFirst = true
      for (index, series) in panel.series.enumerated() {
        guard let point = series.y.indices.first(where: { Int(series.place($0).rounded()) == place }) else { continue }
        var line = named(isFirst ? names[place] : "", nameColumns)
        isFirst = false
        let value = series.y[point]
        let (from, to) = (min(ground, column(value)), max(ground, column(value)))
        if value.isFinite, to.isFinite, from.isFinite {
          line.append(String(repeating: " ", count: Int(from.rounded())))
          let eighths = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"]
          let (whole, rest) = Int(((to - from.rounded()) * 8).rounded()).quotientAndRemainder(dividingBy: 8)
          let isSigned = !style.unicode || style.color == .none && panel.series.count > 1
          let bar =
            isSigned
            ? String(
              repeating: panel.series.count > 1 ? signs[index] : Self.marks[4],
              count: Int((to - from).rounded()))
            : String(repeating: "█", count: max(whole, 0)) + eighths[max(rest, 0)]
          line.append(bar, color(series), style.color)
        }
        if !texts[index][point].isEmpty { line.append(fitted(" " + texts[index][point], width - line.columns)) }
        lines.append(line)
      }
    }
    return lines + ends(panel, scales, columns: room, indent: nameColumns + 1, width: width)
  }

  /// What stands below bars: an axis, where it was said where it begins or ends, and what their names are.
  private func ends(
    _ panel: Chart.Panel, _ scales: Chart.Panel.Scales, columns: Int, indent: Int, width: Int
  ) -> [TerminalLine] {
    let axis =
      panel.y.isLimited ? axisLines(panel.y, scales.y, columns: columns + 1, indent: indent, width: width) : []
    return axis + (panel.x.label.isEmpty ? [] : [TerminalLine(fitted(panel.x.label, width))])
  }

  /// Bars on each other from left to right, a line for each name, behind it and before their sum.
  private func stackedLines(_ panel: Chart.Panel, _ scales: Chart.Panel.Scales, width: Int) -> [TerminalLine] {
    let nameColumns = nameWidth(panel.x.names, width)
    let names = fitted(panel.x.names, nameColumns)
    let bars = names.indices.map { place in
      panel.series.enumerated().compactMap { index, series in
        series.y.indices.first { series.spot($0) == Double(place) && series.y[$0].isFinite }
          .map { (index: index, from: series.base[$0], to: series.y[$0]) }
      }
    }
    let sums = bars.map { $0.reduce(0) { $0 + $1.to - $1.from } }
    let form = ColumnForm(sums)
    let texts = sums.map(form.text)
    let textColumns = min(texts.map(\.count).max() ?? 0, max(width / 3, 0))
    let room = max(width - nameColumns - 3 - textColumns, 1)
    func column(_ value: Double) -> Int { Int((min(max(scales.y.share(value), 0), 1) * Double(room)).rounded()) }
    let signs = signs(of: panel)
    let isSigned = !style.unicode || style.color == .none
    var lines = heading(panel, panel.y.isLimited ? "" : panel.y.label, width)
    for place in places(panel, scales) {
      var owners = [Int?](repeating: nil, count: room)
      for bar in bars[place] {
        let ends = (column(bar.from), column(bar.to))
        for cell in min(ends.0, ends.1)..<max(ends.0, ends.1) { owners[cell] = bar.index }
      }
      var line = named(names[place], nameColumns)
      let seen = (owners.lastIndex { $0 != nil }).map { $0 + 1 } ?? 0
      for owner in owners.prefix(seen) {
        guard let owner else {
          line.append(" ")
          continue
        }
        line.append(isSigned ? String(signs[owner]) : "█", color(panel.series[owner]), style.color)
      }
      line.append(fitted(" " + texts[place], width - line.columns))
      lines.append(line)
    }
    return lines + ends(panel, scales, columns: room, indent: nameColumns + 1, width: width)
  }

  /// The places of the names that lie within the limits of their axis, from its beginning to its end.
  private func places(_ panel: Chart.Panel, _ scales: Chart.Panel.Scales) -> [Int] {
    let places = panel.x.names.indices.filter { (0...1).contains(scales.x.share(Double($0))) }
    return scales.x.isReversed ? places.reversed() : places
  }

  /// Boxes from left to right, a line each, over an axis.
  func boxLines(_ panel: Chart.Panel, _ scales: Chart.Panel.Scales, width: Int) -> [TerminalLine] {
    let isOne = panel.series.allSatisfy { $0.name.isEmpty } || panel.series.count == 1
    let all = panel.x.names.flatMap { name in isOne ? [name] : panel.series.map { "\(name) \($0.name)" } }
    let nameColumns = nameWidth(all, width)
    let names = fitted(all, nameColumns)
    let room = max(width - nameColumns - 2, 1)
    func column(_ value: Double) -> Int {
      let share = scales.y.share(value)
      return share.isFinite ? Int((min(max(share, 0), 1) * Double(room - 1)).rounded()) : 0
    }
    let signs: [Character] = style.unicode ? ["─", "▒", "┃", "├", "┤", "•"] : ["-", "=", "#", "|", "|", "o"]
    var lines = heading(panel, panel.x.label, width)
    for place in places(panel, scales) {
      for (index, series) in panel.series.enumerated() {
        for box in series.boxes where Int(box.place.rounded()) == place {
          var cells = [Character](repeating: " ", count: room)
          func span(_ a: Double, _ b: Double) -> ClosedRange<Int> {
            min(column(a), column(b))...max(column(a), column(b))
          }
          for column in span(box.low, box.high) { cells[column] = signs[0] }
          for column in span(box.first, box.third) { cells[column] = signs[1] }
          cells[span(box.low, box.high).lowerBound] = signs[3]
          cells[span(box.low, box.high).upperBound] = signs[4]
          cells[column(box.median)] = signs[2]
          for value in box.outliers where cells[column(value)] == " " { cells[column(value)] = signs[5] }
          var line = named(names[isOne ? place : place * panel.series.count + index], nameColumns)
          let text = String(String(cells).reversed().drop { $0 == " " }.reversed())
          line.append(text, color(series), style.color)
          lines.append(line)
        }
      }
    }
    var axis = Chart.Axis()
    axis.label = panel.y.label
    return lines + axisLines(axis, scales.y, columns: room, indent: nameColumns + 1, width: width)
  }
}
