import Foundation
import Safepoint
import Tensors

/// How far a figure may be off because other rows could have been measured: the Bayesian bootstrap over rows (Rubin 1981).
///
/// Windows and tokens of one row are alike, so it is drawn anew how much each row counts, with all that was measured of it. No row counts
/// nothing: where rows are drawn with replacement, a third of them is left out, and with them classes that few rows have, so that a mean
/// over classes is one over fewer of them.
public struct RowBootstrap: Sendable {
  /// How often it is drawn how much each row counts.
  public static let draws = 1000

  /// The sums of each row, from which a figure of any rows follows when they are added up.
  package let sums: [[Double]]

  /// The sums of each row, as many for each; rows of several lengths are a programmer's mistake.
  public init(_ sums: [[Double]]) {
    precondition(Set(sums.map(\.count)).count <= 1, "rows with several numbers of sums")
    self.sums = sums
  }

  /// The sums of tokens, row by row, from which `value(of:)` of any metric follows: those of losses and tokens, then labels,
  /// predictions and hits of each of `classes` tokens.
  public init(_ outcomes: TokenOutcomes, classes: Int) throws {
    var places: [Int32: Int] = [:]
    var sums: [[Double]] = []
    for token in 0..<outcomes.count {
      try Safepoint.check(after: 20)
      let row = outcomes.rows[token]
      let place = places[row] ?? sums.count
      if place == sums.count {
        try Safepoint.reserve(8, times: 2 + 3 * classes, for: "the sums of rows")
        places[row] = place
        sums.append([Double](repeating: 0, count: 2 + 3 * classes))
      }
      let (label, prediction) = (Int(outcomes.labels[token]), Int(outcomes.predictions[token]))
      sums[place][0] += Double(outcomes.losses[token])
      sums[place][1] += 1
      sums[place][2 + 3 * label] += 1
      sums[place][3 + 3 * prediction] += 1
      if label == prediction { sums[place][4 + 3 * label] += 1 }
    }
    self.init(sums)
  }

  /// The figure of tokens by their sums.
  public static func value(of metric: Metric, _ sums: [Double]) -> Double {
    let classes = stride(from: 2, to: sums.count, by: 3).map {
      (labels: sums[$0], predictions: sums[$0 + 1], hits: sums[$0 + 2])
    }
    return metric.value(loss: sums[0] / sums[1], Classification(classes))
  }

  /// The mean of what two sums are of: the first over the second.
  public static func mean(_ sums: [Double]) -> Double { sums[0] / sums[1] }

  /// Between which values a figure lies in `share` of the draws, for each of some figures; NaN where it is no number.
  ///
  /// A draw has each row count an exponential number of times, on average once. The same seed draws the same. Throws when the work must
  /// stop.
  public func intervals(
    _ share: Double, seed: UInt64, of values: [([Double]) -> Double]
  ) throws -> [(low: Double, high: Double)] {
    guard let width = sums.first?.count else { return values.map { _ in (.nan, .nan) } }
    var random = Random(seed: seed, stream: "bootstrap")
    var drawn = values.map { _ in [Double]() }
    for _ in 0..<Self.draws {
      var total = [Double](repeating: 0, count: width)
      let weights = sums.map { _ in -log(1 - random.unit()) }
      let scale = Double(sums.count) / weights.reduce(0, +)
      for (row, weight) in zip(sums, weights) {
        try Safepoint.check(after: width + 10)
        for place in 0..<width { total[place] += scale * weight * row[place] }
      }
      for (place, value) in values.enumerated() { drawn[place].append(value(total)) }
    }
    return drawn.map { values in
      let sorted = values.filter { !$0.isNaN }.sorted()
      return (Quantile.of(sorted, (1 - share) / 2), Quantile.of(sorted, (1 + share) / 2))
    }
  }
}
