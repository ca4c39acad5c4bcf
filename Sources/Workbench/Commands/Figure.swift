import PixelBytes
import PixelScript

/// One number that was measured, with what is known of it.
struct Figure {
  /// What the table calls it.
  let name: String
  /// The number.
  let value: Double
  /// The standard deviation over windows (n - 1), where it is a mean of them.
  var deviation: Double?
  /// The same on tokens alone, and both of who repeats: what it is worth.
  var beside: [Double] = []
  /// Between what it lies in most draws over rows.
  var interval: (low: Double, high: Double)?

  /// What stands beside a figure of a continuation.
  static let besideColumns = ["tokens", "repeat", "repeat_tokens"]
}

extension Measured {
  /// The figures of some measures in their order; the first of each is the measure's own.
  func figures(of measures: [Measure]) throws -> [Figure] { try measures.flatMap { try figures(of: $0) } }

  private func figures(of measure: Measure) throws -> [Figure] {
    switch measure {
    case .next(let metric):
      guard let next else { return [] }
      var figure = Figure(name: metric.rawValue, value: metric.value(of: next))
      if let share = measured.interval, let outcomes = next.outcomes {
        let rows = try RowBootstrap(outcomes, classes: classes)
        figure.interval = try rows.intervals(share, seed: seed, of: [{ RowBootstrap.value(of: metric, $0) }])[0]
      }
      return [figure]
    case .continuation(let metric):
      guard let continuation else { return [] }
      let summary = continuation.summary(of: metric)
      let rows = continuation.windows.map { ($0.row, metric.value(of: $0.contexts)) }.filter { !$0.1.isNaN }
      return [
        Figure(
          name: metric.rawValue, value: summary.mean, deviation: summary.deviation,
          beside: [\.tokens, \.repeatedContexts, \.repeatedTokens].map { continuation.summary(of: metric, $0).mean },
          interval: try interval(of: rows.map { ($0.0, [$0.1, 1]) }))
      ]
    case .drawn(.copy):
      guard let copies else { return [] }
      let whole = copies.rows.map { ($0.row, [$0.right == $0.count ? 1 : 0, 1.0]) }
      return [
        try share("copy", copies.rows.map { ($0.row, [Double($0.right), Double($0.count)]) }),
        try share("whole_copies", whole),
      ]
    case .drawn(.dimensions):
      guard let pictures else { return [] }
      return [
        try share("dimensions", pictures.drawings.map { ($0.row, [$0.hasOneWidth ? 1 : 0, 1]) }),
        try share("right_dimensions", pictures.drawings.map { ($0.row, [$0.hasRightSize ? 1 : 0, 1]) }),
      ]
    case .drawn(.traits):
      guard let traits else { return [] }
      func share(_ name: String?) throws -> Figure {
        try self.share(name ?? "traits", traits.rows.map { ($0.row, traits.counts(of: $0, name)) })
      }
      let whole = try self.share("whole_traits", traits.rows.map { ($0.row, [$0.isWhole ? 1 : 0, 1]) })
      return try [share(nil), whole] + traits.names.map(share)
    }
  }

  /// The share of all that some rows have, each with how much of how much it has.
  private func share(_ name: String, _ rows: [(row: Int, sums: [Double])]) throws -> Figure {
    let total = rows.reduce(into: [0.0, 0]) { total, row in
      total[0] += row.sums[0]
      total[1] += row.sums[1]
    }
    return Figure(name: name, value: RowBootstrap.mean(total), interval: try interval(of: rows))
  }

  /// Between what a mean lies in most draws over rows; nil where that is not asked for.
  private func interval(of parts: [(row: Int, sums: [Double])]) throws -> (low: Double, high: Double)? {
    guard let share = measured.interval else { return nil }
    let rows = Dictionary(grouping: parts, by: \.row).sorted { $0.key < $1.key }.map { _, parts in
      parts.reduce(into: [0.0, 0]) { total, part in
        total[0] += part.sums[0]
        total[1] += part.sums[1]
      }
    }
    return try RowBootstrap(rows).intervals(share, seed: seed, of: [RowBootstrap.mean])[0]
  }

  private var seed: UInt64 { UInt64(bitPattern: Int64(measured.seed)) }
}

extension Figure {
  /// The figure as columns of a table of models: the number, between what it lies, and what was published, with ours less that.
  func columns(beside model: PublishedModel?, _ hasPublished: Bool) -> [(String, Value)] {
    var columns: [(String, Value)] = [(name, .number(value))]
    if let interval {
      columns += [("\(name)_low", .number(interval.low)), ("\(name)_high", .number(interval.high))]
    }
    if hasPublished, let measure = Measure(rawValue: name), measure.isPublished {
      let published = model.flatMap { measure.published(of: $0) }
      columns += [
        ("\(name)_published", published.map { .number($0) } ?? .nil),
        ("\(name)_difference", published.map { .number(value - $0) } ?? .nil),
      ]
    }
    return columns
  }
}

extension Table {
  /// A table of rows that name their columns, in the order in which these are first met; what a row lacks is missing.
  init(rows: [[(String, Value)]]) {
    var names: [String] = []
    for name in rows.flatMap({ $0.map(\.0) }) where !names.contains(name) { names.append(name) }
    self.init(names: names, rows: rows.map { row in names.map { name in row.first { $0.0 == name }?.1 ?? .nil } })
  }
}
