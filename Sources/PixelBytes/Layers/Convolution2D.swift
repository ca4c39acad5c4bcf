import Tensors

struct Convolution2DConfiguration: LayerConfiguration {
  static let name = "conv2d"
  static let summary = "Makes a layer that convolves pictures [batch, channels, height, width] (PyTorch's Conv2d)."
  static let example = "print conv2d(3, 16, 3, stride: 2, padding: 1)(ones(2, 3, 8, 8)).shape  # expect: [2, 16, 4, 4]"
  static let settings: [Setting<Self>] = [
    .size("channels", \.channels, "channels of the input").required(),
    .size("filters", \.filters, "channels of the output").required(),
    .size("kernel", \.kernel, "rows and columns that a filter sees").required(),
    .size("stride", \.stride, "the distance of places").byName(),
    .count("padding", \.padding, 0...1 << 28, "zeros on every side").byName(),
    .size("groups", \.groups, "the groups that channels and filters are split into").byName(),
    .size("dilation", \.dilation, "the distance of what a filter sees").byName(),
  ]
  var channels = 1, filters = 1, kernel = 1, stride = 1, padding = 0, groups = 1, dilation = 1

  func check() throws(ConfigurationError) { try Convolution1DConfiguration.check(groups, channels, filters) }

  func operation(in scope: ParameterScope) -> LayerOperation {
    let bound = Initializer.uniform(1 / Float(channels / groups * kernel * kernel).squareRoot())
    let weight = scope.parameter("weight", [filters, channels / groups, kernel, kernel], bound)
    let bias = scope.parameter("bias", [filters], bound)
    return LayerOperation(
      "conv2d \(channels) -> \(filters)", LayerShape(.pictures, channels), LayerShape(.pictures, filters),
      work: channels / groups * kernel * kernel + filters
    ) { x, pass in
      do {
        _ = try ShapeRule.convolution(
          x.shape, weight.value.shape, axes: 2, stride: stride, padding: padding, groups: groups, dilation: dilation)
      } catch {
        throw LayerInputError.shape("a picture with room for its filters of \(kernel) x \(kernel), found \(x.shape)")
      }
      return x.convolution2D(
        pass[weight], bias: pass[bias], stride: stride, padding: padding, groups: groups, dilation: dilation)
    }
  }
}
