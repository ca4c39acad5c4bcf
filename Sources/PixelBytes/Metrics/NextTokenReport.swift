import Foundation
import Safepoint
import Tensors

/// How well a model predicts the token after windows of a data set, or what else it learned.
public struct NextTokenReport: Sendable {
  /// The mean loss; that of the next token is its cross-entropy in nats.
  public let loss: Double
  /// Labels against the most likely tokens.
  public let classification: Classification
  /// The number of windows.
  public let windows: Int

  /// e to the loss: how many equally likely tokens would be as hard.
  public var perplexity: Double { exp(loss) }
  /// The loss in bits.
  public var bits: Double { loss / log(2) }

  /// The windows of one part of the work.
  private static let partSize = 32

  /// Measures `model` on the windows `indices`, by default all, and the targets of them that count; `poll` is asked between
  /// parts and may throw to stop. Throws when the model reads other contexts.
  public init(
    _ model: any TokenModel, _ windows: Windows, _ objective: some Objective = .last, indices: [Int]? = nil,
    threads: Int, poll: () throws -> Void = {}
  ) throws {
    try model.check(reads: windows.shape)
    let indices = indices ?? Array(0..<windows.count)
    var total = 0.0
    var labels: [Int32] = []
    var predictions: [Int32] = []
    try Safepoint.reserve(
      model.workBytes(positions: Size.product(windows.length, min(Self.partSize, indices.count))),
      for: "the work of an evaluation")
    let round = Self.partSize * max(threads, 1)
    for start in stride(from: 0, to: indices.count, by: round) {
      try poll()
      let parts = stride(from: start, to: min(start + round, indices.count), by: Self.partSize).map {
        indices[$0..<min($0 + Self.partSize, indices.count)]
      }
      let results = try Parallel.map(parts.count, threads: model.isConcurrent ? threads : 1) { part in
        let example = try windows.example(parts[part], for: objective)
        let logits = try objective.logits(of: model, example, in: Pass())
        let loss = objective.loss(logits, example.targets, divisor: 1).values[0]
        return (loss, example.targets, logits.argmax(axis: 1).values)
      }
      try Safepoint.check()
      for result in results {
        total += Double(result.0)
        for (label, prediction) in zip(result.1, result.2) where label != Example.ignored {
          labels.append(label)
          predictions.append(Int32(prediction))
        }
      }
    }
    loss = total / Double(labels.count)
    classification = Classification(labels: labels, predictions: predictions)
    self.windows = indices.count
  }
}
