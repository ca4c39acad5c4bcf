import Foundation
import PixelBytes
import PixelScript

extension TableObject {
  /// The evaluations of a run; without test rows their columns are empty and not shown. `best` is the place of the best one.
  static func history(_ history: [HistoryRow], best: Int?, isInterrupted: Bool = false) -> TableObject {
    let columns = [
      "epoch", "train_loss", "train_accuracy", "train_f1", "test_loss", "test_accuracy", "test_f1", "seconds",
      "tokens_per_second", "step",
    ]
    let rows = history.map { row -> [Value] in
      func values(_ score: HistoryRow.Score) -> [Value] {
        [.number(score.loss), .number(score.accuracy), .number(score.f1)]
      }
      return [.number(row.epoch)] + values(row.train) + (row.test.map(values) ?? [.nil, .nil, .nil])
        + [.number(row.seconds), .number(row.tokensPerSecond), .number(row.step)]
    }
    var table = Table(names: columns, rows: rows)
    table.look = .runs
    return TableObject(
      table,
      remarks: [
        ("best", best.map { .map(Array(zip(columns, rows[$0]))) } ?? .nil), ("interrupted", .bool(isInterrupted)),
      ])
  }

  /// A history as the published training logs have it; throws where a column of theirs is missing.
  func asPublished() throws(ScriptError) -> TableObject {
    let columns = try PublishedLog.columns.map { pair throws(ScriptError) -> (String, Column) in
      guard case .numbers(let numbers)? = table[pair.key], !numbers.allSatisfy(MissingNumber.isMissing) else {
        throw ScriptError(
          .value, "the published columns need \(Display.quoted(pair.key)), of which the table has no values",
          help: pair.key.hasPrefix("test") ? "train with validate:" : nil, argument: "columns")
      }
      let values = numbers.map { MissingNumber.isMissing($0) ? $0 : PublishedLog.value($0, of: pair.key) }
      return (pair.value, .numbers(values))
    }
    return TableObject(Table(columns, count: table.count))
  }
}

extension HistoryRow {
  /// What `train` says of it while it goes on.
  var line: String {
    func text(_ name: String, _ score: Score) -> String {
      "\(name) loss \(Self.rounded(score.loss)), accuracy \(Self.rounded(score.accuracy))"
    }
    let scores = [text("train", train)] + (test.map { [text("test", $0)] } ?? [])
    return "epoch \(epochText): \(scores.joined(separator: "; ")); \(Self.rounded(seconds, digits: 1)) s"
  }

  /// What `train` says at its end of the best one.
  func bestLine(by measure: RunFolder.Measure) -> String {
    let score = test ?? train
    let value =
      switch measure {
      case .loss: score.loss
      case .accuracy: score.accuracy
      }
    return "best \(test == nil ? "train" : "test") \(measure.rawValue) \(Self.rounded(value)) after epoch \(epochText)"
  }

  private var epochText: String { Self.rounded(epoch, digits: epoch == epoch.rounded() ? 0 : 2) }

  private static func rounded(_ value: Double, digits: Int = 3) -> String {
    value.formatted(.number.precision(.fractionLength(digits)).grouping(.never).locale(Locale(identifier: "en_US")))
  }
}
