/// How gradients become steps; `OptimizerRule` has the papers.
public enum OptimizerKind: String, CaseIterable, Sendable {
  case adamW = "adamw"
  case adam, sgd, lion, muon

  /// What it keeps of its two moments where nobody says it; nil where it has no such moments.
  fileprivate var betas: [Double]? {
    switch self {
    case .adamW, .adam, .muon: [0.9, 0.999]
    case .lion: [0.9, 0.99]
    case .sgd: nil
    }
  }

  /// What it keeps of the last steps where nobody says it; nil where it keeps nothing.
  fileprivate var momentum: Float? {
    switch self {
    case .sgd: 0
    case .muon: 0.95
    case .adamW, .adam, .lion: nil
    }
  }

  /// The weight decay where nobody says it: PyTorch's, which is 0 where it is part of the gradient.
  fileprivate var weightDecay: Float {
    switch self {
    case .adamW, .lion, .muon: 0.01
    case .adam, .sgd: 0
    }
  }
}

extension TrainingOptions {
  /// The same options with the optimizer's own numbers where none are given; throws for those that it does not have.
  func withOptimizer() throws(ConfigurationError) -> TrainingOptions {
    for (name, isGiven, isKnown) in [
      ("betas", betas != nil, optimizer.betas != nil), ("momentum", momentum != nil, optimizer.momentum != nil),
    ] where isGiven && !isKnown {
      throw ConfigurationError("the optimizer \"\(optimizer.rawValue)\" has no \(name)", setting: name)
    }
    var options = self
    options.betas = betas ?? optimizer.betas
    options.momentum = momentum ?? optimizer.momentum
    options.weightDecay = weightDecay ?? optimizer.weightDecay
    return options
  }

  /// The rule of the optimizer.
  var rule: OptimizerRule {
    let betas = (betas ?? optimizer.betas ?? []).map { Float($0) }
    let (beta1, beta2) = (betas.first ?? 0, betas.last ?? 0)
    let (decay, momentum) = (weightDecay ?? optimizer.weightDecay, momentum ?? optimizer.momentum ?? 0)
    return switch optimizer {
    case .adamW: .adamW(beta1: beta1, beta2: beta2, weightDecay: decay)
    case .adam: .adam(beta1: beta1, beta2: beta2, weightDecay: decay)
    case .sgd: .sgd(momentum: momentum, weightDecay: decay)
    case .lion: .lion(beta1: beta1, beta2: beta2, weightDecay: decay)
    case .muon: .muon(momentum: momentum, beta1: beta1, beta2: beta2, weightDecay: decay)
    }
  }
}
