extension Tensor {
  /// The larger or smaller of two elements, with broadcasting: NaN where one is (PyTorch's `maximum` and `minimum`). Where they are
  /// equal, the gradient is shared.
  public func extreme(_ other: Tensor, isMaximum: Bool) -> Tensor {
    let shape = fitting { () throws(ShapeError) in
      try ShapeRule.broadcast(self.shape, other.shape, operation: "compare")
    }
    let (a, b) = (broadcast(to: shape), other.broadcast(to: shape))
    var (values, shares) = (Kernel.uninitialized(a.count), Kernel.uninitialized(a.count))
    Pieces.walk(a.count, cost: 3) {
      for k in $0 {
        let (x, y) = (a.values[k], b.values[k])
        let isFirst = x.isNaN || (!y.isNaN && (isMaximum ? x > y : x < y))
        values[k] = isFirst ? x : y
        shares[k] = x == y ? 0.5 : isFirst ? 1 : 0
      }
    }
    let share = Tensor(shares, shape)
    return .recorded(values, shape, from: [a, b], keeping: .only(shares.count)) { gradient in
      let first = gradient * share
      return [first, gradient - first]
    }
  }

  /// Where elements are NaN, as bool.
  public func nanMask() -> Tensor { Tensor(values.mapped { $0.isNaN ? 1 : 0 }, shape, elementType: .bool) }

  /// Where elements are infinite, as bool.
  public func infiniteMask() -> Tensor { Tensor(values.mapped { $0.isInfinite ? 1 : 0 }, shape, elementType: .bool) }
}
