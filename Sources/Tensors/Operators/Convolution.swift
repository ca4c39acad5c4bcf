extension ShapeRule {
  /// The shape of the convolution of `x` [batch, channels, spatial...] with `weight` [filters, channels / groups,
  /// kernel...], `padding` zeros on both sides of each spatial axis.
  public static func convolution(
    _ x: Shape, _ weight: Shape, axes: Int, stride: Int, padding: Int, groups: Int
  ) throws(ShapeError) -> Shape {
    guard x.count == axes + 2, weight.count == axes + 2, groups > 0, stride > 0, padding >= 0,
      x[1] == weight[1] * groups, weight[0] % groups == 0
    else {
      let parts = groups == 1 ? "" : " in \(groups) groups"
      throw ShapeError("cannot convolve \(x) with filters of \(weight)\(parts)")
    }
    var shape = [x[0], weight[0]]
    for axis in 2..<axes + 2 {
      let size = x[axis] + 2 * padding - weight[axis]
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
    _ weight: Tensor, bias: Tensor? = nil, stride: Int = 1, padding: Int = 0, groups: Int = 1
  ) -> Tensor {
    let x = reshaped([shape[0], shape[1], 1, shape[2]])
    let filters = weight.reshaped([weight.shape[0], weight.shape[1], 1, weight.shape[2]])
    let y = x.padded([(0, 0), (0, 0), (0, 0), (padding, padding)])
      .convolved(filters, bias: bias, stride: (1, stride), groups: groups)
    return y.reshaped([y.shape[0], y.shape[1], y.shape[3]])
  }

  /// The cross-correlation of x [batch, channels, height, width] with filters [filters, channels / groups, kernel height,
  /// kernel width] (PyTorch's `conv2d`).
  public func convolution2D(
    _ weight: Tensor, bias: Tensor? = nil, stride: Int = 1, padding: Int = 0, groups: Int = 1
  ) -> Tensor {
    padded([(0, 0), (0, 0), (padding, padding), (padding, padding)])
      .convolved(weight, bias: bias, stride: (stride, stride), groups: groups)
  }

  /// The convolution without padding, as one matrix product for each group over the gathered patches.
  private func convolved(_ weight: Tensor, bias: Tensor?, stride: (Int, Int), groups: Int) -> Tensor {
    let (batch, channels, height, width) = (shape[0], shape[1], shape[2], shape[3])
    let (filters, depth, kernelHeight, kernelWidth) = (
      weight.shape[0], weight.shape[1], weight.shape[2], weight.shape[3]
    )
    precondition(
      channels == depth * groups && filters % groups == 0 && kernelHeight <= height && kernelWidth <= width,
      "cannot convolve \(shape) with filters of \(weight.shape) in \(groups) groups")
    let rows = (height - kernelHeight) / stride.0 + 1, columns = (width - kernelWidth) / stride.1 + 1
    let starts = Tensor.places(
      [batch, groups, rows, columns],
      [channels * height * width, depth * height * width, stride.0 * width, stride.1])
    let window = Tensor.places([depth, kernelHeight, kernelWidth], [height * width, width, 1])
    let places = Tensor.spread(starts, size: window.count) { window[$0] }
    let patches = gathered(places, [batch, groups, rows * columns, window.count])
    let kernels = weight.reshaped([1, groups, filters / groups, window.count]).transposed()
    let product = patches.matrixProduct(kernels)  // [batch, groups, places, filters / groups]
    let y = product.transposed().reshaped([batch, filters, rows, columns])
    guard let bias else { return y }
    return y + bias.reshaped([filters, 1, 1])
  }
}
