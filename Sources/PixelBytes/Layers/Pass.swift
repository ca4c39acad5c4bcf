import Tensors

/// One run of a model: whether a tape records it, whether it trains, and where dropout draws from.
///
/// A pass belongs to one thread; several passes may run over the same parameters at once.
public final class Pass {
  /// The tape that records the run, or nil when no gradient is wanted.
  public let tape: Tape?
  /// Whether layers behave as in training (dropout).
  public let isTraining: Bool
  /// The share of what an embedding gives that is cleared in training, beside the dropout of the layers.
  public var embeddingDropout: Float = 0
  var random: Random

  /// A pass without gradients, as evaluation and generation use it.
  public init() { (tape, isTraining, random) = (nil, false, Random(seed: 0, stream: "dropout")) }

  /// A pass recorded on `tape`; `random` serves dropout.
  public init(recordedOn tape: Tape, isTraining: Bool = true, random: Random = Random(seed: 0, stream: "dropout")) {
    (self.tape, self.isTraining, self.random) = (tape, isTraining, random)
  }

  /// The value of a parameter in this pass: a variable of its tape, or a constant without one.
  public subscript(parameter: Parameter) -> Tensor { tape?.variable(parameter) ?? parameter.value }

  /// The next number of the pass's random stream.
  package func draw() -> UInt64 { random.next() }

  /// A draw of dropout for one layer: that of nothing outside of training.
  public func dropout(_ probability: Float) -> Dropout {
    isTraining && probability > 0
      ? Dropout(probability, seed: UInt32(truncatingIfNeeded: random.next() >> 32)) : .none
  }
}
