import Safepoint
import Tensors

/// How an optimizer turns gradients into steps.
public enum OptimizerRule: Sendable, Equatable {
  /// Adam with decoupled weight decay (Loshchilov and Hutter 2019, PyTorch's `AdamW`).
  case adamW(beta1: Float = 0.9, beta2: Float = 0.999, epsilon: Float = 1e-8, weightDecay: Float = 0.01)
  /// Adam, whose weight decay is part of the gradient (Kingma and Ba 2015, PyTorch's `Adam`).
  case adam(beta1: Float = 0.9, beta2: Float = 0.999, epsilon: Float = 1e-8, weightDecay: Float = 0)
  /// Gradient descent with momentum, whose weight decay is part of the gradient (PyTorch's `SGD`).
  case sgd(momentum: Float = 0, weightDecay: Float = 0)
  /// Steps of one length in the direction of a momentum's sign, with decoupled weight decay (Chen et al. 2023).
  case lion(beta1: Float = 0.9, beta2: Float = 0.99, weightDecay: Float = 0.01)
  /// Momentum whose matrices are made orthogonal (Jordan et al. 2024, PyTorch's `Muon` with `adjust_lr_fn="match_rms_adamw"`), and AdamW
  /// for heads, embeddings and vectors.
  case muon(
    momentum: Float = 0.95, beta1: Float = 0.9, beta2: Float = 0.999, epsilon: Float = 1e-8, weightDecay: Float = 0.01)

  /// The moments kept of each element of a parameter.
  func momentCount(of role: ParameterRole) -> Int {
    switch self {
    case .adamW, .adam: 2
    case .sgd, .lion: 1
    case .muon: role == .matrix ? 1 : 2
    }
  }
}

/// Which parameters weight decay makes smaller.
public enum DecayRule: String, CaseIterable, Sendable {
  /// All of them.
  case all
  /// Matrices and heads: no bias, norm, embedding or other vector.
  case matrices

  func includes(_ role: ParameterRole) -> Bool { self == .all || role == .matrix || role == .head }
}

/// An optimizer over a list of parameters, with the moments that it keeps of each.
public final class Optimizer {
  /// The parameters that `step` changes.
  public let parameters: [Parameter]
  /// The rule.
  public let rule: OptimizerRule
  /// The learning rate of the next step.
  public var rate: Float
  /// The steps taken so far.
  public private(set) var steps = 0
  private let roles: [ParameterRole]
  private let decay: DecayRule
  private var first: [[Float]]
  private var second: [[Float]]
  /// The steps that each parameter has taken, which are those with a gradient.
  private var counts: [Int]
  private let charge: MemoryCharge

  /// The bytes of the moments.
  public var momentBytes: Int { 4 * (first.reduce(0) { $0 + $1.count } + second.reduce(0) { $0 + $1.count }) }

  /// An optimizer whose moments are zero; throws when the budget of memory has no room for them. `roles` are by default the
  /// parameters' own.
  public init(
    _ parameters: [Parameter], _ rule: OptimizerRule = .adamW(), rate: Float = 1e-3, decay: DecayRule = .all,
    roles: [ParameterRole]? = nil
  ) throws(Stopped) {
    let roles = roles ?? parameters.map(\.role)
    let bytes = zip(parameters, roles).reduce(0) { $0 + rule.momentCount(of: $1.1) * 4 * $1.0.value.count }
    try Safepoint.reserve(bytes, for: "an optimizer")
    (self.parameters, self.rule, self.rate, self.decay, self.roles) = (parameters, rule, rate, decay, roles)
    // Each has its memory from now on, so that the first step is as short as the others.
    let zeros = { (count: Int) in
      zip(parameters, roles).map {
        rule.momentCount(of: $1) < count ? [] : Tensor(repeating: 0, $0.value.shape).values
      }
    }
    (first, second, counts) = (zeros(1), zeros(2), parameters.map { _ in 0 })
    charge = MemoryCharge(bytes)
    try Safepoint.check()
  }

  /// Changes every parameter by one step along its gradient; parameters whose gradient is nil stay.
  public func step(_ gradients: [[Float]?]) {
    precondition(gradients.count == parameters.count, "an optimizer needs a gradient for each of its parameters")
    steps += 1
    for (index, gradient) in gradients.enumerated() {
      guard let gradient else { continue }
      counts[index] += 1
      let isDecayed = decay.includes(roles[index])
      switch rule {
      case .adamW(let beta1, let beta2, let epsilon, let decay):
        adam(index, gradient, beta1, beta2, epsilon, decay: isDecayed ? decay : 0)
      case .adam(let beta1, let beta2, let epsilon, let decay):
        adam(index, decayed(gradient, index, isDecayed ? decay : 0), beta1, beta2, epsilon, decay: 0)
      case .sgd(let momentum, let decay):
        descend(index, decayed(gradient, index, isDecayed ? decay : 0), momentum)
      case .lion(let beta1, let beta2, let decay):
        lion(index, gradient, beta1, beta2, decay: isDecayed ? decay : 0)
      case .muon(let momentum, let beta1, let beta2, let epsilon, let decay):
        if roles[index] == .matrix {
          muon(index, gradient, momentum, decay: isDecayed ? decay : 0)
        } else {
          adam(index, gradient, beta1, beta2, epsilon, decay: isDecayed ? decay : 0)
        }
      }
    }
  }

