import Formats
import Safepoint

extension ChartScene {
  /// What a series looks like, the one at a place of its panel.
  func elements(_ series: Chart.Series, _ place: Int, _ panel: Chart.Panel, _ mapping: ChartMapping) -> [Drawing
    .Element]
  {
    let color = ChartColors.color(series.tint, isDark: chart.theme == .dark)
    let width = series.width ?? 1.4
    let pen = Drawing.Pen(color.ink(), width: width, dashes: series.dash.lengths(width: width))
    switch series.mark {
    case .line, .heatmap:
      var parts: [Drawing.Element] = mapping.bands(series).map {
        // The band of a point alone has no width.
        $0.count > 2
          ? .path($0, isClosed: true, pen: nil, fill: color.ink(alpha: 0.2))
          : .path($0, isClosed: false, pen: .init(color.ink(alpha: 0.4), width: 2), fill: nil)
      }
      for line in mapping.lines(series, series.y) {
        parts.append(
          line.count > 1
            ? .path(line, isClosed: false, pen: pen, fill: nil)
            : .discs(line, radius: 1.5 + width / 2, pen: nil, fill: color.ink()))
      }
      if let marker = series.marker {
        let radius = max(2.4, width)
        parts += marker.elements(mapping.points(series), radius: radius, fill: color.ink())
      }
      return parts
    case .scatter:
      let points = mapping.points(series)
      let radius = series.width ?? (points.count > 2000 ? 1 : points.count > 200 ? 1.8 : 2.6)
      let alpha = points.count > 200 ? 0.6 : 0.85
      if points.count >= PointCloud.least {
        let cloud = PointCloud(
          points: points, radius: radius, color: color, alpha: alpha, marker: series.sign)
        let scale = min(max(chart.dotsPerInch / 72, 2), 16)
        return whiskers(series, color, mapping) + [
          .picture(cloud.picture(in: mapping.frame, scale: scale), mapping.frame)
        ]
      }
      return whiskers(series, color, mapping)
        + series.sign.elements(points, radius: radius, fill: color.ink(alpha: alpha))
    case .area:
      var parts: [Drawing.Element] = []
      if !series.base.isEmpty {
        var band = series
        (band.low, band.high) = (series.base, series.y)
        parts += mapping.bands(band).map { .path($0, isClosed: true, pen: nil, fill: color.ink(alpha: 0.3)) }
      }
      for line in mapping.lines(series, series.y) {
        if series.base.isEmpty {
          parts.append(
            .path(mapping.area(below: line), isClosed: true, pen: nil, fill: color.ink(alpha: 0.3)))
        }
        parts.append(.path(line, isClosed: false, pen: pen, fill: nil))
        if line.count == 1 { parts.append(.discs(line, radius: 1.5 + width / 2, pen: nil, fill: color.ink())) }
      }
      return parts
    case .histogram where panel.hasHistogramsInLayers:
      let outline = mapping.outline(series)
      return [
        .path(outline, isClosed: true, pen: nil, fill: color.ink(alpha: chart.opacity(of: .histogram))),
        .path(outline, isClosed: false, pen: .init(color.ink(), width: 1.2), fill: nil),
      ]
    case .bars, .histogram: return bars(series, color, mapping)
    case .box: return boxes(series, color, mapping)
    }
  }

  private func bars(_ series: Chart.Series, _ color: ColorCode, _ mapping: ChartMapping) -> [Drawing.Element] {
    var parts: [Drawing.Element] = []
    // Of bars narrower than a column only the longest of each column is seen.
    let narrow = series.barWidth * mapping.frame.width < 0.25 * abs(mapping.x.high - mapping.x.low)
    if narrow, series.count > 4000, series.base.isEmpty, !mapping.isHorizontal {
      return mapping.lines(series, series.y).map {
        .path(mapping.area(below: $0), isClosed: true, pen: nil, fill: color.ink())
      }
    }
    let fill = color.ink(alpha: chart.opacity(of: series.mark))
    for place in series.y.indices {
      if Safepoint.mustStop(after: 200) { break }
      guard var frame = mapping.bar(series, place) else { continue }
      if mapping.isHorizontal { frame.height = max(frame.height, 0.4) } else { frame.width = max(frame.width, 0.4) }
      parts.append(.path(frame.corners, isClosed: true, pen: nil, fill: fill))
    }
    return parts
  }

  /// Error bars with small ends.
  func whiskers(_ series: Chart.Series, _ color: ColorCode, _ mapping: ChartMapping) -> [Drawing.Element] {
    guard !series.low.isEmpty else { return [] }
    let pen = Drawing.Pen(series.mark == .scatter ? color.ink() : ink, width: 0.8)
    var parts: [Drawing.Element] = []
    for place in series.low.indices {
      if Safepoint.mustStop(after: 400) { break }
      guard
        let low = mapping.point(
          series.place(place), max(series.low[place], mapping.y.isLogarithmic ? mapping.y.low : -.infinity)),
        let high = mapping.point(series.place(place), series.high[place]), low != high
      else { continue }
      let end = mapping.isHorizontal ? (x: 0.0, y: 2.0) : (x: 2, y: 0)
      for line in [[low, high], [low, low], [high, high]] {
        let reach = line[0] == line[1] ? end : (x: 0, y: 0)
        parts.append(
          .path(
            [.init(line[0].x - reach.x, line[0].y - reach.y), .init(line[1].x + reach.x, line[1].y + reach.y)],
            isClosed: false, pen: pen, fill: nil))
      }
    }
    return parts
  }

  private func boxes(_ series: Chart.Series, _ color: ColorCode, _ mapping: ChartMapping) -> [Drawing.Element] {
    let pen = Drawing.Pen(color.ink(), width: 1)
    var parts: [Drawing.Element] = []
    for box in series.boxes {
      if Safepoint.mustStop(after: 2000) { break }
      let half = series.barWidth / 2
      func line(_ from: (Double, Double), _ to: (Double, Double), _ pen: Drawing.Pen) {
        guard let start = mapping.point(from.0, from.1), let end = mapping.point(to.0, to.1) else { return }
        parts.append(.path([start, end], isClosed: false, pen: pen, fill: nil))
      }
      line((box.place, box.low), (box.place, box.first), pen)
      line((box.place, box.third), (box.place, box.high), pen)
      for end in [box.low, box.high] { line((box.place - half / 2, end), (box.place + half / 2, end), pen) }
      if let upper = mapping.point(box.place - half, box.third), let lower = mapping.point(box.place + half, box.first)
      {
        let corners = [upper, .init(lower.x, upper.y), lower, .init(upper.x, lower.y)]
        parts.append(.path(corners, isClosed: true, pen: pen, fill: color.ink(alpha: 0.25)))
      }
      line((box.place - half, box.median), (box.place + half, box.median), .init(color.ink(), width: 2))
      let outliers = mapping.outliers(box)
      if !outliers.isEmpty { parts.append(.discs(outliers, radius: 1.5, pen: nil, fill: color.ink(alpha: 0.7))) }
    }
    return parts
  }
}
