import Tensors

/// x + mamba(norm(x))
struct ResidualMamba {
  let norm: RMSNorm
  let block: Mamba
  /// The share of what the block adds that is cleared in training.
  var dropout: Float = 0
}

/// x + attention(norm(x)), which sees the positions so far.
struct ResidualAttention {
  let norm: RMSNorm
  let attention: SelfAttention
  /// The block behind which it stands.
  let block: Int
  /// The share of what it adds that is cleared in training.
  let dropout: Float
}

/// A stack of residual Mamba blocks, perhaps with attention behind some of them, and a norm behind the last.
struct ResidualBody: SequenceBody {
  let blocks: [ResidualMamba]
  var attentions: [ResidualAttention] = []
  let norm: RMSNorm

  func callAsFunction(_ x: Tensor, _ positions: Positions, in pass: Pass) -> Tensor {
    var x = x
    for (index, layer) in blocks.enumerated() {
      let attention = attentions.first { $0.block == index }
      let isLast = positions == .last && index == blocks.count - 1 && attention == nil
      let y = layer.block(layer.norm(x, in: pass), lastOnly: isLast, in: pass).dropout(pass.dropout(layer.dropout))
      x = (isLast ? x.indexed([.all, .positions([x.shape[1] - 1])]) : x) + y
      if let attention {
        x = x + attention.attention(attention.norm(x, in: pass), in: pass).dropout(pass.dropout(attention.dropout))
      }
    }
    return norm(x, in: pass).rows(positions)
  }

  func stepper(batch: Int) -> any SequenceStepper {
    ResidualStepper(body: self, blocks: blocks.map { $0.block.stepper(batch: batch) }, batch: batch)
  }
}

private struct ResidualStepper: SequenceStepper {
  let body: ResidualBody
  var blocks: [Mamba.Stepper]
  let batch: Int
  private var caches: [AttentionCache?]

  init(body: ResidualBody, blocks: [Mamba.Stepper], batch: Int) {
    (self.body, self.blocks, self.batch) = (body, blocks, batch)
    caches = body.attentions.map { _ in nil }
  }

  mutating func next(_ x: Tensor) -> Tensor {
    var x = x
    for index in blocks.indices {
      x = x + blocks[index].next(body.blocks[index].norm(x, in: Pass()))
      for (k, attention) in body.attentions.enumerated() where attention.block == index {
        var seen = caches[k] ?? AttentionCache(batch: batch, width: x.shape[2])
        caches[k] = nil
        x = x + attention.attention(attention.norm(x, in: Pass()), from: &seen)
        caches[k] = seen
      }
    }
    return body.norm(x.rows(.last), in: Pass())
  }
}
