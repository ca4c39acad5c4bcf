import PixelScript
import Safepoint
import Tensors

extension Table {
  /// A row and a column for each of some columns, or for all of numbers and truth values, with their correlations (Pearson).
  func correlations(_ wanted: [String]) throws -> Table {
    let names = wanted.isEmpty ? self.names.filter { self[$0]?.isNumeric ?? false } : wanted
    if let twice = names.firstRepeated {
      throw ScriptError(.value, "the column \(Display.quoted(twice)) is given twice", argument: "columns")
    }
    let numbers = try names.map { name in
      let column = try column(name, argument: "columns")
      if let numbers = column.asNumbers { return numbers }
      throw ScriptError(
        .type, "`corr` needs numbers, and the column \(Display.quoted(name)) holds \(column.contents)",
        argument: "columns")
    }
    guard !names.contains("column") else {
      throw ScriptError(
        .value, "the correlations would have two columns \"column\"", help: "give one another name: `rename`")
    }
    try Safepoint.reserve(16, times: names.count, names.count, for: "a table")
    let pairs = names.indices.flatMap { a in names.indices.filter { $0 >= a }.map { (a, $0) } }
    let found = try Parallel.map(pairs.count, threads: Parallel.available) { place in
      try NumberPairs(numbers[pairs[place].0], numbers[pairs[place].1]).correlation()
    }
    var columns = names.map { _ in [Double](repeating: 0, count: names.count) }
    for ((a, b), correlation) in zip(pairs, found) { (columns[a][b], columns[b][a]) = (correlation, correlation) }
    var heads = PackedTexts(capacity: names.count)
    for name in names { heads.append(name) }
    return Table(
      [("column", Column.texts(heads))] + zip(names, columns).map { ($0, Column.numbers($1)) }, count: names.count)
  }
}

extension Column {
  /// Whether it is of numbers or truth values.
  fileprivate var isNumeric: Bool {
    switch self {
    case .numbers, .bools: true
    default: false
    }
  }
}
