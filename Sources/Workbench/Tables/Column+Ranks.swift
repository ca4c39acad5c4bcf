import PixelScript
import Safepoint

extension Column {
  /// What equal values get as their rank.
  enum Ties: String, CaseIterable, ScriptChoice {
    /// The mean of their places.
    case average
    /// The first of their places, or the last.
    case min, max
    /// Their places, in the order in which they stand.
    case first
    /// One more than what comes before them, however many those are.
    case dense
  }

  /// The place of each value in their order, counted from 1; missing for what is missing or NaN.
  func ranked(_ ties: Ties, descending: Bool) throws -> Column {
    let order = try RowOrder.places([("values", self, descending)], rows: count)
    let keys = try RowOrder.ranks(of: self, "values")
    var ranks = [Double](repeating: MissingNumber.value, count: count)
    var (start, different) = (0, 0)
    while start < count, keys[order[start]] < RowOrder.nan {
      let key = keys[order[start]]
      var end = start + 1
      while end < count, keys[order[end]] == key { end += 1 }
      different += 1
      for place in start..<end {
        ranks[order[place]] =
          switch ties {
          case .average: Double(start + 1 + end) / 2
          case .min: Double(start + 1)
          case .max: Double(end)
          case .first: Double(place + 1)
          case .dense: Double(different)
          }
      }
      try Safepoint.check(after: 10 * (end - start))
      start = end
    }
    return .numbers(ranks)
  }
}
