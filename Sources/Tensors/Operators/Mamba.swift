/// The weights of a Mamba block under the names of its paper's code: width D, inner width E, state N, rank R.
public struct MambaWeights {
  /// in_proj [2E, D], x_proj [R + 2N, E], dt_proj [E, R] and its bias [E], out_proj [D, E].
  package let input, xProjection, dtProjection, dtBias, output: Tensor
  /// conv1d [E, 1, K] and its bias [E].
  package let convolution, convolutionBias: Tensor
  /// A_log [E, N] and D [E].
  package let aLog, skip: Tensor

  /// Weights whose shapes fit together.
  public init(
    input: Tensor, convolution: Tensor, convolutionBias: Tensor, xProjection: Tensor, dtProjection: Tensor,
    dtBias: Tensor,
    aLog: Tensor, skip: Tensor, output: Tensor
  ) {
    (self.input, self.convolution, self.convolutionBias) = (input, convolution, convolutionBias)
    (self.xProjection, self.dtProjection, self.dtBias) = (xProjection, dtProjection, dtBias)
    (self.aLog, self.skip, self.output) = (aLog, skip, output)
    precondition(
      input.shape == [2 * inner, width] && convolution.shape == [inner, 1, taps] && convolutionBias.shape == [inner]
        && xProjection.shape == [rank + 2 * state, inner] && dtProjection.shape == [inner, rank]
        && dtBias.shape == [inner]
        && aLog.shape == [inner, state] && skip.shape == [inner] && output.shape == [width, inner],
      "the weights of a Mamba block do not fit together")
  }

  var width: Int { input.shape[1] }
  var inner: Int { output.shape[1] }
  var state: Int { aLog.shape[1] }
  var rank: Int { dtProjection.shape[1] }
  var taps: Int { convolution.shape[2] }
  /// Floats from one row of inner channels to the next.
  var stride: Int { Kernel.rowStride(inner) }
  var all: [Tensor] {
    [input, convolution, convolutionBias, xProjection, dtProjection, dtBias, aLog, skip, output]
  }

  /// D, zero beyond the channels.
  func paddedSkip() -> [Float] { skip.values + [Float](repeating: 0, count: stride - inner) }

  /// A / log 2 with A = -exp(A_log), rows padded as the scan wants them.
  func paddedRates() -> [Float] {
    let padded = Kernel.rowStride(state)
    var rates = [Float](repeating: 0, count: inner * padded)
    let exponentials = Kernel.exp(aLog.values)
    for d in 0..<inner {
      for n in 0..<state { rates[d * padded + n] = -exponentials[d * state + n] * 1.442_695_04 }
    }
    return rates
  }
}

/// How a Mamba block goes through a sequence.
public struct MambaForm: Sendable {
  /// The ways a sequence can be read.
  public enum Directions: Sendable {
    case forward, backward
    /// Forward and backward with the same weights, the two results added.
    case both
  }

  /// The way the sequence is read.
  public var directions: Directions
  /// Whether what the gate shuts out of the scan is taken from its input instead: scan * silu(z) + D u (1 - sigmoid(z))
  /// (Bi-Mamba+, Liang et al. 2024), in place of (scan + D u) * silu(z). For one direction.
  public var forgets: Bool

  /// Creates a form; the defaults are the plain block's.
  public init(_ directions: Directions = .forward, forgets: Bool = false) {
    precondition(!forgets || directions != .both, "a forget gate has one direction")
    (self.directions, self.forgets) = (directions, forgets)
  }
}

extension Tensor {
  /// A Mamba block (Gu and Dao 2023) over x [batch, time, D], to the same shape, or to [batch, 1, D] with `lastOnly`.
  ///
  /// Projections, gate and output are pointwise, so two directions share them. The whole block is one node of the tape.
  public func mamba(_ weights: MambaWeights, _ form: MambaForm = MambaForm(), lastOnly: Bool = false) -> Tensor {
    if lastOnly, form.directions != .forward {
      // Read backwards, the last position comes first and sees itself alone.
      let backward = indexed([.all, .positions([shape[1] - 1])]).mamba(
        weights, MambaForm(.backward, forgets: form.forgets))
      return form.directions == .backward ? backward : mamba(weights, lastOnly: true) + backward
    }
    let run = MambaRun(self, weights, form, lastOnly: lastOnly, keepsStates: isRecordedWith(weights))
    return .recorded(
      run.output.values, run.output.shape, from: [self] + weights.all, keeping: .init(floats: run.floats)
    ) { gradient in
      run.gradients(gradient.values)
    }
  }

