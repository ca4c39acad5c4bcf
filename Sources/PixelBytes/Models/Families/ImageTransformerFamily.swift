import Tensors

/// Where the positions of an Image Transformer look.
public enum LocalAttention: String, CaseIterable, Sendable {
  /// Blocks of the flattened sequence and a memory of positions before.
  case line = "1d"
  /// Square blocks of the picture and a memory of rows above and columns to the left.
  case square = "2d"
}

/// Image Transformer (Parmar et al. 2018): a causal stack of local attention whose positions are told apart by row and
/// column.
public struct ImageTransformerFamily: ModelFamily {
  /// "image_transformer".
  public static let name = "image_transformer"
  /// The class name in checkpoints.
  public static let architecture = "ImageTransformer"
  /// What its command does.
  public static let summary = "Makes an Image Transformer: causal local attention with encodings of row and column."
  /// A script that makes one.
  public static let example = """
    net = image_transformer(dim: 16, local: "2d", block: 4, memory: 4, row: 9)
    print net.config.local, net.config.block  # expect: 2d 4
    """
  /// The attention heads; the width is rounded down to a multiple of them.
  public var heads: Int
  /// The share of activations that are cleared in training.
  public var dropout: Double
  /// Whether blocks are pieces of the sequence or of the picture.
  public var local: LocalAttention
  /// The positions of a picture's row, its separator among them.
  public var row: Int
  private var givenBlock, givenMemory: Int?

  /// Creates a family; block and memory default to 32 and 64 positions, or to 8 rows and columns.
  public init(
    heads: Int = 4, dropout: Double = 0.1, local: LocalAttention = .line, block: Int? = nil, memory: Int? = nil,
    row: Int = 17
  ) {
    (self.heads, self.dropout, self.local, self.row) = (heads, dropout, local, row)
    (givenBlock, givenMemory) = (block, memory)
  }

  /// The positions of a block, or the side of a square one.
  public var block: Int { givenBlock ?? (local == .line ? 32 : 8) }
  /// How many positions, or rows and columns, a block sees before itself.
  public var memory: Int { givenMemory ?? (local == .line ? 64 : 8) }

  /// One with the usual settings.
  public static let initial = ImageTransformerFamily()
  /// Heads, dropout and where they look.
  public static let settings: [Setting<ImageTransformerFamily>] = [
    .heads(\.heads), .dropout(\.dropout),
    .choice("local", \.local, "blocks of the sequence or of the picture"),
    .count(
      "block", \.givenBlock, 1...65_536, "positions of a block, 32; side of a square one, 8",
      shown: { $0.block }),
    .count(
      "memory", \.givenMemory, 0...65_536, "positions before a block that it sees, 64; rows and columns, 8",
      shown: { $0.memory }),
    .count("row", \.row, 1...65_536, "positions of a picture's row, its separator among them"),
  ]

  /// True for what looks at the same places, given or not.
  public static func == (a: ImageTransformerFamily, b: ImageTransformerFamily) -> Bool { a.settings == b.settings }

  /// It reads in one direction.
  public var bidirectional: Bool { false }

  /// Throws for more heads than the width has numbers.
  public func check(_ configuration: ModelConfiguration) throws(ConfigurationError) {
    try ModelConfiguration.check("heads", heads, 1...configuration.width)
  }

  /// The largest multiple of the heads.
  public func embeddingWidth(_ width: Int) -> Int { width / heads * heads }

  private var mask: AttentionMask {
    local == .line ? .blocks(block, memory: memory) : .squares(block, memory: memory, row: row)
  }

  /// `layers`, `norm` and the head `fc`.
  public func layers(
    _ configuration: ModelConfiguration, _ embedding: PatchEmbedding, in scope: ParameterScope
  ) -> SequenceLayers {
    let width = embeddingWidth(configuration.width)
    let layers = (0..<configuration.depth).map {
      EncoderLayer(
        width, heads: heads, sees: mask, dropout: Float(dropout), normsFirst: true, in: scope["layers"]["\($0)"])
    }
    return SequenceLayers(
      body: ImageTransformerBody(width: width, row: row, layers: layers, norm: LayerNorm(width, in: scope["norm"])),
      head: Linear(width, configuration.vocabulary, in: scope["fc"]))
  }
}

private struct ImageTransformerBody: SequenceBody {
  let width, row: Int
  let layers: [EncoderLayer]
  let norm: LayerNorm

  func callAsFunction(_ x: Tensor, _ positions: Positions, in pass: Pass) -> Tensor {
    var x = x + PositionEncoding.grid(0..<x.shape[1], row: row, width: width)
    for (index, layer) in layers.enumerated() {
      x = layer(x, lastOnly: positions == .last && index == layers.count - 1, in: pass)
    }
    return norm(x.rows(positions), in: pass)
  }

  func stepper(batch: Int) -> any SequenceStepper {
    ImageTransformerStepper(
      row: row, layers: layers, norm: norm, caches: layers.map { _ in AttentionCache(batch: batch, width: width) })
  }
}

private struct ImageTransformerStepper: SequenceStepper {
  let row: Int
  let layers: [EncoderLayer]
  let norm: LayerNorm
  var caches: [AttentionCache]

  mutating func next(_ x: Tensor) -> Tensor {
    let first = caches[0].count
    var x = x + PositionEncoding.grid(first..<first + x.shape[1], row: row, width: x.shape[2])
    for (index, layer) in layers.enumerated() { x = layer(x, from: &caches[index]) }
    return norm(x.rows(.last), in: Pass())
  }
}
