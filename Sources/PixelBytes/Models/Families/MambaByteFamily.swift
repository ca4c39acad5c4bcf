import Tensors

/// MambaByte (Wang et al. 2024): a stack of residual Mamba blocks, each behind an RMS norm, which reads in one direction.
public struct MambaByteFamily: ModelFamily {
  /// "mambabyte".
  public static let name = "mambabyte"
  /// The class of the Mamba authors' package.
  public static let architecture = "MambaLMHeadModel"
  /// The states of each channel (`d_state`).
  public var state: Int
  /// The taps of the convolutions (`d_conv`).
  public var taps: Int
  /// How many times wider the inner channels are (`expand`).
  public var expansion: Int
  /// Whether the head uses the table of the embedding, which then must be the plain one.
  public var isTied: Bool

  /// Creates the settings; the defaults are those of the Mamba authors, with an untied head.
  public init(state: Int = 16, taps: Int = 4, expansion: Int = 2, isTied: Bool = false) {
    (self.state, self.taps, self.expansion, self.isTied) = (state, taps, expansion, isTied)
  }

  /// Reads `d_state`, `d_conv`, `expand` and `tie_embeddings`.
  public init(_ fields: ConfigurationFields) throws(ConfigurationError) {
    state = try fields.optional("d_state", Int.self) ?? 16
    taps = try fields.optional("d_conv", Int.self) ?? 4
    expansion = try fields.optional("expand", Int.self) ?? 2
    isTied = try fields.optional("tie_embeddings", Bool.self) ?? false
  }

  /// It reads in one direction.
  public var bidirectional: Bool { false }

  /// State, taps, expansion and whether the head is tied.
  public var settings: [ModelSetting] {
    [
      .init("state", key: "d_state", .count(state)), .init("conv", key: "d_conv", .count(taps)),
      .init("expand", .count(expansion)), .init("tied", key: "tie_embeddings", .flag(isTied)),
    ]
  }

  /// Throws for sizes out of range, and for a tied head without a plain table.
  public func check(_ configuration: ModelConfiguration) throws(ConfigurationError) {
    try ModelConfiguration.check("state", state, 1...1024)
    try ModelConfiguration.check("conv", taps, 1...64)
    try ModelConfiguration.check("expand", expansion, 1...16)
    if isTied, configuration.embedding != .center {
      throw ConfigurationError(
        "a tied head needs embedding \"center\", one vector a token; found \"\(configuration.embedding.rawValue)\"")
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

/// x + mamba(norm(x))
private struct ResidualMamba {
  let norm: RMSNorm
  let block: Mamba
}

private struct ResidualBody: SequenceBody {
  let blocks: [ResidualMamba]
  let norm: RMSNorm

  func callAsFunction(_ x: Tensor, _ positions: Positions, in pass: Pass) -> Tensor {
    var x = x
    for (index, layer) in blocks.enumerated() {
      let isLast = positions == .last && index == blocks.count - 1
      let y = layer.block(layer.norm(x, in: pass), lastOnly: isLast, in: pass)
      x = (isLast ? x.indexed([.all, .positions([x.shape[1] - 1])]) : x) + y
    }
    return norm(x, in: pass).rows(positions)
  }

  func stepper(batch: Int) -> any SequenceStepper {
    ResidualStepper(norms: blocks.map(\.norm), blocks: blocks.map { $0.block.stepper(batch: batch) }, norm: norm)
  }
}

private struct ResidualStepper: SequenceStepper {
  let norms: [RMSNorm]
  var blocks: [Mamba.Stepper]
  let norm: RMSNorm

  mutating func next(_ x: Tensor) -> Tensor {
    var x = x
    for index in blocks.indices { x = x + blocks[index].next(norms[index](x, in: Pass())) }
    return norm(x.rows(.last), in: Pass())
  }
}