  private func isRecordedWith(_ weights: MambaWeights) -> Bool {
    isRecorded || weights.all.contains(where: \.isRecorded)
  }
}

/// What the forward pass of a block leaves behind for its gradient.
private struct MambaRun {
  let x: Tensor
  let weights: MambaWeights
  let form: MambaForm
  let batch, time: Int
  let lastOnly: Bool
  /// The two halves of in_proj's output; the gate only of the rows that are wanted.
  let inner, gate: [Float]
  /// The sum of what the scans gave, at the rows that are wanted.
  let scanned: [Float]
  /// D u at the same rows, where the gate forgets.
  let skipped: [Float]
  let directions: [MambaDirection]
  let output: Tensor
  /// How many floats it keeps.
  var floats: Int { inner.count + gate.count + scanned.count + skipped.count + directions.reduce(0) { $0 + $1.floats } }

  init(_ x: Tensor, _ weights: MambaWeights, _ form: MambaForm, lastOnly: Bool, keepsStates: Bool) {
    precondition(x.shape.count == 3 && x.shape[2] == weights.width, "a Mamba block for \(weights.width) got \(x.shape)")
    (self.x, self.form, self.lastOnly) = (x.constant, form, lastOnly)
    self.weights = weights.constant
    (batch, time) = (x.shape[0], x.shape[1])
    let (rows, stride) = (batch * time, weights.stride)
    inner = weights.project(x.values, rows: rows, half: 0)
    var y = lastOnly ? [] : Kernel.uninitialized(rows * stride)
    var directions: [MambaDirection] = []
    for reverse in form.reversals {
      let first = directions.isEmpty
      directions.append(
        MambaDirection(
          inner, weights.constant, batch: batch, time: time, reverse: reverse, skips: !form.forgets, lastOnly: lastOnly,
          into: &y,
          accumulate: !first, keepsStates: keepsStates))
    }
    self.directions = directions
    let wanted = lastOnly ? x.indexed([.all, .position(-1)]).values : x.values
    let count = lastOnly ? batch : rows
    scanned = y
    let passed = form.forgets ? directions[0].skipped(weights) : []
    skipped = form.forgets && lastOnly ? Self.lastRows(of: passed, batch, time, stride) : passed
    gate = weights.project(wanted, rows: count, half: 1)
    let gated = form.forgets ? Kernel.forgetGate(scanned, skipped, gate) : Kernel.gate(scanned, gate)
    output = Tensor(
      weights.outputs(gated, rows: count), [batch, lastOnly ? 1 : time, weights.width])
  }

  private static func lastRows(of y: [Float], _ batch: Int, _ time: Int, _ stride: Int) -> [Float] {
    var last: [Float] = []
    last.reserveCapacity(batch * stride)
    for b in 0..<batch { last += y[((b + 1) * time - 1) * stride..<(b + 1) * time * stride] }
    return last
  }

