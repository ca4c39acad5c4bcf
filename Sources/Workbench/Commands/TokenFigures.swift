import PixelBytes
import PixelScript
import Safepoint

/// How single tokens are put together in figures.
enum TokenGroups: String, CaseIterable {
  case token, kind
}

/// What is known of single tokens, put together by token or by kind of token.
struct TokenFigures {
  private let outcomes: TokenOutcomes
  private let vocabulary: Vocabulary
  private let groups: TokenGroups

  init(_ measured: Measured, _ groups: TokenGroups) throws {
    guard let outcomes = measured.next?.outcomes else {
      throw ScriptError(.value, "nothing was measured of single tokens", argument: "metrics")
    }
    (self.outcomes, self.groups, vocabulary) = (outcomes, groups, measured.vocabulary)
  }

  /// Tokens that count as one.
  private struct Group {
    let name: String
    let ids: Set<UInt8>
    let count: Int
  }

  /// The groups that there are, in the order of tokens or of kinds.
  private func present() -> [Group] {
    var counts = [Int](repeating: 0, count: 256)
    for label in outcomes.labels { counts[Int(label)] += 1 }
    let all = UInt8.min...UInt8.max
    let groups: [(String, [UInt8])] =
      switch groups {
      case .token: all.filter { counts[Int($0)] > 0 }.map { (vocabulary.name(of: $0), [$0]) }
      case .kind: TokenKind.allCases.map { kind in (kind.rawValue, all.filter { vocabulary.kind(of: $0) == kind }) }
      }
    return groups.map { name, ids in
      Group(name: name, ids: Set(ids), count: ids.reduce(0) { $0 + counts[Int($1)] })
    }.filter { $0.count > 0 }
  }

  /// A row for each token, or kind of them, that there is, with its figures and how many there are.
  func table(of metrics: [Metric]) throws -> TableObject {
    let rows = try present().map { group -> [Value] in
      try Safepoint.check()
      let own = outcomes.choosing { group.ids.contains($0) }
      return [.string(group.name)] + metrics.map { .number(value(of: $0, own)) } + [.number(group.count)]
    }
    return TableObject(columns: [groups.rawValue] + metrics.map(\.rawValue) + ["tokens"], rows: rows)
  }

  /// A figure of the tokens of one group. Precision and f1 of one token count what was taken for it, too.
  private func value(of metric: Metric, _ own: TokenOutcomes) -> Double {
    guard groups == .token, let label = own.labels.first else { return own.value(of: metric) }
    let told = outcomes.predictions.reduce(0.0) { $0 + ($1 == label ? 1 : 0) }
    let hits = own.predictions.reduce(0.0) { $0 + ($1 == label ? 1 : 0) }
    let one = Classification([(labels: Double(own.count), predictions: told, hits: hits)])
    return metric == .accuracy ? own.classification.accuracy : metric.value(loss: own.loss, one)
  }

  /// A row for each of the `most` frequent tokens, or for each kind, a column for what they were taken for; the rest together.
  func confusion(most: Int) -> TableObject {
    let present = present()
    let frequent = present.indices.sorted { (-present[$0].count, $0) < (-present[$1].count, $1) }.prefix(most).sorted()
    var names = frequent.map { present[$0].name }
    var places = [Int](repeating: names.count, count: 256)
    for (place, group) in frequent.enumerated() { for id in present[group].ids { places[Int(id)] = place } }
    var cells = [[Int]](repeating: [Int](repeating: 0, count: names.count + 1), count: names.count + 1)
    for (label, prediction) in zip(outcomes.labels, outcomes.predictions) {
      cells[places[Int(label)]][places[Int(prediction)]] += 1
    }
    if cells.contains(where: { $0[names.count] > 0 }) || cells[names.count].contains(where: { $0 > 0 }) {
      names.append("others")
    }
    let rows = names.indices.map { row in
      [.string(names[row])] + names.indices.map { Value.number(cells[row][$0]) }
    }
    return TableObject(columns: ["true"] + names, rows: rows)
  }
}
