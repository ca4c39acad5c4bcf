import Foundation

/// Single-number functions under the names the operators need.
enum Elementary {
  static func power(_ x: Float, _ y: Float) -> Float { powf(x, y) }
  static func log(_ x: Float) -> Float { logf(x) }
}

extension Tensor {
  /// e to the power of every element.
  public func exp() -> Tensor {
    let y = Tensor(Kernel.exp(values), shape)
    return .recorded(y.values, shape, from: [self], keeping: .result) { gradient in [gradient * y] }
  }

  /// The natural logarithm of every element.
  public func log() -> Tensor {
    let x = constant
    return .recorded(values.mapped(cost: 8, logf), shape, from: [self]) { gradient in [gradient / x] }
  }

  /// The square root of every element.
  public func sqrt() -> Tensor {
    let y = Tensor(values.mapped { $0.squareRoot() }, shape)
    return .recorded(y.values, shape, from: [self], keeping: .result) { gradient in [gradient / (y + y)] }
  }

  /// The magnitude of every element; its derivative at 0 is taken as 0.
  public func abs() -> Tensor {
    differentiable(Swift.abs) { $0 > 0 ? 1 : $0 < 0 ? -1 : 0 }
  }

  /// The sine of every element.
  public func sin() -> Tensor { differentiable(sinf, cosf) }

  /// The cosine of every element.
  public func cos() -> Tensor { differentiable(cosf) { -sinf($0) } }

  /// The tangent of every element.
  public func tan() -> Tensor { differentiable(tanf) { 1 / (cosf($0) * cosf($0)) } }

  /// The hyperbolic tangent of every element.
  public func tanh() -> Tensor {
    let y = Tensor(Kernel.tanh(values), shape)
    return .recorded(y.values, shape, from: [self], keeping: .result) { gradient in
      [gradient * Tensor(y.values.mapped { 1 - $0 * $0 }, y.shape)]
    }
  }

  /// The logistic function 1 / (1 + e^-x) of every element.
  public func sigmoid() -> Tensor {
    let y = Tensor(Kernel.sigmoid(values), shape)
    return .recorded(y.values, shape, from: [self], keeping: .result) { gradient in
      [gradient * Tensor(y.values.mapped { $0 * (1 - $0) }, y.shape)]
    }
  }

  /// max(x, 0) of every element.
  public func relu() -> Tensor { differentiable({ $0 < 0 ? 0 : $0 }, { $0 > 0 ? 1 : 0 }) }

  /// x Φ(x) with the normal distribution's Φ, exactly and not its tanh approximation (PyTorch's default `gelu`).
  public func gelu() -> Tensor {
    let phi = { (x: Float) -> Float in 0.5 * (1 + erff(x * Float(0.5).squareRoot())) }
    return differentiable({ $0 * phi($0) }, { phi($0) + $0 * expf(-$0 * $0 / 2) * 0.398_942_28 })
  }

  /// x sigmoid(x) of every element.
  public func silu() -> Tensor {
    let x = constant
    let s = Tensor(Kernel.sigmoid(values), shape)
    return .recorded(Kernel.multiply(values, s.values), shape, from: [self]) { gradient in
      [gradient * s * (Tensor(1) + x * (Tensor(1) - s))]
    }
  }

  /// log(1 + e^x) of every element, without overflow.
  public func softplus() -> Tensor {
    differentiable({ Swift.max($0, 0) + log1pf(expf(-Swift.abs($0))) }, { 1 / (1 + expf(-$0)) })
  }

  /// Every element held between two bounds; outside them the gradient is 0.
  public func clamp(_ low: Float, _ high: Float) -> Tensor {
    differentiable({ Swift.min(Swift.max($0, low), high) }, { $0 >= low && $0 <= high ? 1 : 0 })
  }

  /// Every element rounded by `rule`; a constant, as its derivative is 0 almost everywhere.
  public func rounded(_ rule: FloatingPointRoundingRule) -> Tensor { Tensor(values.mapped { $0.rounded(rule) }, shape) }

  /// `f` of every element, with `derivative` the derivative of `f` at that element.
  private func differentiable(
    _ f: (Float) -> Float, _ derivative: @escaping (Float) -> Float
  ) -> Tensor {
    let x = constant
    return .recorded(values.mapped(cost: 8, f), shape, from: [self]) { gradient in
      [gradient * Tensor(x.values.mapped(cost: 8, derivative), x.shape)]
    }
  }
}
