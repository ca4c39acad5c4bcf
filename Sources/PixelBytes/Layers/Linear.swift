import Tensors

/// An affine map of the last axis, x W^T + b (PyTorch's `Linear`).
public struct Linear {
  let weight: Parameter
  let bias: Parameter?

  /// A layer from `inputs` to `outputs` numbers with PyTorch's first values: evenly within 1 / sqrt(inputs).
  public init(_ inputs: Int, _ outputs: Int, hasBias: Bool = true, in scope: ParameterScope) {
    let bound = 1 / Float(inputs).squareRoot()
    weight = scope.parameter("weight", [outputs, inputs], .uniform(bound))
    bias = hasBias ? scope.parameter("bias", [outputs], .uniform(bound)) : nil
  }

  /// A layer without a bias whose weight is another layer's parameter [outputs, inputs].
  public init(sharing weight: Parameter) { (self.weight, bias) = (weight, nil) }

  /// x [..., inputs] to [..., outputs].
  public func callAsFunction(_ x: Tensor, in pass: Pass) -> Tensor {
    x.linear(pass[weight], bias: bias.map { pass[$0] })
  }
}
