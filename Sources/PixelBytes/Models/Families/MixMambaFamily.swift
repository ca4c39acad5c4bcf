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
  /// Whether the embedding holds the row and the column of the next token.
  public var places: Bool
  /// The heads of layers of attention between the blocks; 0 for none.
  public var attention: Int
  /// How many such layers there are, evenly spread.
  public var attentionLayers: Int

  /// Creates a family.
  public init(
    state: Int = 16, taps: Int = 4, expansion: Int = 2, dropout: Double = 0, neighbors: Bool = true,
    counts: Bool = true, places: Bool = false, attention: Int = 0, attentionLayers: Int = 1
  ) {
    (self.state, self.taps, self.expansion) = (state, taps, expansion)
    (self.dropout, self.neighbors, self.counts, self.places) = (dropout, neighbors, counts, places)
    (self.attention, self.attentionLayers) = (attention, attentionLayers)
  }

  /// One with the usual settings.
  public static let initial = MixMambaFamily()
  /// State, taps, expansion, dropout, and what it reads beside patches.
  public static let settings: [Setting<MixMambaFamily>] = [
    .mambaState(\.state), .mambaTaps(\.taps), .mambaExpansion(\.expansion), .dropout(\.dropout),
    .flag("neighbors", \.neighbors, "whether the empty cells of a patch hold more tokens near the next one"),
    .flag("counts", \.counts, "whether logits are mixed with counts of what followed before"),
    .flag("places", \.places, "whether the embedding holds the row and the column of the next token"),
    .count(
      "attention", \.attention, 0...1 << 20, "heads of attention layers between the blocks; 0 for none"),
    .count(
      "attention_layers", \.attentionLayers, 1...1 << 20, "how many layers of attention there are, evenly spread"),
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
    if attention > 0, attentionLayers > configuration.depth {
      throw ConfigurationError(
        "attention_layers is at most depth, \(configuration.depth), found \(attentionLayers)",
        setting: "attention_layers")
    }
  }

  /// The blocks behind which attention stands: one layer in the middle, as many as blocks behind each.
  func attendedBlocks(depth: Int) -> [Int] {
    attention == 0 ? [] : (1...attentionLayers).map { depth * $0 / min(attentionLayers + 1, depth) - 1 }
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
    let attentions = attendedBlocks(depth: configuration.depth).enumerated().map { number, block -> ResidualAttention in
      let scope = scope[number == 0 ? "attention" : "attention\(number + 1)"]
      return ResidualAttention(
        norm: RMSNorm(width, in: scope["norm"]),
        attention: SelfAttention(width, heads: attention, sees: .causal, dropout: 0, in: scope["self_attn"]),
        block: block, dropout: Float(dropout))
    }
    let body = ResidualBody(blocks: blocks, attentions: attentions, norm: RMSNorm(width, in: scope["norm"]))
    let mixing = CountMixing(width, counts: counts, neighbors: neighbors, places: places, in: scope["mixing"])
    return SequenceLayers(
      body: body, head: Linear(width, configuration.vocabulary, hasBias: false, in: scope["lm_head"]), mixing: mixing)
  }
}
