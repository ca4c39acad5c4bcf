import Foundation

/// Long short-term memory (Hochreiter and Schmidhuber 1997, with forget gates and the order of PyTorch).
extension TwinWeights {
  /// i, f, g, o = W x + U h + both biases; c = sigmoid(f) c + sigmoid(i) tanh(g); h = sigmoid(o) tanh(c).
  func lstm(_ x: Rows, _ suffix: String) -> Rows {
    let fromInput = matrix("weight_ih" + suffix), fromState = matrix("weight_hh" + suffix)
    let inputBias = values("bias_ih" + suffix), stateBias = values("bias_hh" + suffix)
    let size = fromState.columns
    var h = [Double](repeating: 0, count: size)
    var c = h
    return x.map { x in
      let gates = (0..<4 * size).map { row -> Double in
        var sum = inputBias[row] + stateBias[row]
        for column in x.indices { sum += fromInput[row, column] * x[column] }
        for column in h.indices { sum += fromState[row, column] * h[column] }
        return sum
      }
      for unit in 0..<size {
        c[unit] =
          sigmoid(gates[size + unit]) * c[unit] + sigmoid(gates[unit]) * tanh(gates[2 * size + unit])
        h[unit] = sigmoid(gates[3 * size + unit]) * tanh(c[unit])
      }
      return h
    }
  }

  /// Forward and backward side by side.
  func bidirectionalLSTM(_ x: Rows) -> Rows {
    let ahead = lstm(x, "_l0"), back: Rows = lstm(x.reversed(), "_l0_reverse").reversed()
    return zip(ahead, back).map { $0 + $1 }
  }
}
