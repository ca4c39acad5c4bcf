import Foundation
import Ranks
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
  /// What was told of every token; nil where that was not to be kept.
  public let outcomes: TokenOutcomes?

  /// e to the loss: how many equally likely tokens would be as hard.
  public var perplexity: Double { exp(loss) }
  /// The loss in bits.
  public var bits: Double { loss / log(2) }

  /// The windows of one part of the work.
  private static let partSize = 32

  /// Measures `model` on the windows `indices`, by default all, and the targets of them that count; `poll` is asked between
  /// parts and may throw to stop. With `ranks` each of them measures some of the parts, and all have the
  /// same report. `keepsOutcomes` keeps what was told of every token. Throws when the model reads other contexts.
  public init(
    _ model: any TokenModel, _ windows: Windows, _ objective: some Objective = .last, indices: [Int]? = nil,
    threads: Int, ranks: (any Communicator)? = nil, keepsOutcomes: Bool = false, poll: () throws -> Void = {}
  ) throws {
    try model.check(reads: windows.shape)
    let indices = indices ?? Array(0..<windows.count)
    var total = 0.0
    var labels: [Int32] = []
    var predictions: [Int32] = []
    var outcomes = TokenOutcomes()
    try Safepoint.reserve(
      model.workBytes(positions: Size.product(windows.length, min(Self.partSize, indices.count))),
      for: "the work of an evaluation")
    try ranks?.tellingFailure { try ranks?.meet(at: "an evaluation") }
    let round = Self.partSize * max(threads, 1) * (ranks?.count ?? 1)
    for start in stride(from: 0, to: indices.count, by: round) {
      try poll()
      let parts = stride(from: start, to: min(start + round, indices.count), by: Self.partSize).map {
        indices[$0..<min($0 + Self.partSize, indices.count)]
      }
      let shares = Shares(parts.count, among: ranks?.count ?? 1)
      let share = Array(parts[shares[ranks?.rank ?? 0]])
      let measure = {
        try Parallel.map(share.count, threads: model.isConcurrent ? threads : 1) { part in
          let example = try windows.example(share[part], for: objective)
          let logits = try objective.logits(of: model, example, in: Pass())
          let loss = objective.loss(logits, example.targets, divisor: 1).values[0]
          return (
            loss, example.targets, logits.argmax(axis: 1).values.map { Int32($0) },
            keepsOutcomes ? Self.losses(logits, example.targets) : []
          )
        }
      }
      let results =
        try ranks.map { ranks in
          try ranks.tellingFailure { try Self.unpacked(try ranks.gather(Self.packed(try measure()))) }
        } ?? measure()
      try Safepoint.check()
      for (part, result) in zip(parts, results) {
        total += Double(result.0)
        for (label, prediction) in zip(result.1, result.2) where label != Example.ignored {
          labels.append(label)
          predictions.append(prediction)
        }
        if keepsOutcomes { Self.add(result, of: part.map { windows.place(of: $0).sequence }, to: &outcomes) }
      }
    }
    loss = total / Double(labels.count)
    classification = Classification(labels: labels, predictions: predictions)
    self.windows = indices.count
    self.outcomes = keepsOutcomes ? outcomes : nil
  }

  private typealias Part = (loss: Float, targets: [Int32], predictions: [Int32], losses: [Float])

  /// The cross-entropy of each target that counts, 0 of the others.
  private static func losses(_ logits: Tensor, _ targets: [Int32]) -> [Float] {
    let (values, width) = (logits.values, logits.shape[1])
    return targets.enumerated().map { place, target in
      if target == Example.ignored || Safepoint.mustStop(after: 5 * width) { return 0 }
      return TokenOutcomes.loss(values[place * width..<(place + 1) * width], target)
    }
  }

  /// Adds the targets of a part that count, as many for each window, to what is known of every token.
  private static func add(_ part: Part, of rows: [Int], to outcomes: inout TokenOutcomes) {
    let each = part.targets.count / max(rows.count, 1)
    for (place, label) in part.targets.enumerated() where label != Example.ignored {
      outcomes.append(
        row: rows[place / each], label: label, prediction: part.predictions[place], loss: part.losses[place])
    }
  }

  /// What ranks hand each other of what they measured.
  private static func packed(_ parts: [Part]) -> [Int32] {
    parts.flatMap { part in
      [Int32(bitPattern: part.loss.bitPattern), Int32(part.targets.count), Int32(part.losses.count)] + part.targets
        + part.predictions + part.losses.map { Int32(bitPattern: $0.bitPattern) }
    }
  }

  private static func unpacked(_ numbers: [Int32]) throws -> [Part] {
    var parts: [Part] = []
    var start = 0
    while start < numbers.count {
      let count = Int(numbers[start + 1])
      let (targets, predictions) = (start + 3..<start + 3 + count, start + 3 + count..<start + 3 + 2 * count)
      let losses = predictions.upperBound..<predictions.upperBound + Int(numbers[start + 2])
      func float(_ number: Int32) -> Float { Float(bitPattern: UInt32(bitPattern: number)) }
      parts.append(
        (float(numbers[start]), Array(numbers[targets]), Array(numbers[predictions]), numbers[losses].map(float)))
      start = losses.upperBound
    }
    return parts
  }
}
