import Safepoint

extension ShapeRule {
  /// The shape of the convolution of `x` [batch, channels, spatial...] with `weight` [filters, channels / groups,
  /// kernel...], `padding` zeros on both sides of each spatial axis.
  public static func convolution(
    _ x: Shape, _ weight: Shape, axes: Int, stride: Int, padding: Int, groups: Int, dilation: Int = 1
  ) throws(ShapeError) -> Shape {
    guard x.count == axes + 2, weight.count == axes + 2, groups > 0, stride > 0, padding >= 0, dilation > 0,
      x[1] == weight[1] * groups, weight[0] % groups == 0
    else {
      let parts = groups == 1 ? "" : " in \(groups) groups"
      throw ShapeError("cannot convolve \(x) with filters of \(weight)\(parts)")
    }
    var shape = [x[0], weight[0]]
    for axis in 2..<axes + 2 {
      let extent = Size.sum([Size.product(weight[axis] - 1, dilation), 1])
      let size = x[axis] + 2 * padding - extent
      guard size >= 0, weight[axis] > 0 else { throw ShapeError("filters of \(weight) do not fit into \(x)") }
      shape.append(size / stride + 1)
    }
    return shape
  }
}

extension Tensor {
  /// The cross-correlation of x [batch, channels, length] with filters [filters, channels / groups, kernel] (PyTorch's
  /// `conv1d`).
  public func convolution1D(
    _ weight: Tensor, bias: Tensor? = nil, stride: Int = 1, padding: Int = 0, groups: Int = 1, dilation: Int = 1
  ) -> Tensor {
    let x = reshaped([shape[0], shape[1], 1, shape[2]])
    let filters = weight.reshaped([weight.shape[0], weight.shape[1], 1, weight.shape[2]])
    let y = x.convolved(
      filters, bias: bias, ConvolutionSize(x.shape, filters.shape, (1, stride), (0, padding), (1, dilation), groups))
    return y.reshaped([y.shape[0], y.shape[1], y.shape[3]])
  }

  /// The cross-correlation of x [batch, channels, height, width] with filters [filters, channels / groups, kernel height,
  /// kernel width] (PyTorch's `conv2d`).
  public func convolution2D(
    _ weight: Tensor, bias: Tensor? = nil, stride: Int = 1, padding: Int = 0, groups: Int = 1, dilation: Int = 1
  ) -> Tensor {
    let size = ConvolutionSize(shape, weight.shape, (stride, stride), (padding, padding), (dilation, dilation), groups)
    return convolved(weight, bias: bias, size)
  }

  private func convolved(_ weight: Tensor, bias: Tensor?, _ size: ConvolutionSize) -> Tensor {
    let (x, w) = (constant, weight.constant)
    let (needs, hasBias) = ((isRecorded, weight.isRecorded), bias != nil)
    let y = size.outputs(values, weight.values, bias: bias?.values)
    let shape = [size.batch, size.filters, size.rows, size.columns]
    return .recorded(y, shape, from: [self, weight] + (bias.map { [$0] } ?? [])) { gradient in
      let forX = needs.0 ? Tensor(size.inputGradient(w.values, gradient.values), x.shape) : nil
      let forWeight = needs.1 ? Tensor(size.weightGradient(x.values, gradient.values), w.shape) : nil
      guard hasBias else { return [forX, forWeight] }
      let places = size.rows * size.columns
      let sums = gradient.reshaped([size.batch, size.filters, places]).sum(axis: 2).sum(axis: 0)
      return [forX, forWeight, sums]
    }
  }
}
