import PixelScript
import Safepoint

extension Command {
  /// Where values stand among others.
  static var columnPlaces: [Command] {
    [
      Command(
        "rank", "Tells the place of each value in their order, counted from 1, as pandas' rank.", severalParameter,
        Parameter<Column.Ties>("ties", "what equal values get", default: .average, byName: true, aliases: ["method"]),
        Parameter<Bool>("descending", "the largest first", default: false, byName: true, aliases: ["reverse"]),
        example: """
          t = table({loss: [4, 2, nil, 4]})
          print rank(t.loss), rank(t.loss, ties: "min", descending: true)  # expect: [2.5, 1, nil, 2.5] [1, 3, nil, 1]
          """
      ) { _, values, ties, descending in
        .object(ColumnObject(try several(values, "rank").ranked(ties, descending: descending)))
      },
      Command(
        "cut", "Tells into which range each number falls, as pandas' cut; nil for one outside.", severalParameter,
        Parameter<BinChoice>("bins", "bounds that grow, or how many ranges of one width"),
        Parameter<[String]?>("labels", "what the ranges are called", byName: true),
        Parameter<Bool>(
          "right", "whether a range holds its upper bound, else its lower one", default: true, byName: true),
        example: """
          t = table({loss: [0.5, 1, 3, 9]})
          print cut(t.loss, [0, 1, 4])  # expect: ["(0, 1]", "(0, 1]", "(1, 4]", nil]
          print cut(t.loss, [0, 1, 10], labels: ["low", "high"])  # expect: ["low", "low", "high", "high"]
          """
      ) { _, values, choice, labels, closesRight in
        let numbers = try ColumnObject(try several(values, "cut")).numbers(for: "cut", argument: "values")
        let bins =
          switch choice {
          case .edges(let edges): try Bins(edges: edges, closesRight: closesRight)
          case .count(let count): try Bins(count, over: numbers, closesRight: closesRight)
          }
        if let labels, labels.count != bins.count {
          throw ScriptError(
            .value, "`cut` expects a label for each of \(bins.count) ranges, found \(labels.count)", argument: "labels")
        }
        var texts = PackedTexts(capacity: bins.count)
        for name in labels ?? bins.names { texts.append(name) }
        return .object(
          ColumnObject(try Column.texts(texts).picking(try Pieces.filled(from: numbers) { bins.place(of: $0) })))
      },
    ]
  }
}

/// Bounds, or a number of ranges.
enum BinChoice: ScriptConvertible {
  case edges([Double])
  case count(Int)

  static let scriptName = "list of bounds or a whole number"

  static func convert(_ value: Value) throws(Stopped) -> BinChoice? {
    if case .number = value { return Int.convert(value).map { .count($0) } }
    return try [Double].convert(value).map { .edges($0) }
  }

  var scriptValue: Value {
    switch self {
    case .edges(let edges): edges.scriptValue
    case .count(let count): count.scriptValue
    }
  }
}
