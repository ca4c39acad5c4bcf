import Tensors

/// One LSTM layer of one or two directions (PyTorch's `LSTM` with `num_layers` 1).
public struct LSTM {
  private struct Direction {
    let input, hidden, inputBias, hiddenBias: Parameter

    func weights(in pass: Pass) -> LSTMWeights {
      LSTMWeights(
        input: pass[input], hidden: pass[hidden], inputBias: pass[inputBias], hiddenBias: pass[hiddenBias])
    }
  }

  private let directions: [Direction]
  /// The units of one direction.
  public let size: Int

  /// Layer number `level` of a stack, from `inputs` numbers to `size` a direction, with PyTorch's names and first values.
  ///
  /// `forgetBias` is added to the first biases of the forget gates: with 1 or more a cell remembers for many steps before
  /// it has learned to (Jozefowicz et al. 2015).
  public init(
    _ inputs: Int, _ size: Int, bidirectional: Bool, level: Int = 0, forgetBias: Float = 0, in scope: ParameterScope
  ) {
    let bound = Initializer.uniform(1 / Float(size).squareRoot())
    self.size = size
    directions = (bidirectional ? ["", "_reverse"] : [""]).map { ending in
      let suffix = "_l\(level)\(ending)"
      return Direction(
        input: scope.parameter("weight_ih" + suffix, [4 * size, inputs], bound),
        hidden: scope.parameter("weight_hh" + suffix, [4 * size, size], bound),
        inputBias: scope.parameter("bias_ih" + suffix, [4 * size], bound) { values in
          for k in size..<2 * size { values[k] += forgetBias }
        },
        hiddenBias: scope.parameter("bias_hh" + suffix, [4 * size], bound))
    }
  }

  /// Whether the layer reads both ways.
  public var isBidirectional: Bool { directions.count == 2 }

  /// x [batch, time, inputs] to [batch, time, size * directions], from a state of zero.
  public func callAsFunction(_ x: Tensor, in pass: Pass) -> Tensor {
    x.lstm(directions.map { $0.weights(in: pass) })
  }

  /// The same over vectors of which many are equal.
  public func callAsFunction(_ x: RepeatedRows, in pass: Pass) -> Tensor {
    x.lstm(directions.map { $0.weights(in: pass) })
  }

  /// A layer of one direction in the middle of sequences.
  public struct Stepper {
    private let weights: LSTMWeights
    private var state: LSTMState

    fileprivate init(_ weights: LSTMWeights, batch: Int) {
      (self.weights, state) = (weights, LSTMState(weights, batch: batch))
    }

    /// The outputs of the next steps.
    public mutating func next(_ x: Tensor) -> Tensor { x.lstm(weights, from: &state) }
  }

  /// A stepper at the start of `batch` sequences.
  public func stepper(batch: Int) -> Stepper {
    precondition(!isBidirectional, "a layer of two directions cannot go on step by step")
    return Stepper(directions[0].weights(in: Pass()), batch: batch)
  }

  /// A stack of this layer, which reads both ways, and others of one direction over one sequence that grows.
  func growing(under upper: [LSTM]) -> GrowingLSTM {
    precondition(isBidirectional && upper.allSatisfy { !$0.isBidirectional }, "only the first layer reads both ways")
    let pass = Pass()
    return GrowingLSTM(
      forward: directions[0].weights(in: pass), backward: directions[1].weights(in: pass),
      upper: upper.map { $0.directions[0].weights(in: pass) })
  }
}

struct LSTMConfiguration: LayerConfiguration {
  static let name = "lstm_layer"
  static let summary = "Makes an LSTM layer over [batch, time, inputs] (PyTorch's LSTM of one layer, batch first)."
  static let example = "print lstm_layer(8, 16, bidirectional: true)(ones(2, 5, 8)).shape  # expect: [2, 5, 32]"
  static let settings: [Setting<Self>] = [
    .size("inputs", \.inputs, "width of the input").required(),
    .size("size", \.size, "units of a direction: the width of its output").required(),
    .flag("bidirectional", \.bidirectional, "whether a second direction is put beside the first").byName(),
    .number(
      "forget_bias", \.forgetBias, .any,
      "added to the first biases of the forget gates: 1 to 3 remembers longer"
    ).byName(),
  ]
  var inputs = 1, size = 1, bidirectional = false
  var forgetBias: Float = 0

  func operation(in scope: ParameterScope) -> LayerOperation {
    let layer = LSTM(inputs, size, bidirectional: bidirectional, forgetBias: forgetBias, in: scope)
    let directions = bidirectional ? 2 : 1
    return LayerOperation(
      "lstm_layer \(inputs) -> \(bidirectional ? "2 x " : "")\(size)", LayerShape(.sequences, inputs),
      LayerShape(.sequences, directions * size), work: 8 * directions * size,
      steps: bidirectional
        ? .whole
        : .state { batch in
          var stepper = layer.stepper(batch: batch)
          return { stepper.next($0) }
        }
    ) { layer($0, in: $1) }
  }
}
