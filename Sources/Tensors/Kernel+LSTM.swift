import Kernels
import Safepoint

extension Kernel {
  /// Sizes of one LSTM direction.
  package struct LSTMSize {
    package let batch, time, hidden: Int
    package let reverse: Bool

    package init(batch: Int, time: Int, hidden: Int, reverse: Bool) {
      (self.batch, self.time, self.hidden, self.reverse) = (batch, time, hidden, reverse)
    }

    package var gateStride: Int { pb_lstm_gate_stride(hidden) }
    /// About the nanoseconds of a run.
    var work: Int { Size.product([batch, time, hidden, hidden + 16]) / 8 }
  }

  /// The recurrent weights and the bias of an LSTM direction as `lstmForward` reads them.
  package struct PackedWeights: Sendable {
    fileprivate let values: [Float]
    fileprivate let start: Int

    /// Packs weights [4 hidden, hidden] and a bias [4 hidden].
    package init(_ weight: [Float], bias: [Float], hidden: Int) {
      precondition(weight.count == 4 * hidden * hidden && bias.count == 4 * hidden)
      var packed = uninitialized(pb_lstm_packed(hidden))
      start = unsafe pb_lstm_pack(hidden, weight, bias, &packed)
      values = packed
    }
  }

  /// Runs one direction: products of inputs and weights in `gates`, or rows of `products` at `places` where there are any, become
  /// activations; `y` has rows of `yStride`, of which this direction writes `hidden` columns from `yOffset`.
  package static func lstmForward(
    _ size: LSTMSize, gates: inout [Float], products: [Float] = [], places: [Int] = [], packed: PackedWeights,
    h: inout [Float], c: inout [Float], y: inout [Float], yStride: Int, yOffset: Int, cells: inout [Float]
  ) {
    let rows = size.batch * size.time
    precondition(gates.count >= rows * size.gateStride && packed.values.count == pb_lstm_packed(size.hidden))
    precondition(h.count == size.batch * size.hidden && c.count == h.count && cells.count == rows * size.hidden)
    precondition(y.count == rows * yStride && yOffset + size.hidden <= yStride)
    precondition(places.isEmpty || places.count == rows && places.lie(in: products.count / size.gateStride))
    unsafe withStarts(&gates, &h, &c, &y, &cells) { gates, h, c, y, cells in
      unsafe withStarts(packed.values, products, places) { weights, products, places in
        // Eight sequences at a time are multiplied with the weights.
        Parallel.pieces(size.batch, nanoseconds: size.work, unit: 8) { part in
          let (b, row) = (part.lowerBound, part.lowerBound * size.time)
          unsafe pb_lstm_forward(
            part.count, size.time, size.hidden, size.reverse ? 1 : 0, gates + row * size.gateStride, products,
            places.map { unsafe $0 + row }, weights + packed.start, h + b * size.hidden, c + b * size.hidden,
            y + row * yStride + yOffset, yStride, cells + row * size.hidden)
        }
      }
    }
  }

  /// The gradient of the pre-activations, rows of `gateStride`, from the activations in `gates`.
  package static func lstmBackward(
    _ size: LSTMSize, gates: [Float], cells: [Float], firstCell: [Float], weight: [Float], dy: [Float],
    dyStride: Int, dyOffset: Int
  ) -> [Float] {
    let rows = size.batch * size.time
    precondition(gates.count >= rows * size.gateStride && weight.count == 4 * size.hidden * size.hidden)
    precondition(firstCell.count == size.batch * size.hidden && cells.count == rows * size.hidden)
    precondition(dy.count == rows * dyStride && dyOffset + size.hidden <= dyStride)
    var gradients = uninitialized(gates.count)
    unsafe withStarts(gates, cells, firstCell, dy, &gradients) { gates, cells, firstCell, dy, gradients in
      Parallel.pieces(size.batch, nanoseconds: 2 * size.work, unit: 8) { part in
        let (b, row) = (part.lowerBound, part.lowerBound * size.time)
        var scratch = uninitialized(pb_lstm_scratch(part.count, size.hidden))
        unsafe pb_lstm_backward(
          part.count, size.time, size.hidden, size.reverse ? 1 : 0, gates + row * size.gateStride,
          gradients + row * size.gateStride, cells + row * size.hidden, firstCell + b * size.hidden, weight,
          dy + row * dyStride + dyOffset, dyStride, &scratch)
      }
    }
    return gradients
  }
}
