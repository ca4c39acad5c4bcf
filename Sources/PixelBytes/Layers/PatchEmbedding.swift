import Tensors

/// How the patch of a position, or another context, becomes a vector (PixelBytes paper, section on embeddings).
public enum EmbeddingKind: String, CaseIterable, Sendable {
  /// PxByEmbed with its convolution over the patch.
  case pxby
  /// PxByEmbed without the convolution.
  case linear
  /// A plain table of the token that is predicted, in a patch the centre.
  case center
}

/// PxByEmbed and its variants: contexts [batch, length, rows, columns], the paper's 3x3 patches, to vectors [batch, length, width].
public struct PatchEmbedding {
  private enum Form {
    case table(Parameter)
    case patches(
      table: Parameter, alpha: Parameter, convolution: (weight: Parameter, bias: Parameter)?, Linear, LayerNorm)
  }

  private let form: Form

  /// An embedding of `vocabulary` tokens in contexts of a shape into `width` numbers, with PyTorch's first values and the
  /// published names.
  public init(
    _ kind: EmbeddingKind, of shape: ContextShape = .patch, vocabulary: Int, width: Int, in scope: ParameterScope
  ) {
    guard kind != .center else {
      form = .table(scope.parameter("weight", [vocabulary, width], .normal))
      return
    }
    let size = max(shape.cells, width / shape.cells)
    let alpha = scope.parameter("alpha", [1, 1] + shape.dimensions, .between(0, 1))
    let table = scope["linear_embedding"].parameter("weight", [vocabulary, size], .normal)
    var convolution: (Parameter, Parameter)?
    if kind == .pxby {
      let bound = 1 / Float(9 * size).squareRoot()
      convolution = (
        scope["patch_embedding"].parameter("weight", [size, size, 3, 3], .uniform(bound)),
        scope["patch_embedding"].parameter("bias", [size], .uniform(bound))
      )
    }
    let projection = Linear(shape.cells * size, width, in: scope["projection"])
    form = .patches(
      table: table, alpha: alpha, convolution: convolution, projection, LayerNorm(width, in: scope["norm"]))
  }

  /// The table [vocabulary, width] of an embedding of single tokens.
  var table: Parameter? {
    if case .table(let table) = form { return table }
    return nil
  }

  /// The vectors of all positions, [batch, length, width].
  public func callAsFunction(_ patches: ContextBatch, in pass: Pass) -> Tensor { prepared(in: pass)(patches) }

  /// The embedding with what depends on its weights alone worked out, for use on many batches with the same weights.
  func prepared(in pass: Pass) -> (ContextBatch) -> Tensor {
    switch form {
    case .table(let table):
      let weight = pass[table]
      return { patches in
        weight.embedding(patches.tokens.map { Int($0) }, [patches.count, patches.length])
      }
    case .patches(let table, let alpha, let convolution, let projection, let norm):
      guard let bias = projection.bias else { preconditionFailure("the projection of PxByEmbed has a bias") }
      let weights = PatchEmbeddingWeights(
        table: pass[table], mix: pass[alpha], projection: pass[projection.weight],
        convolution: convolution.map { (pass[$0.weight], pass[$0.bias]) })
      let cells = PatchTable(weights, bias: pass[bias])
      return { patches in
        let mixed = norm(cells(patches.ids), in: pass)
        return mixed.reshaped([patches.count, patches.length, mixed.shape[1]])
      }
    }
  }
}
