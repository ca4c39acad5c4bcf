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
    case table(Embedding)
    case patches(
      table: Embedding, alpha: Parameter, convolution: (weight: Parameter, bias: Parameter)?, Linear, LayerNorm)
  }

  private let form: Form

  /// An embedding of `vocabulary` tokens in contexts of a shape into `width` numbers, with PyTorch's first values and the
  /// published names.
  public init(
    _ kind: EmbeddingKind, of shape: ContextShape = .patch, vocabulary: Int, width: Int, in scope: ParameterScope
  ) {
    guard kind != .center else {
      form = .table(Embedding(vocabulary, width, in: scope))
      return
    }
    let size = max(shape.cells, width / shape.cells)
    let alpha = scope.parameter("alpha", [1, 1] + shape.dimensions, .between(0, 1))
    alpha.role = .vector
    let table = Embedding(vocabulary, size, in: scope["linear_embedding"])
    var convolution: (Parameter, Parameter)?
    if kind == .pxby {
      let bound = 1 / Float(9 * size).squareRoot()
      let weight = scope["patch_embedding"].parameter("weight", [size, size, 3, 3], .uniform(bound))
      // Of the taps of a 3 x 3 window at each cell of a context those count that lie inside it: 49 of a patch.
      weight.operations = 2 * weight.value.count * (3 * shape.rows - 2) * (3 * shape.columns - 2) / 9
      convolution = (weight, scope["patch_embedding"].parameter("bias", [size], .uniform(bound)))
    }
    let projection = Linear(shape.cells * size, width, in: scope["projection"])
    form = .patches(
      table: table, alpha: alpha, convolution: convolution, projection, LayerNorm(width, in: scope["norm"]))
  }

  /// The table [vocabulary, width] of an embedding of single tokens.
  var table: Parameter? {
    if case .table(let table) = form { return table.weight }
    return nil
  }

  /// The vectors of all positions, [batch, length, width].
  public func callAsFunction(_ patches: ContextBatch, in pass: Pass) -> Tensor { prepared(in: pass)(patches) }

  /// The vectors of all positions, those of equal contexts once; nil where few contexts are equal.
  func repeated(_ contexts: ContextBatch, in pass: Pass) -> RepeatedRows? {
    let positions = contexts.count * contexts.length
    func pays(_ distinct: Int) -> Bool { 4 * distinct <= 3 * positions }
    if let table {
      guard pays(table.value.shape[0]) else { return nil }
      return RepeatedRows(
        pass[table], at: contexts.tokens.map { Int($0) }, batch: contexts.count, time: contexts.length)
    }
    let (firsts, places) = RepeatedRows.distinct(contexts.ids, size: contexts.shape.cells)
    guard pays(firsts.count) else { return nil }
    let rows = self(contexts.only(firsts), in: pass)
    return RepeatedRows(
      rows.reshaped([firsts.count, rows.shape[2]]), at: places, batch: contexts.count, time: contexts.length)
  }

  /// The embedding with what depends on its weights alone worked out, for use on many batches with the same weights.
  func prepared(in pass: Pass) -> (ContextBatch) -> Tensor {
    switch form {
    case .table(let table):
      return { patches in
        table(patches.tokens.map { Int($0) }, [patches.count, patches.length], in: pass)
      }
    case .patches(let table, let alpha, let convolution, let projection, let norm):
      guard let bias = projection.bias else { preconditionFailure("the projection of PxByEmbed has a bias") }
      let weights = PatchEmbeddingWeights(
        table: pass[table.weight], mix: pass[alpha], projection: pass[projection.weight],
        convolution: convolution.map { (pass[$0.weight], pass[$0.bias]) })
      let cells = PatchTable(weights, bias: pass[bias])
      return { patches in
        let mixed = norm(cells(patches.ids), in: pass)
        return mixed.reshaped([patches.count, patches.length, mixed.shape[1]])
      }
    }
  }
}

struct PatchEmbeddingConfiguration: LayerConfiguration {
  static let name = "patch_embedding"
  static let summary = "Makes the paper's PxByEmbed over patches [batch, time, 3, 3], or one of its variants."
  static let example = "print patch_embedding(18)(encode(\"a red cat\")).shape  # expect: [1, 10, 18]"
  static let settings: [Setting<Self>] = [
    .size("width", \.width, "the length of the vector of a position").required(),
    .choice("embedding", \.kind, "how a 3x3 patch becomes a vector").byName(),
    .count("vocabulary", \.vocabulary, 1...256, "number of tokens").byName(),
  ]
  var width = 1, kind = EmbeddingKind.pxby, vocabulary = 113

  func operation(in scope: ParameterScope) -> LayerOperation {
    let layer = PatchEmbedding(kind, vocabulary: vocabulary, width: width, in: scope)
    let vocabulary = vocabulary
    func contexts(_ x: Tensor) throws -> ContextBatch {
      let ids = try x.ids(below: vocabulary).map { UInt8($0) }
      return ContextBatch(ids: ids, count: x.shape[0], length: x.shape[1])
    }
    return LayerOperation(
      "patch_embedding \(vocabulary) -> \(width)", LayerShape(.sequences, 3, 3), LayerShape(.sequences, width),
      work: 2 * max(width, 81),
      steps: .state { _ in
        // What the weights alone decide is worked out once.
        let prepared = layer.prepared(in: Pass())
        return { prepared(try contexts($0)) }
      }
    ) { x, pass in layer(try contexts(x), in: pass) }
  }
}
