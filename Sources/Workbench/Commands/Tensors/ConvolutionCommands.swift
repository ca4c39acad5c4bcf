import PixelScript
import Tensors

extension Command {
  /// Convolutions, as cross-correlations.
  static var convolutions: [Command] {
    [
      convolution(
        "conv1d", axes: 1, "Convolves x [batch, channels, length] with filters [filters, channels / groups, kernel].",
        example: "print conv1d(ones(1, 1, 4), ones(1, 1, 2)).to_list()  # expect: [[[2, 2, 2]]]"),
      convolution(
        "conv2d", axes: 2,
        "Convolves x [batch, channels, height, width] with filters [filters, channels / groups, rows, columns].",
        example: "print conv2d(ones(1, 1, 4, 4), ones(2, 1, 3, 3), padding: 1).shape  # expect: [1, 2, 4, 4]"),
    ]
  }

  private static func convolution(_ name: String, axes: Int, _ summary: String, example: String) -> Command {
    Command(
      name, summary, TensorParameter.input, Parameter<TensorObject>("weight", "the filters"),
      Parameter<TensorObject?>("bias", "[filters]"), Parameter<Int>("stride", "the distance of places", default: 1),
      Parameter<Int>("padding", "zeros on every side", default: 0),
      Parameter<Int>("groups", "the groups that channels and filters are split into", default: 1),
      Parameter<Int>("dilation", "the distance of what a filter sees", default: 1), example: example
    ) { context, input, weight, bias, stride, padding, groups, dilation in
      for (setting, value, least) in [
        ("stride", stride, 1), ("padding", padding, 0), ("groups", groups, 1), ("dilation", dilation, 1),
      ]
      where !(least...TensorObject.elementLimit).contains(value) {
        throw ScriptError(
          .value, "\(setting) must be from \(least) to \(TensorObject.elementLimit), found \(value)", argument: setting)
      }
      let shape = try ShapeRule.convolution(
        input.shape, weight.shape, axes: axes, stride: stride, padding: padding, groups: groups, dilation: dilation)
      if let bias, bias.shape != [weight.shape[0]] {
        throw ShapeError("a bias of \(bias.shape) does not fit filters of \(weight.shape)")
      }
      try context.allow(shape)
      try context.reserve(bytes: 4, times: shape.elementCount)
      return .object(
        TensorObject.result(of: [input, weight] + (bias.map { [$0] } ?? [])) { tensors in
          let bias = bias == nil ? nil : tensors[2]
          let convolve = axes == 1 ? tensors[0].convolution1D : tensors[0].convolution2D
          return convolve(tensors[1], bias, stride, padding, groups, dilation)
        })
    }
  }
}
