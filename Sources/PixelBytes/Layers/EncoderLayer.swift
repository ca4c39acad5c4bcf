import Tensors

/// Attention and a feed-forward layer with ReLU, each added to its input and then normalised (Vaswani et al. 2017, PyTorch's
/// `TransformerEncoderLayer`), or each behind a norm.
public struct EncoderLayer {
  private let attention: SelfAttention
  private let wider, narrower: Linear
  private let norm1, norm2: LayerNorm
  private let dropout: Float
  private let normsFirst: Bool

  /// A layer for vectors of `width` numbers, whose feed-forward layer is four times as wide.
  public init(
    _ width: Int, heads: Int, sees: AttentionMask?, dropout: Float, normsFirst: Bool = false, in scope: ParameterScope
  ) {
    attention = SelfAttention(width, heads: heads, sees: sees, dropout: dropout, in: scope["self_attn"])
    wider = Linear(width, 4 * width, in: scope["linear1"])
    narrower = Linear(4 * width, width, in: scope["linear2"])
    norm1 = LayerNorm(width, in: scope["norm1"])
    norm2 = LayerNorm(width, in: scope["norm2"])
    (self.dropout, self.normsFirst) = (dropout, normsFirst)
  }

  /// x [batch, time, width] to the same shape, or to [batch, 1, width] with `lastOnly`.
  public func callAsFunction(_ x: Tensor, lastOnly: Bool = false, in pass: Pass) -> Tensor {
    let attended = attention(normsFirst ? norm1(x, in: pass) : x, lastOnly: lastOnly, in: pass)
    return rest(lastOnly ? x.indexed([.all, .positions([x.shape[1] - 1])]) : x, attended, in: pass)
  }

  /// The outputs of the next positions, which see those in `cache` and join it.
  public func callAsFunction(_ x: Tensor, from cache: inout AttentionCache) -> Tensor {
    rest(x, attention(normsFirst ? norm1(x, in: Pass()) : x, from: &cache), in: Pass())
  }

  /// The attention of a layer without a mask, behind no norm, at the start of one sequence.
  var growingAttention: GrowingAttention {
    precondition(!normsFirst, "attention behind a norm is not offered to grow")
    return attention.growing
  }

  /// The outputs of all positions x [1, so far, width] of a sequence that has grown by the last ones, `fresh`.
  func callAsFunction(_ x: Tensor, _ fresh: Tensor, from growing: inout GrowingAttention) -> Tensor {
    rest(x, attention(fresh, from: &growing), in: Pass())
  }

  private func rest(_ x: Tensor, _ attended: Tensor, in pass: Pass) -> Tensor {
    let sum = x + attended.dropout(pass.dropout(dropout))
    let y = normsFirst ? sum : norm1(sum, in: pass)
    let hidden = wider(normsFirst ? norm2(y, in: pass) : y, in: pass).relu(pass.dropout(dropout))
    let result = y + narrower(hidden, in: pass).dropout(pass.dropout(dropout))
    return normsFirst ? result : norm2(result, in: pass)
  }
}
