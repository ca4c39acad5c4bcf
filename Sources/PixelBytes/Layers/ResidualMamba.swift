import Tensors

/// x + mamba(norm(x))
struct ResidualMamba {
  let norm: RMSNorm
  let block: Mamba
  /// The share of what the block adds that is cleared in training.
  var dropout: Float = 0
}

/// A stack of residual Mamba blocks with a norm behind the last.
struct ResidualBody: SequenceBody {
  let blocks: [ResidualMamba]
  let norm: RMSNorm

  func callAsFunction(_ x: Tensor, _ positions: Positions, in pass: Pass) -> Tensor {
    var x = x
    for (index, layer) in blocks.enumerated() {
      let isLast = positions == .last && index == blocks.count - 1
      let y = layer.block(layer.norm(x, in: pass), lastOnly: isLast, in: pass).dropout(pass.dropout(layer.dropout))
      x = (isLast ? x.indexed([.all, .positions([x.shape[1] - 1])]) : x) + y
    }
    return norm(x, in: pass).rows(positions)
  }

  func stepper(batch: Int) -> any SequenceStepper {
    ResidualStepper(norms: blocks.map(\.norm), blocks: blocks.map { $0.block.stepper(batch: batch) }, norm: norm)
  }
}

private struct ResidualStepper: SequenceStepper {
  let norms: [RMSNorm]
  var blocks: [Mamba.Stepper]
  let norm: RMSNorm

  mutating func next(_ x: Tensor) -> Tensor {
    var x = x
    for index in blocks.indices { x = x + blocks[index].next(norms[index](x, in: Pass())) }
    return norm(x.rows(.last), in: Pass())
  }
}
