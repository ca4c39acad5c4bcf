import Tensors

/// Bi-Mamba+ (Liang et al. 2024): layers of a forward and a backward Mamba block with forget gates and weights of their own,
/// and a feed-forward layer.
public struct BiMambaPlusFamily: ModelFamily {
  /// "bimamba_plus".
  public static let name = "bimamba_plus"
  /// The class name in checkpoints.
  public static let architecture = "BiMambaPlus"
  /// What its command does.
  public static let summary =
    "Makes a Bi-Mamba+ model: forward and backward blocks with forget gates and feed-forward layers."
  /// A script that makes one.
  public static let example = """
    net = bimamba_plus(dim: 16, state: 8, depth: 1)
    print net.parameters["layers.0.backward.A_log"].shape  # expect: [32, 8]
    """
  /// The states of each channel (`d_state`).
  public var state: Int
  /// The taps of the convolution (`d_conv`).
  public var taps: Int
  /// How many times wider the inner channels are (`expand`).
  public var expansion: Int
  /// The share of activations that are cleared in training.
  public var dropout: Double

  /// Creates a family.
  public init(state: Int = 16, taps: Int = 4, expansion: Int = 2, dropout: Double = 0.1) {
    (self.state, self.taps, self.expansion, self.dropout) = (state, taps, expansion, dropout)
  }

  /// One with the usual settings.
  public static let initial = BiMambaPlusFamily()
  /// State, taps, expansion and dropout.
  public static let settings: [Setting<BiMambaPlusFamily>] = [
    .mambaState(\.state), .mambaTaps(\.taps), .mambaExpansion(\.expansion), .dropout(\.dropout),
  ]

  /// It reads both ways.
  public var bidirectional: Bool { true }

  /// `layers` and the head `head`.
  public func layers(
    _ configuration: ModelConfiguration, _ embedding: PatchEmbedding, in scope: ParameterScope
  ) -> SequenceLayers {
    let width = configuration.width
    let layers = (0..<configuration.depth).map { level -> BiMambaPlusLayer in
      let scope = scope["layers"]["\(level)"]
      func block(_ name: String) -> Mamba {
        Mamba(width, state: state, taps: taps, expansion: expansion, in: scope[name])
      }
      return BiMambaPlusLayer(
        forward: block("forward"), backward: block("backward"),
        forwardNorm: LayerNorm(width, in: scope["forward_norm"]),
        backwardNorm: LayerNorm(width, in: scope["backward_norm"]),
        wider: Linear(width, 4 * width, in: scope["linear1"]),
        narrower: Linear(4 * width, width, in: scope["linear2"]),
        norm: LayerNorm(width, in: scope["norm"]), dropout: Float(dropout))
    }
    return SequenceLayers(
      body: BiMambaPlusBody(layers: layers), head: Linear(width, configuration.vocabulary, in: scope["head"]))
  }
}

/// y = norm(x + forward(x)) + norm(x + backward(x)), then norm(y + feed-forward(y)).
private struct BiMambaPlusLayer {
  let forward, backward: Mamba
  let forwardNorm, backwardNorm: LayerNorm
  let wider, narrower: Linear
  let norm: LayerNorm
  let dropout: Float

  func callAsFunction(_ x: Tensor, lastOnly: Bool, in pass: Pass) -> Tensor {
    let before = lastOnly ? x.indexed([.all, .positions([x.shape[1] - 1])]) : x
    let ahead = forward(x, MambaForm(.forward, forgets: true), lastOnly: lastOnly, in: pass)
    let back = backward(x, MambaForm(.backward, forgets: true), lastOnly: lastOnly, in: pass)
    return rest(
      forwardNorm(before + ahead.dropout(pass.dropout(dropout)), in: pass),
      backwardNorm(before + back.dropout(pass.dropout(dropout)), in: pass), in: pass)
  }

  /// What follows the norms of the two directions.
  func rest(_ ahead: Tensor, _ back: Tensor, in pass: Pass) -> Tensor {
    let y = ahead + back
    let hidden = wider(y, in: pass).relu(pass.dropout(dropout))
    return norm(y + narrower(hidden, in: pass).dropout(pass.dropout(dropout)), in: pass)
  }
}

private struct BiMambaPlusBody: SequenceBody {
  let layers: [BiMambaPlusLayer]

  func callAsFunction(_ x: Tensor, _ positions: Positions, in pass: Pass) -> Tensor {
    var x = x
    for (index, layer) in layers.enumerated() {
      x = layer(x, lastOnly: positions == .last && index == layers.count - 1, in: pass)
    }
    return x.rows(positions)
  }

  func stepper(batch: Int) -> any SequenceStepper {
    SeparateSteppers(count: batch) { BiMambaPlusStepper(layers: layers) }
  }
}

/// A stack over one sequence: of the first layer only the backward scan and what follows it are worked out again, of the
/// layers above everything.
private struct BiMambaPlusStepper: SequenceStepper {
  private let layers: [BiMambaPlusLayer]
  private var forward: Mamba.Stepper
  private var backward: GrowingMamba
  /// The vectors so far, and what the forward direction and its norm made of them.
  private var inputs: [Float] = [], ahead: [Float] = []

  init(layers: [BiMambaPlusLayer]) {
    self.layers = layers
    forward = layers[0].forward.stepper(batch: 1, forgets: true)
    backward = layers[0].backward.growing(MambaForm(.backward, forgets: true))
  }

  mutating func next(_ x: Tensor) -> Tensor {
    let (first, pass) = (layers[0], Pass())
    inputs.append(inPieces: x.values)
    ahead.append(inPieces: first.forwardNorm(x + forward.next(x), in: pass).values)
    let shape = [1, inputs.count / x.shape[2], x.shape[2]]
    let back = first.backwardNorm(Tensor(inputs, shape) + backward.next(x), in: pass)
    var x = first.rest(Tensor(ahead, shape), back, in: pass)
    for (index, layer) in layers.enumerated().dropFirst() {
      x = layer(x, lastOnly: index == layers.count - 1, in: pass)
    }
    return x.rows(.last)
  }
}
