/// A Mamba block that reads backwards, or both ways, over one sequence that grows.
///
/// A new position changes the backward scan at every earlier one, and nothing else: projections, convolutions and the forward
/// scan stay, but for the few positions from which the backward convolution reaches the new one.
public struct GrowingMamba {
  private let weights: MambaWeights
  private let forgets: Bool
  private let rates: [Float]
  /// The forward direction, where there is one, and what its scan gave at each position.
  private var forward: MambaState?
  private var ahead: [Float] = []
  /// The two halves of in_proj's output.
  private var inner: [Float] = [], gate: [Float] = []
  /// What the backward scan reads.
  private var u: [Float] = [], delta: [Float] = [], selection: [Float] = []
  private var count = 0

  /// The block before the first position.
  public init(_ weights: MambaWeights, _ form: MambaForm) {
    precondition(form.directions != .forward, "a block of one direction goes on from its state")
    self.weights = weights
    forgets = form.forgets
    rates = weights.paddedRates()
    forward = form.directions == .both ? MambaState(weights, batch: 1) : nil
  }

  /// The outputs [1, positions so far, D] at every position, after the next ones x [1, time, D].
  public mutating func next(_ x: Tensor) -> Tensor {
    let time = x.shape[1]
    let fresh = weights.project(x.values, rows: time, half: 0)
    gate += weights.project(x.values, rows: time, half: 1)
    inner += fresh
    if let part = forward?.scan(fresh, weights, time: time) { ahead += part.y }
    convolve(from: max(0, count - weights.taps + 1), to: count + time)
    count += time
    let scan = Kernel.Scan(
      weights, batch: 1, time: count, reverse: true, u: u, delta: delta, rates: rates, selection: selection,
      skips: !forgets)
    var states = [Float](repeating: 0, count: scan.stateCount)
    var y = forward == nil ? Kernel.uninitialized(u.count) : ahead
    _ = scan.forward(&states, &y, accumulate: forward != nil, keepsStates: false)
    let gated = forgets ? Kernel.forgetGate(y, Kernel.multiply(u, weights.paddedSkip()), gate) : Kernel.gate(y, gate)
    return Tensor(weights.outputs(gated, rows: count), [1, count, weights.width])
  }

  /// Works out what the backward scan reads at the positions from `first` on, up to `end`.
  private mutating func convolve(from first: Int, to end: Int) {
    let (stride, columns) = (weights.stride, weights.rank + 2 * weights.state)
    let convolution = Kernel.Convolution(weights, batch: 1, time: end - first, reverse: true)
    u.removeLast(max(0, u.count - first * stride))
    delta.removeLast(max(0, delta.count - first * stride))
    selection.removeLast(max(0, selection.count - first * columns))
    let rows = convolution.silu(Array(inner[(first * stride)...]))
    let selected = weights.select(rows, rows: end - first)
    u += rows
    selection += selected
    delta += Kernel.softplus(weights.steps(selected, rows: end - first))
  }
}
