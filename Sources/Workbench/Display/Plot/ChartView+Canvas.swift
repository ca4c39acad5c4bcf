import Formats
import Safepoint

extension ChartView {
  /// Draws the series of a panel with dots.
  func draw(_ panel: Chart.Panel, _ scales: Chart.Panel.Scales, on canvas: inout ChartCanvas) {
    let frame = Drawing.Frame(0, 0, Double(canvas.width - 1), Double(canvas.height - 1))
    let mapping = ChartMapping(panel, scales, in: frame, density: 1)
    func dot(_ point: Drawing.Point) -> (x: Int, y: Int) { (Int(point.x.rounded()), Int(point.y.rounded())) }
    var travelled = 0
    func drawRules() {
      let rule = panel.series.count
      travelled = 0
      func add(_ isLevel: Bool, _ dot: (x: Int, y: Int)) {
        let (from, to) =
          isLevel ? ((0, dot.y), (canvas.width, dot.y)) : ((dot.x, 0), (dot.x, canvas.height))
        canvas.line(from, to, series: rule, dots: 0x33, travelled: &travelled)
      }
      for place in panel.verticals {
        guard let point = mapping.point(place, scales.y.low) else { continue }
        add(mapping.isHorizontal, dot(point))
      }
      for height in panel.horizontals {
        guard let point = mapping.point(scales.x.low, height) else { continue }
        add(!mapping.isHorizontal, dot(point))
      }
    }
    for (index, series) in panel.series.enumerated() {
      if Safepoint.mustStop(after: 1 << 16) { return }
      shade(series, index, mapping.of(series), on: &canvas)
    }
    // Lines across, and the error bars of all bars, lie above what is filled and below lines and points.
    func drawAboveBars() {
      for (index, series) in panel.series.enumerated() where series.mark == .bars {
        whiskers(series, index, mapping.of(series), on: &canvas)
      }
      drawRules()
    }
    let ruled = panel.layers.first { !panel.series[$0].mark.isFilled }
    for index in panel.layers {
      if Safepoint.mustStop(after: 1 << 16) { return }
      let series = panel.series[index]
      let mapping = mapping.of(series)
      if index == ruled { drawAboveBars() }
      travelled = 0
      switch series.mark {
      case .scatter:
        for point in mapping.points(series) { canvas.dot(dot(point).x, dot(point).y, series: index) }
        whiskers(series, index, mapping, on: &canvas)
      case .histogram where panel.hasHistogramsInLayers:
        let outline = mapping.outline(series).map(dot)
        for (from, to) in zip(outline, outline.dropFirst()) {
          canvas.line(from, to, series: index, travelled: &travelled)
        }
      case .bars, .histogram:
        bars(series, index, mapping, on: &canvas)
      case .box: boxes(series, index, mapping, on: &canvas)
      case .line, .area, .heatmap:
        for line in mapping.lines(series, series.y) {
          var last = dot(line[0])
          // A point alone is seen whatever the dash.
          if line.count == 1 { canvas.dot(last.x, last.y, series: index) }
          for point in line {
            let here = dot(point)
            canvas.line(last, here, series: index, dots: series.dash.dots, travelled: &travelled)
            last = here
          }
        }
        if series.marker != nil, canvas.isBraille {
          for point in mapping.points(series) {
            let (x, y) = dot(point)
            for (right, down) in [(0, 0), (1, 0), (-1, 0), (0, 1), (0, -1)] {
              canvas.dot(x + right, y + down, series: index)
            }
          }
        }
      }
    }
    if ruled == nil { drawAboveBars() }
    for label in panel.labels {
      guard (0...1).contains(scales.x.share(label.x)), (0...1).contains(scales.y.share(label.y)),
        let point = mapping.point(label.x, label.y)
      else { continue }
      canvas.write(fitted(label.text, canvas.columns), behind: dot(point))
    }
  }

