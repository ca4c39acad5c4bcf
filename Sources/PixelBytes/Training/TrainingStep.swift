import Safepoint
import Tensors

/// The loss and the gradients of one batch, worked out in parts on several threads.
///
/// A batch is cut into parts of `partSize` sequences whatever the number of threads, and their sums are added in a fixed
/// order: the same batch gives the same bits on one thread and on many.
public struct TrainingStep: Sendable {
  /// The sequences of one part.
  public static let partSize = 8

  /// Which positions count in the loss.
  public let positions: Positions
  /// How many threads work.
  public let threads: Int

  /// Creates a step.
  public init(_ positions: Positions, threads: Int) {
    (self.positions, self.threads) = (positions, threads)
    _ = FreedMemory.isKept
  }

  /// The mean cross-entropy of a batch and its gradient for every parameter of `model`, in order.
  ///
  /// `labels` holds the token after the last position of each sequence, or after every position. `draw` seeds dropout.
  public func callAsFunction(
    _ model: any TokenModel, _ inputs: PatchBatch, _ labels: [Int32], draw: UInt64 = 0
  ) throws -> (loss: Float, gradients: [[Float]?]) {
    let parts = stride(from: 0, to: inputs.count, by: Self.partSize).map {
      $0..<min($0 + Self.partSize, inputs.count)
    }
    // The gradients of all parts are there before they are added up.
    let weights = model.parameters.reduce(0) { $0 + $1.value.count }
    try Safepoint.reserve(4, times: weights, parts.count, for: "the gradients of a step")
    let charge = MemoryCharge(4 * weights * parts.count)
    defer { withExtendedLifetime(charge) {} }
    let read = inputs.length * min(Self.partSize, inputs.count)
    try Safepoint.reserve(
      model.workBytes(positions: read), times: min(threads, parts.count), for: "the work of a step")
    let perSequence = labels.count / inputs.count
    let results = try Parallel.map(parts.count, threads: model.isConcurrent ? threads : 1) { part in
      let range = parts[part]
      let pass = Pass(recordedOn: Tape(), random: Random(seed: draw &+ UInt64(part), stream: "dropout"))
      let logits = try model.logits(inputs.sequences(range), positions, in: pass)
      let loss = logits.crossEntropy(
        Array(labels[range.lowerBound * perSequence..<range.upperBound * perSequence]), divisor: Float(labels.count))
      guard let gradients = Tape.joining([loss])?.gradients(of: loss) else {
        throw TrainingError(description: "the loss does not depend on any parameter of the model")
      }
      return (loss: loss.values[0], gradients: model.parameters.map { gradients[$0]?.values })
    }
    try Safepoint.check()
    guard var sum = results.first else { return (.nan, []) }
    for result in results.dropFirst() {
      sum.loss += result.loss
      for index in sum.gradients.indices { Self.add(result.gradients[index], to: &sum.gradients[index]) }
    }
    return sum
  }

  private static func add(_ part: [Float]?, to sum: inout [Float]?) {
    guard let part else { return }
    guard var values = sum.take() else { return sum = part }
    Kernel.accumulate(part, into: &values)
    sum = values
  }
}
