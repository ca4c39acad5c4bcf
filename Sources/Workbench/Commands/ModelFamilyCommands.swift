import PixelBytes
import PixelScript
import Tensors

extension PositionKind: ScriptChoice {}

extension CommandGroup {
  /// Making models, one command a family; those of the paper first.
  static func families(_ environment: Environment) -> [Command] {
    [lstm(environment), mamba(environment), transformer(environment)] + foundations(environment)
  }

  static var width: Parameter<Int> { Parameter("dim", "width of the embedding", default: 81) }
  static var embedding: Parameter<EmbeddingKind> {
    Parameter("embedding", "how a 3x3 patch becomes a vector", default: .pxby)
  }
  static var vocabulary: Parameter<Int> { Parameter("vocabulary", "number of tokens", default: 113) }
  static var seed: Parameter<Int?> { Parameter("seed", "seed of the first values, in place of the session's") }

  /// A new model whose first values come from `seed`, or from the session's.
  static func model(
    _ family: any ModelFamily, _ width: Int, depth: Int, _ embedding: EmbeddingKind, _ vocabulary: Int, _ seed: Int?,
    _ environment: Environment
  ) throws -> Value {
    let configuration = try ModelConfiguration(
      family, width: width, depth: depth, embedding: embedding, vocabulary: vocabulary)
    let seed = environment.withRandom("initialization", seed: seed) { $0.next() }
    return .object(ModelObject(try SequenceModel(configuration, seed: seed), environment.layers))
  }

  private static func lstm(_ environment: Environment) -> Command {
    Command(
      "lstm", "Makes the paper's LSTM model with first values drawn from the session's seed.",
      width,
      Parameter<Int>("state", "hidden size of each layer; two directions get half each", default: 64),
      Parameter<Int>("depth", "number of LSTM layers", default: 2),
      Parameter<Bool>("bidirectional", "whether the first layer reads both ways", default: true),
      embedding, vocabulary,
      Parameter<Float>(
        "forget_bias", "added to the first biases of the forget gates: 1 to 3 remembers further from the start",
        default: 0),
      seed,
      example: """
        net = lstm(dim: 36, state: 32)
        print net.config.dim  # expect: 36
        print net.parameters["fc.weight"].shape  # expect: [113, 32]
        """
    ) { _, dim, state, depth, bidirectional, embedding, vocabulary, forgetBias, seed in
      let family = LSTMFamily(state: state, bidirectional: bidirectional, forgetBias: forgetBias)
      return try model(family, dim, depth: depth, embedding, vocabulary, seed, environment)
    }
  }

  private static func mamba(_ environment: Environment) -> Command {
    Command(
      "mamba", "Makes the paper's selective state space model with first values drawn from the session's seed.",
      width,
      Parameter<Int>("state", "states of each channel", default: 64),
      Parameter<Int>("depth", "number of Mamba blocks", default: 2),
      Parameter<Bool>("bidirectional", "whether the first block reads both ways", default: true),
      embedding,
      Parameter<Int>("conv", "taps of the causal convolution", default: 4),
      Parameter<Int>("expand", "how many times wider the inner channels are", default: 2),
      vocabulary, seed,
      example: """
        net = mamba(dim: 18, state: 8, bidirectional: false)
        print net.parameters["_mamba.A_log"].shape  # expect: [36, 8]
        print generate(net, prompt: "a cat", tokens: 3, seed: 1).ids.len()  # expect: 3
        """
    ) { _, dim, state, depth, bidirectional, embedding, taps, expansion, vocabulary, seed in
      let family = MambaFamily(state: state, bidirectional: bidirectional, taps: taps, expansion: expansion)
      return try model(family, dim, depth: depth, embedding, vocabulary, seed, environment)
    }
  }

  private static func transformer(_ environment: Environment) -> Command {
    Command(
      "transformer", "Makes the paper's attention model with first values drawn from the session's seed.",
      width,
      Parameter<Int>("depth", "number of encoder layers", default: 2),
      Parameter<Int>("heads", "attention heads; the width is rounded down to a multiple of them", default: 4),
      Parameter<Double>("dropout", "share of activations cleared in training", default: 0.1),
      Parameter<PositionKind>(
        "positions", "what tells positions apart; the paper's models have none", default: PositionKind.none),
      Parameter<Bool>("causal", "whether a position sees only earlier ones", default: false),
      embedding, vocabulary, seed,
      example: """
        net = transformer(dim: 33, depth: 1, positions: "sinusoidal", causal: true)
        print net.parameters["fc.weight"].shape  # expect: [113, 32]
        print generate(net, prompt: "a cat", tokens: 3, seed: 1).ids.len()  # expect: 3
        """
    ) { _, dim, depth, heads, dropout, positions, causal, embedding, vocabulary, seed in
      let family = TransformerFamily(heads: heads, dropout: dropout, positions: positions, isCausal: causal)
      return try model(family, dim, depth: depth, embedding, vocabulary, seed, environment)
    }
  }
}
