import Tensors

/// The paper's recurrent models (published as `SimpleRNNModel`): an LSTM layer of one or two directions, then more of one.
public struct LSTMFamily: ModelFamily {
  /// "lstm".
  public static let name = "lstm"
  /// The published class.
  public static let architecture = "SimpleRNNModel"
  /// What its command does.
  public static let summary = "Makes the paper's LSTM model with first values drawn from the session's seed."
  /// A script that makes one.
  public static let example = """
    net = lstm(dim: 36, state: 32)
    print net.config.dim  # expect: 36
    print net.parameters["fc.weight"].shape  # expect: [113, 32]
    """
  /// The hidden size of every layer; two directions get half each (`d_state`).
  public var state: Int
  /// Whether the first layer reads the sequence both ways.
  public var bidirectional: Bool
  /// Added to the first biases of the forget gates of a new model; no part of the checkpoint.
  public var forgetBias: Float

  /// Creates a family; the defaults are the paper's.
  public init(state: Int = 64, bidirectional: Bool = true, forgetBias: Float = 0) {
    (self.state, self.bidirectional, self.forgetBias) = (state, bidirectional, forgetBias)
  }

  /// The paper's.
  public static let initial = LSTMFamily()
  /// State, directions and the bias of the forget gates.
  public static let settings: [Setting<LSTMFamily>] = [
    .count("state", key: "d_state", \.state, 1...8192, "hidden size of each layer; two directions get half each"),
    .flag("bidirectional", \.bidirectional, "whether the first layer reads both ways"),
    .number(
      "forget_bias", \.forgetBias, .any,
      "added to the first biases of the forget gates: 1 to 3 remembers further from the start"
    ).unstored(),
  ]

  /// True for the same layers: what their first values were does not count.
  public static func == (a: LSTMFamily, b: LSTMFamily) -> Bool { a.settings == b.settings }

  /// Throws for a state that cannot be halved.
  public func check(_ configuration: ModelConfiguration) throws(ConfigurationError) {
    if bidirectional, state % 2 != 0 {
      throw ConfigurationError(
        "state must be even with two directions, each of which gets half; found \(state)", setting: "state")
    }
  }

  /// `_lstm`, `lstm` and the head `fc`, as published.
  public func layers(
    _ configuration: ModelConfiguration, _ embedding: PatchEmbedding, in scope: ParameterScope
  ) -> SequenceLayers {
    let first = LSTM(
      configuration.width, bidirectional ? state / 2 : state, bidirectional: bidirectional, forgetBias: forgetBias,
      in: scope["_lstm"])
    let others = (1..<configuration.depth).map {
      LSTM(state, state, bidirectional: false, level: $0 - 1, forgetBias: forgetBias, in: scope["lstm"])
    }
    return SequenceLayers(
      body: LSTMBody(layers: [first] + others), head: Linear(state, configuration.vocabulary, in: scope["fc"]))
  }
}

private struct LSTMBody: SequenceBody {
  let layers: [LSTM]

  func callAsFunction(_ x: Tensor, _ positions: Positions, in pass: Pass) -> Tensor {
    above(layers[0](x, in: pass), positions, in: pass)
  }

  func callAsFunction(_ x: RepeatedRows, _ positions: Positions, in pass: Pass) -> Tensor {
    above(layers[0](x, in: pass), positions, in: pass)
  }

  private func above(_ first: Tensor, _ positions: Positions, in pass: Pass) -> Tensor {
    layers.dropFirst().reduce(first) { x, layer in layer(x, in: pass) }.rows(positions)
  }

  func stepper(batch: Int) -> any SequenceStepper {
    if layers[0].isBidirectional {
      return SeparateSteppers(count: batch) {
        GrowingStepper(layers: layers[0].growing(under: Array(layers.dropFirst())))
      }
    }
    return LSTMStepper(layers: layers.map { $0.stepper(batch: batch) })
  }
}

private struct LSTMStepper: SequenceStepper {
  var layers: [LSTM.Stepper]

  mutating func next(_ x: Tensor) -> Tensor {
    var x = x
    for index in layers.indices { x = layers[index].next(x) }
    return x.rows(.last)
  }
}

private struct GrowingStepper: SequenceStepper {
  var layers: GrowingLSTM

  mutating func next(_ x: Tensor) -> Tensor { layers.next(x) }
}
