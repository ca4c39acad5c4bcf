import Formats
import Foundation
import Safepoint

/// One run of a `Trainer`: what it learned from, how, and what it measured. The same run gives the same record, so it holds no
/// times.
public struct TrainingRecord: Codable, Equatable, Sendable {
  /// The rows that were learned from or measured on.
  public struct Source: Codable, Equatable, Sendable {
    /// The name of the data set, if it has one.
    public var name: String?
    /// The number of rows.
    public var rows: Int
    /// The number of tokens of all rows.
    public var tokens: Int
    /// The SHA-256 of every row's number of tokens, as 8 bytes with the lowest first, and its tokens, a byte each.
    public var sha256: String

    /// Describes sequences; reads all of them once, and throws when one cannot be read.
    ///
    /// `report` hears how many rows are read and may throw to stop.
    public init(_ sequences: TokenSequences, report: (_ rows: Int) throws -> Void = { _ in }) throws {
      (name, rows, tokens) = (sequences.name, sequences.count, sequences.tokenCount)
      let hash = SHA256()
      for row in 0..<sequences.count {
        let tokens = try sequences.tokenIDs(of: row)
        hash.update((0..<8).map { UInt8(truncatingIfNeeded: tokens.count >> (8 * $0)) })
        for start in stride(from: 0, to: tokens.count, by: 1 << 16) {
          let part = tokens[start..<min(start + (1 << 16), tokens.count)]
          try Safepoint.check(after: 4 * part.count)
          hash.update(Array(part))
        }
        try report(row + 1)
      }
      sha256 = hash.finish()
    }
  }

  /// What one evaluation found.
  public struct Evaluation: Codable, Equatable, Sendable {
    /// The passes over the training windows before it, a fraction within one.
    public var epoch: Double
    /// The model on training windows.
    public var train: HistoryRow.Score
    /// The model on the test rows; nil without any.
    public var test: HistoryRow.Score?
  }

  /// The rows that were learned from.
  public var data: Source
  /// The rows that were measured on; nil without any.
  public var test: Source?
  /// The options of the run by their names in scripts, those that were not set left out; `loss` names the objective.
  public var options: [String: SettingValue]
  /// The SHA-256 of the weights of each teacher, in their order; nil without any.
  public var teachers: [String]?
  /// The optimizer steps that were done.
  public var steps: Int
  /// The evaluations, in their order.
  public var evaluations: [Evaluation]

  /// Describes a run.
  init(
    data: Source, test: Source?, options: TrainingOptions, objective: String, teachers: [String]? = nil,
    steps: Int = 0, history: [HistoryRow] = []
  ) {
    self.teachers = teachers
    (self.data, self.test, self.options, self.steps) = (data, test, options.recorded, steps)
    self.options["loss"] = .text(objective)
    evaluations = history.map { Evaluation(epoch: $0.epoch, train: $0.train, test: $0.test) }
  }
}

extension TrainingRecord {
  /// The name of the objective where it was not that of the next token.
  var ownObjective: String? {
    guard case .text(let name)? = options["loss"], Positions(rawValue: name) == nil else { return nil }
    return name
  }
}

extension TokenSequences {
  /// The ids of a sequence's tokens, one a context.
  func tokenIDs(of index: Int) throws -> [UInt8] {
    if let row = try tokens(of: index) { return row.tokens }
    return try patches(of: index).tokens
  }
}
