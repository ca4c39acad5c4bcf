extension Tensor {
  /// e to the power of every element.
  public func exp() -> Tensor { mapped(.exp) }

  /// The natural logarithm of every element.
  public func log() -> Tensor { mapped(.log) }

  /// The square root of every element.
  public func sqrt() -> Tensor { mapped(.sqrt) }

  /// The magnitude of every element; its derivative at 0 is taken as 0, and times an infinite gradient is NaN (PyTorch's `abs`).
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
    case .toNearestOrEven: flat(made(.round))
    case .down: flat(made(.floor))
    case .up: flat(made(.ceil))
    default: flat(Tensor(values.mapped { $0.rounded(rule) }, shape))
    }
  }

  /// 1, 0 or -1 as every element is above, at or below 0, 0 for NaN; its gradient is 0 (PyTorch's `sign`).
  public func sign() -> Tensor { flat(made(.sign)) }

  /// What a function whose derivative is 0 almost everywhere makes of the elements.
  private func flat(_ result: Tensor) -> Tensor {
    guard isRecorded else { return result }
    let shape = shape
    return .recorded(result, from: [self], keeping: .only()) { _ in [Tensor(0).broadcast(to: shape)] }
  }

  /// The negative of every element.
  public static prefix func - (a: Tensor) -> Tensor { a.scaled(by: -1) }

  /// Every element times a number.
  func scaled(by factor: Float) -> Tensor {
    let function: ElementFunction = factor == -1 ? .negative : .scale(factor)
    let result = made(function)
    guard isRecorded else { return result }
    return .recorded(result, from: [self], keeping: .only()) { gradient in [gradient.made(function)] }
  }

  /// `function` of every element.
  func mapped(_ function: ElementFunction) -> Tensor {
    let result = made(function)
    guard isRecorded else { return result }
    let kept = function.keepsResult ? result : constant
    return .recorded(result, from: [self], keeping: function.keepsResult ? .result : .inputs) { gradient in
      guard let order = kept.turn else {
        return [Tensor(Kernel.mapBackward(function, kept: kept.values, gradient: gradient), kept.shape)]
      }
      return [
        kept.inTurn(order) {
          Tensor(Kernel.mapBackward(function, kept: $0.values, gradient: gradient.permuted(order)), $0.shape)
        }
      ]
    }
  }

  /// `function` of every element, off every tape, where the elements stand.
  private func made(_ function: ElementFunction) -> Tensor {
    if view != nil {
      if let (elements, _) = once() { return elements.made(function).broadcast(to: shape) }
      if let order = turn {
        return constant.inTurn(order) { Tensor(Kernel.map(function, $0.values), $0.shape) }
      }
      if let row = wholeRow { return Tensor(Kernel.map(function, row, (1, count, 1)), shape) }
      let axis = axisBeforeRows
      if let rows = rows(around: axis) { return Tensor(Kernel.map(function, rows, shape.around(axis)), shape) }
    }
    return Tensor(Kernel.map(function, values), shape)
  }
}
