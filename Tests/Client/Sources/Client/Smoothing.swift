import PixelBytes
import Tensors

// A layer: parameters from a scope, and what it makes of a tensor in a pass.
/// A mean of each position and of all before it that forgets, with a rate for each of the numbers of a vector.
struct Smoothing {
  private let rate: Parameter
  private let mix: Linear

  /// A layer over vectors of `width` numbers.
  init(_ width: Int, in scope: ParameterScope) {
    rate = scope.parameter("rate", [width], .ones)
    mix = Linear(width, width, in: scope["mix"])
  }

  /// x [batch, time, width] to the same shape, going on from `state` [batch, width], which moves to the last position.
  func callAsFunction(_ x: Tensor, from state: inout Tensor, in pass: Pass) -> Tensor {
    let keep = pass[rate].sigmoid()
    let steps = (0..<x.shape[1]).map { time -> Tensor in
      state = keep * state + (Tensor(1) - keep) * x.indexed([.all, .position(time)])
      return state
    }
    return x + mix(Tensor.stacked(steps, axis: 1), in: pass).softsign()
  }
}

// The command of a layer: a name, settings in a table, and what it takes and gives. With `Layers.register` it is there.
/// What a smoothing layer is made of.
struct SmoothingLayer: LayerConfiguration {
  static let name = "smoothing_layer"
  static let summary = "Makes a layer that smooths [batch, time, width] along time."
  static let example = "print smoothing_layer(8)(ones(2, 5, 8)).shape  # expect: [2, 5, 8]"
  static let settings: [Setting<SmoothingLayer>] = [
    .size("width", \.width, "width of input and output").required(),
    .count("repeats", \.repeats, 1...8, "how often it is used").byName(),
  ]
  var width = 1, repeats = 1

  func operation(in scope: ParameterScope) -> LayerOperation {
    let layer = Smoothing(width, in: scope)
    return LayerOperation("smoothing_layer \(width)", LayerShape(.sequences, width), work: 4 * repeats * width) {
      x, pass in
      (0..<repeats).reduce(x) { x, _ in
        var state = Tensor(repeating: 0, [x.shape[0], width])
        return layer(x, from: &state, in: pass)
      }
    }
  }
}

// A family: a name, settings in a table, and layers. With `ModelFamilies.register` its command, its checkpoints and `generate` are there.
/// Layers that smooth one after the other.
struct SmoothingFamily: ModelFamily {
  static let name = "smoothing"
  static let architecture = "SmoothingModel"
  static let summary = "Makes a model of smoothing layers."
  static let example = "print smoothing(dim: 9, repeats: 2).config.repeats  # expect: 2"
  static let initial = SmoothingFamily()
  static let settings: [Setting<SmoothingFamily>] = [
    .count("repeats", \.repeats, 1...8, "how often each layer is used")
  ]
  var repeats = 1
  var bidirectional: Bool { false }

  func layers(_ configuration: ModelConfiguration, _ embedding: PatchEmbedding, in scope: ParameterScope)
    -> SequenceLayers
  {
    let layers = (0..<configuration.depth).flatMap { level in
      [Smoothing](repeating: Smoothing(configuration.width, in: scope["layers"]["\(level)"]), count: repeats)
    }
    return SequenceLayers(
      body: SmoothingBody(layers: layers, width: configuration.width),
      head: Linear(configuration.width, configuration.vocabulary, in: scope["head"]))
  }
}

private struct SmoothingBody: SequenceBody {
  let layers: [Smoothing]
  let width: Int

  func callAsFunction(_ x: Tensor, _ positions: Positions, in pass: Pass) -> Tensor {
    let start = Tensor(repeating: 0, [x.shape[0], width])
    let y = layers.reduce(x) { x, layer in
      var state = start
      return layer(x, from: &state, in: pass)
    }
    return positions == .all ? y.reshaped([-1, width]) : y.indexed([.all, .position(-1)])
  }

  func stepper(batch: Int) -> any SequenceStepper {
    SmoothingStepper(
      layers: layers, states: layers.map { _ in Tensor(repeating: 0, [batch, width]) })
  }
}

private struct SmoothingStepper: SequenceStepper {
  let layers: [Smoothing]
  var states: [Tensor]

  mutating func next(_ x: Tensor) -> Tensor {
    var x = x
    for k in layers.indices { x = layers[k](x, from: &states[k], in: Pass()) }
    return x.indexed([.all, .position(-1)])
  }
}
