import Tensors

/// A convolution over time (PyTorch's `Conv1d`, channels last).
public struct Convolution1D {
  private let weight, bias: Parameter
  private let padding: (before: Int, after: Int)
  private let groups, stride, dilation: Int

  /// A layer from `channels` to `filters` with PyTorch's names and first values, and so many zeros around the positions.
  public init(
    _ channels: Int, _ filters: Int, kernel: Int, padding: (before: Int, after: Int) = (0, 0), groups: Int = 1,
    stride: Int = 1, dilation: Int = 1, in scope: ParameterScope
  ) {
    let bound = Initializer.uniform(1 / Float(channels / groups * kernel).squareRoot())
    weight = scope.parameter("weight", [filters, channels / groups, kernel], bound)
    bias = scope.parameter("bias", [filters], bound)
    (self.padding, self.groups, self.stride, self.dilation) = (padding, groups, stride, dilation)
  }

  /// x [batch, time, channels] to [batch, places, filters]: as many places as a filter has from the first zero to the last.
  public func callAsFunction(_ x: Tensor, in pass: Pass) -> Tensor {
    let columns = x.transposed(1, 2).padded([(0, 0), (0, 0), padding])
    return columns.convolution1D(pass[weight], bias: pass[bias], stride: stride, groups: groups, dilation: dilation)
      .transposed(1, 2)
  }
}

extension Convolution1D {
  /// The outputs of the next positions of sequences with zeros before their start; what a filter sees of the last ones is kept.
  func stepping(batch: Int) -> (Tensor) throws -> Tensor {
    let (pass, kept) = (Pass(), padding.before)
    var window = Tensor(repeating: 0, [batch, kept, weight.value.shape[1] * groups])
    return { x in
      let seen = Tensor.concatenated([window, x], axis: 1)
      window = seen.indexed([.all, .strided(first: seen.shape[1] - kept, step: 1, count: kept)])
      return seen.transposed(1, 2).convolution1D(pass[weight], bias: pass[bias], groups: groups, dilation: dilation)
        .transposed(1, 2)
    }
  }
}

struct Convolution1DConfiguration: LayerConfiguration {
  static let name = "conv1d"
  static let summary =
    "Makes a layer that convolves [batch, time, channels] along time (PyTorch's Conv1d, channels last)."
  static let example = "print conv1d(8, 16, 3, causal: true)(ones(2, 10, 8)).shape  # expect: [2, 10, 16]"
  static let settings: [Setting<Self>] = [
    .size("channels", \.channels, "channels of the input").required(),
    .size("filters", \.filters, "channels of the output").required(),
    .size("kernel", \.kernel, "positions that a filter sees").required(),
    .count("padding", \.padding, 0...1 << 28, "zeros on both sides").byName(),
    .size("groups", \.groups, "the groups that channels and filters are split into").byName(),
    .size("stride", \.stride, "the distance of places").byName(),
    .size("dilation", \.dilation, "the distance of what a filter sees").byName(),
    .flag(
      "causal", \.isCausal, "whether zeros go in front only, so that each position sees itself and those before"
    ).byName(),
  ]
  var channels = 1, filters = 1, kernel = 1, padding = 0, groups = 1, stride = 1, dilation = 1, isCausal = false

  func check() throws(ConfigurationError) {
    try Self.check(groups, channels, filters)
    guard padding == 0 || !isCausal else {
      throw ConfigurationError("padding must be 0 where causal: true pads, found \(padding)", setting: "padding")
    }
  }

  /// Throws unless groups divide channels and filters.
  static func check(_ groups: Int, _ channels: Int, _ filters: Int) throws(ConfigurationError) {
    guard channels % groups == 0, filters % groups == 0 else {
      throw ConfigurationError(
        "\(groups) groups do not divide \(channels) channels and \(filters) filters", setting: "groups")
    }
  }

  func operation(in scope: ParameterScope) -> LayerOperation {
    let extent = (kernel - 1) * dilation + 1
    let pads = isCausal ? (before: extent - 1, after: 0) : (before: padding, after: padding)
    let zeros = pads.before + pads.after
    let layer = Convolution1D(
      channels, filters, kernel: kernel, padding: pads, groups: groups, stride: stride, dilation: dilation,
      in: scope)
    return LayerOperation(
      "conv1d \(channels) -> \(filters)", LayerShape(.sequences, channels), LayerShape(.sequences, filters),
      work: 3 * channels * kernel + filters,
      largest: { [$0[0], $0[1] + zeros, max(3 * channels * kernel, filters)] },
      steps: stride > 1 ? .whole : isCausal ? .state(layer.stepping) : extent == 1 && zeros == 0 ? .positions : .whole
    ) { x, pass in
      guard x.shape[1] + zeros >= extent else {
        throw LayerInputError.shape("at least \(extent - zeros) positions for its kernel, found \(x.shape)")
      }
      return layer(x, in: pass)
    }
  }
}
