import Tensors

/// Layer normalisation over the last axis (Ba et al. 2016, PyTorch's `LayerNorm` with eps 1e-5).
public struct LayerNorm {
  let weight, bias: Parameter

  /// A layer for vectors of `width` numbers; weight 1 and bias 0 at first.
  public init(_ width: Int, in scope: ParameterScope) {
    weight = scope.parameter("weight", [width], .ones)
    bias = scope.parameter("bias", [width], .zeros)
  }

  /// x [..., width] to the same shape.
  public func callAsFunction(_ x: Tensor, in pass: Pass) -> Tensor {
    x.layerNorm(weight: pass[weight], bias: pass[bias])
  }
}
