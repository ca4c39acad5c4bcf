import Tensors

/// Residual Mamba blocks as in MambaByte (Wang et al. 2024) that read more neighbors of the next token, and whose logits are
/// mixed with counts of the sequence so far, as compressors do (PAQ, Mahoney 2005).
public struct MixMambaFamily: ModelFamily {
  /// "mixmamba".
  public static let name = "mixmamba"
  /// The class name in checkpoints.
  public static let architecture = "MixMamba"
  /// What its command does.
  public static let summary = "Makes residual Mamba blocks that also count what followed in the same contexts before."
  /// A script that makes one.
  public static let example = """
    net = mixmamba(dim: 16, state: 8, depth: 2)
    print net.config.counts, net.parameters["mixing.gates.weight"].shape  # expect: true [36, 16]
    print generate(net, prompt: "a cat", tokens: 3, seed: 1).ids.len()  # expect: 3
    """
  /// Three blocks.
  public static let usualDepth: Int? = 3
  /// The states of each channel (`d_state`).
  public var state: Int
  /// The taps of the convolution (`d_conv`).
  public var taps: Int
  /// How many times wider the inner channels are (`expand`).
  public var expansion: Int
  /// The share of what a block adds that is cleared in training.
  public var dropout: Double
  /// Whether the empty cells of patches hold neighbors of the next token.
  public var neighbors: Bool
  /// Whether counts are mixed in.
  public var counts: Bool
  /// The heads of an attention layer in the middle of the blocks; 0 for none.
  public var attention: Int

  /// Creates a family.
  public init(
    state: Int = 16, taps: Int = 4, expansion: Int = 2, dropout: Double = 0, neighbors: Bool = true,
    counts: Bool = true, attention: Int = 0
  ) {
    (self.state, self.taps, self.expansion) = (state, taps, expansion)
    (self.dropout, self.neighbors, self.counts, self.attention) = (dropout, neighbors, counts, attention)
  }

  /// One with the usual settings.
  public static let initial = MixMambaFamily()
  /// State, taps, expansion, dropout, and what it reads beside patches.
  public static let settings: [Setting<MixMambaFamily>] = [
    .mambaState(\.state), .mambaTaps(\.taps), .mambaExpansion(\.expansion), .dropout(\.dropout),
    .flag("neighbors", \.neighbors, "whether the empty cells of a patch hold more tokens near the next one"),
    .flag("counts", \.counts, "whether logits are mixed with counts of what followed before"),
    .count(
      "attention", \.attention, 0...1 << 20, "heads of an attention layer in the middle of the blocks; 0 for none"),
  ]

  /// It reads in one direction.
  public var bidirectional: Bool { false }

  /// Throws where there are no empty cells for neighbors.
  public func check(_ configuration: ModelConfiguration) throws(ConfigurationError) {
    if neighbors, configuration.contextShape != .patch || configuration.embedding == .center {
      throw ConfigurationError("neighbors stand in the empty cells of 3x3 patches, which this model does not read")
    }
    if attention > 0, configuration.width % attention > 0 {
      throw ConfigurationError(
        "dim must be a multiple of attention, its heads, found \(configuration.width) and \(attention)",
        setting: "attention")
    }
  }

  /// `layers`, `norm`, `mixing` and the head `lm_head`.
  public func layers(
    _ configuration: ModelConfiguration, _ embedding: PatchEmbedding, in scope: ParameterScope
  ) -> SequenceLayers {
    let width = configuration.width
    let blocks = (0..<configuration.depth).map { level -> ResidualMamba in
      let scope = scope["layers"]["\(level)"]
      return ResidualMamba(
        norm: RMSNorm(width, in: scope["norm"]),
        block: Mamba(width, state: state, taps: taps, expansion: expansion, in: scope["mixer"]),
        dropout: Float(dropout))
    }
    let middle = max(configuration.depth / 2, 1) - 1
    let attended =
      attention == 0
      ? nil
      : ResidualAttention(
        norm: RMSNorm(width, in: scope["attention"]["norm"]),
        attention: SelfAttention(
          width, heads: attention, sees: .causal, dropout: 0, in: scope["attention"]["self_attn"]),
        block: middle, dropout: Float(dropout))
    let body = ResidualBody(blocks: blocks, attention: attended, norm: RMSNorm(width, in: scope["norm"]))
    let mixing = CountMixing(width, counts: counts, neighbors: neighbors, in: scope["mixing"])
    return SequenceLayers(
      body: body, head: Linear(width, configuration.vocabulary, hasBias: false, in: scope["lm_head"]), mixing: mixing)
  }
}
