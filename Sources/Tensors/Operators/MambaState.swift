/// What a Mamba block of one direction carries from step to step: its states and the inputs of its convolution's window.
public struct MambaState: Sendable {
  private var states: [Float]
  private var window: [Float]
  private let rates: [Float]

  /// The state before the first step of `batch` sequences, with what depends on the weights alone worked out.
  public init(_ weights: MambaWeights, batch: Int) {
    states = [Float](repeating: 0, count: batch * weights.inner * Kernel.rowStride(weights.state))
    window = [Float](repeating: 0, count: batch * (weights.taps - 1) * weights.stride)
    rates = weights.paddedRates()
  }

  /// The outputs [batch, time, D] of the next steps x [batch, time, D]; no gradient.
  mutating func next(_ x: Tensor, _ weights: MambaWeights) -> Tensor {
    let (batch, time) = (x.shape[0], x.shape[1])
    let rows = batch * time
    let inner = weights.project(x.values, rows: rows, half: 0)
    let u = Kernel.Convolution(weights, batch: batch, time: time, reverse: false).silu(inner, after: &window)
    let selection = weights.select(u, rows: rows)
    let delta = Kernel.softplus(weights.steps(selection, rows: rows))
    let scan = Kernel.Scan(
      weights, batch: batch, time: time, reverse: false, u: u, delta: delta, rates: rates, selection: selection)
    var y = Kernel.uninitialized(rows * weights.stride)
    _ = scan.forward(&states, &y, accumulate: false, keepsStates: false)
    let gated = Kernel.gate(y, weights.project(x.values, rows: rows, half: 1))
    var out = Kernel.uninitialized(rows * weights.width)
    BLAS.multiply(
      gated, .init(rows, weights.inner, stride: weights.stride), weights.output.values,
      .init(weights.width, weights.inner), transposeRight: true, into: &out, .init(rows, weights.width))
    return Tensor(out, x.shape)
  }
}

extension Tensor {
  /// The outputs of a Mamba block that goes on from `state`, which moves on. No gradient.
  public func mamba(_ weights: MambaWeights, from state: inout MambaState) -> Tensor { state.next(self, weights) }
}
