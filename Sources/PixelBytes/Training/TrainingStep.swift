import Ranks
import Safepoint
import Tensors

/// The loss and the gradients of one batch, worked out in parts on several threads.
///
/// How a batch is cut depends on its size alone, and the gradients of the parts are added over a fixed binary tree: the same batch
/// gives the same bits on one thread and on many, and on several ranks, each of which works out some of the parts.
public struct TrainingStep {
  /// What is learned.
  public let objective: any Objective
  /// How many threads work.
  public let threads: Int
  private let part: Int?
  private let embeddingDropout: Float
  private let ranks: (any Communicator)?
  private let teaching: Teaching?

  /// Creates a step that cuts batches in parts of `part` sequences; nil stands for 8, or half of a batch of fewer than 16.
  ///
  /// With `ranks` all of them take the same step at once, each of some of the parts. With `teaching` the objective must be that of
  /// the next token.
  public init(
    _ objective: some Objective, threads: Int, part: Int? = nil, embeddingDropout: Float = 0,
    ranks: (any Communicator)? = nil, teaching: Teaching? = nil
  ) {
    precondition(teaching == nil || objective is NextToken, "teachers say which token is the next")
    (self.objective, self.threads, self.part, self.ranks) = (objective, threads, part, ranks)
    self.teaching = teaching
    self.embeddingDropout = embeddingDropout
  }

  /// The mean loss of a batch over the targets that count, and its gradient for every parameter of `model`, in order.
  ///
  /// `draw` seeds dropout.
  public func callAsFunction(
    _ model: any TokenModel, _ example: Example, draw: UInt64 = 0
  ) throws -> (loss: Float, gradients: [[Float]?]) {
    guard let ranks else { return try worked(model, example, draw) }
    return try ranks.tellingFailure { try worked(model, example, draw) }
  }

  private func worked(
    _ model: any TokenModel, _ example: Example, _ draw: UInt64
  ) throws -> (loss: Float, gradients: [[Float]?]) {
    let inputs = example.inputs
    let size = part ?? min(8, (inputs.count + 1) / 2)
    let parts = stride(from: 0, to: inputs.count, by: size).map { $0..<min($0 + size, inputs.count) }
    let shares = Shares(parts.count, among: ranks?.count ?? 1)
    let share = shares[ranks?.rank ?? 0]
    let threads = model.isConcurrent && teaching?.isConcurrent ?? true ? threads : 1
    let sizes = model.parameters.map(\.value.count)
    let weights = sizes.reduce(0, +)
    // What comes from other ranks and goes to them is there beside the parts.
    let held = Parallel.held(share.count, threads: threads) + (ranks == nil ? 0 : 3)
    try Safepoint.reserve(4, times: weights, held, for: "the gradients of a step")
    let charge = MemoryCharge(4 * weights * held)
    defer { withExtendedLifetime(charge) {} }
    let read = inputs.length * min(size, inputs.count)
    try Safepoint.reserve(
      model.workBytes(positions: read) + (teaching?.workBytes(positions: read) ?? 0), times: min(threads, parts.count),
      for: "the work of a step")
    let divisor = objective.divisor(of: example.targets)
    let places = try Parallel.joined(parts.count, only: share, threads: threads) { part -> GradientSum in
      let example = example.sequences(parts[part])
      let pass = Pass(recordedOn: Tape(), random: Random(seed: draw, stream: "dropout", at: UInt64(part)))
      pass.embeddingDropout = embeddingDropout
      let logits = try objective.logits(of: model, example, in: pass)
      let loss =
        if let teaching, let objective = objective as? NextToken {
          try teaching.loss(logits, example, objective, divisor: divisor)
        } else { objective.loss(logits, example.targets, divisor: divisor) }
      guard let gradients = Tape.joining([loss])?.gradients(of: loss) else {
        throw TrainingError(description: "the loss does not depend on any parameter of the model")
      }
      return GradientSum(loss: loss.values[0], gradients: model.parameters.map { gradients[$0]?.values })
    } _: { sum, part in
      sum.add(part)
    }
    try Safepoint.check()
    guard !parts.isEmpty else { return (.nan, []) }
    let sum = try ranks.map { try $0.sum(places, of: parts.count, shares, sizes) } ?? places.first?.value
    return sum.map { ($0.loss, $0.gradients) } ?? (.nan, [])
  }
}
