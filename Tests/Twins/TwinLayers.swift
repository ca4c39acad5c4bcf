import Foundation
import PixelBytes

/// The layers that several models share.
extension TwinWeights {
  /// y = W x + b at every position.
  func linear(_ x: Rows) -> Rows {
    let weight = matrix("weight")
    let bias = has("bias") ? values("bias") : [Double](repeating: 0, count: weight.rows)
    return x.map { x in
      (0..<weight.rows).map { row in
        var sum = bias[row]
        for column in 0..<weight.columns { sum += weight[row, column] * x[column] }
        return sum
      }
    }
  }

  /// (x - mean) / sqrt(variance + 0.00001) * weight + bias at every position.
  func layerNorm(_ x: Rows) -> Rows {
    let (weight, bias) = (values("weight"), values("bias"))
    return x.map { x in
      let mean = x.reduce(0, +) / Double(x.count)
      let variance = x.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(x.count)
      return x.indices.map { (x[$0] - mean) / (variance + 1e-5).squareRoot() * weight[$0] + bias[$0] }
    }
  }

  /// x / sqrt(mean of squares + 0.00001) * weight at every position.
  func rmsNorm(_ x: Rows) -> Rows {
    let weight = values("weight")
    return x.map { x in
      let square = x.reduce(0) { $0 + $1 * $1 } / Double(x.count)
      return x.indices.map { x[$0] / (square + 1e-5).squareRoot() * weight[$0] }
    }
  }

  /// A convolution without bias whose last tap is the present: position t sees t, t - dilation, ...
  func causalConvolution(_ x: Rows, taps: Int, dilation: Int = 1) -> Rows {
    let weight = values("weight"), inputs = x[0].count
    let outputs = weight.count / (inputs * taps)
    return x.indices.map { t in
      (0..<outputs).map { output in
        var sum = 0.0
        for tap in 0..<taps {
          let place = t - (taps - 1 - tap) * dilation
          guard place >= 0 else { continue }
          for input in 0..<inputs { sum += weight[(output * inputs + input) * taps + tap] * x[place][input] }
        }
        return sum
      }
    }
  }

  /// PxByEmbed: the vectors of the nine ids of every patch, mixed with their convolution, projected and normed.
  func embedding(_ patches: [[Int]], _ kind: EmbeddingKind) -> Rows {
    if kind == .center {
      let table = matrix("weight")
      return patches.map { ids in (0..<table.columns).map { table[ids[4], $0] } }
    }
    let table = self["linear_embedding"].matrix("weight")
    let share = values("alpha").map(sigmoid)
    let flat = patches.map { ids -> [Double] in
      // Channel by channel, nine cells each.
      let cells: Rows = (0..<table.columns).map { channel in ids.map { table[$0, channel] } }
      let mixed = kind == .pxby ? self["patch_embedding"].convolution3x3(cells) : nil
      return cells.indices.flatMap { channel in
        (0..<9).map { cell -> Double in
          let own = share[cell] * cells[channel][cell]
          guard let mixed else { return own }
          return own + (1 - share[cell]) * mixed[channel][cell]
        }
      }
    }
    return self["norm"].layerNorm(self["projection"].linear(flat))
  }

  /// A 3x3 convolution with a bias over 3x3 cells, zeros around them.
  private func convolution3x3(_ cells: Rows) -> Rows {
    let (weight, bias) = (values("weight"), values("bias"))
    return cells.indices.map { output in
      (0..<9).map { cell in
        var sum = bias[output]
        for input in cells.indices {
          for tap in 0..<9 {
            let y = cell / 3 + tap / 3 - 1, x = cell % 3 + tap % 3 - 1
            guard (0..<3).contains(y), (0..<3).contains(x) else { continue }
            sum += weight[(output * cells.count + input) * 9 + tap] * cells[input][3 * y + x]
          }
        }
        return sum
      }
    }
  }
}
