import Tensors

/// The paper's state space models (published as `bMamba`): a Mamba block that may read both ways, then more of one
/// direction, without residuals.
public struct MambaFamily: ModelFamily {
  /// "mamba".
  public static let name = "mamba"
  /// The published class.
  public static let architecture = "bMamba"
  /// What its command does.
  public static let summary =
    "Makes the paper's selective state space model with first values drawn from the session's seed."
  /// A script that makes one.
  public static let example = """
    net = mamba(dim: 18, state: 8, bidirectional: false)
    print net.parameters["_mamba.A_log"].shape  # expect: [36, 8]
    print generate(net, prompt: "a cat", tokens: 3, seed: 1).ids.len()  # expect: 3
    """
  /// The states of each channel (`d_state`).
  public var state: Int
  /// Whether the first block reads the sequence both ways, with the same weights.
  public var bidirectional: Bool
  /// The taps of the convolution (`d_conv`).
  public var taps: Int
  /// How many times wider the inner channels are (`expand`).
  public var expansion: Int

  /// Creates a family; the defaults are the paper's.
  public init(state: Int = 64, bidirectional: Bool = true, taps: Int = 4, expansion: Int = 2) {
    (self.state, self.bidirectional, self.taps, self.expansion) = (state, bidirectional, taps, expansion)
  }

  /// The paper's.
  public static let initial = MambaFamily()
  /// State, directions, taps and expansion.
  public static let settings: [Setting<MambaFamily>] = [
    .mambaState(\.state), .flag("bidirectional", \.bidirectional, "whether the first block reads both ways"),
    .mambaTaps(\.taps), .mambaExpansion(\.expansion),
  ]

  /// `_mamba`, `layers`, `norm` where it reads both ways, and the head `lm_head`, as published.
  public func layers(
    _ configuration: ModelConfiguration, _ embedding: PatchEmbedding, in scope: ParameterScope
  ) -> SequenceLayers {
    func block(_ scope: ParameterScope, directions: Int = 1) -> Mamba {
      Mamba(
        configuration.width, state: state, taps: taps, expansion: expansion, directions: directions, in: scope)
    }
    let first = block(scope["_mamba"], directions: bidirectional ? 2 : 1)
    let others = (1..<configuration.depth).map { block(scope["layers"]["\($0 - 1)"]) }
    let norm = bidirectional ? LayerNorm(configuration.width, in: scope["norm"]) : nil
    return SequenceLayers(
      body: MambaBody(first: first, norm: norm, others: others),
      head: Linear(configuration.width, configuration.vocabulary, hasBias: false, in: scope["lm_head"]))
  }
}

extension Setting {
  /// The states of each channel of a Mamba.
  static func mambaState(_ path: Path<Int>) -> Setting {
    .count("state", key: "d_state", path, 1...1024, "states of each channel")
  }

  /// The taps of its convolution.
  static func mambaTaps(_ path: Path<Int>) -> Setting {
    .count("conv", key: "d_conv", path, 1...64, "taps of the causal convolution")
  }

  /// Its inner width.
  static func mambaExpansion(_ path: Path<Int>) -> Setting {
    .count("expand", path, 1...16, "how many times wider the inner channels are")
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
