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
    func opposite(_ x: [UInt8]) -> [UInt8] { Kernel.opposite(of: x) }
    let result =
      switch comparison {
      case .notEqual: Kernel.joined(a, b, PB_EITHER)
      case .equal: opposite(Kernel.joined(a, b, PB_EITHER))
      case .less: Kernel.joined(opposite(a), b, PB_AND)
      case .lessOrEqual: Kernel.joined(opposite(a), b, PB_OR)
      case .greater: Kernel.joined(a, opposite(b), PB_AND)
      case .greaterOrEqual: Kernel.joined(a, opposite(b), PB_OR)
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
