import Kernels

/// Masks, tensors of truth values.
extension Tensor {
  /// True where the mask is not (PyTorch's `logical_not`).
  public func logicalNot() -> Tensor {
    if let bytes { return Tensor(mask: Kernel.opposite(of: bytes), shape) }
    return Tensor(Kernel.combine(.equal, constant, Tensor(0), shape), shape, elementType: .bool)
  }

  /// True where both masks are, with broadcasting (PyTorch's `logical_and`).
  public func logicalAnd(_ other: Tensor) -> Tensor { joined(other, isAnd: true) }

  /// True where one of two masks is, with broadcasting (PyTorch's `logical_or`).
  public func logicalOr(_ other: Tensor) -> Tensor { joined(other, isAnd: false) }

  /// A comparison of two masks of bytes; nil for other tensors.
  func comparedBytes(_ comparison: Comparison, _ other: Tensor) -> Tensor? {
    guard let a = bytes, let b = other.bytes, shape == other.shape else { return nil }
    let result =
      switch comparison {
      case .notEqual: Kernel.joined(a, b, PB_EITHER)
      case .equal: Kernel.joined(a, b, PB_ALIKE)
      case .less: Kernel.joined(a, b, PB_BELOW)
      case .lessOrEqual: Kernel.joined(a, b, PB_AT_MOST)
      case .greater: Kernel.joined(b, a, PB_BELOW)
      case .greaterOrEqual: Kernel.joined(b, a, PB_AT_MOST)
      }
    return Tensor(mask: result, shape)
  }

  private func joined(_ other: Tensor, isAnd: Bool) -> Tensor {
    if let bytes, let others = other.bytes, shape == other.shape {
      return Tensor(mask: Kernel.joined(bytes, others, isAnd ? PB_AND : PB_OR), shape)
    }
    let shape = fitting { () throws(ShapeError) in
      try ShapeRule.broadcast(self.shape, other.shape, operation: "join")
    }
    let values = Kernel.combine(isAnd ? .multiply : .maximum, constant, other.constant, shape)
    return Tensor(values, shape, elementType: .bool)
  }
}
