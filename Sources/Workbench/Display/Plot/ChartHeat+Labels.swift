extension Chart.Heat {
  /// What stands along an axis of a field: its names, or of numbers without names their places from 0 on.
  struct Labels {
    private let names: [String]
    private let count: Int

    /// Labels of nothing where neither names nor a count are given.
    fileprivate init(_ names: [String], count: Int) {
      self.names = names
      self.count = names.isEmpty ? count : names.count
    }

    /// Whether they are places and not names.
    var arePlaces: Bool { names.isEmpty }
    /// Whether nothing stands there.
    var isEmpty: Bool { count == 0 }
    /// Those among which the longest is.
    var longest: [String] { names.isEmpty && count > 0 ? ["\(count - 1)"] : names }
    /// What stands at a place.
    subscript(place: Int) -> String { place >= count ? "" : names.isEmpty ? "\(place)" : names[place] }

    /// The same with its names cut; places stay.
    func cut(_ names: ([String]) -> [String]) -> Labels { arePlaces ? self : Labels(names(self.names), count: count) }

    /// Every how manyth of them is written where there is room for one of so many: of places those at round numbers.
    func step(_ least: Int) -> Int {
      guard arePlaces, least > 1 else { return max(least, 1) }
      var power = 1
      while power * 10 < least { power *= 10 }
      return [2, 5, 10].map { $0 * power }.first { $0 >= least } ?? least
    }

    /// The places of those that are written.
    func places(every step: Int) -> StrideTo<Int> { stride(from: 0, to: count, by: step) }
  }

  /// What stands beside the rows.
  var rowLabels: Labels { Labels(rowNames, count: colors.isEmpty ? rows : 0) }
  /// What stands below the columns.
  var columnLabels: Labels { Labels(columnNames, count: colors.isEmpty ? columns : 0) }
}
