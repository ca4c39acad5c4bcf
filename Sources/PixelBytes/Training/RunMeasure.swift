extension RunFolder {
  /// What makes one evaluation better than another.
  public enum Measure: String, CaseIterable, Sendable {
    /// The lower loss, of the test rows where there are any.
    case loss
    /// The higher accuracy.
    case accuracy

    /// Whether the last of some evaluations is better than all before it.
    public func isLastBest(of history: some BidirectionalCollection<HistoryRow>) -> Bool {
      guard let last = history.last else { return false }
      return history.dropLast().allSatisfy { isBetter(last, than: $0) }
    }

    /// The place of the best of some evaluations, the first of equals; nil where there are none.
    public func best<Rows: RandomAccessCollection<HistoryRow>>(of history: Rows) -> Rows.Index? {
      var best = history.indices.first
      for index in history.indices {
        if let found = best, isBetter(history[index], than: history[found]) { best = index }
      }
      return best
    }

    private func isBetter(_ row: HistoryRow, than other: HistoryRow) -> Bool {
      let (a, b) = (row.test ?? row.train, other.test ?? other.train)
      return switch self {
      case .loss: a.loss < b.loss || b.loss.isNaN && !a.loss.isNaN
      case .accuracy: a.accuracy > b.accuracy || b.accuracy.isNaN && !a.accuracy.isNaN
      }
    }
  }
}
