extension Tensor {
  /// e to the power of every element.
  public func exp() -> Tensor { mapped(.exp) }

  /// The natural logarithm of every element.
  public func log() -> Tensor { mapped(.log) }

  /// The square root of every element.
  public func sqrt() -> Tensor { mapped(.sqrt) }

  /// The magnitude of every element; its derivative at 0 is taken as 0.
  public func abs() -> Tensor { mapped(.abs) }

  /// The sine of every element.
  public func sin() -> Tensor { mapped(.sin) }

  /// The cosine of every element.
  public func cos() -> Tensor { mapped(.cos) }

  /// The tangent of every element.
  public func tan() -> Tensor { mapped(.tan) }

  /// The hyperbolic tangent of every element.
  public func tanh() -> Tensor { mapped(.tanh) }

  /// The logistic function 1 / (1 + e^-x) of every element.
  public func sigmoid() -> Tensor { mapped(.sigmoid) }

  /// max(x, 0) of every element.
  public func relu() -> Tensor { mapped(.relu) }

  /// x Φ(x) with the normal distribution's Φ, exactly and not its tanh approximation (PyTorch's default `gelu`).
  public func gelu() -> Tensor { mapped(.gelu) }

  /// x sigmoid(x) of every element.
  public func silu() -> Tensor { mapped(.silu) }

  /// log(1 + e^x) of every element, without overflow.
  public func softplus() -> Tensor { mapped(.softplus) }

  /// Every element held between two bounds; outside them the gradient is 0.
  public func clamp(_ low: Float, _ high: Float) -> Tensor { mapped(.clamp(low, high)) }

  /// Every element rounded by `rule`; its gradient is 0, as its derivative is almost everywhere.
  public func rounded(_ rule: FloatingPointRoundingRule) -> Tensor {
    switch rule {
    case .toNearestOrEven: flat(Kernel.map(.round, values))
    case .down: flat(Kernel.map(.floor, values))
    case .up: flat(Kernel.map(.ceil, values))
    default: flat(values.mapped { $0.rounded(rule) })
    }
  }

  /// 1, 0 or -1 as every element is above, at or below 0, 0 for NaN; its gradient is 0 (PyTorch's `sign`).
  public func sign() -> Tensor { flat(Kernel.map(.sign, values)) }

  /// What a function whose derivative is 0 almost everywhere makes of the elements.
  private func flat(_ result: [Float]) -> Tensor {
    guard isRecorded else { return Tensor(result, shape) }
    let shape = shape
    return .recorded(result, shape, from: [self], keeping: .only()) { _ in [Tensor(repeating: 0, shape)] }
  }

  /// The negative of every element.
  public static prefix func - (a: Tensor) -> Tensor { a.scaled(by: -1) }

  /// Every element times a number.
  func scaled(by factor: Float) -> Tensor {
    let function: ElementFunction = factor == -1 ? .negative : .scale(factor)
    let result = Kernel.map(function, values)
    guard isRecorded else { return Tensor(result, shape) }
    return .recorded(result, shape, from: [self], keeping: .only()) { gradient in
      [Tensor(Kernel.map(function, gradient.values), gradient.shape)]
    }
  }

  /// `function` of every element.
  func mapped(_ function: ElementFunction) -> Tensor {
    let result = Kernel.map(function, values)
    guard isRecorded else { return Tensor(result, shape) }
    let (kept, shape) = (function.keepsResult ? result : values, shape)
    return .recorded(result, shape, from: [self], keeping: function.keepsResult ? .result : .inputs) { gradient in
      [Tensor(Kernel.mapBackward(function, kept: kept, gradient: gradient.values), shape)]
    }
  }
}
