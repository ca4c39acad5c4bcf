import Tensors

/// Attention of several heads with its projections (PyTorch's `MultiheadAttention`).
public struct SelfAttention {
  private let input, inputBias: Parameter
  private let output: Linear
  private let heads: Int
  private let sees: AttentionMask?
  private let dropout: Float

  /// A layer for vectors of `width` numbers, with PyTorch's names and first values; `dropout` is that of the
  /// probabilities.
  public init(_ width: Int, heads: Int, sees: AttentionMask?, dropout: Float, in scope: ParameterScope) {
    let bound = (6 / Float(4 * width)).squareRoot()
    input = scope.parameter("in_proj_weight", [3 * width, width], .uniform(bound))
    inputBias = scope.parameter("in_proj_bias", [3 * width], .zeros)
    output = Linear(width, width, startsUnbiased: true, in: scope["out_proj"])
    (self.heads, self.sees, self.dropout) = (heads, sees, dropout)
  }

  private func weights(in pass: Pass) -> AttentionWeights {
    AttentionWeights(input: pass[input], inputBias: pass[inputBias])
  }

  /// x [batch, time, width] to the same shape, or to [batch, 1, width] with `lastOnly`.
  public func callAsFunction(_ x: Tensor, lastOnly: Bool = false, in pass: Pass) -> Tensor {
    let options = AttentionOptions(heads: heads, sees: sees, dropout: pass.dropout(dropout))
    return output(x.attention(weights(in: pass), options, lastOnly: lastOnly), in: pass)
  }

  /// The outputs of the next positions, which see those in `cache` and join it.
  public func callAsFunction(_ x: Tensor, from cache: inout AttentionCache) -> Tensor {
    let pass = Pass()
    let options = AttentionOptions(heads: heads, sees: sees)
    return output(x.attention(weights(in: pass), options, from: &cache), in: pass)
  }

  /// The layer at the start of one sequence whose positions see one another.
  var growing: GrowingAttention {
    precondition(sees == nil, "attention with a mask goes on from a cache")
    return GrowingAttention(width: input.value.shape[1], heads: heads)
  }

  /// The outputs of all positions so far after the next ones, x [1, time, width].
  func callAsFunction(_ x: Tensor, from growing: inout GrowingAttention) -> Tensor {
    output(growing.next(x, weights(in: Pass())), in: Pass())
  }
}
