import Tensors

/// What gives the logits of the next token for sequences of patches, and so can be trained, measured and generated from.
///
/// `SequenceModel` is one; a program can bring others.
public protocol TokenModel {
  /// All parameters, in the order of their gradients.
  var parameters: [Parameter] { get }
  /// Their names, each once: those under which a checkpoint keeps them.
  var parameterNames: [String] { get }
  /// The number of tokens, which is that of the logits.
  var tokenCount: Int { get }
  /// Whether several threads may ask for logits at once.
  var isConcurrent: Bool { get }

  /// Throws where the model cannot learn from these positions, such as from all where it sees later ones.
  func check(_ positions: Positions) throws

  /// The logits of the next token: [batch, V] after the last position, or [batch * length, V] after every position.
  func logits(_ patches: PatchBatch, _ positions: Positions, in pass: Pass) throws -> Tensor

  /// The model at the start of `batch` sequences that grow, or nil for one that must see all again for every token.
  func stepper(batch: Int) -> SequenceModel.Stepper?

  /// The bytes, about, that a run over so many positions leaves behind for its gradient; 0 where nobody knows.
  func workBytes(positions: Int) -> Int

  /// Keeps what a run of training did, for the checkpoint; a model without one forgets it.
  func remember(_ run: TrainingRecord)
}

extension TokenModel {
  /// The parameters' own.
  public var parameterNames: [String] { parameters.map(\.name) }
  /// Nobody knows.
  public func workBytes(positions: Int) -> Int { 0 }
  /// Forgets it.
  public func remember(_ run: TrainingRecord) {}
}

extension SequenceModel: TokenModel {
  /// The size of the vocabulary.
  public var tokenCount: Int { configuration.vocabulary }
  /// True: a model does not change while it computes.
  public var isConcurrent: Bool { true }

  /// Throws when a model that reads both ways should learn from every position, where it would see what it should predict.
  public func check(_ positions: Positions) throws {
    if positions == .all, configuration.bidirectional { throw ConfigurationError.seesAhead }
  }

  /// Adds it to `training`.
  public func remember(_ run: TrainingRecord) { training.append(run) }
}

extension ConfigurationError {
  /// A model that sees later tokens cannot learn from every position.
  public static let seesAhead = ConfigurationError(
    "loss \"all\" needs a model of one direction: one that reads both ways sees the tokens it should predict")
}
