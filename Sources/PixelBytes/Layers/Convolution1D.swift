import Tensors

/// A convolution over time (PyTorch's `Conv1d`, channels last).
public struct Convolution1D {
  private let weight, bias: Parameter
  private let padding: (before: Int, after: Int)
  private let groups: Int

  /// A layer from `channels` to `filters` with PyTorch's names and first values, and so many zeros around the positions.
  public init(
    _ channels: Int, _ filters: Int, kernel: Int, padding: (before: Int, after: Int) = (0, 0), groups: Int = 1,
    in scope: ParameterScope
  ) {
    let bound = Initializer.uniform(1 / Float(channels / groups * kernel).squareRoot())
    weight = scope.parameter("weight", [filters, channels / groups, kernel], bound)
    bias = scope.parameter("bias", [filters], bound)
    (self.padding, self.groups) = (padding, groups)
  }

  /// x [batch, time, channels] to [batch, time + zeros - kernel + 1, filters].
  public func callAsFunction(_ x: Tensor, in pass: Pass) -> Tensor {
    let columns = x.transposed(1, 2).padded([(0, 0), (0, 0), padding])
    return columns.convolution1D(pass[weight], bias: pass[bias], groups: groups).transposed(1, 2)
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
    .flag(
      "causal", \.isCausal, "whether zeros go in front only, so that each position sees itself and those before"
    ).byName(),
  ]
  var channels = 1, filters = 1, kernel = 1, padding = 0, groups = 1, isCausal = false

  func check() throws(ConfigurationError) {
    guard channels % groups == 0, filters % groups == 0 else {
      throw ConfigurationError(
        "\(groups) groups do not divide \(channels) channels and \(filters) filters", setting: "groups")
    }
    guard padding == 0 || !isCausal else {
      throw ConfigurationError("padding must be 0 where causal: true pads, found \(padding)", setting: "padding")
    }
  }

  func operation(in scope: ParameterScope) -> LayerOperation {
    let pads = isCausal ? (before: kernel - 1, after: 0) : (before: padding, after: padding)
    let zeros = pads.before + pads.after
    let layer = Convolution1D(channels, filters, kernel: kernel, padding: pads, groups: groups, in: scope)
    return LayerOperation(
      "conv1d \(channels) -> \(filters)", LayerShape(.sequences, channels), LayerShape(.sequences, filters),
      work: 3 * channels * kernel + filters,
      largest: { [$0[0], $0[1] + zeros, max(3 * channels * kernel, filters)] }
    ) { x, pass in
      guard x.shape[1] + zeros >= kernel else {
        throw LayerInputError.shape("at least \(kernel - zeros) positions for its kernel, found \(x.shape)")
      }
      return layer(x, in: pass)
    }
  }
}
