/// The weights of one direction of an LSTM layer as PyTorch stores them, gates in the order i, f, g, o.
public struct LSTMWeights {
  let input, hidden, inputBias, hiddenBias: Tensor

  /// Weights of shapes [4H, D], [4H, H], [4H], [4H].
  public init(input: Tensor, hidden: Tensor, inputBias: Tensor, hiddenBias: Tensor) {
    let size = hidden.shape[1]
    precondition(
      hidden.shape == [4 * size, size] && input.shape.first == 4 * size && inputBias.shape == [4 * size]
        && hiddenBias.shape == [4 * size], "LSTM weights of \(input.shape), \(hidden.shape), \(inputBias.shape)")
    (self.input, self.hidden, self.inputBias, self.hiddenBias) = (input, hidden, inputBias, hiddenBias)
  }

  var size: Int { hidden.shape[1] }
  var all: [Tensor] { [input, hidden, inputBias, hiddenBias] }
}

/// The hidden state and the cells of one LSTM direction between two steps, each [batch, H].
public struct LSTMState: Sendable {
  /// The output of the last step.
  public internal(set) var hidden: [Float]
  /// The cells after the last step.
  public internal(set) var cells: [Float]
  /// The recurrent weights and the sum of both biases as the kernel reads them.
  fileprivate let packed: Kernel.PackedWeights

  /// The state before the first step, all zero, with what depends on the weights alone worked out.
  public init(_ weights: LSTMWeights, batch: Int) {
    hidden = [Float](repeating: 0, count: batch * weights.size)
    cells = hidden
    packed = Kernel.PackedWeights(weights)
  }
}

extension Kernel.PackedWeights {
  /// Packs the recurrent weights and the sum of both biases.
  init(_ weights: LSTMWeights) {
    self.init(
      weights.hidden.values, bias: Kernel.add(weights.inputBias.values, weights.hiddenBias.values), hidden: weights.size
    )
  }
}

extension Tensor {
  /// A layer of one LSTM direction, or of two whose outputs stand side by side (Hochreiter and Schmidhuber 1997, PyTorch's
  /// `LSTM`).
  ///
  /// x [batch, time, D] becomes [batch, time, H] or [batch, time, 2H]. The whole recurrence is one node of the tape.
  public func lstm(_ directions: [LSTMWeights]) -> Tensor {
    precondition(shape.count == 3, "an LSTM layer takes [batch, time, width]")
    return lstm(directions, batch: shape[0], time: shape[1])
  }

  /// The layer over vectors that stand one behind the other, or at `places`.
  fileprivate func lstm(_ directions: [LSTMWeights], batch: Int, time: Int, places: [Int] = []) -> Tensor {
    precondition((1...2).contains(directions.count), "an LSTM layer has one direction or two")
    let width = directions.reduce(0) { $0 + $1.size }
    var y = Kernel.uninitialized(batch * time * width)
    var runs: [LSTMRun] = []
    var offset = 0
    for (index, weights) in directions.enumerated() {
      var state = LSTMState(weights, batch: batch)
      let size = Kernel.LSTMSize(batch: batch, time: time, hidden: weights.size, reverse: index == 1)
      runs.append(LSTMRun(self, places, weights, size, state: &state, into: &y, stride: width, offset: offset))
      offset += weights.size
    }
    let x = constant
    let output = Tensor(y, [batch, time, width])
    let needsInput = isRecorded
    let inputs = [self] + directions.flatMap(\.all)
    let kept = runs.reduce(places.count) { $0 + $1.floats }
    return .recorded(y, output.shape, from: inputs, keeping: .init(result: true, floats: kept)) { gradient in
      var dx: [Float]? = needsInput ? Kernel.uninitialized(x.count) : nil
      var parts: [Tensor?] = []
      for (index, run) in runs.enumerated() {
        parts += run.gradients(x, places, output, gradient, into: &dx, first: index == 0)
      }
      return [dx.map { Tensor($0, x.shape) }] + parts
    }
  }

  /// The outputs [batch, time, H] of one direction that goes on from `state`, which moves to the last step. No gradient.
  public func lstm(_ weights: LSTMWeights, from state: inout LSTMState) -> Tensor {
    let size = Kernel.LSTMSize(batch: shape[0], time: shape[1], hidden: weights.size, reverse: false)
    var y = Kernel.uninitialized(size.batch * size.time * size.hidden)
    _ = LSTMRun(constant, [], weights, size, state: &state, into: &y, stride: weights.size, offset: 0)
    return Tensor(y, [shape[0], shape[1], weights.size])
  }
}

extension RepeatedRows {
  /// The same as `tensor.lstm(directions)`, with the inputs' share of the gates worked out once for each distinct vector.
  public func lstm(_ directions: [LSTMWeights]) -> Tensor {
    rows.lstm(directions, batch: batch, time: time, places: places)
  }
}

