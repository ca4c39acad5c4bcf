import Tensors

/// MambaByte (Wang et al. 2024): a stack of residual Mamba blocks, each behind an RMS norm, which reads in one direction.
public struct MambaByteFamily: ModelFamily {
  /// "mambabyte".
  public static let name = "mambabyte"
  /// The class of the Mamba authors' package.
  public static let architecture = "MambaLMHeadModel"
  /// What its command does.
  public static let summary = "Makes a MambaByte model: residual Mamba blocks behind RMS norms, in one direction."
  /// A script that makes one.
  public static let example = """
    net = mambabyte(dim: 16, state: 8, depth: 2, embedding: "center", tied: true)
    print net.config.tied  # expect: true
    print generate(net, prompt: "a cat", tokens: 3, seed: 1).ids.len()  # expect: 3
    """
  /// Four blocks.
  public static let usualDepth: Int? = 4
  /// The states of each channel (`d_state`).
  public var state: Int
  /// The taps of the convolution (`d_conv`).
  public var taps: Int
  /// How many times wider the inner channels are (`expand`).
  public var expansion: Int
  /// Whether the head shares the embedding's table (`tie_embeddings`).
  public var isTied: Bool

  /// Creates a family.
  public init(state: Int = 16, taps: Int = 4, expansion: Int = 2, isTied: Bool = false) {
    (self.state, self.taps, self.expansion, self.isTied) = (state, taps, expansion, isTied)
  }

  /// One with the usual settings.
  public static let initial = MambaByteFamily()
  /// State, taps, expansion and whether the head is tied.
  public static let settings: [Setting<MambaByteFamily>] = [
    .mambaState(\.state), .mambaTaps(\.taps), .mambaExpansion(\.expansion),
    .flag(
      "tied", key: "tie_embeddings", \.isTied,
      "whether the head uses the embedding's table, which is then \"center\""),
  ]

  /// It reads in one direction.
  public var bidirectional: Bool { false }

  /// Throws for a tied head under an embedding without one vector a token.
  public func check(_ configuration: ModelConfiguration) throws(ConfigurationError) {
    if isTied, configuration.embedding != .center {
      throw ConfigurationError(
        "a tied head needs embedding \"center\", one vector a token; found \"\(configuration.embedding.rawValue)\"",
        setting: "embedding")
    }
  }

  /// `backbone.layers`, `backbone.norm_f` and the head `lm_head` where it is not tied.
  public func layers(
    _ configuration: ModelConfiguration, _ embedding: PatchEmbedding, in scope: ParameterScope
  ) -> SequenceLayers {
    let width = configuration.width
    let blocks = (0..<configuration.depth).map { level -> ResidualMamba in
      let scope = scope["backbone"]["layers"]["\(level)"]
      return ResidualMamba(
        norm: RMSNorm(width, in: scope["norm"]),
        block: Mamba(width, state: state, taps: taps, expansion: expansion, in: scope["mixer"]))
    }
    let norm = RMSNorm(width, in: scope["backbone"]["norm_f"])
    let head =
      embedding.table.flatMap { isTied ? Linear(sharing: $0) : nil }
      ?? Linear(width, configuration.vocabulary, hasBias: false, in: scope["lm_head"])
    return SequenceLayers(body: ResidualBody(blocks: blocks, norm: norm), head: head)
  }
}
