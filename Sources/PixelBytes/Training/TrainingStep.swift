import Safepoint
import Tensors

/// The loss and the gradients of one batch, worked out in parts on several threads.
///
/// How a batch is cut depends on its size alone, and the gradients of the parts are added over a fixed binary tree: the same batch
/// gives the same bits on one thread and on many.
public struct TrainingStep: Sendable {
  /// What is learned.
  public let objective: any Objective
  /// How many threads work.
  public let threads: Int
  private let part: Int?
  private let embeddingDropout: Float

  /// Creates a step that cuts batches in parts of `part` sequences; nil stands for 8, or half of a batch of fewer than 16.
  public init(_ objective: some Objective, threads: Int, part: Int? = nil, embeddingDropout: Float = 0) {
    (self.objective, self.threads, self.part) = (objective, threads, part)
    self.embeddingDropout = embeddingDropout
    _ = FreedMemory.isKept
  }

  /// The mean loss of a batch over the targets that count, and its gradient for every parameter of `model`, in order.
  ///
  /// `draw` seeds dropout.
  public func callAsFunction(
    _ model: any TokenModel, _ example: Example, draw: UInt64 = 0
  ) throws -> (loss: Float, gradients: [[Float]?]) {
    let inputs = example.inputs
    let size = part ?? min(8, (inputs.count + 1) / 2)
    let parts = stride(from: 0, to: inputs.count, by: size).map { $0..<min($0 + size, inputs.count) }
    let threads = model.isConcurrent ? threads : 1
    let weights = model.parameters.reduce(0) { $0 + $1.value.count }
    let held = Parallel.held(parts.count, threads: threads)
    try Safepoint.reserve(4, times: weights, held, for: "the gradients of a step")
    let charge = MemoryCharge(4 * weights * held)
    defer { withExtendedLifetime(charge) {} }
    let read = inputs.length * min(size, inputs.count)
    try Safepoint.reserve(
      model.workBytes(positions: read), times: min(threads, parts.count), for: "the work of a step")
    let divisor = objective.divisor(of: example.targets)
    let sum = try Parallel.joined(parts.count, threads: threads) { part -> (loss: Float, gradients: [[Float]?]) in
      let example = example.sequences(parts[part])
      let pass = Pass(recordedOn: Tape(), random: Random(seed: draw &+ UInt64(part), stream: "dropout"))
      pass.embeddingDropout = embeddingDropout
      let logits = try objective.logits(of: model, example, in: pass)
      let loss = objective.loss(logits, example.targets, divisor: divisor)
      guard let gradients = Tape.joining([loss])?.gradients(of: loss) else {
        throw TrainingError(description: "the loss does not depend on any parameter of the model")
      }
      return (loss: loss.values[0], gradients: model.parameters.map { gradients[$0]?.values })
    } _: { sum, part in
      sum.loss += part.loss
      for index in sum.gradients.indices { Self.add(part.gradients[index], to: &sum.gradients[index]) }
    }
    try Safepoint.check()
    return sum ?? (.nan, [])
  }

  private static func add(_ part: [Float]?, to sum: inout [Float]?) {
    guard let part else { return }
    guard var values = sum.take() else { return sum = part }
    Kernel.accumulate(part, into: &values)
    sum = values
  }
}
