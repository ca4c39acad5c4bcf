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
  public init(sharing weight: Parameter) { (self.weight, bias) = (weight, nil) }

  /// x [..., inputs] to [..., outputs].
  public func callAsFunction(_ x: Tensor, in pass: Pass) -> Tensor {
    x.linear(pass[weight], bias: bias.map { pass[$0] })
  }
}
