import Tensors

/// Normalisation by the root mean square over the last axis (Zhang and Sennrich 2019), eps 1e-5.
public struct RMSNorm {
  private let weight: Parameter

  /// A layer for vectors of `width` numbers; weight 1 at first.
  public init(_ width: Int, in scope: ParameterScope) { weight = scope.parameter("weight", [width], .ones) }

  /// x [..., width] to the same shape.
  public func callAsFunction(_ x: Tensor, in pass: Pass) -> Tensor { x.rmsNorm(weight: pass[weight]) }
}

struct RMSNormConfiguration: LayerConfiguration {
  static let name = "rms_norm"
  static let summary =
    "Makes a layer that divides the last axis by its root mean square, with a weight (PyTorch's RMSNorm)."
  static let example = "print keys(rms_norm(8).parameters)  # expect: [\"weight\"]"
  static let drawsValues = false
  static let settings: [Setting<Self>] = [.size("width", \.width, "width of the last axis").required()]
  var width = 1

  func operation(in scope: ParameterScope) -> LayerOperation {
    let layer = RMSNorm(width, in: scope)
    return LayerOperation("rms_norm \(width)", LayerShape(.any, width), steps: .positions) { layer($0, in: $1) }
  }
}
