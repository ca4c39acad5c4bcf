import Safepoint
import Tensors

/// The loss and the gradients of one batch, worked out in parts on several threads.
///
/// How a batch is cut depends on its size alone, and the gradients of the parts are added over a fixed binary tree: the same batch
/// gives the same bits on one thread and on many.
public struct TrainingStep: Sendable {
  /// Which positions count in the loss.
  public let positions: Positions
  /// How many threads work.
  public let threads: Int
  private let part: Int?

  /// Creates a step that cuts batches in parts of `part` sequences; nil stands for 8, or half of a batch of fewer than 16.
  public init(_ positions: Positions, threads: Int, part: Int? = nil) {
    (self.positions, self.threads, self.part) = (positions, threads, part)
    _ = FreedMemory.isKept
  }

  /// The mean cross-entropy of a batch and its gradient for every parameter of `model`, in order.
  ///
  /// `labels` holds the token after the last position of each sequence, or after every position. `draw` seeds dropout.
  public func callAsFunction(
    _ model: any TokenModel, _ inputs: PatchBatch, _ labels: [Int32], draw: UInt64 = 0
  ) throws -> (loss: Float, gradients: [[Float]?]) {
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
    let perSequence = labels.count / inputs.count
    let sum = try Parallel.joined(parts.count, threads: threads) { part -> (loss: Float, gradients: [[Float]?]) in
      let range = parts[part]
      let pass = Pass(recordedOn: Tape(), random: Random(seed: draw &+ UInt64(part), stream: "dropout"))
      let logits = try model.logits(inputs.sequences(range), positions, in: pass)
      let loss = logits.crossEntropy(
        Array(labels[range.lowerBound * perSequence..<range.upperBound * perSequence]), divisor: Float(labels.count))
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
