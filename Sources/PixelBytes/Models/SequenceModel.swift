import Safepoint
import Tensors

/// Which positions of a sequence get logits.
public enum Positions: String, CaseIterable, Sendable {
  /// The last one only, as in the paper.
  case last
  /// All of them; for models that read in one direction, as others would see what they should predict.
  case all
}

/// A model of token sequences: contexts in, logits of the next token out.
///
/// Embedding and head are the same in all families; the layers between are those of `configuration.family`.
public final class SequenceModel {
  /// What the model is made of.
  public let configuration: ModelConfiguration
  /// All parameters, in the order of the layers.
  public let parameters: [Parameter]
  /// What the tokens stand for, as far as it is known: of the data that the model was trained on, or of its checkpoint.
  public var vocabulary: Vocabulary?
  /// What `Trainer` did to the model, run by run; its checkpoint keeps it.
  public var training: [TrainingRecord] = []
  /// Under which licence the model is given away, by its name on the Hugging Face Hub; nil where nobody said.
  public var license: String?
  /// Whether its first values came of a seed that was given to it alone, so that they are the same whenever it is made.
  public var isSeeded = false
  private let embedding: PatchEmbedding
  private let layers: SequenceLayers

  /// A model with first values drawn from the "initialization" stream of `seed`; throws when the budget of memory has no room
  /// for it.
  public convenience init(_ configuration: ModelConfiguration, seed: UInt64) throws(Stopped) {
    try Self.plan(of: configuration).reserve(for: "a model")
    self.init(configuration, in: ParameterScope(random: Random(seed: seed, stream: "initialization")))
  }

  /// Creates a model with the values of all its parameters, in the order of `plan(of:)` and with its shapes.
  convenience init(_ configuration: ModelConfiguration, values: [Tensor]) {
    self.init(configuration, in: ParameterScope(values: values))
  }

  private init(_ configuration: ModelConfiguration, in scope: ParameterScope) {
    self.configuration = configuration
    (embedding, layers) = Self.parts(of: configuration, in: scope)
    parameters = scope.parameters
  }

  /// The names and shapes of the parameters of a model that is not made: a configuration of a file may ask for any size.
  package static func plan(of configuration: ModelConfiguration) -> ParameterPlan {
    ParameterScope.plan { _ = parts(of: configuration, in: $0) }
  }

  private static func parts(
    of configuration: ModelConfiguration, in scope: ParameterScope
  ) -> (PatchEmbedding, SequenceLayers) {
    let embedding = PatchEmbedding(
      configuration.embedding, of: configuration.contextShape, vocabulary: configuration.vocabulary,
      width: configuration.family.embeddingWidth(configuration.width), in: scope["embedding"])
    let layers = configuration.family.layers(configuration, embedding, in: scope)
    // A tied head is the embedding's table.
    if layers.head.weight.role == .matrix { layers.head.weight.role = .head }
    return (embedding, layers)
  }

  /// The number of trained numbers.
  public var parameterCount: Int { parameters.reduce(0) { $0 + $1.value.count } }

  /// The floating-point operations of one token of a full run, as far as they are done with parameters.
  public var operations: Int { parameters.reduce(0) { $0 + $1.operations } }

  /// The bytes, about, that a run over so many positions leaves behind for its gradient; `Int.max` where that is no number.
  ///
  /// Each weight matrix [out, in] leaves two numbers a position and output.
  public func workBytes(positions: Int) -> Int {
    let outputs = parameters.reduce(0) { $0 + ($1.value.shape.count > 1 ? $1.value.shape[0] : 0) }
    return Size.product(8 * outputs + (layers.mixing == nil ? 0 : CountMixing.workBytes), positions)
  }