/// What one direction's forward pass leaves behind for its gradient.
private struct LSTMRun {
  let size: Kernel.LSTMSize
  let inputWeight, hiddenWeight: [Float]
  let depth, stride, offset: Int
  /// The activations i, f, g, o of every step, rows of `gateStride`.
  let gates: [Float]
  let cells, firstCell: [Float]
  /// How many floats it keeps.
  var floats: Int { gates.count + cells.count + firstCell.count }

  /// Runs over the rows of x, which stand one behind the other, or at `places` where there are any.
  init(
    _ x: Tensor, _ places: [Int], _ weights: LSTMWeights, _ size: Kernel.LSTMSize, state: inout LSTMState,
    into y: inout [Float], stride: Int, offset: Int
  ) {
    let hidden = weights.size
    (self.size, self.stride, self.offset) = (size, stride, offset)
    (inputWeight, hiddenWeight) = (weights.input.values, weights.hidden.values)
    depth = x.shape[x.shape.count - 1]
    precondition(weights.input.shape[1] == depth, "an LSTM for width \(weights.input.shape[1]) got \(x.shape)")
    let (rows, distinct) = (size.batch * size.time, x.count / depth)
    var products = Kernel.uninitialized(distinct * size.gateStride)
    BLAS.multiply(
      x.values, .init(distinct, depth), inputWeight, .init(4 * hidden, depth), transposeRight: true, into: &products,
      .init(distinct, 4 * hidden, stride: size.gateStride))
    firstCell = state.cells
    var cells = Kernel.uninitialized(rows * hidden)
    var gates = places.isEmpty ? products : Kernel.uninitialized(rows * size.gateStride)
    if places.isEmpty { products = [] }
    Kernel.lstmForward(
      size, gates: &gates, products: products, places: places, packed: state.packed, h: &state.hidden, c: &state.cells,
      y: &y, yStride: stride, yOffset: offset, cells: &cells)
    (self.gates, self.cells) = (gates, cells)
  }

  /// The gradients of the four weights; the input's gradient goes into `dx`, written when `first` and added to otherwise.
  func gradients(
    _ x: Tensor, _ places: [Int], _ y: Tensor, _ dy: Tensor, into dx: inout [Float]?, first: Bool
  ) -> [Tensor?] {
    let (distinct, hidden) = (x.count / depth, size.hidden)
    var gates = Kernel.lstmBackward(
      size, gates: gates, cells: cells, firstCell: firstCell, weight: hiddenWeight, dy: dy.values, dyStride: stride,
      dyOffset: offset)
    var sums =
      places.isEmpty
      ? gates
      : Kernel.addedRows(gates, columns: 4 * hidden, stride: size.gateStride, places, rows: distinct)
    let sizeG = BLAS.Matrix(distinct, 4 * hidden, stride: size.gateStride)
    if var values = dx.take() {
      BLAS.multiply(
        sums, sizeG, inputWeight, .init(4 * hidden, depth), into: &values, .init(distinct, depth), accumulate: !first)
      dx = values
    }
    var dInput = Kernel.uninitialized(4 * hidden * depth)
    BLAS.multiply(
      sums, sizeG, transposeLeft: true, x.values, .init(distinct, depth), into: &dInput, .init(4 * hidden, depth))
    let bias = Tensor(
      Kernel.columnSums(sums, rows: distinct, columns: 4 * hidden, stride: size.gateStride), [4 * hidden])
    sums = []
    return [
      Tensor(dInput, [4 * hidden, depth]), Tensor(hiddenGradient(&gates, y.values), [4 * hidden, hidden]), bias, bias,
    ]
  }

  /// dG^T times the outputs one step earlier, as one product over all sequences: the first step of each has no earlier
  /// output (its state was zero), so its rows are cleared beforehand.
  private func hiddenGradient(_ gates: inout [Float], _ y: [Float]) -> [Float] {
    let (time, hidden, gateStride) = (size.time, size.hidden, size.gateStride)
    let rows = size.batch * time
    for b in 0..<size.batch {
      let first = b * time + (size.reverse ? time - 1 : 0)
      for k in first * gateStride..<(first + 1) * gateStride { gates[k] = 0 }
    }
    guard rows > 1 else { return Kernel.zeros(4 * hidden * hidden) }
    var weight = Kernel.uninitialized(4 * hidden * hidden)
    let (later, earlier) = size.reverse ? (0, 1) : (1, 0)
    BLAS.multiply(
      gates, .init(rows - 1, 4 * hidden, stride: gateStride, offset: later * gateStride), transposeLeft: true,
      y, .init(rows - 1, hidden, stride: stride, offset: earlier * stride + offset), into: &weight,
      .init(4 * hidden, hidden))
    return weight
  }
}
