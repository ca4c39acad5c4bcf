import Tensors

/// The paper's state space models (published as `bMamba`): a Mamba block that may read both ways, then more of one
/// direction, without residuals.
public struct MambaFamily: ModelFamily {
  /// "mamba".
  public static let name = "mamba"
  /// The published class.
  public static let architecture = "bMamba"
  /// The states of each channel (`d_state`).
  public var state: Int
  /// Whether the first block reads the sequence both ways, with the same weights.
  public var bidirectional: Bool
  /// The taps of the convolution (`d_conv`).
  public var taps: Int
  /// How many times wider the inner channels are (`expand`).
  public var expansion: Int

  /// Creates the settings; the defaults are the paper's.
  public init(state: Int = 64, bidirectional: Bool = true, taps: Int = 4, expansion: Int = 2) {
    (self.state, self.bidirectional, self.taps, self.expansion) = (state, bidirectional, taps, expansion)
  }

  /// Reads `d_state`, `bidirectional`, `d_conv` and `expand`.
  public init(_ fields: ConfigurationFields) throws(ConfigurationError) {
    state = try fields.optional("d_state", Int.self) ?? 64
    bidirectional = try fields.optional("bidirectional", Bool.self) ?? true
    taps = try fields.optional("d_conv", Int.self) ?? 4
    expansion = try fields.optional("expand", Int.self) ?? 2
  }

  /// State, directions, taps and expansion.
  public var settings: [ModelSetting] {
    [
      .init("state", key: "d_state", .count(state)), .init("bidirectional", .flag(bidirectional)),
      .init("conv", key: "d_conv", .count(taps)), .init("expand", .count(expansion)),
    ]
  }

  /// Throws for sizes out of range.
  public func check(_ configuration: ModelConfiguration) throws(ConfigurationError) {
    try ModelConfiguration.check("state", state, 1...1024)
    try ModelConfiguration.check("conv", taps, 1...64)
    try ModelConfiguration.check("expand", expansion, 1...16)
  }

  /// `_mamba`, `layers`, `norm` where it reads both ways, and the head `lm_head`, as published.
  public func layers(
    _ configuration: ModelConfiguration, _ embedding: PatchEmbedding, in scope: ParameterScope
  ) -> SequenceLayers {
    func block(_ scope: ParameterScope) -> Mamba {
      Mamba(configuration.width, state: state, taps: taps, expansion: expansion, in: scope)
    }
    let first = block(scope["_mamba"])
    let others = (1..<configuration.depth).map { block(scope["layers"]["\($0 - 1)"]) }
    let norm = bidirectional ? LayerNorm(configuration.width, in: scope["norm"]) : nil
    return SequenceLayers(
      body: MambaBody(first: first, norm: norm, others: others),
      head: Linear(configuration.width, configuration.vocabulary, hasBias: false, in: scope["lm_head"]))
  }
}

private struct MambaBody: SequenceBody {
  let first: Mamba
  /// There where the first block reads both ways.
  let norm: LayerNorm?
  let others: [Mamba]

  func callAsFunction(_ x: Tensor, _ positions: Positions, in pass: Pass) -> Tensor {
    let isLast = positions == .last
    var x = first(x, MambaForm(norm != nil ? .both : .forward), lastOnly: isLast && others.isEmpty, in: pass)
    if let norm { x = norm(x, in: pass) }
    for (index, block) in others.enumerated() {
      x = block(x, lastOnly: isLast && index == others.count - 1, in: pass)
    }
    return x.rows(positions)
  }

  func stepper(batch: Int) -> any SequenceStepper {
    guard let norm else { return MambaStepper(blocks: ([first] + others).map { $0.stepper(batch: batch) }) }
    if others.isEmpty { return SingleMambaStepper(ahead: first.stepper(batch: batch), back: first, norm: norm) }
    return SeparateSteppers(count: batch) {
      GrowingMambaStepper(first: first.growing(MambaForm(.both)), norm: norm, others: others)
    }
  }
}

private struct MambaStepper: SequenceStepper {
  var blocks: [Mamba.Stepper]

  mutating func next(_ x: Tensor) -> Tensor {
    var x = x
    for index in blocks.indices { x = blocks[index].next(x) }
    return x.rows(.last)
  }
}

/// A single block that reads both ways: backwards, the last position comes first and sees itself alone.
private struct SingleMambaStepper: SequenceStepper {
  var ahead: Mamba.Stepper
  let back: Mamba
  let norm: LayerNorm

  mutating func next(_ x: Tensor) -> Tensor {
    let last = x.indexed([.all, .positions([x.shape[1] - 1])])
    let y = ahead.next(x).rows(.last) + back(last, MambaForm(.backward), in: Pass()).rows(.last)
    return norm(y, in: Pass())
  }
}

/// A block that reads both ways over one sequence, and others above, which must read all of what it gives again.
private struct GrowingMambaStepper: SequenceStepper {
  var first: GrowingMamba
  let norm: LayerNorm
  let others: [Mamba]

  mutating func next(_ x: Tensor) -> Tensor {
    var x = norm(first.next(x), in: Pass())
    for (index, block) in others.enumerated() { x = block(x, lastOnly: index == others.count - 1, in: Pass()) }
    return x.rows(.last)
  }
}
