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

  /// What it adds against division by 0 where nobody says it; nil where it divides by nothing that can be 0.
  fileprivate var epsilon: Float? {
    switch self {
    case .adamW, .adam, .muon: 1e-8
    case .sgd, .lion: nil
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
      ("betas", betas != nil, optimizer.betas != nil), ("eps", epsilon != nil, optimizer.epsilon != nil),
      ("momentum", momentum != nil, optimizer.momentum != nil),
    ] where isGiven && !isKnown {
      throw ConfigurationError("the optimizer \"\(optimizer.rawValue)\" has no \(name)", setting: name)
    }
    var options = self
    options.betas = betas ?? optimizer.betas
    options.epsilon = epsilon ?? optimizer.epsilon
    options.momentum = momentum ?? optimizer.momentum
    options.weightDecay = weightDecay ?? optimizer.weightDecay
    return options
  }

  /// The rule of the optimizer.
  var rule: OptimizerRule {
    let betas = (betas ?? optimizer.betas ?? []).map { Float($0) }
    let (beta1, beta2) = (betas.first ?? 0, betas.last ?? 0)
    let (decay, momentum) = (weightDecay ?? optimizer.weightDecay, momentum ?? optimizer.momentum ?? 0)
    let epsilon = epsilon ?? optimizer.epsilon ?? 0
    return switch optimizer {
    case .adamW: .adamW(beta1: beta1, beta2: beta2, epsilon: epsilon, weightDecay: decay)
    case .adam: .adam(beta1: beta1, beta2: beta2, epsilon: epsilon, weightDecay: decay)
    case .sgd: .sgd(momentum: momentum, weightDecay: decay)
    case .lion: .lion(beta1: beta1, beta2: beta2, weightDecay: decay)
    case .muon: .muon(momentum: momentum, beta1: beta1, beta2: beta2, epsilon: epsilon, weightDecay: decay)
    }
  }

  /// Throws unless an optimizer that was given steps all parameters of a model and no others.
  func checkStepped(of model: any TokenModel) throws(ConfigurationError) {
    guard let stepped else { return }
    let own = Set(model.parameters.map { ObjectIdentifier($0) })
    guard own != stepped else { return }
    throw ConfigurationError(
      "the optimizer steps \(stepped.count) parameters, of which \(stepped.intersection(own).count) are among the "
        + "\(own.count) of the model; make it of the whole model, as in adamw(net)", setting: "optimizer")
  }
}

extension OptimizerRule {
  /// The options of training that say the same, by their names.
  public var options: [(name: String, value: SettingValue)] {
    func number(_ name: String, _ value: Float) -> (String, SettingValue) {
      (name, .fraction(Double(value.description) ?? Double(value)))
    }
    func betas(_ first: Float, _ second: Float) -> (String, SettingValue) {
      ("betas", .list([number("", first).1, number("", second).1]))
    }
    func kind(_ kind: OptimizerKind) -> (String, SettingValue) { ("optimizer", .text(kind.rawValue)) }
    return switch self {
    case .adamW(let beta1, let beta2, let epsilon, let decay):
      [kind(.adamW), betas(beta1, beta2), number("eps", epsilon), number("weight_decay", decay)]
    case .adam(let beta1, let beta2, let epsilon, let decay):
      [kind(.adam), betas(beta1, beta2), number("eps", epsilon), number("weight_decay", decay)]
    case .sgd(let momentum, let decay):
      [kind(.sgd), number("momentum", momentum), number("weight_decay", decay)]
    case .lion(let beta1, let beta2, let decay):
      [kind(.lion), betas(beta1, beta2), number("weight_decay", decay)]
    case .muon(let momentum, let beta1, let beta2, let epsilon, let decay):
      [
        kind(.muon), number("momentum", momentum), betas(beta1, beta2), number("eps", epsilon),
        number("weight_decay", decay),
      ]
    }
  }
}
