/// An LSTM direction over one sequence that grows or changes behind some position: the state after each position is kept.
struct LSTMTrace {
  let weights: LSTMWeights
  private let packed: Kernel.PackedWeights
  /// h and c after each position, rows of H.
  private(set) var hidden: [Float] = []
  private(set) var cells: [Float] = []

  init(_ weights: LSTMWeights) {
    self.weights = weights
    packed = Kernel.PackedWeights(weights)
  }

  /// x W_ih^T for rows of x, as the kernel wants it.
  func gates(_ x: [Float], rows: Int) -> [Float] {
    let (columns, depth) = (4 * weights.size, weights.input.shape[1])
    let stride = Kernel.LSTMSize(batch: 1, time: rows, hidden: weights.size, reverse: false).gateStride
    var gates = Kernel.uninitialized(rows * stride)
    BLAS.multiply(
      x, .init(rows, depth), weights.input.values, .init(columns, depth), transposeRight: true, into: &gates,
      .init(rows, columns, stride: stride))
    return gates
  }

  /// Works out the positions from `first` on again, given their gates; forward.
  mutating func redo(from first: Int, gates: [Float], rows: Int) {
    let size = weights.size
    hidden.removeLast(hidden.count - first * size)
    cells.removeLast(cells.count - first * size)
    let none = [Float](repeating: 0, count: size)
    let (h, c) = first == 0 ? (none, none) : (Array(hidden.suffix(size)), Array(cells.suffix(size)))
    let (y, after) = run(gates, rows: rows, h, c, reverse: false)
    hidden += y
    cells += after
  }

  /// Positions of one look back, and the largest change of h and c that counts as rounding.
  private static let chunk = 16
  fileprivate static let rounding: Float = 1e-6

  /// The same for a direction that reads backwards over `count` positions, whose new ones begin at `old`: goes back from
  /// the end until a whole chunk stays what it was up to rounding, as everything earlier then does. Returns where the
  /// changes begin. The last bit itself never settles: roundings of one step bring about those of the next.
  mutating func redoBackwards(gates: [Float], count: Int, old: Int) -> Int {
    let size = weights.size
    let stride = gates.count / count
    hidden += [Float](repeating: 0, count: count * size - hidden.count)
    cells += [Float](repeating: 0, count: count * size - cells.count)
    var (h, c) = ([Float](repeating: 0, count: size), [Float](repeating: 0, count: size))
    var end = count
    while end > 0 {
      let start = max(0, end - Self.chunk)
      let (y, after) = run(Array(gates[start * stride..<end * stride]), rows: end - start, h, c, reverse: true)
      (h, c) = (Array(y.prefix(size)), Array(after.prefix(size)))
      let place = start * size..<end * size
      // What stays keeps the values that everything earlier was worked out from, so that small changes do not add up.
      if end <= old, Self.isClose(y, hidden[place]), Self.isClose(after, cells[place]) { break }
      hidden.replaceSubrange(place, with: y)
      cells.replaceSubrange(place, with: after)
      end = start
    }
    return end
  }

  private static func isClose(_ a: [Float], _ b: ArraySlice<Float>) -> Bool {
    var largest: Float = 0
    for (x, y) in zip(a, b) { largest = max(largest, abs(x - y)) }
    return largest <= rounding
  }

  private func run(
    _ gates: [Float], rows: Int, _ h: [Float], _ c: [Float], reverse: Bool
  ) -> (hidden: [Float], cells: [Float]) {
    var (gates, h, c) = (gates, h, c)
    var (y, cells) = (Kernel.uninitialized(rows * weights.size), Kernel.uninitialized(rows * weights.size))
    Kernel.lstmForward(
      .init(batch: 1, time: rows, hidden: weights.size, reverse: reverse), gates: &gates, packed: packed, h: &h, c: &c,
      y: &y, yStride: weights.size, yOffset: 0, cells: &cells)
    return (y, cells)
  }
}

/// A stack of LSTM layers, the first of which reads both ways, over one sequence that grows.
///
/// A new position changes the backward states before it less and less; where they no longer change by more than rounding,
/// nothing earlier is worked out again, and the layers above go on from there.
public struct GrowingLSTM {
  private var forward, backward: LSTMTrace
  private var backwardGates: [Float] = []
  private var upper: [LSTMTrace]
  /// The backward states that the layers above have read.
  private var read: [Float] = []
  private var count = 0

  /// The stack before the first position: both directions of the first layer, and the layers above.
  public init(forward: LSTMWeights, backward: LSTMWeights, upper: [LSTMWeights]) {
    (self.forward, self.backward) = (LSTMTrace(forward), LSTMTrace(backward))
    self.upper = upper.map(LSTMTrace.init)
  }

  /// The output [1, H] of the last layer after the last of the next positions x [1, time, D].
  public mutating func next(_ x: Tensor) -> Tensor {
    let (time, old) = (x.shape[1], count)
    count += time
    forward.redo(from: old, gates: forward.gates(x.values, rows: time), rows: time)
    backwardGates += backward.gates(x.values, rows: time)
    let end = min(backward.redoBackwards(gates: backwardGates, count: count, old: old), old)
    let (a, b) = (forward.weights.size, backward.weights.size)
    // Cells can go on changing where the states that they give, all that is read of them, do not.
    let first =
      (end..<old).first { t in
        (t * b..<(t + 1) * b).contains { abs(backward.hidden[$0] - read[$0]) > LSTMTrace.rounding }
      } ?? old
    read.replaceSubrange((first * b)..., with: backward.hidden[(first * b)...])
    var rows: [Float] = []
    rows.reserveCapacity((count - first) * (a + b))
    for t in (upper.isEmpty ? count - 1 : first)..<count {
      rows += forward.hidden[t * a..<(t + 1) * a]
      rows += backward.hidden[t * b..<(t + 1) * b]
    }
    for index in upper.indices {
      upper[index].redo(from: first, gates: upper[index].gates(rows, rows: count - first), rows: count - first)
      rows = Array(upper[index].hidden[(first * upper[index].weights.size)...])
    }
    let size = upper.last?.weights.size ?? a + b
    return Tensor(Array(rows.suffix(size)), [1, size])
  }
}
