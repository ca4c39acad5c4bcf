/// Filters [outputs, inputs, taps] of a convolution that sees the present and earlier positions, `dilation` apart, one matrix
/// a tap, the last of which reads the position itself.
private struct CausalFilters {
  let outputs, inputs, taps, dilation: Int
  /// [taps, outputs, inputs]
  let matrices: [Float]

  init(_ weight: Tensor, dilation: Int) {
    precondition(weight.shape.count == 3 && dilation > 0, "causal filters of \(weight.shape)")
    (outputs, inputs, taps) = (weight.shape[0], weight.shape[1], weight.shape[2])
    self.dilation = dilation
    var matrices = Kernel.uninitialized(weight.count)
    let size = outputs * inputs
    for place in 0..<size { for tap in 0..<taps { matrices[tap * size + place] = weight.values[place * taps + tap] } }
    self.matrices = matrices
  }

  /// How far back a tap looks.
  func reach(_ tap: Int) -> Int { (taps - 1 - tap) * dilation }

  func matrix(_ tap: Int) -> BLAS.Matrix { BLAS.Matrix(outputs, inputs, offset: tap * outputs * inputs) }

  /// The rows of x and of y that a tap joins: in all sequences at once where they are the same, else in each.
  func pairs(_ tap: Int, batch: Int, time: Int, from first: Int = 0) -> [(x: BLAS.Matrix, y: BLAS.Matrix)] {
    let (reach, start) = (reach(tap), max(first, reach(tap)))
    if first == 0, reach == 0 { return [(.init(batch * time, inputs), .init(batch * time, outputs))] }
    guard start < time else { return [] }
    return (0..<batch).map { b in
      (
        .init(time - start, inputs, offset: (b * time + start - reach) * inputs),
        .init(time - start, outputs, offset: (b * (time - first) + start - first) * outputs)
      )
    }
  }

  /// The outputs [batch, time - first, outputs] at the positions from `first` on of x [batch, time, inputs].
  func outputs(_ x: [Float], batch: Int, time: Int, from first: Int = 0) -> [Float] {
    var y = Kernel.uninitialized(batch * (time - first) * outputs)
    for tap in (0..<taps).reversed() {
      for (rows, results) in pairs(tap, batch: batch, time: time, from: first) {
        BLAS.multiply(
          x, rows, matrices, matrix(tap), transposeRight: true, into: &y, results, accumulate: tap < taps - 1)
      }
    }
    return y
  }

  /// The gradients of x and of the weight.
  func gradients(_ x: [Float], _ dy: [Float], batch: Int, time: Int) -> (x: [Float], weight: [Float]) {
    var dx = Kernel.uninitialized(x.count)
    var sums = [Float](repeating: 0, count: matrices.count)
    for tap in (0..<taps).reversed() {
      for (rows, results) in pairs(tap, batch: batch, time: time) {
        BLAS.multiply(dy, results, matrices, matrix(tap), into: &dx, rows, accumulate: tap < taps - 1)
        BLAS.multiply(dy, results, transposeLeft: true, x, rows, into: &sums, matrix(tap), accumulate: true)
      }
    }
    var weight = Kernel.uninitialized(sums.count)
    let size = outputs * inputs
    for place in 0..<size { for tap in 0..<taps { weight[place * taps + tap] = sums[tap * size + place] } }
    return (dx, weight)
  }
}

extension Tensor {
  /// The convolution over time of x [batch, time, inputs] with a weight [outputs, inputs, taps] whose last tap reads the
  /// position itself and the others earlier ones, `dilation` apart, zeros before the first: [batch, time, outputs].
  ///
  /// A matrix product for each tap; no windows are laid out.
  public func causalConvolution(_ weight: Tensor, dilation: Int = 1) -> Tensor {
    if weight.shape.count == 3, weight.shape[2] == 1 { return linear(weight.reshaped(Array(weight.shape.prefix(2)))) }
    let filters = CausalFilters(weight, dilation: dilation)
    precondition(shape.count == 3 && shape[2] == filters.inputs, "a convolution of \(weight.shape) got \(shape)")
    let (x, batch, time, weightShape) = (constant, shape[0], shape[1], weight.shape)
    let y = filters.outputs(values, batch: batch, time: time)
    return .recorded(y, [batch, time, filters.outputs], from: [self, weight]) { gradient in
      let part = filters.gradients(x.values, gradient.values, batch: batch, time: time)
      return [Tensor(part.x, x.shape), Tensor(part.weight, weightShape)]
    }
  }
}

/// A causal convolution in the middle of sequences, with the inputs that its next outputs look back on.
public struct CausalConvolutionState {
  private let filters: CausalFilters
  /// The last inputs of each sequence, as many as the first tap reaches back.
  private var windows: [[Float]]

  /// The convolution before the first position of `batch` sequences.
  public init(_ weight: Tensor, dilation: Int = 1, batch: Int) {
    filters = CausalFilters(weight, dilation: dilation)
    windows = Array(repeating: Array(repeating: 0, count: filters.reach(0) * filters.inputs), count: batch)
  }

  /// The outputs [batch, time, outputs] of the next positions x [batch, time, inputs]. No gradient.
  public mutating func next(_ x: Tensor) -> Tensor {
    let (time, size, before) = (x.shape[1], x.shape[1] * filters.inputs, filters.reach(0))
    var y: [Float] = []
    for b in windows.indices {
      windows[b] += x.values[b * size..<(b + 1) * size]
      let part = filters.outputs(windows[b], batch: 1, time: before + time, from: before)
      y = windows.count == 1 ? part : y + part
      windows[b].removeFirst(size)
    }
    return Tensor(y, [windows.count, time, filters.outputs])
  }
}
