import Tensors

/// An affine map of the last axis, x W^T + b (PyTorch's `Linear`).
public struct Linear {
  let weight: Parameter
  let bias: Parameter?

  /// A layer from `inputs` to `outputs` numbers with PyTorch's first values: evenly within 1 / sqrt(inputs).
  ///
  /// With `startsUnbiased` the first biases are zeros.
  public init(
    _ inputs: Int, _ outputs: Int, hasBias: Bool = true, startsUnbiased: Bool = false, in scope: ParameterScope
  ) {
    let bound = Initializer.uniform(1 / Float(inputs).squareRoot())
    weight = scope.parameter("weight", [outputs, inputs], bound)
    guard hasBias else {
      bias = nil
      return
    }
    bias = scope.parameter("bias", [outputs], bound) { values in
      if startsUnbiased { for k in values.indices { values[k] = 0 } }
    }
  }

  /// A layer without a bias whose weight is another layer's parameter [outputs, inputs].
  public init(sharing weight: Parameter) {
    (self.weight, bias) = (weight, nil)
    weight.operations += 2 * weight.value.count
  }

  /// x [..., inputs] to [..., outputs].
  public func callAsFunction(_ x: Tensor, in pass: Pass) -> Tensor {
    x.linear(pass[weight], bias: bias.map { pass[$0] })
  }
}

struct LinearConfiguration: LayerConfiguration {
  static let name = "linear"
  static let summary = "Makes a layer x W^T + b over the last axis (PyTorch's Linear)."
  static let example = """
    layer = linear(4, 2)
    print layer(ones(3, 4)).shape, layer.weight.shape  # expect: [3, 2] [2, 4]
    """
  static let settings: [Setting<Self>] = [
    .size("inputs", \.inputs, "width of the last axis").required(),
    .size("outputs", \.outputs, "its width after the layer").required(),
    .flag("bias", \.bias, "whether to add b").byName(),
  ]
  var inputs = 1, outputs = 1, bias = true

  func operation(in scope: ParameterScope) -> LayerOperation {
    let layer = Linear(inputs, outputs, hasBias: bias, in: scope)
    return LayerOperation(
      "linear \(inputs) -> \(outputs)", LayerShape(.any, inputs), LayerShape(.any, outputs),
      steps: .positions
    ) { layer($0, in: $1) }
  }
}
