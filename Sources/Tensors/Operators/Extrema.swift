extension Tensor {
  /// Where elements are NaN, as bool.
  public func nanMask() -> Tensor { Tensor(values.mapped { $0.isNaN ? 1 : 0 }, shape, elementType: .bool) }

  /// Where elements are infinite, as bool.
  public func infiniteMask() -> Tensor { Tensor(values.mapped { $0.isInfinite ? 1 : 0 }, shape, elementType: .bool) }
}
