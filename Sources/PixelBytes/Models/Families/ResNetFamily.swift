import Tensors

/// A residual network (He et al. 2015) over time in place of a picture: bottleneck blocks whose convolutions see only what
/// came before, and further in each stage (dilation 1, 2, 4, 8) in place of its strides; layer norms for batch norms.
public struct ResNetFamily: ModelFamily {
  /// "resnet".
  public static let name = "resnet"
  /// The class name in checkpoints.
  public static let architecture = "CausalResNet"
  /// What its command does.
  public static let summary =
    "Makes a causal residual network of bottleneck blocks, the first stage as wide as the embedding."
  /// A script that makes one.
  public static let example = """
    net = resnet(layers: 26, dim: 16)
    print net.parameters["layer4.1.conv2.weight"].shape  # expect: [32, 32, 3]
    """
  /// Of embedding and first stage; each other stage is twice as wide.
  public static let usualWidth = 32
  /// The number of layers says how deep it is.
  public static let usualDepth: Int? = nil
  /// The blocks of each stage by the number of layers.
  static let stages = [26: [2, 2, 2, 2], 50: [3, 4, 6, 3]]
  /// The layers in all: 26 or 50.
  public var layerCount: Int

  /// Creates a family.
  public init(layerCount: Int = 50) { self.layerCount = layerCount }

  /// One of 50 layers.
  public static let initial = ResNetFamily()
  /// The layers.
  public static let settings: [Setting<ResNetFamily>] = [
    .count("layers", \.layerCount, Int.min...Int.max, "26 or 50 layers")
  ]

  /// It reads in one direction.
  public var bidirectional: Bool { false }

  /// Throws for a number of layers that there is not.
  public func check(_ configuration: ModelConfiguration) throws(ConfigurationError) {
    guard Self.stages[layerCount] != nil else {
      throw ConfigurationError("layers must be 26 or 50, found \(layerCount)", setting: "layers")
    }
    try ModelConfiguration.check("dim", configuration.width, 16...1024)
  }

  /// `conv1` and `norm1`, `layer1` to `layer4` and the head `fc`, as PyTorch's networks name theirs. The first stage is as
  /// wide as the embedding, each other twice as wide as the one before.
  public func layers(
    _ configuration: ModelConfiguration, _ embedding: PatchEmbedding, in scope: ParameterScope
  ) -> SequenceLayers {
    var width = configuration.width
    let stem = NormedConvolution(width, width, taps: 7, "1", in: scope)
    var stages: [[Bottleneck]] = []
    for (stage, count) in (Self.stages[layerCount] ?? []).enumerated() {
      let wider = configuration.width << stage
      stages.append(
        (0..<count).map { index in
          let scope = scope["layer\(stage + 1)"]["\(index)"]
          return Bottleneck(index == 0 ? width : wider, wider, dilation: 1 << stage, in: scope)
        })
      width = wider
    }
    return SequenceLayers(
      body: ResNetBody(stem: stem, stages: stages), head: Linear(width, configuration.vocabulary, in: scope["fc"]))
  }
}

/// A causal convolution and its layer norm.
private struct NormedConvolution {
  let convolution: CausalConvolution
  let norm: LayerNorm

  init(
    _ inputs: Int, _ outputs: Int, taps: Int = 1, dilation: Int = 1, _ number: String, in scope: ParameterScope
  ) {
    convolution = CausalConvolution(inputs, outputs, taps: taps, dilation: dilation, in: scope["conv\(number)"])
    norm = LayerNorm(outputs, in: scope["norm\(number)"])
  }

  func callAsFunction(_ x: Tensor, isThinned: Bool = false, in pass: Pass) -> Tensor {
    norm(convolution(x, isThinned: isThinned, in: pass), in: pass)
  }

  func callAsFunction(_ x: Tensor, from state: inout CausalConvolutionState) -> Tensor {
    norm(state.next(x), in: Pass())
  }
}

/// relu(x + narrow, look back, widen), the shortcut projected where the width changes.
private struct Bottleneck {
  let narrower, middle, wider: NormedConvolution
  let shortcut: NormedConvolution?

  init(_ inputs: Int, _ outputs: Int, dilation: Int, in scope: ParameterScope) {
    let inner = max(outputs / 4, 1)
    narrower = NormedConvolution(inputs, inner, "1", in: scope)
    middle = NormedConvolution(inner, inner, taps: 3, dilation: dilation, "2", in: scope)
    wider = NormedConvolution(inner, outputs, "3", in: scope)
    shortcut = inputs == outputs ? nil : NormedConvolution(inputs, outputs, "1", in: scope["downsample"])
  }

  func callAsFunction(_ x: Tensor, isThinned: Bool, in pass: Pass) -> Tensor {
    let y = middle(narrower(x, in: pass).relu(.none), isThinned: isThinned, in: pass)
    return rest(x, y, in: pass)
  }

  func callAsFunction(_ x: Tensor, from state: inout CausalConvolutionState) -> Tensor {
    rest(x, middle(narrower(x, in: Pass()).relu(.none), from: &state), in: Pass())
  }

  private func rest(_ x: Tensor, _ y: Tensor, in pass: Pass) -> Tensor {
    (wider(y.relu(.none), in: pass) + (shortcut?(x, in: pass) ?? x)).relu(.none)
  }
}

private struct ResNetBody: SequenceBody {
  let stem: NormedConvolution
  /// The blocks of each stage, which looks twice as far back as the one before.
  let stages: [[Bottleneck]]

  /// Where only the last position is wanted, a stage works out the positions a multiple of its dilation before it: it
  /// reads no others, and what the stages after it read is among them. So dilations become the strides that they replace.
  func callAsFunction(_ x: Tensor, _ positions: Positions, in pass: Pass) -> Tensor {
    let isThinned = positions == .last
    var x = stem(x, in: pass).relu(.none)
    for (index, blocks) in stages.enumerated() {
      let time = x.shape[1]
      if isThinned, index > 0 { x = x.selected(axis: 1, Array(stride(from: (time - 1) % 2, to: time, by: 2))) }
      x = blocks.reduce(x) { x, block in block(x, isThinned: isThinned, in: pass) }
    }
    return x.rows(positions)
  }

  func stepper(batch: Int) -> any SequenceStepper {
    let blocks = stages.flatMap { $0 }
    return ResNetStepper(
      stem: stem, blocks: blocks, first: stem.convolution.stepper(batch: batch),
      middles: blocks.map { $0.middle.convolution.stepper(batch: batch) })
  }
}

private struct ResNetStepper: SequenceStepper {
  let stem: NormedConvolution
  let blocks: [Bottleneck]
  var first: CausalConvolutionState
  var middles: [CausalConvolutionState]

  mutating func next(_ x: Tensor) -> Tensor {
    var x = stem(x, from: &first).relu(.none)
    for (index, block) in blocks.enumerated() { x = block(x, from: &middles[index]) }
    return x.rows(.last)
  }
}
