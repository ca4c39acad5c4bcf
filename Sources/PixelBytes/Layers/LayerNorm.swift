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

struct LayerNormConfiguration: LayerConfiguration {
  static let name = "layer_norm"
  static let summary = "Makes a layer that normalizes the last axis, with weight and bias (PyTorch's LayerNorm)."
  static let example = "print len(layer_norm(8).parameters)  # expect: 2"
  static let drawsValues = false
  static let settings: [Setting<Self>] = [.size("width", \.width, "width of the last axis").required()]
  var width = 1

  func operation(in scope: ParameterScope) -> LayerOperation {
    let layer = LayerNorm(width, in: scope)
    return LayerOperation("layer_norm \(width)", LayerShape(.any, width), steps: .positions) { layer($0, in: $1) }
  }
}
