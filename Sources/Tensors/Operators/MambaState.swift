/// What a Mamba block of one direction carries from step to step: its states and the inputs of its convolution's window.
public struct MambaState: Sendable {
  private var states: [Float]
  private var window: [Float]
  private let rates: [Float]
  private let forgets: Bool

  /// The state before the first step of `batch` sequences, with what depends on the weights alone worked out.
  public init(_ weights: MambaWeights, batch: Int, forgets: Bool = false) {
    states = [Float](repeating: 0, count: batch * weights.inner * Kernel.rowStride(weights.state))
    window = [Float](repeating: 0, count: batch * (weights.taps - 1) * weights.stride)
    rates = weights.paddedRates()
    self.forgets = forgets
  }

  /// What the scan gives for the next inner channels of all sequences, with D u unless it forgets, and the channels u that
  /// the convolution gave it.
  mutating func scan(_ inner: [Float], _ weights: MambaWeights, time: Int) -> (y: [Float], u: [Float]) {
    let rows = inner.count / weights.stride
    let u = Kernel.Convolution(weights, batch: rows / time, time: time, reverse: false).silu(inner, after: &window)
    let selection = weights.select(u, rows: rows)
    let delta = Kernel.softplus(weights.steps(selection, rows: rows))
    let scan = Kernel.Scan(
      weights, batch: rows / time, time: time, reverse: false, u: u, delta: delta, rates: rates, selection: selection,
      skips: !forgets)
    var y = Kernel.uninitialized(rows * weights.stride)
    _ = scan.forward(&states, &y, accumulate: false, keepsStates: false)
    return (y, u)
  }

  /// The outputs [batch, time, D] of the next steps x [batch, time, D]; no gradient.
  mutating func next(_ x: Tensor, _ weights: MambaWeights) -> Tensor {
    let rows = x.shape[0] * x.shape[1]
    let (y, u) = scan(weights.project(x.values, rows: rows, half: 0), weights, time: x.shape[1])
    let gate = weights.project(x.values, rows: rows, half: 1)
    let gated = forgets ? Kernel.forgetGate(y, Kernel.multiply(u, weights.paddedSkip()), gate) : Kernel.gate(y, gate)
    return Tensor(weights.outputs(gated, rows: rows), x.shape)
  }
}

extension Tensor {
  /// The outputs of a Mamba block that goes on from `state`, which moves on. No gradient.
  public func mamba(_ weights: MambaWeights, from state: inout MambaState) -> Tensor { state.next(self, weights) }
}
