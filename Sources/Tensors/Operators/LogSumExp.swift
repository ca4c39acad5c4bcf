extension Tensor {
  /// The logarithm of the sum of e to the power of the elements along one axis, without overflow (PyTorch's `logsumexp`).
  public func logSumExp(axis: Int) -> Tensor {
    let axis = fitting { () throws(ShapeError) in try ShapeRule.axis(axis, of: shape) }
    if axis != shape.count - 1 {
      let others = shape.indices.filter { $0 != axis }
      return permuted(others + [axis]).logSumExp(axis: -1)
    }
    let (x, from, size) = (values, shape, shape[axis])
    let target = shape.removing(axis)
    let y = Kernel.logSumExp(x, rows: target.elementCount, size: size)
    guard isRecorded else { return Tensor(y, target) }
    return .recorded(y, target, from: [self], keeping: Tape.Kept(result: true)) { gradient in
      [Tensor(Kernel.logSumExpBackward(x, y, size: size, gradient: gradient.values), from)]
    }
  }

  /// The logarithm to the base 2 of every element.
  public func log2() -> Tensor { mapped(.log2) }
}
