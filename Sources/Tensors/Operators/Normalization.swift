extension Tensor {
  /// (x - mean) / sqrt(variance + epsilon) * weight + bias over the last axis (Ba et al. 2016, PyTorch's `layer_norm`).
  public func layerNorm(weight: Tensor, bias: Tensor, epsilon: Float = 1e-5) -> Tensor {
    precondition(
      weight.shape == [shape.last ?? 0] && bias.shape == weight.shape,
      "layer norm of \(shape) with a weight of \(weight.shape) and a bias of \(bias.shape)")
    let (y, mean, inverse) = Kernel.layerNorm(values, weight: weight.values, bias: bias.values, epsilon: epsilon)
    let (x, w) = (constant, weight.constant)
    return .recorded(y, shape, from: [self, weight, bias]) { gradient in
      let part = Kernel.layerNormBackward(
        x.values, weight: w.values, mean: mean, inverseDeviation: inverse, gradient: gradient.values)
      return [Tensor(part.x, x.shape), Tensor(part.weight, w.shape), Tensor(part.bias, w.shape)]
    }
  }

  /// x / sqrt(mean of x^2 + epsilon) * weight over the last axis (Zhang and Sennrich 2019).
  public func rmsNorm(weight: Tensor, epsilon: Float = 1e-5) -> Tensor {
    precondition(weight.shape == [shape.last ?? 0], "RMS norm of \(shape) with a weight of \(weight.shape)")
    let (y, inverse) = Kernel.rmsNorm(values, weight: weight.values, epsilon: epsilon)
    let (x, w) = (constant, weight.constant)
    return .recorded(y, shape, from: [self, weight]) { gradient in
      let part = Kernel.rmsNormBackward(x.values, weight: w.values, inverse: inverse, gradient: gradient.values)
      return [Tensor(part.x, x.shape), Tensor(part.weight, w.shape)]
    }
  }

  /// Elements set to 0 with `probability` and the rest scaled up so that the mean stays (Srivastava et al. 2014).
  public func dropout(_ probability: Float, using random: inout Random) -> Tensor {
    precondition((0..<1).contains(probability), "a dropout probability is at least 0 and less than 1")
    guard probability > 0 else { return self }
    let kept = 1 / (1 - probability)
    let draws = Tensor(random.uniforms(count, 0, 1), shape)
    return self * draws.compared(.greaterOrEqual, Tensor(probability)).scaled(by: kept)
  }
}
