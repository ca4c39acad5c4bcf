import Foundation

/// A selective state space block (Gu and Dao 2023) and its form with a forget gate (Liang et al. 2024).
extension TwinWeights {
  /// x, z = in_proj(input); u = silu(conv(x)); y = ssm(u) gated by z; out_proj(y).
  func mamba(_ input: Rows, forgets: Bool = false) -> Rows {
    let skip = values("D"), inner = skip.count
    let projected = self["in_proj"].linear(input)
    let u = depthwiseConvolution(projected.map { Array($0[..<inner]) }).map { $0.map(silu) }
    let scanned = selectiveScan(u)
    let y = input.indices.map { t in
      (0..<inner).map { channel in
        let z = projected[t][inner + channel], skipped = skip[channel] * u[t][channel]
        return forgets
          ? scanned[t][channel] * silu(z) + skipped * (1 - sigmoid(z)) : (scanned[t][channel] + skipped) * silu(z)
      }
    }
    return self["out_proj"].linear(y)
  }

  /// The same read from the end.
  func reversedMamba(_ input: Rows, forgets: Bool = false) -> Rows {
    mamba(input.reversed(), forgets: forgets).reversed()
  }

  /// Each channel by itself, the last tap the present.
  private func depthwiseConvolution(_ x: Rows) -> Rows {
    let weight = self["conv1d"].matrix("weight"), bias = self["conv1d"].values("bias")
    return x.indices.map { t in
      bias.indices.map { channel in
        var sum = bias[channel]
        for tap in 0..<weight.columns where t - (weight.columns - 1 - tap) >= 0 {
          sum += weight[channel, tap] * x[t - (weight.columns - 1 - tap)][channel]
        }
        return sum
      }
    }
  }

  /// h = exp(delta A) h + delta B u and y = C h, where delta, B and C follow from u and A = -exp(A_log).
  private func selectiveScan(_ u: Rows) -> Rows {
    let logarithms = matrix("A_log")
    let rates = logarithms.values.map { -exp($0) }
    let (channels, states) = (logarithms.rows, logarithms.columns)
    let selection = self["x_proj"].linear(u)
    let rank = selection[0].count - 2 * states
    let delta = self["dt_proj"].linear(selection.map { Array($0[..<rank]) }).map { $0.map { log1p(exp($0)) } }
    var h = [Double](repeating: 0, count: channels * states)
    return u.indices.map { t in
      (0..<channels).map { channel in
        var y = 0.0
        for state in 0..<states {
          let place = channel * states + state
          let b = selection[t][rank + state], c = selection[t][rank + states + state]
          h[place] = exp(delta[t][channel] * rates[place]) * h[place] + delta[t][channel] * b * u[t][channel]
          y += c * h[place]
        }
        return y
      }
    }
  }
}
