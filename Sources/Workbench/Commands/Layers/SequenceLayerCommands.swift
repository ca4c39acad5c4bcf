import PixelBytes
import PixelScript
import Tensors

extension Command {
  /// Layers over the positions of sequences [batch, time, width].
  static func sequenceLayers(_ maker: LayerMaker) -> [Command] {
    [convolution(maker), lstmLayer(maker), mambaLayer(maker), attentionLayer(maker), patchEmbedding(maker)]
  }

  private static func convolution(_ maker: LayerMaker) -> Command {
    Command(
      "conv1d", "Makes a layer that convolves [batch, time, channels] along time (PyTorch's Conv1d, channels last).",
      Parameter<Int>("channels", "channels of the input"), Parameter<Int>("filters", "channels of the output"),
      Parameter<Int>("kernel", "positions that a filter sees"),
      Parameter<Int>("padding", "zeros on both sides", default: 0, byName: true),
      Parameter<Int>("groups", "the groups that channels and filters are split into", default: 1, byName: true),
      Parameter<Bool>(
        "causal", "whether zeros go in front only, so that each position sees itself and those before", default: false,
        byName: true),
      LayerMaker.seed,
      example: "print conv1d(8, 16, 3, causal: true)(ones(2, 10, 8)).shape  # expect: [2, 10, 16]"
    ) { context, channels, filters, kernel, padding, groups, causal, seed in
      try LayerMaker.check(
        ["channels": channels, "filters": filters, "kernel": kernel, "groups": groups], in: context)
      guard channels % groups == 0, filters % groups == 0 else {
        throw ScriptError(.value, "\(groups) groups do not divide \(channels) channels and \(filters) filters")
      }
      guard (0...TensorObject.elementLimit).contains(padding), padding == 0 || !causal else {
        throw ScriptError(.value, "a padding is at least 0, and 0 where causal: true pads", argument: "padding")
      }
      let pads = causal ? (kernel - 1, 0) : (padding, padding)
      return try maker.layer(seed) { scope in
        convolution([filters, channels / groups, kernel], groups: groups, pads, in: scope)
      }
    }
  }

  private static func convolution(
    _ shape: Shape, groups: Int, _ pads: (Int, Int), in scope: ParameterScope
  ) -> LayerOperation {
    let (filters, channels, kernel) = (shape[0], shape[1] * groups, shape[2])
    let bound = Initializer.uniform(1 / Float(shape[1] * kernel).squareRoot())
    let weight = scope.parameter("weight", shape, bound)
    let bias = scope.parameter("bias", [filters], bound)
    return LayerOperation(
      "conv1d \(channels) -> \(filters)", LayerShape(.sequences, channels), LayerShape(.sequences, filters),
      work: 3 * channels * kernel + filters
    ) { x, pass in
      let time = x.shape[1] + pads.0 + pads.1
      guard time >= kernel else {
        throw LayerFault(
          kind: .shape, text: "at least \(kernel - pads.0 - pads.1) positions for its kernel, found \(x.shape)")
      }
      try TensorObject.check([x.shape[0], time, max(3 * channels * kernel, filters)])
      let columns = x.transposed(1, 2).padded([(0, 0), (0, 0), pads])
      return columns.convolution1D(pass[weight], bias: pass[bias], groups: groups).transposed(1, 2)
    }
  }

  private static func lstmLayer(_ maker: LayerMaker) -> Command {
    Command(
      "lstm_layer", "Makes an LSTM layer over [batch, time, inputs] (PyTorch's LSTM of one layer, batch first).",
      Parameter<Int>("inputs", "width of the input"),
      Parameter<Int>("size", "units of a direction: the width of its output"),
      Parameter<Bool>(
        "bidirectional", "whether a second direction is put beside the first", default: false, byName: true),
      Parameter<Float>(
        "forget_bias", "added to the first biases of the forget gates: 1 to 3 remembers longer", default: 0,
        byName: true),
      LayerMaker.seed,
      example: "print lstm_layer(8, 16, bidirectional: true)(ones(2, 5, 8)).shape  # expect: [2, 5, 32]"
    ) { context, inputs, size, bidirectional, forgetBias, seed in
      try LayerMaker.check(["inputs": inputs, "size": size], in: context)
      return try maker.layer(seed) { scope in
        let layer = LSTM(inputs, size, bidirectional: bidirectional, forgetBias: forgetBias, in: scope)
        let directions = bidirectional ? 2 : 1
        return LayerOperation(
          "lstm_layer \(inputs) -> \(bidirectional ? "2 x " : "")\(size)", LayerShape(.sequences, inputs),
          LayerShape(.sequences, directions * size), work: 8 * directions * size
        ) { layer($0, in: $1) }
      }
    }
  }

