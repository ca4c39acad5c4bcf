/// One direction of a Mamba block, from the inner channels to the scan, with what its gradient needs.
struct MambaDirection {
  private let convolution: Kernel.Convolution
  private let scan: Kernel.Scan
  /// dt_proj's output with its bias, whose softplus is delta.
  private let step: [Float]
  private let states: [Float]
  private let lastOnly: Bool
  /// How many floats it keeps.
  var floats: Int { scan.u.count + scan.delta.count + scan.selection.count + step.count + states.count }

  /// Runs over inner channels [batch * time, stride]; what the scan gives, with D u where it `skips`, is written
  /// or added to `y`; with `lastOnly`, forwards, that of the last position takes its place.
  init(
    _ inner: [Float], _ weights: MambaWeights, batch: Int, time: Int, reverse: Bool, skips: Bool,
    lastOnly: Bool, into y: inout [Float], accumulate: Bool, keepsStates: Bool
  ) {
    convolution = Kernel.Convolution(weights, batch: batch, time: time, reverse: reverse)
    let u = convolution.silu(inner)
    let selection = weights.select(u, rows: batch * time)
    step = weights.steps(selection, rows: batch * time)
    scan = Kernel.Scan(
      weights, batch: batch, time: time, reverse: reverse, u: u, delta: Kernel.softplus(step),
      rates: weights.paddedRates(), selection: selection, skips: skips)
    self.lastOnly = lastOnly
    if lastOnly {
      (y, states) = scan.forwardLast()
    } else {
      var h = [Float](repeating: 0, count: scan.stateCount)
      states = scan.forward(&h, &y, accumulate: accumulate, keepsStates: keepsStates)
    }
  }

  /// The gradients of conv1d, its bias, x_proj, dt_proj, its bias, A_log and D; that of the inner channels goes into
  /// `dInner`.
  func gradients(
    _ inner: [Float], _ weights: MambaWeights, _ dy: [Float], _ dSkipped: [Float]?, into dInner: inout [Float],
    accumulate: Bool
  ) -> [[Float]] {
    let (rows, channels, rank) = (scan.batch * scan.time, weights.inner, weights.rank)
    let sizeInner = BLAS.Matrix(rows, channels, stride: weights.stride)
    let sizeRank = BLAS.Matrix(rows, rank, stride: scan.stride)
    var dSelection = Kernel.uninitialized(scan.selection.count)
    var (du, dDelta, dRate, dSkip) =
      lastOnly
      ? scan.backwardLast(states, dy, into: &dSelection) : scan.backward(states, dy, into: &dSelection)

    if let dSkipped { addSkipped(dSkipped, weights, to: &du, &dSkip) }
    let dStep = Kernel.softplusBackward(step, dDelta)
    var dStepWeight = Kernel.uninitialized(channels * rank)
    BLAS.multiply(
      dStep, sizeInner, transposeLeft: true, scan.selection, sizeRank, into: &dStepWeight, .init(channels, rank))
    BLAS.multiply(dStep, sizeInner, weights.dtProjection.values, .init(channels, rank), into: &dSelection, sizeRank)
    let dStepBias = Kernel.columnSums(dStep, rows: rows, columns: channels, stride: weights.stride)

    let sizeSelection = BLAS.Matrix(rows, scan.stride), sizeWeight = BLAS.Matrix(scan.stride, channels)
    var dWeight = Kernel.uninitialized(scan.stride * channels)
    BLAS.multiply(dSelection, sizeSelection, transposeLeft: true, scan.u, sizeInner, into: &dWeight, sizeWeight)
    BLAS.multiply(
      dSelection, sizeSelection, weights.xProjection.values, sizeWeight, into: &du, sizeInner, accumulate: true)

    let (dTaps, dBias) = convolution.backward(inner, du, into: &dInner, accumulate: accumulate)
    return [dTaps, dBias, dWeight, dStepWeight, dStepBias, logGradient(dRate, weights), dSkip]
  }

  /// D u, rows of the inner stride.
  func skipped(_ weights: MambaWeights) -> [Float] {
    Kernel.multiply(scan.u, weights.paddedSkip())
  }

  private func addSkipped(
    _ gradient: [Float], _ weights: MambaWeights, to du: inout [Float], _ dSkip: inout [Float]
  ) {
    Kernel.accumulate(Kernel.multiply(gradient, weights.paddedSkip()), into: &du)
    // The scan did not add D u.
    dSkip = Kernel.columnSums(
      Kernel.multiply(scan.u, gradient), rows: scan.batch * scan.time, columns: weights.inner, stride: weights.stride)
  }

  /// The gradient of A_log from that of A = -exp(A_log), without the padding.
  private func logGradient(_ dRate: [Float], _ weights: MambaWeights) -> [Float] {
    let (state, padded) = (weights.state, Kernel.rowStride(weights.state))
    var result = Kernel.exp(weights.aLog.values)
    for d in 0..<weights.inner {
      for n in 0..<state { result[d * state + n] *= -dRate[d * padded + n] }
    }
    return result
  }
}

extension MambaWeights {
  /// x_proj of the convolved channels: rows of dt's rank, B and C.
  func select(_ u: [Float], rows: Int) -> [Float] {
    let columns = rank + 2 * state
    var y = Kernel.uninitialized(rows * columns)
    BLAS.multiply(
      u, .init(rows, inner, stride: stride), xProjection.values, .init(columns, inner), transposeRight: true, into: &y,
      .init(rows, columns))
    return y
  }

  /// dt_proj of the first columns of `select`, rows of `stride`.
  func steps(_ selection: [Float], rows: Int) -> [Float] {
    var y = Kernel.rows(of: dtBias.values, rows: rows, stride: stride)
    BLAS.multiply(
      selection, .init(rows, rank, stride: rank + 2 * state), dtProjection.values, .init(inner, rank),
      transposeRight: true,
      into: &y, .init(rows, inner, stride: stride), accumulate: true)
    return y
  }
}

extension Kernel.Convolution {
  init(_ weights: MambaWeights, batch: Int, time: Int, reverse: Bool) {
    self.init(
      batch: batch, time: time, channels: weights.inner, width: weights.taps, reverse: reverse,
      weight: weights.convolution.values, bias: weights.convolutionBias.values)
  }
}

extension Kernel.Scan {
  init(
    _ weights: MambaWeights, batch: Int, time: Int, reverse: Bool, u: [Float], delta: [Float], rates: [Float],
    selection: [Float], skips: Bool = true
  ) {
    self.init(
      batch: batch, time: time, channels: weights.inner, state: weights.state, reverse: reverse,
      stride: weights.rank + 2 * weights.state, offset: weights.rank, u: u, delta: delta, a: rates,
      selection: selection, skip: skips ? weights.skip.values : [Float](repeating: 0, count: weights.inner))
  }
}
