import Tensors

/// Which positions of a sequence get logits.
public enum Positions: String, CaseIterable, Sendable {
  /// The last one only, as in the paper.
  case last
  /// All of them; for models that read in one direction, as others would see what they should predict.
  case all
}

/// A model of token sequences: patches in, logits of the next token out.
public final class SequenceModel {
  /// What the model is made of.
  public let configuration: ModelConfiguration
  /// All parameters, in the order of the layers.
  public let parameters: [Parameter]
  private let embedding: PatchEmbedding
  private let layers: [LSTM]
  private let head: Linear

  /// A model with first values drawn from the "initialization" stream of `seed`; `forgetBias` is that of its LSTM layers.
  public init(_ configuration: ModelConfiguration, seed: UInt64, forgetBias: Float = 0) {
    let scope = ParameterScope(random: Random(seed: seed, stream: "initialization"))
    let (width, state) = (configuration.width, configuration.state)
    let bidirectional = configuration.bidirectional
    self.configuration = configuration
    embedding = PatchEmbedding(
      configuration.embedding, vocabulary: configuration.vocabulary, width: width, in: scope["embedding"])
    let first = LSTM(
      width, bidirectional ? state / 2 : state, bidirectional: bidirectional, forgetBias: forgetBias,
      in: scope["_lstm"])
    layers =
      [first]
      + (1..<configuration.depth).map {
        LSTM(state, state, bidirectional: false, level: $0 - 1, forgetBias: forgetBias, in: scope["lstm"])
      }
    head = Linear(state, configuration.vocabulary, in: scope["fc"])
    parameters = scope.parameters
  }

  /// The number of trained numbers.
  public var parameterCount: Int { parameters.reduce(0) { $0 + $1.value.count } }

  /// The logits of the next token: [batch, V] after the last position, or [batch * length, V] after every position.
  public func logits(_ patches: PatchBatch, _ positions: Positions = .last, in pass: Pass = Pass()) -> Tensor {
    var x = embedding(patches, in: pass)
    for layer in layers { x = layer(x, in: pass) }
    switch positions {
    case .last: return head(x.indexed([.all, .position(-1)]), in: pass)
    case .all: return head(x.reshaped([patches.count * patches.length, configuration.state]), in: pass)
    }
  }

  /// A copy with parameters of its own.
  public func copy() -> SequenceModel {
    let copy = SequenceModel(configuration, seed: 0)
    for (target, source) in zip(copy.parameters, parameters) { target.value = source.value }
    return copy
  }
}

extension SequenceModel {
  /// A one-directional model in the middle of sequences: each call feeds the next patch of each.
  public struct Stepper {
    private let model: SequenceModel
    private let embedding: (PatchBatch) -> Tensor
    private var states: [LSTMState]

    fileprivate init(_ model: SequenceModel, batch: Int) {
      self.model = model
      embedding = model.embedding.prepared(in: Pass())
      states = model.layers.map { LSTMState(batch: batch, size: $0.size) }
    }

    /// The logits [batch, V] after the last of the patches, which go on where the last call stopped.
    public mutating func logits(_ patches: PatchBatch) -> Tensor {
      var x = embedding(patches)
      for (index, layer) in model.layers.enumerated() { x = layer(x, from: &states[index]) }
      return model.head(x.indexed([.all, .position(-1)]), in: Pass())
    }
  }

  /// A stepper at the start of `batch` sequences, or nil for a model that reads both ways and must see all at once.
  public func stepper(batch: Int = 1) -> Stepper? {
    configuration.bidirectional ? nil : Stepper(self, batch: batch)
  }
}
