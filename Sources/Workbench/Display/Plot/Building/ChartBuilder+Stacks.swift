import PixelScript
import Safepoint

extension ChartBuilder {
  /// Puts bars, and areas, of several series on each other: those above 0 upwards, bars below 0 downwards.
  func stack(_ panel: inout Chart.Panel) throws {
    for mark in [Chart.Mark.bars, .area] {
      let places = panel.series.indices.filter { panel.series[$0].mark == mark }
      guard places.count > 1 else { continue }
      if mark == .area {
        try checkPlaces(ofAreas: places.map { panel.series[$0] })
        if places.contains(where: { panel.series[$0].y.contains { !$0.isFinite } }) {
          try stackSteps(ofAreas: places, in: &panel)
          continue
        }
      }
      var (above, below): ([Double: Double], [Double: Double]) = ([:], [:])
      for place in places {
        var series = panel.series[place]
        series.base = []
        for index in series.y.indices {
          try Safepoint.check(after: 60)
          let (spot, height) = (series.spot(index), series.y[index])
          let isDown = mark == .bars && height < 0
          let base = (isDown ? below[spot] : above[spot]) ?? 0
          series.base.append(base)
          // What is missing is as if it were 0 to those above it.
          guard height.isFinite else { continue }
          if isDown { below[spot] = base + height } else { above[spot] = base + height }
          series.y[index] = base + height
          if index < series.low.count {
            series.low[index] += base
            series.high[index] += base
          }
        }
        panel.series[place] = series
      }
    }
  }

  /// Puts areas with gaps on each other, one step from a place to the next after the other: an area that has no number at an end of a step
  /// has none there, and those above it lie lower.
  private func stackSteps(ofAreas places: [Int], in panel: inout Chart.Panel) throws {
    let count = panel.series[places[0]].count
    try Safepoint.reserve(96, times: count, places.count, for: "a plot")
    let (starts, spots) = (0..<max(count - 1, 0), (0..<count).map { panel.series[places[0]].spot($0) })
    var ground = [Double](repeating: 0, count: 2 * starts.count)
    for place in places {
      let heights = panel.series[place].y
      var (base, top) = (ground, ground)
      for start in starts {
        try Safepoint.check(after: 60)
        let isThere = heights[start].isFinite && heights[start + 1].isFinite
        for end in 0...1 {
          let point = 2 * start + end
          if isThere { ground[point] += heights[start + end] }
          (base[point], top[point]) = isThere ? (base[point], ground[point]) : (.nan, .nan)
        }
      }
      (panel.series[place].base, panel.series[place].y) = (base, top)
      panel.series[place].x = starts.flatMap { [spots[$0], spots[$0 + 1]] }
    }
  }

  /// Throws for areas that do not all have the same places, between which one would not know where the next begins.
  private func checkPlaces(ofAreas areas: [Chart.Series]) throws {
    guard let first = areas.first else { return }
    for other in areas.dropFirst() {
      let isSame =
        other.count == first.count
        && other.y.indices.allSatisfy {
          other.spot($0) == first.spot($0) || other.spot($0).isNaN && first.spot($0).isNaN
        }
      try Safepoint.check(after: 10 * other.count)
      guard !isSame else { continue }
      throw ScriptError(
        .value, "stacked areas need numbers at the same places, and those of the series differ", argument: "stacked")
    }
  }
}
