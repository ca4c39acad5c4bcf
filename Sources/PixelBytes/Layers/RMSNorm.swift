import Tensors

/// Normalisation by the root mean square over the last axis (Zhang and Sennrich 2019), eps 1e-5.
public struct RMSNorm {
  private let weight: Parameter

  /// A layer for vectors of `width` numbers; weight 1 at first.
  public init(_ width: Int, in scope: ParameterScope) { weight = scope.parameter("weight", [width], .ones) }

  /// x [..., width] to the same shape.
  public func callAsFunction(_ x: Tensor, in pass: Pass) -> Tensor { x.rmsNorm(weight: pass[weight]) }
}