  func gradients(_ gradient: [Float]) -> [Tensor?] {
    let (rows, width, inner, stride) = (batch * time, weights.width, weights.inner, weights.stride)
    let count = lastOnly ? batch : rows
    let (sizeOut, sizeInner) = (BLAS.Matrix(count, width), BLAS.Matrix(count, inner, stride: stride))
    let gated = form.forgets ? Kernel.forgetGate(scanned, skipped, gate) : Kernel.gate(scanned, gate)
    var dOutput = Kernel.uninitialized(width * inner)
    BLAS.multiply(gradient, sizeOut, transposeLeft: true, gated, sizeInner, into: &dOutput, .init(width, inner))
    var dGated = Kernel.padded(rows: count, columns: inner, stride: stride)
    BLAS.multiply(gradient, sizeOut, weights.output.values, .init(width, inner), into: &dGated, sizeInner)
    let (dy, dGate, dLast) = gateGradients(dGated)
    let dSkipped = lastOnly ? dLast.map { spread($0, stride) } : dLast
    var dInner = Kernel.uninitialized(rows * stride)
    var sums: [[Float]] = []
    for (index, direction) in directions.enumerated() {
      let parts = direction.gradients(self.inner, weights, dy, dSkipped, into: &dInner, accumulate: index > 0)
      if sums.isEmpty { sums = parts } else { for k in sums.indices { Kernel.axpy(1, parts[k], into: &sums[k]) } }
    }
    let wanted = lastOnly ? x.indexed([.all, .position(-1)]).values : x.values
    var dx = Kernel.uninitialized(rows * width)
    var dInput = Kernel.uninitialized(2 * inner * width)
    weights.projectBackward(x.values, dInner, rows: rows, half: 0, into: &dx, accumulate: false, &dInput)
    if lastOnly {
      var dLast = Kernel.uninitialized(count * width)
      weights.projectBackward(wanted, dGate, rows: count, half: 1, into: &dLast, accumulate: false, &dInput)
      for b in 0..<batch { for k in 0..<width { dx[((b + 1) * time - 1) * width + k] += dLast[b * width + k] } }
    } else {
      weights.projectBackward(x.values, dGate, rows: rows, half: 1, into: &dx, accumulate: true, &dInput)
    }
    let shapes = weights.all.map(\.shape)
    let parts = [dInput] + sums + [dOutput]
    return [Tensor(dx, x.shape)] + zip(parts, shapes).map { Tensor($0, $1) }
  }

  private func gateGradients(_ gradient: [Float]) -> (y: [Float], gate: [Float], skipped: [Float]?) {
    guard form.forgets else {
      let (dy, dGate) = Kernel.gateBackward(scanned, gate, gradient)
      return (dy, dGate, nil)
    }
    let (dy, dSkipped, dGate) = Kernel.forgetGateBackward(scanned, skipped, gate, gradient)
    return (dy, dGate, dSkipped)
  }

  /// Rows of the last positions among rows of zeros.
  private func spread(_ last: [Float], _ stride: Int) -> [Float] {
    var all = [Float](repeating: 0, count: batch * time * stride)
    for b in 0..<batch {
      for k in 0..<stride { all[((b + 1) * time - 1) * stride + k] = last[b * stride + k] }
    }
    return all
  }
}

extension MambaForm {
  /// For each direction, whether it is the backward one.
  fileprivate var reversals: [Bool] {
    switch directions {
    case .forward: [false]
    case .backward: [true]
    case .both: [false, true]
    }
  }
}

extension MambaWeights {
  /// The same weights off every tape.
  var constant: MambaWeights {
    MambaWeights(
      input: input.constant, convolution: convolution.constant, convolutionBias: convolutionBias.constant,
      xProjection: xProjection.constant, dtProjection: dtProjection.constant, dtBias: dtBias.constant,
      aLog: aLog.constant,
      skip: skip.constant, output: output.constant)
  }

  /// One half of in_proj of x [rows, D], rows of `stride`: the inner channels (0) or the gate (1).
  func project(_ x: [Float], rows: Int, half: Int) -> [Float] {
    var y = Kernel.padded(rows: rows, columns: inner, stride: stride)
    BLAS.multiply(
      x, .init(rows, width), input.values, .init(inner, width, offset: half * inner * width), transposeRight: true,
      into: &y, .init(rows, inner, stride: stride))
    return y
  }

  /// out_proj of the gated channels, rows of D.
  func outputs(_ gated: [Float], rows: Int) -> [Float] {
    var out = Kernel.uninitialized(rows * width)
    BLAS.multiply(
      gated, .init(rows, inner, stride: stride), output.values, .init(width, inner), transposeRight: true, into: &out,
      .init(rows, width))
    return out
  }

  /// The gradient of `project`: x's into `dx`, the weight's into its half of `dInput`.
  fileprivate func projectBackward(
    _ x: [Float], _ dy: [Float], rows: Int, half: Int, into dx: inout [Float], accumulate: Bool,
    _ dInput: inout [Float]
  ) {
    let place = BLAS.Matrix(inner, width, offset: half * inner * width)
    let size = BLAS.Matrix(rows, inner, stride: stride)
    BLAS.multiply(dy, size, input.values, place, into: &dx, .init(rows, width), accumulate: accumulate)
    BLAS.multiply(dy, size, transposeLeft: true, x, .init(rows, width), into: &dInput, place)
  }
}
