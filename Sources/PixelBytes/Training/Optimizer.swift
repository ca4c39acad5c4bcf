import Safepoint
import Tensors

/// How an optimizer turns gradients into steps.
public enum OptimizerRule: Sendable, Equatable {
  /// Adam with decoupled weight decay (Loshchilov and Hutter 2019, PyTorch's `AdamW`).
  case adamW(beta1: Float = 0.9, beta2: Float = 0.999, epsilon: Float = 1e-8, weightDecay: Float = 0.01)
  /// Gradient descent with momentum (PyTorch's `SGD`).
  case sgd(momentum: Float = 0)

  /// The moments kept of each element.
  var momentCount: Int { if case .adamW = self { 2 } else { 1 } }
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
  private var first: [[Float]]
  private var second: [[Float]]
  private let charge: MemoryCharge

  /// An optimizer whose moments are zero; throws when the budget of memory has no room for them.
  public init(
    _ parameters: [Parameter], _ rule: OptimizerRule = .adamW(), rate: Float = 1e-3
  ) throws(Stopped) {
    let bytes = parameters.reduce(0) { $0 + rule.momentCount * 4 * $1.value.count }
    try Safepoint.reserve(bytes, for: "an optimizer")
    (self.parameters, self.rule, self.rate) = (parameters, rule, rate)
    // Each has its memory from now on, so that the first step is as short as the others.
    let zeros = { parameters.map { Tensor(repeating: 0, $0.value.shape).values } }
    first = zeros()
    second = if case .adamW = rule { zeros() } else { [] }
    charge = MemoryCharge(bytes)
    try Safepoint.check()
  }

  /// Changes every parameter by one step along its gradient; parameters whose gradient is nil stay.
  public func step(_ gradients: [[Float]?]) {
    precondition(gradients.count == parameters.count, "an optimizer needs a gradient for each of its parameters")
    steps += 1
    for (index, gradient) in gradients.enumerated() {
      guard let gradient else { continue }
      switch rule {
      case .adamW(let beta1, let beta2, let epsilon, let decay):
        let step = Kernel.AdamStep(
          rate: rate, beta1: beta1, beta2: beta2, epsilon: epsilon, decay: decay,
          correction1: 1 - power(beta1, steps), correction2: 1 - power(beta2, steps))
        parameters[index].update { values in
          Kernel.adamW(&values, gradient: gradient, first: &first[index], second: &second[index], step)
        }
      case .sgd(let momentum):
        if steps == 1 {
          first[index] = gradient
        } else {
          for k in gradient.indices { first[index][k] = momentum * first[index][k] + gradient[k] }
        }
        let velocity = first[index]
        parameters[index].update { values in for k in values.indices { values[k] -= rate * velocity[k] } }
      }
    }
  }

  /// What an optimizer keeps from step to step.
  public struct State: Equatable, Sendable {
    /// The steps taken so far.
    public var steps: Int
    /// The mean of the gradients of each parameter, or the velocity.
    public var first: [[Float]]
    /// The mean of their squares; empty for a rule without.
    public var second: [[Float]]
  }

  /// The steps and moments; who sets those of another optimizer of the same parameters and rule goes on as that one would.
  public var state: State {
    get { State(steps: steps, first: first, second: second) }
    set {
      precondition(
        newValue.first.map(\.count) == first.map(\.count) && newValue.second.map(\.count) == second.map(\.count),
        "an optimizer needs moments of the sizes of its parameters")
      (steps, first, second) = (newValue.steps, newValue.first, newValue.second)
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
