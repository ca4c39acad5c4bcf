import PixelBytes

/// Whole models: from the patches of one sequence to the logits after each of its positions.
extension TwinWeights {
  func logits(_ configuration: ModelConfiguration, _ patches: [[Int]]) -> Rows {
    if let family = configuration.family as? MixMambaFamily { return mixMamba(family, configuration, patches) }
    let x = self["embedding"].embedding(patches, configuration.embedding)
    switch configuration.family {
    case let family as LSTMFamily: return lstm(family, configuration.depth, x)
    case let family as MambaFamily: return mamba(family, configuration.depth, x)
    case let family as TransformerFamily: return transformer(family, configuration.depth, x)
    case is BiMambaPlusFamily: return biMambaPlus(configuration.depth, x)
    case let family as MambaByteFamily: return mambaByte(family, configuration.depth, x)
    case let family as ImageTransformerFamily: return imageTransformer(family, configuration.depth, x)
    case let family as ResNetFamily: return resNet(family, x)
    default: preconditionFailure("the family of \(configuration) has no twin")
    }
  }

  private func lstm(_ family: LSTMFamily, _ depth: Int, _ embedded: Rows) -> Rows {
    var x = family.bidirectional ? self["_lstm"].bidirectionalLSTM(embedded) : self["_lstm"].lstm(embedded, "_l0")
    for level in 0..<depth - 1 { x = self["lstm"].lstm(x, "_l\(level)") }
    return self["fc"].linear(x)
  }

  private func mamba(_ family: MambaFamily, _ depth: Int, _ embedded: Rows) -> Rows {
    var x = self["_mamba"].mamba(embedded)
    // The same block reads both ways.
    if family.bidirectional { x = self["norm"].layerNorm(x + self["_mamba"].reversedMamba(embedded)) }
    for level in 0..<depth - 1 { x = self["layers.\(level)"].mamba(x) }
    return self["lm_head"].linear(x)
  }

  private func transformer(_ family: TransformerFamily, _ depth: Int, _ embedded: Rows) -> Rows {
    var x = embedded
    for t in x.indices {
      switch family.positions {
      case .none: break
      case .sinusoidal: x[t] = zip(x[t], sinusoid(t, width: x[t].count)).map { $0 + $1 }
      case .learned:
        let table = self["positions"].matrix("weight")
        for place in x[t].indices { x[t][place] += table[t % 1024, place] }
      }
    }
    for level in 0..<depth {
      x = self["transformer_encoder.layers.\(level)"].encoderLayer(x, heads: family.heads, normsFirst: false) {
        !family.isCausal || $1 <= $0
      }
    }
    return self["fc"].linear(x)
  }

  private func biMambaPlus(_ depth: Int, _ embedded: Rows) -> Rows {
    var x = embedded
    for level in 0..<depth {
      let layer = self["layers.\(level)"]
      let ahead = layer["forward_norm"].layerNorm(x + layer["forward"].mamba(x, forgets: true))
      let back = layer["backward_norm"].layerNorm(x + layer["backward"].reversedMamba(x, forgets: true))
      let y = ahead + back
      let hidden = layer["linear1"].linear(y).map { $0.map { max($0, 0) } }
      x = layer["norm"].layerNorm(y + layer["linear2"].linear(hidden))
    }
    return self["head"].linear(x)
  }

  private func mambaByte(_ family: MambaByteFamily, _ depth: Int, _ embedded: Rows) -> Rows {
    var x = embedded
    for level in 0..<depth {
      let layer = self["backbone.layers.\(level)"]
      x = x + layer["mixer"].mamba(layer["norm"].rmsNorm(x))
    }
    return self[family.isTied ? "embedding" : "lm_head"].linear(self["backbone.norm_f"].rmsNorm(x))
  }

  private func imageTransformer(_ family: ImageTransformerFamily, _ depth: Int, _ embedded: Rows) -> Rows {
    let width = embedded[0].count
    var x = embedded.indices.map { t -> [Double] in
      let row = sinusoid(t / family.row, width: width / 2), column = sinusoid(t % family.row, width: width - width / 2)
      return zip(embedded[t], row + column).map { $0 + $1 }
    }
    for level in 0..<depth {
      x = self["layers.\(level)"].encoderLayer(x, heads: family.heads, normsFirst: true, family.twinSees)
    }
    return self["fc"].linear(self["norm"].layerNorm(x))
  }

  private func resNet(_ family: ResNetFamily, _ embedded: Rows) -> Rows {
    func relu(_ x: Rows) -> Rows { x.map { $0.map { max($0, 0) } } }
    var x = relu(self["norm1"].layerNorm(self["conv1"].causalConvolution(embedded, taps: 7)))
    let stages = family.layerCount == 50 ? [3, 4, 6, 3] : [2, 2, 2, 2]
    for stage in 0..<4 {
      for index in 0..<stages[stage] {
        let block = self["layer\(stage + 1).\(index)"]
        var y = relu(block["norm1"].layerNorm(block["conv1"].causalConvolution(x, taps: 1)))
        y = relu(block["norm2"].layerNorm(block["conv2"].causalConvolution(y, taps: 3, dilation: [1, 2, 4, 8][stage])))
        y = block["norm3"].layerNorm(block["conv3"].causalConvolution(y, taps: 1))
        // The shortcut is projected where the width changes.
        if x[0].count != y[0].count {
          x = block["downsample"]["norm1"].layerNorm(block["downsample"]["conv1"].causalConvolution(x, taps: 1))
        }
        x = relu(x + y)
      }
    }
    return self["fc"].linear(x)
  }
}