  private static func mambaLayer(_ maker: LayerMaker) -> Command {
    Command(
      "mamba_layer", "Makes a selective state space block over [batch, time, width] (the Mamba of Gu and Dao 2023).",
      Parameter<Int>("width", "width of input and output"), Parameter<Int>("state", "states of a channel", default: 16),
      Parameter<Int>("conv", "positions that its convolution sees", default: 4, byName: true),
      Parameter<Int>("expand", "inner channels for each of the width", default: 2, byName: true),
      Parameter<Bool>(
        "bidirectional", "whether what it gives of the reversed sequence is added", default: false, byName: true),
      LayerMaker.seed,
      example: "print mamba_layer(8)(ones(2, 5, 8)).shape  # expect: [2, 5, 8]"
    ) { context, width, state, taps, expansion, bidirectional, seed in
      try LayerMaker.check(["width": width, "state": state, "conv": taps, "expand": expansion], in: context)
      return try maker.layer(seed) { scope in
        let layer = Mamba(width, state: state, taps: taps, expansion: expansion, in: scope)
        let shape = LayerShape(.sequences, width)
        return LayerOperation(
          "mamba_layer \(width), state \(state)\(bidirectional ? ", both ways" : "")", shape, shape,
          work: 8 * expansion * width + 2 * state
        ) { layer($0, MambaForm(bidirectional ? .both : .forward), in: $1) }
      }
    }
  }

  private static func attentionLayer(_ maker: LayerMaker) -> Command {
    Command(
      "attention_layer",
      "Makes a layer of self-attention over [batch, time, width] (PyTorch's MultiheadAttention, batch first).",
      Parameter<Int>("width", "width of input and output"),
      Parameter<Int>("heads", "heads, which share the width", default: 1),
      Parameter<Bool>("causal", "whether a position sees only itself and those before", default: false, byName: true),
      Parameter<Double>("dropout", "the share of the probabilities set to 0 in training", default: 0, byName: true),
      LayerMaker.seed,
      example: "print attention_layer(8, 2, causal: true)(ones(2, 5, 8)).shape  # expect: [2, 5, 8]"
    ) { context, width, heads, causal, dropout, seed in
      try LayerMaker.check(["width": width, "heads": heads], in: context)
      guard width % heads == 0 else {
        throw ScriptError(.value, "\(heads) heads do not divide a width of \(width)", argument: "heads")
      }
      guard (0..<1).contains(dropout), Float(dropout) < 1 else {
        throw ScriptError(
          .value, "a probability of dropout is at least 0 and below 1, found \(Display.text(of: dropout))",
          argument: "dropout")
      }
      return try maker.layer(seed) { scope in
        let layer = SelfAttention(
          width, heads: heads, sees: causal ? .causal : nil, dropout: Float(dropout), in: scope)
        let shape = LayerShape(.sequences, width)
        return LayerOperation(
          "attention_layer \(width), \(heads) head\(heads == 1 ? "" : "s")\(causal ? ", causal" : "")", shape, shape,
          work: 6 * width, draws: dropout > 0
        ) { x, pass in
          // A mask and a head's probabilities are kept for each pair of positions.
          try TensorObject.check([x.shape[0], heads, x.shape[1], x.shape[1]])
          return layer(x, in: pass)
        }
      }
    }
  }

  private static func patchEmbedding(_ maker: LayerMaker) -> Command {
    Command(
      "patch_embedding", "Makes the paper's PxByEmbed over patches [batch, time, 3, 3], or one of its variants.",
      Parameter<Int>("width", "the length of the vector of a position"),
      Parameter<EmbeddingKind>("embedding", "how a 3x3 patch becomes a vector", default: .pxby, byName: true),
      Parameter<Int>("vocabulary", "number of tokens", default: 113, byName: true), LayerMaker.seed,
      example: "print patch_embedding(18)(encode(\"a red cat\")).shape  # expect: [1, 10, 18]"
    ) { context, width, kind, vocabulary, seed in
      try LayerMaker.check(["width": width, "vocabulary": vocabulary], in: context)
      guard vocabulary <= 256 else {
        throw ScriptError(.value, "there are at most 256 tokens, found \(vocabulary)", argument: "vocabulary")
      }
      return try maker.layer(seed) { scope in
        let layer = PatchEmbedding(kind, vocabulary: vocabulary, width: width, in: scope)
        return LayerOperation(
          "patch_embedding \(vocabulary) -> \(width)", LayerShape(.sequences, 3, 3), LayerShape(.sequences, width),
          work: 2 * max(width, 81)
        ) { x, pass in
          let ids = try ids(x, below: vocabulary).map { UInt8($0) }
          return layer(ContextBatch(ids: ids, count: x.shape[0], length: x.shape[1]), in: pass)
        }
      }
    }
  }
}
