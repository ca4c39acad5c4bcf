import PixelBytes
import PixelScript

extension LocalAttention: ScriptChoice {}

extension CommandGroup {
  /// Making the models that the paper builds on.
  static func foundations(_ environment: Environment) -> [Command] {
    [biMambaPlus(environment), mambaByte(environment), imageTransformer(environment), resNet(environment)]
  }

  private static var state: Parameter<Int> { Parameter("state", "states of each channel", default: 16) }
  private static var taps: Parameter<Int> { Parameter("conv", "taps of the causal convolution", default: 4) }
  private static var expansion: Parameter<Int> {
    Parameter("expand", "how many times wider the inner channels are", default: 2)
  }
  private static var heads: Parameter<Int> {
    Parameter("heads", "attention heads; the width is rounded down to a multiple of them", default: 4)
  }
  private static var dropout: Parameter<Double> {
    Parameter("dropout", "share of activations cleared in training", default: 0.1)
  }

  private static func biMambaPlus(_ environment: Environment) -> Command {
    Command(
      "bimamba_plus", "Makes a Bi-Mamba+ model: forward and backward blocks with forget gates and feed-forward layers.",
      width, state, Parameter<Int>("depth", "number of layers", default: 2), embedding, taps, expansion, dropout,
      vocabulary, seed,
      example: """
        net = bimamba_plus(dim: 16, state: 8, depth: 1)
        print net.parameters["layers.0.backward.A_log"].shape  # expect: [32, 8]
        """
    ) { _, dim, state, depth, embedding, taps, expansion, dropout, vocabulary, seed in
      let family = BiMambaPlusFamily(state: state, taps: taps, expansion: expansion, dropout: dropout)
      return try model(family, dim, depth: depth, embedding, vocabulary, seed, environment)
    }
  }

  private static func mambaByte(_ environment: Environment) -> Command {
    Command(
      "mambabyte", "Makes a MambaByte model: residual Mamba blocks behind RMS norms, in one direction.",
      width, state, Parameter<Int>("depth", "number of blocks", default: 4), embedding, taps, expansion,
      Parameter<Bool>("tied", "whether the head uses the embedding's table, which is then \"center\"", default: false),
      vocabulary, seed,
      example: """
        net = mambabyte(dim: 16, state: 8, depth: 2, embedding: "center", tied: true)
        print net.config.tied  # expect: true
        print generate(net, prompt: "a cat", tokens: 3, seed: 1).ids.len()  # expect: 3
        """
    ) { _, dim, state, depth, embedding, taps, expansion, tied, vocabulary, seed in
      let family = MambaByteFamily(state: state, taps: taps, expansion: expansion, isTied: tied)
      return try model(family, dim, depth: depth, embedding, vocabulary, seed, environment)
    }
  }

  private static func imageTransformer(_ environment: Environment) -> Command {
    Command(
      "image_transformer", "Makes an Image Transformer: causal local attention with encodings of row and column.",
      width, Parameter<Int>("depth", "number of layers", default: 2), heads, dropout,
      Parameter<LocalAttention>("local", "blocks of the sequence or of the picture", default: .line),
      Parameter<Int?>("block", "positions of a block, 32; side of a square one, 8"),
      Parameter<Int?>("memory", "positions before a block that it sees, 64; rows and columns, 8"),
      Parameter<Int>("row", "positions of a picture's row, its separator among them", default: 17),
      embedding, vocabulary, seed,
      example: """
        net = image_transformer(dim: 16, local: "2d", block: 4, memory: 4, row: 9)
        print net.config.local, net.config.block  # expect: 2d 4
        """
    ) { _, dim, depth, heads, dropout, local, block, memory, row, embedding, vocabulary, seed in
      let family = ImageTransformerFamily(
        heads: heads, dropout: dropout, local: local, block: block, memory: memory, row: row)
      return try model(family, dim, depth: depth, embedding, vocabulary, seed, environment)
    }
  }

  private static func resNet(_ environment: Environment) -> Command {
    Command(
      "resnet", "Makes a causal residual network of bottleneck blocks, the first stage as wide as the embedding.",
      Parameter<Int>("layers", "26 or 50 layers", default: 50),
      Parameter<Int>("dim", "width of embedding and first stage; each other is twice as wide", default: 32),
      embedding, vocabulary, seed,
      example: """
        net = resnet(layers: 26, dim: 16)
        print net.parameters["layer4.1.conv2.weight"].shape  # expect: [32, 32, 3]
        """
    ) { _, layers, dim, embedding, vocabulary, seed in
      try model(ResNetFamily(layerCount: layers), dim, depth: 1, embedding, vocabulary, seed, environment)
    }
  }
}