  /// The gradient with that of decay / 2 times the square of the parameter.
  private func decayed(_ gradient: [Float], _ index: Int, _ decay: Float) -> [Float] {
    guard decay > 0 else { return gradient }
    var gradient = gradient
    let values = parameters[index].value.values
    for k in gradient.indices { gradient[k] += decay * values[k] }
    return gradient
  }

  private func adam(
    _ index: Int, _ gradient: [Float], _ beta1: Float, _ beta2: Float, _ epsilon: Float, decay: Float
  ) {
    let step = Kernel.AdamStep(
      rate: rate, beta1: beta1, beta2: beta2, epsilon: epsilon, decay: decay,
      correction1: 1 - power(beta1, counts[index]), correction2: 1 - power(beta2, counts[index]))
    parameters[index].update { values in
      Kernel.adamW(&values, gradient: gradient, first: &first[index], second: &second[index], step)
    }
  }

  private func descend(_ index: Int, _ gradient: [Float], _ momentum: Float) {
    if counts[index] == 1 {
      first[index] = gradient
    } else {
      for k in gradient.indices { first[index][k] = momentum * first[index][k] + gradient[k] }
    }
    let velocity = first[index]
    parameters[index].update { values in for k in values.indices { values[k] -= rate * velocity[k] } }
  }

  private func lion(_ index: Int, _ gradient: [Float], _ beta1: Float, _ beta2: Float, decay: Float) {
    parameters[index].update { values in
      for k in values.indices {
        let mean = first[index][k]
        let direction = beta1 * mean + (1 - beta1) * gradient[k]
        let sign: Float = direction > 0 ? 1 : direction < 0 ? -1 : direction
        values[k] -= rate * (sign + decay * values[k])
        first[index][k] = beta2 * mean + (1 - beta2) * gradient[k]
      }
    }
  }

  private func muon(_ index: Int, _ gradient: [Float], _ momentum: Float, decay: Float) {
    for k in gradient.indices { first[index][k] += (1 - momentum) * (gradient[k] - first[index][k]) }
    let shape = parameters[index].value.shape
    let (rows, columns) = (shape[0], shape.dropFirst().reduce(1, *))
    // Nesterov's momentum looks a step ahead.
    let ahead = zip(gradient, first[index]).map { $0 + momentum * ($1 - $0) }
    let direction = Safepoint.withoutWatch { Tensor(ahead, [rows, columns]).orthogonalized().values }
    // The mean square of a step is then about that of AdamW's, so that one rate serves both (Liu et al. 2025).
    let length = rate * 0.2 * Float(max(rows, columns)).squareRoot()
    parameters[index].update { values in
      for k in values.indices { values[k] -= rate * decay * values[k] + length * direction[k] }
    }
  }

  /// What an optimizer keeps from step to step.
  public struct State: Equatable, Sendable {
    /// The steps taken so far.
    public var steps: Int
    /// Those of each parameter, which had a gradient in so many of them.
    public var counts: [Int]
    /// The mean of the gradients of each parameter, or the velocity.
    public var first: [[Float]]
    /// The mean of their squares; empty where a rule keeps none.
    public var second: [[Float]]
  }

  /// The steps and moments; who sets those of another optimizer of the same parameters and rule goes on as that one would.
  public var state: State {
    get { State(steps: steps, counts: counts, first: first, second: second) }
    set {
      precondition(
        newValue.first.map(\.count) == first.map(\.count) && newValue.second.map(\.count) == second.map(\.count)
          && newValue.counts.count == counts.count,
        "an optimizer needs moments of the sizes of its parameters")
      (steps, counts, first, second) = (newValue.steps, newValue.counts, newValue.first, newValue.second)
    }
  }

  private func power(_ base: Float, _ exponent: Int) -> Float {
    var (result, factor, rest) = (1.0, Double(base), exponent)
    while rest > 0 {
      if rest & 1 == 1 { result *= factor }
      factor *= factor
      rest >>= 1
    }
    return Float(result)
  }
}

extension Tensor {
  /// The orthogonal matrix next to this one, about: five steps of the iteration by Newton and Schulz with the numbers of Jordan et al.
  fileprivate func orthogonalized() -> Tensor {
    let isTall = shape[0] > shape[1]
    let norm = Swift.max(values.reduce(0.0) { $0 + Double($1) * Double($1) }.squareRoot(), 1e-7)
    var x = (isTall ? transposed() : self) * Tensor(Float(1 / norm))
    for _ in 0..<5 {
      let gram = x.matrixProduct(x.transposed())
      let polynomial = gram * Tensor(-4.7750) + gram.matrixProduct(gram) * Tensor(2.0315)
      x = x * Tensor(3.4445) + polynomial.matrixProduct(x)
    }
    return isTall ? x.transposed() : x
  }
}