  /// The logits of the next token: [batch, V] after the last position, or [batch * length, V] after every position.
  public func logits(_ contexts: ContextBatch, _ positions: Positions = .last, in pass: Pass = Pass()) -> Tensor {
    precondition(contexts.shape == contextShape, "contexts of another shape than the model reads")
    var counts = [SequenceCounts](repeating: SequenceCounts(), count: contexts.count)
    let notes = layers.mixing?.notes(of: contexts, positions, from: &counts)
    let contexts = notes?.contexts ?? contexts
    let repeated = embedding.repeated(contexts, in: pass)
    let dropout = pass.dropout(pass.embeddingDropout)
    let x: Tensor
    if let repeated, notes == nil, dropout.keep == 1 {
      x = layers.body(repeated, positions, in: pass)
    } else {
      var vectors = repeated?.tensor ?? embedding(contexts, in: pass)
      if let mixing = layers.mixing, let notes { vectors = mixing.vectors(vectors, notes, in: pass) }
      x = layers.body(vectors.dropout(dropout), positions, in: pass)
    }
    let logits = layers.head(x, in: pass)
    guard let mixing = layers.mixing, let notes else { return logits }
    return mixing.logits(logits, after: x, notes, in: pass)
  }

  /// A copy with parameters of its own; throws when the budget of memory has no room for it.
  public func copy() throws(Stopped) -> SequenceModel {
    try Self.plan(of: configuration).reserve(for: "a model")
    let copy = SequenceModel(configuration, values: parameters.map(\.value))
    (copy.vocabulary, copy.training, copy.license) = (vocabulary, training, license)
    return copy
  }
}

extension SequenceModel {
  /// A model in the middle of sequences: each call feeds the next contexts of each.
  public struct Stepper: TokenStepper {
    private let embedding: (ContextBatch) -> Tensor
    private let head: Linear
    private let shape: ContextShape
    private let mixing: CountMixing?
    private let workBytes: Int
    private var body: any SequenceStepper
    private var counts: [SequenceCounts]

    fileprivate init(_ model: SequenceModel, _ body: any SequenceStepper, batch: Int) {
      (self.body, head, shape) = (body, model.layers.head, model.contextShape)
      workBytes = model.workBytes(positions: 1)
      mixing = model.layers.mixing
      counts = [SequenceCounts](repeating: SequenceCounts(), count: mixing == nil ? 0 : batch)
      embedding = model.embedding.prepared(in: Pass())
    }

    /// The logits [batch, V] after the last of the contexts, which go on where the last call stopped.
    ///
    /// A long text is read in parts, so that it takes no more memory than its states; where both directions are read the budget of
    /// memory is asked first. Throws `Stopped`.
    public mutating func logits(_ contexts: ContextBatch) throws -> Tensor {
      precondition(contexts.shape == shape, "contexts of another shape than the model reads")
      var first = 0
      while body.readsInParts, contexts.length - first > Self.partLength {
        _ = next(contexts.positions(first..<first + Self.partLength))
        try Safepoint.check()
        first += Self.partLength
      }
      if !body.readsInParts {
        try Safepoint.reserve(
          workBytes, times: contexts.count, contexts.length, for: "what a model works out of a text")
      }
      let (x, notes) = next(first == 0 ? contexts : contexts.positions(first..<contexts.length))
      let logits = head(x, in: Pass())
      guard let mixing, let notes else { return logits }
      return mixing.logits(logits, after: x, notes, in: Pass())
    }

    /// The last vectors [batch, width] after a part, and what was noted of it.
    private mutating func next(_ contexts: ContextBatch) -> (Tensor, CountMixing.Notes?) {
      guard let mixing else { return (body.next(embedding(contexts)), nil) }
      let notes = mixing.notes(of: contexts, .last, from: &counts)
      return (body.next(mixing.vectors(embedding(notes.contexts), notes, in: Pass())), notes)
    }

    /// The positions of a part; texts of usual lengths are one.
    private static let partLength = 4096
  }

  /// A stepper at the start of `batch` sequences; every family has one.
  public func stepper(batch: Int = 1) -> (any TokenStepper)? {
    Stepper(self, layers.body.stepper(batch: batch), batch: batch)
  }
}