  /// Shades the band or the area of a series.
  private func shade(_ series: Chart.Series, _ index: Int, _ mapping: ChartMapping, on canvas: inout ChartCanvas) {
    let isArea = series.mark == .area
    guard isArea || series.mark == .line && !series.low.isEmpty else { return }
    let ground = [Double](repeating: mapping.y.isLogarithmic ? mapping.y.low : 0, count: series.count)
    // The ground of an area ends where its line does.
    let feet = series.base.isEmpty ? ground : series.base
    let floor = isArea ? zip(feet, series.y).map { $1.isFinite ? $0 : .nan } : series.low
    let lows = mapping.lines(series, floor)
    let highs = mapping.lines(series, isArea ? series.y : series.high)
    for (low, high) in zip(lows.map(\.fromLeft), highs.map(\.fromLeft)) {
      guard let first = high.first, let last = high.last else { continue }
      for x in Int(
        min(max(first.x, 0), last.x).rounded())...Int(max(min(last.x, Double(canvas.width)), first.x).rounded())
      {
        let (top, bottom) = (Self.height(of: high, at: Double(x)), Self.height(of: low, at: Double(x)))
        guard top.isFinite, bottom.isFinite else { continue }
        canvas.shade(x, from: Int(min(top, bottom).rounded()), to: Int(max(top, bottom).rounded()), series: index)
      }
    }
  }

  /// How high a line from left to right is at a place.
  private static func height(of line: [Drawing.Point], at x: Double) -> Double {
    guard let next = line.partition(after: x) else { return line.last?.y ?? .nan }
    guard next > 0 else { return line[0].y }
    let (from, to) = (line[next - 1], line[next])
    return to.x > from.x ? from.y + (to.y - from.y) * (x - from.x) / (to.x - from.x) : to.y
  }

  private func bars(_ series: Chart.Series, _ index: Int, _ mapping: ChartMapping, on canvas: inout ChartCanvas) {
    var travelled = 0
    for place in series.y.indices {
      if Safepoint.mustStop(after: 500) { return }
      guard let bar = mapping.bar(series, place) else { continue }
      let (left, right, top, bottom) = (bar.x, bar.right, bar.y, bar.bottom)
      let (low, high) = mapping.isHorizontal ? (top, bottom) : (left, right)
      let (first, last) = (Int(low.rounded(.up)), Int(high.rounded(.down)))
      let middle = Int(((low + high) / 2).rounded())
      for line in first <= last ? first...last : middle...middle {
        let ends =
          mapping.isHorizontal
          ? ((Int(left.rounded()), line), (Int(right.rounded()), line))
          : ((line, Int(top.rounded())), (line, Int(bottom.rounded())))
        canvas.line(ends.0, ends.1, series: index, travelled: &travelled)
      }
    }
  }

  private func whiskers(_ series: Chart.Series, _ index: Int, _ mapping: ChartMapping, on canvas: inout ChartCanvas) {
    var travelled = 0
    for place in series.low.indices {
      if Safepoint.mustStop(after: 200) { return }
      guard let low = mapping.point(series.place(place), series.low[place]),
        let high = mapping.point(series.place(place), series.high[place]), low != high
      else { continue }
      canvas.line(
        (Int(low.x.rounded()), Int(low.y.rounded())), (Int(high.x.rounded()), Int(high.y.rounded())), series: index,
        travelled: &travelled)
    }
  }

  private func boxes(_ series: Chart.Series, _ index: Int, _ mapping: ChartMapping, on canvas: inout ChartCanvas) {
    var travelled = 0
    for box in series.boxes {
      let half = series.barWidth / 2
      let corners: [(Double, Double)] = [
        (-half, box.first), (half, box.first), (half, box.third), (-half, box.third), (-half, box.first),
      ]
      let lines: [[(Double, Double)]] = [
        corners, [(-half, box.median), (half, box.median)], [(0, box.low), (0, box.first)],
        [(0, box.third), (0, box.high)],
      ]
      for line in lines {
        let dots = line.compactMap { mapping.point(box.place + $0.0, $0.1) }
          .map { (x: Int($0.x.rounded()), y: Int($0.y.rounded())) }
        for (from, to) in zip(dots, dots.dropFirst()) { canvas.line(from, to, series: index, travelled: &travelled) }
      }
      for point in mapping.outliers(box) {
        canvas.dot(Int(point.x.rounded()), Int(point.y.rounded()), series: index)
      }
    }
  }
}

extension [Drawing.Point] {
  /// The line from left to right.
  fileprivate var fromLeft: [Drawing.Point] { (first?.x ?? 0) > (last?.x ?? 0) ? reversed() : self }

  /// The first place of a line from left to right that lies at `x` or behind it.
  fileprivate func partition(after x: Double) -> Int? {
    var (low, high) = (0, count)
    while low < high {
      let middle = (low + high) / 2
      if self[middle].x < x { low = middle + 1 } else { high = middle }
    }
    return low < count ? low : nil
  }
}
