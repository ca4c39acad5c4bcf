import PixelScript
import Safepoint

/// Means with bands around them.
enum Bands {
  /// The mean of all heights of one place, places from left to right, and what lies around it. Of one height alone nothing does.
  static func of(_ series: Chart.Series, _ band: PlotOptions.Band) throws -> Chart.Series {
    try Safepoint.reserve(48, times: series.count, for: "a plot")
    let order = try Pieces.map(series.count) { $0 }
      .filter { series.place($0).isFinite && series.y[$0].isFinite }
      .sorted { (series.place($0), $0) < (series.place($1), $1) }
    try Safepoint.check()
    var made = series
    (made.x, made.y, made.low, made.high) = ([], [], [], [])
    var start = 0
    while start < order.count {
      try Safepoint.check(after: 200)
      let x = series.place(order[start])
      var end = start
      while end < order.count, series.place(order[end]) == x { end += 1 }
      let heights = order[start..<end].map { series.y[$0] }
      let figures = NumberFigures(heights)
      let mean = try figures.mean()
      let deviation = heights.count > 1 ? try figures.deviation() : 0
      made.x?.append(x)
      made.y.append(mean)
      switch band {
      case .sd, .se:
        let reach = band == .sd ? deviation : deviation / Double(heights.count).squareRoot()
        made.low.append(mean - reach)
        made.high.append(mean + reach)
      case .minmax:
        made.low.append(heights.min() ?? mean)
        made.high.append(heights.max() ?? mean)
      }
      start = end
    }
    return made
  }
}

/// Median, quartiles and what lies outside.
enum Boxes {
  /// Turns the numbers of box series into boxes: one a series, or one for each place along the axis.
  ///
  /// Those without a place on a logarithmic axis belong to no box, and are counted.
  static func fill(_ panel: inout Chart.Panel, isLogarithmic: Bool) throws {
    let places = panel.series.indices.filter { panel.series[$0].mark == .box }
    guard !places.isEmpty else { return }
    let isPlaced = panel.series.contains { $0.mark == .box && $0.x != nil }
    if !isPlaced {
      // One without a name stands above an axis that says nothing.
      panel.x.names = places.map { panel.series[$0].name }
    }
    let standBeside = try isPlaced && Chart.Series.haveSharedPlaces(places.map { panel.series[$0] })
    for (order, place) in places.enumerated() {
      if isLogarithmic {
        for index in panel.series[place].y.indices where panel.series[place].y[index] <= 0 {
          panel.series[place].y[index] = .nan
          panel.series[place].unplaced += 1
        }
      }
      let series = panel.series[place]
      var groups: [(place: Double, values: [Double])] = []
      if isPlaced {
        var known: [Double: Int] = [:]
        for index in series.y.indices where series.place(index).isFinite && series.y[index].isFinite {
          try Safepoint.check(after: 30)
          let x = series.place(index)
          let group = known[x] ?? groups.count
          if group == groups.count {
            known[x] = group
            groups.append((x, []))
          }
          groups[group].values.append(series.y[index])
        }
      } else {
        groups = [(Double(order), series.y.filter(\.isFinite))]
      }
      let width = isPlaced ? 0.7 / (standBeside ? Double(places.count) : 1) : 0.6
      let shift = standBeside ? (Double(order) - Double(places.count - 1) / 2) * width : 0
      panel.series[place].boxes = try groups.filter { !$0.values.isEmpty }.map {
        try box($0.values, at: $0.place + shift)
      }
      panel.series[place].barWidth = width * 0.9
      (panel.series[place].x, panel.series[place].y) = (nil, [])
      if !isPlaced {
        panel.series[place].name = ""
      }
    }
  }

  /// The box of some numbers: whiskers reach to the last number within one and a half times the distance of the quartiles.
  private static func box(_ values: [Double], at place: Double) throws -> Chart.Box {
    try Safepoint.check(after: 100 * values.count)
    let sorted = values.sorted()
    let (first, third) = (Quantile.of(sorted, 0.25), Quantile.of(sorted, 0.75))
    let reach = 1.5 * (third - first)
    let inside = sorted.filter { $0 >= first - reach && $0 <= third + reach }
    let outliers = sorted.filter { $0 < first - reach || $0 > third + reach }
    return Chart.Box(
      place: place, low: min(inside.first ?? first, first), first: first, median: Quantile.of(sorted, 0.5),
      third: third,
      high: max(inside.last ?? third, third), outliers: outliers)
  }
}

extension Chart.Series {
  /// Whether two of some series have numbers at one place, so that what stands there stands side by side; where each place has those of one
  /// series alone, as where names have colors of their own, it has all of the room.
  static func haveSharedPlaces(_ some: [Chart.Series]) throws -> Bool {
    var owners: [Double: Int] = [:]
    for (number, series) in some.enumerated() {
      for index in series.y.indices where series.y[index].isFinite && series.spot(index).isFinite {
        try Safepoint.check(after: 40)
        if owners.updateValue(number, forKey: series.spot(index)) ?? number != number { return true }
      }
    }
    return false
  }
}
