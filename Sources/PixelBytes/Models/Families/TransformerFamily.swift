import Tensors

/// The paper's attention models (published as `SimpleTransformerModel`): a stack of encoder layers, which the paper gave
/// neither positions nor a causal mask.
public struct TransformerFamily: ModelFamily {
  /// "transformer".
  public static let name = "transformer"
  /// The published class.
  public static let architecture = "SimpleTransformerModel"
  /// What its command does.
  public static let summary = "Makes the paper's attention model with first values drawn from the session's seed."
  /// A script that makes one.
  public static let example = """
    net = transformer(dim: 33, depth: 1, positions: "sinusoidal", causal: true)
    print net.parameters["fc.weight"].shape  # expect: [113, 32]
    print generate(net, prompt: "a cat", tokens: 3, seed: 1).ids.len()  # expect: 3
    """
  /// The attention heads; the width is rounded down to a multiple of them.
  public var heads: Int
  /// The share of activations that are cleared in training.
  public var dropout: Double
  /// What tells positions apart.
  public var positions: PositionKind
  /// Whether a position sees only earlier ones.
  public var isCausal: Bool

  /// Creates a family; the defaults are the paper's.
  public init(heads: Int = 4, dropout: Double = 0.1, positions: PositionKind = .none, isCausal: Bool = false) {
    (self.heads, self.dropout, self.positions, self.isCausal) = (heads, dropout, positions, isCausal)
  }

  /// The paper's.
  public static let initial = TransformerFamily()
  /// Heads, dropout, positions and causality, the last two of which published files lack.
  public static let settings: [Setting<TransformerFamily>] = [
    .heads(\.heads), .dropout(\.dropout),
    .choice("positions", \.positions, "what tells positions apart; the paper's models have none"),
    .flag("causal", \.isCausal, "whether a position sees only earlier ones"),
  ]

  /// Unless it is causal.
  public var bidirectional: Bool { !isCausal }

  /// Throws for more heads than the width has numbers.
  public func check(_ configuration: ModelConfiguration) throws(ConfigurationError) {
    try ModelConfiguration.check("heads", heads, 1...configuration.width)
  }

  /// The largest multiple of the heads.
  public func embeddingWidth(_ width: Int) -> Int { width / heads * heads }

  /// `transformer_encoder` and the head `fc`, as published, and `positions` where they are learned.
  public func layers(
    _ configuration: ModelConfiguration, _ embedding: PatchEmbedding, in scope: ParameterScope
  ) -> SequenceLayers {
    let width = embeddingWidth(configuration.width)
    let positions = PositionEncoding(positions, width: width, in: scope["positions"])
    let layers = (0..<configuration.depth).map {
      EncoderLayer(
        width, heads: heads, sees: isCausal ? .causal : nil, dropout: Float(dropout),
        in: scope["transformer_encoder"]["layers"]["\($0)"])
    }
    return SequenceLayers(
      body: EncoderBody(width: width, positions: positions, layers: layers, isCausal: isCausal),
      head: Linear(width, configuration.vocabulary, in: scope["fc"]))
  }
}

extension Setting {
  /// The heads of attention.
  static func heads(_ path: Path<Int>) -> Setting {
    .count("heads", path, 1...Int.max, "attention heads; the width is rounded down to a multiple of them")
  }

  /// The share of dropout.
  static func dropout(_ path: Path<Double>) -> Setting {
    .number("dropout", path, .share, "share of activations cleared in training")
  }
}

private struct EncoderBody: SequenceBody {
  let width: Int
  let positions: PositionEncoding
  let layers: [EncoderLayer]
  let isCausal: Bool

  func callAsFunction(_ x: Tensor, _ positions: Positions, in pass: Pass) -> Tensor {
    var x = self.positions(x, in: pass)
    for (index, layer) in layers.enumerated() {
      x = layer(x, lastOnly: positions == .last && index == layers.count - 1, in: pass)
    }
    return x.rows(positions)
  }

  func stepper(batch: Int) -> any SequenceStepper {
    // Without a mask earlier positions of a single layer serve as keys alone, which stay.
    guard isCausal || layers.count == 1 else {
      return SeparateSteppers(count: batch) { GrowingEncoderStepper(positions, layers) }
    }
    return EncoderStepper(
      positions: positions, layers: layers, caches: layers.map { _ in AttentionCache(batch: batch, width: width) })
  }
}

private struct EncoderStepper: SequenceStepper {
  let positions: PositionEncoding
  let layers: [EncoderLayer]
  var caches: [AttentionCache]

  mutating func next(_ x: Tensor) -> Tensor {
    var x = positions(x, from: caches[0].count, in: Pass())
    for (index, layer) in layers.enumerated() { x = layer(x, from: &caches[index]) }
    return x.rows(.last)
  }
}

/// A stack without a mask over one sequence: the attention of the first layer goes on, all else is worked out again.
private struct GrowingEncoderStepper: SequenceStepper {
  private let positions: PositionEncoding
  private let layers: [EncoderLayer]
  private var attention: GrowingAttention
  /// The vectors so far.
  private var inputs: [Float] = []

  init(_ positions: PositionEncoding, _ layers: [EncoderLayer]) {
    (self.positions, self.layers) = (positions, layers)
    attention = layers[0].growingAttention
  }

  mutating func next(_ x: Tensor) -> Tensor {
    let width = x.shape[2]
    let fresh = positions(x, from: inputs.count / width, in: Pass())
    inputs.append(inPieces: fresh.values)
    var x = layers[0](Tensor(inputs, [1, inputs.count / width, width]), fresh, from: &attention)
    for (index, layer) in layers.enumerated().dropFirst() {
      x = layer(x, lastOnly: index == layers.count - 1, in: Pass())
    }
    return x.rows(.last)
  }
}
