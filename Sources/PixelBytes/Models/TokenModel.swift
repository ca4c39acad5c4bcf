import Tensors

/// What gives the logits of the next token for sequences of contexts, and so can be trained, measured and generated from.
///
/// `SequenceModel` is one; a program can bring others.
public protocol TokenModel {
  /// All parameters, in the order of their gradients.
  var parameters: [Parameter] { get }
  /// Their names, each once: those under which a checkpoint keeps them.
  var parameterNames: [String] { get }
  /// What each parameter is.
  var roles: [ParameterRole] { get }
  /// What it is made of, beyond the shapes of its parameters: a run goes on only with a model of which it is the same.
  ///
  /// An object of JSON, so that a difference can be told.
  var structure: String { get throws }
  /// What of it is a program's text, an object of JSON too: a run goes on with another one by force only.
  var code: String { get }
  /// The number of tokens, which is that of the logits.
  var tokenCount: Int { get }
  /// The cells of the contexts that it reads; the paper's patches where nothing else is said.
  var contextShape: ContextShape { get }
  /// Whether several threads may ask for logits at once.
  var isConcurrent: Bool { get }

  /// Throws where the model cannot learn from these positions, such as from all where it sees later ones.
  func check(_ positions: Positions) throws

  /// The logits of the next token: [batch, V] after the last position, or [batch * length, V] after every position.
  func logits(_ contexts: ContextBatch, _ positions: Positions, in pass: Pass) throws -> Tensor

  /// The model at the start of `batch` sequences that grow, or nil for one that must see all again for every token.
  func stepper(batch: Int) -> (any TokenStepper)?

  /// The bytes, about, that a run over so many positions leaves behind for its gradient; 0 where nobody knows.
  func workBytes(positions: Int) -> Int

  /// Keeps what a run of training did, for the checkpoint; a model without one forgets it.
  func remember(_ run: TrainingRecord)
}

/// A model in the middle of sequences that grow, with all that it needs to go on.
public protocol TokenStepper {
  /// The logits [batch, V] after the last of the next contexts of each sequence, which go on where the last call stopped.
  mutating func logits(_ contexts: ContextBatch) throws -> Tensor
}

extension TokenModel {
  /// The paper's.
  public var contextShape: ContextShape { .patch }
  /// Nothing is known.
  public var structure: String { "" }
  /// Nothing.
  public var code: String { "" }
  /// The parameters' own.
  public var parameterNames: [String] { parameters.map(\.name) }
  /// The parameters' own; the last matrix with a row for each token is the head where none is.
  public var roles: [ParameterRole] { parameters.roles(outputs: tokenCount) }
  /// Nobody knows.
  public func workBytes(positions: Int) -> Int { 0 }
  /// There is none: all is read again for every token.
  public func stepper(batch: Int) -> (any TokenStepper)? { nil }
  /// Forgets it.
  public func remember(_ run: TrainingRecord) {}
}

extension SequenceModel: TokenModel {
  /// Its configuration.
  public var structure: String { get throws { try configuration.encoded() } }
  /// The parameters' own.
  public var roles: [ParameterRole] { parameters.map(\.role) }
  /// The size of the vocabulary.
  public var tokenCount: Int { configuration.vocabulary }
  /// That of the configuration.
  public var contextShape: ContextShape { configuration.contextShape }
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

  static func readsOther(_ shape: ContextShape, than found: ContextShape) -> ConfigurationError {
    ConfigurationError("the model reads contexts of \(describe(shape)), found \(describe(found))")
  }

  private static func describe(_ shape: ContextShape) -> String {
    "\(shape.rows) x \(shape.columns) cells, number \(shape.predicted) predicted"
  }
}

extension TokenModel {
  /// Throws unless contexts are such as the model reads.
  func check(reads shape: ContextShape) throws(ConfigurationError) {
    if shape != contextShape { throw ConfigurationError.readsOther(contextShape, than: shape) }
  }
}
