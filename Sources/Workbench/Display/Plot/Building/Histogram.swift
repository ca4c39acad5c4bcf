import Foundation
import PixelScript
import Safepoint

/// How many numbers fall into each of some intervals.
enum Histogram {
  /// The most intervals of which one is still seen beside the next; `bins` takes more.
  private static let most = 500

  /// Intervals that are equally wide.
  private struct Intervals {
    let low, width: Double
    let count: Int

    /// Where the one at a place begins.
    private func edge(_ place: Int) -> Double { low + Double(place) * width }

    /// The interval in which a number lies; the last one holds its end too.
    func place(of value: Double) -> Int {
      var place = min(max(Int((value / width - low / width).rounded(.down)), 0), count - 1)
      if place > 0, value < edge(place) { place -= 1 }
      if place + 1 < count, value >= edge(place + 1) { place += 1 }
      return place
    }
  }

  /// Turns the histograms of a panel from numbers into bars over common intervals.
  static func fill(_ panel: inout Chart.Panel, bins: Int?) throws {
    let places = panel.series.indices.filter { panel.series[$0].mark == .histogram }
    guard !places.isEmpty else { return }
    var numbers: [Double] = []
    var extent = Extent()
    try Safepoint.reserve(8, times: places.reduce(0) { $0 + panel.series[$1].count }, for: "a plot")
    for place in places {
      try Pieces.forEach(panel.series[place].count) { piece in
        for index in piece where panel.series[place].y[index].isFinite {
          extent.add(panel.series[place].y[index])
          numbers.append(panel.series[place].y[index])
        }
      }
    }
    guard !numbers.isEmpty else { return }
    if panel.y.isTime { (panel.x.isTime, panel.y.isTime) = (true, false) }
    // Dates without times fall into whole days, and numbers that reach further than the largest one are told in larger units.
    let areDays = panel.x.isTime && numbers.allSatisfy { $0.truncatingRemainder(dividingBy: 86_400) == 0 }
    let unit = areDays ? 86_400.0 : (extent.high - extent.low).isFinite ? 1 : 4
    if unit != 1 {
      numbers = numbers.map { $0 / unit }
      extent = Extent()
      for number in numbers { extent.add(number) }
    }
    let intervals = try intervals(extent, numbers, bins)
    for place in places {
      let values = panel.series[place].y
      var counts = [Double](repeating: 0, count: intervals.count)
      try Pieces.forEach(values.count) { piece in
        for index in piece where values[index].isFinite { counts[intervals.place(of: values[index] / unit)] += 1 }
      }
      panel.series[place].y = counts
      panel.series[place].x = counts.indices.map { (intervals.low + (Double($0) + 0.5) * intervals.width) * unit }
      panel.series[place].barWidth = intervals.width * unit
      (panel.series[place].low, panel.series[place].high) = ([], [])
    }
    if panel.y.label.isEmpty { panel.y.label = "count" }
    panel.x.names = []
  }

  /// Where the intervals lie: as many as NumPy's "auto" says of all numbers together, and around whole numbers where these are few or
  /// an interval would hold less than one.
  private static func intervals(_ extent: Extent, _ numbers: [Double], _ bins: Int?) throws -> Intervals {
    let length = extent.high - extent.low
    // A part of a length that is hardly a number is none.
    guard length > 0x1p-1000 else {
      return Intervals(low: extent.low - 0.5, width: abs(extent.low) < 1e9 ? 1 : abs(extent.low) * 1e-3, count: 1)
    }
    if let bins { return Intervals(low: extent.low, width: length / Double(bins), count: bins) }
    let width = try automaticWidth(length, numbers)
    if extent.isWhole, length <= 50 || width <= 1 && length < Double(most) {
      return Intervals(low: extent.low - 0.5, width: 1, count: Int(length) + 1)
    }
    let count = Int(min((length / width).rounded(.up), Double(most)))
    return Intervals(low: extent.low, width: length / Double(count), count: count)
  }

  /// How wide intervals are by the rules of Sturges and of Freedman and Diaconis, whichever is less; the latter no less than half of what
  /// the square root of the number of numbers says.
  private static func automaticWidth(_ length: Double, _ numbers: [Double]) throws -> Double {
    let count = Double(numbers.count)
    let quartiles = try NumberFigures(numbers).quantiles([0.25, 0.75])
    let byQuartiles = 2 * (quartiles[1] - quartiles[0]) * pow(count, -1 / 3.0)
    return min(max(byQuartiles, length / count.squareRoot() / 2), length / (log2(count) + 1))
  }
}
