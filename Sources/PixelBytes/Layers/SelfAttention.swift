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

struct SelfAttentionConfiguration: LayerConfiguration {
  static let name = "attention_layer"
  static let summary =
    "Makes a layer of self-attention over [batch, time, width] (PyTorch's MultiheadAttention, batch first)."
  static let example = "print attention_layer(8, 2, causal: true)(ones(2, 5, 8)).shape  # expect: [2, 5, 8]"
  static let settings: [Setting<Self>] = [
    .size("width", \.width, "width of input and output").required(),
    .size("heads", \.heads, "heads, which share the width"),
    .flag("causal", \.isCausal, "whether a position sees only itself and those before").byName(),
    .number("dropout", \.dropout, .share, "the share of the probabilities set to 0 in training").byName(),
  ]
  var width = 1, heads = 1, isCausal = false, dropout = 0.0

  func check() throws(ConfigurationError) {
    guard width % heads == 0 else {
      throw ConfigurationError("\(heads) heads do not divide a width of \(width)", setting: "heads")
    }
  }

  func operation(in scope: ParameterScope) -> LayerOperation {
    let layer = SelfAttention(
      width, heads: heads, sees: isCausal ? .causal : nil, dropout: Float(dropout), in: scope)
    return LayerOperation(
      "attention_layer \(width), \(heads) head\(heads == 1 ? "" : "s")\(isCausal ? ", causal" : "")",
      LayerShape(.sequences, width), work: 6 * width, draws: dropout > 0,
      // A mask and a head's probabilities are kept for each pair of positions.
      largest: { [$0[0], heads, $0[1], $0[1]] },
      steps: !isCausal
        ? .whole
        : .state { batch in
          var cache = AttentionCache(batch: batch, width: width)
          return { layer($0, from: &cache) }
        }
    ) { layer($0, in: $1) }
  }
}
