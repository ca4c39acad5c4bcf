import PixelScript
import Safepoint

extension ChartBuilder {
  /// Puts bars, and areas, of several series on each other: those above 0 upwards, bars below 0 downwards.
  func stack(_ panel: inout Chart.Panel) throws {
    for mark in [Chart.Mark.bars, .area] {
      let places = panel.series.indices.filter { panel.series[$0].mark == mark }
      guard places.count > 1 else { continue }
      if mark == .area { try checkPlaces(ofAreas: places.map { panel.series[$0] }) }
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
