/// The weights of a Mamba block under the names of its paper's code: width D, inner width E, state N, rank R.
public struct MambaWeights {
  /// in_proj [2E, D], x_proj [R + 2N, E], dt_proj [E, R] and its bias [E], out_proj [D, E].
  package let input, selection, step, stepBias, output: Tensor
  /// conv1d [E, 1, K] and its bias [E].
  package let convolution, convolutionBias: Tensor
  /// A_log [E, N] and D [E].
  package let logRate, skip: Tensor

  /// Weights whose shapes fit together.
  public init(
    input: Tensor, convolution: Tensor, convolutionBias: Tensor, selection: Tensor, step: Tensor, stepBias: Tensor,
    logRate: Tensor, skip: Tensor, output: Tensor
  ) {
    (self.input, self.convolution, self.convolutionBias) = (input, convolution, convolutionBias)
    (self.selection, self.step, self.stepBias) = (selection, step, stepBias)
    (self.logRate, self.skip, self.output) = (logRate, skip, output)
    precondition(
      input.shape == [2 * inner, width] && convolution.shape == [inner, 1, taps] && convolutionBias.shape == [inner]
        && selection.shape == [rank + 2 * state, inner] && step.shape == [inner, rank] && stepBias.shape == [inner]
        && logRate.shape == [inner, state] && skip.shape == [inner] && output.shape == [width, inner],
      "the weights of a Mamba block do not fit together")
  }

  var width: Int { input.shape[1] }
  var inner: Int { output.shape[1] }
  var state: Int { logRate.shape[1] }
  var rank: Int { step.shape[1] }
  var taps: Int { convolution.shape[2] }
  /// Floats from one row of inner channels to the next.
  var stride: Int { Kernel.rowStride(inner) }
  var all: [Tensor] {
    [input, convolution, convolutionBias, selection, step, stepBias, logRate, skip, output]
  }

  /// A / log 2 with A = -exp(A_log), rows padded as the scan wants them.
  func paddedRates() -> [Float] {
    let padded = Kernel.rowStride(state)
    var rates = [Float](repeating: 0, count: inner * padded)
    let exponentials = Kernel.exp(logRate.values)
    for d in 0..<inner {
      for n in 0..<state { rates[d * padded + n] = -exponentials[d * state + n] * 1.442_695_04 }
    }
    return rates
  }
}

extension Tensor {
  /// A Mamba block (Gu and Dao 2023) over x [batch, time, D], to the same shape, or to [batch, 1, D] with `lastOnly`.
  ///
  /// With `bidirectional` the same weights also run over the reversed sequence and the two results are added: projections,
  /// gate and output are pointwise, so both directions share them. The whole block is one node of the tape.
  public func mamba(_ weights: MambaWeights, bidirectional: Bool = false, lastOnly: Bool = false) -> Tensor {
    let run = MambaRun(
      self, weights, bidirectional: bidirectional, lastOnly: lastOnly, keepsStates: isRecordedWith(weights))
    return .recorded(run.output.values, run.output.shape, from: [self] + weights.all) { gradient in
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
  let batch, time: Int
  let lastOnly: Bool
  /// The two halves of in_proj's output; the gate only of the rows that are wanted.
  let inner, gate: [Float]
  /// The sum of what the scans gave, at the rows that are wanted.
  let scanned: [Float]
  let directions: [MambaDirection]
  let output: Tensor

  init(_ x: Tensor, _ weights: MambaWeights, bidirectional: Bool, lastOnly: Bool, keepsStates: Bool) {
    precondition(x.shape.count == 3 && x.shape[2] == weights.width, "a Mamba block for \(weights.width) got \(x.shape)")
    (self.x, self.lastOnly) = (x.constant, lastOnly)
    self.weights = weights.constant
    (batch, time) = (x.shape[0], x.shape[1])
    let (rows, stride) = (batch * time, weights.stride)
    inner = weights.project(x.values, rows: rows, half: 0)
    var y = Kernel.uninitialized(rows * stride)
    var directions: [MambaDirection] = []
    for reverse in bidirectional ? [false, true] : [false] {
      directions.append(
        MambaDirection(
          inner, weights.constant, batch: batch, time: time, reverse: reverse, into: &y, keepsStates: keepsStates))
    }
    self.directions = directions
    let wanted = lastOnly ? x.indexed([.all, .position(-1)]).values : x.values
    let count = lastOnly ? batch : rows
    scanned = lastOnly ? Self.lastRows(of: y, batch, time, stride) : y
    gate = weights.project(wanted, rows: count, half: 1)
    let gated = Kernel.gate(scanned, gate)
    var out = Kernel.uninitialized(count * weights.width)
    BLAS.multiply(
      gated, .init(count, weights.inner, stride: stride), weights.output.values, .init(weights.width, weights.inner),
      transposeRight: true, into: &out, .init(count, weights.width))
    output = Tensor(out, [batch, lastOnly ? 1 : time, weights.width])
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
    let gated = Kernel.gate(scanned, gate)
    var dOutput = Kernel.uninitialized(width * inner)
    BLAS.multiply(gradient, sizeOut, transposeLeft: true, gated, sizeInner, into: &dOutput, .init(width, inner))
    var dGated = [Float](repeating: 0, count: count * stride)
    BLAS.multiply(gradient, sizeOut, weights.output.values, .init(width, inner), into: &dGated, sizeInner)
    var (dy, dGate) = Kernel.gateBackward(scanned, gate, dGated)
    if lastOnly { dy = spread(dy, stride) }
    var dInner = Kernel.uninitialized(rows * stride)
    var sums: [[Float]] = []
    for (index, direction) in directions.enumerated() {
      let parts = direction.gradients(self.inner, weights, dy, into: &dInner, accumulate: index > 0)
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

  /// Rows of the last positions among rows of zeros.
  private func spread(_ last: [Float], _ stride: Int) -> [Float] {
    var all = [Float](repeating: 0, count: batch * time * stride)
    for b in 0..<batch {
      for k in 0..<stride { all[((b + 1) * time - 1) * stride + k] = last[b * stride + k] }
    }
    return all
  }
}

extension MambaWeights {
  /// The same weights off every tape.
  var constant: MambaWeights {
    MambaWeights(
      input: input.constant, convolution: convolution.constant, convolutionBias: convolutionBias.constant,
      selection: selection.constant, step: step.constant, stepBias: stepBias.constant, logRate: logRate.constant,
      skip: skip.constant, output: output.constant)
  }

  /// One half of in_proj of x [rows, D], rows of `stride`: the inner channels (0) or the gate (1).
  func project(_ x: [Float], rows: Int, half: Int) -> [Float] {
    // The lanes beyond the channels stay zero: whatever memory holds could be slow to compute with.
    var y = [Float](repeating: 0, count: rows * stride)
    BLAS.multiply(
      x, .init(rows, width), input.values, .init(inner, width, offset: half * inner * width), transposeRight: true,
      into: &y, .init(rows, inner, stride: stride))
    return y
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
