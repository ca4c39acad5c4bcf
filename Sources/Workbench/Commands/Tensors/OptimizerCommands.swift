import PixelBytes
import PixelScript
import Safepoint
import Tensors

extension Command {
  /// Rules that turn gradients into steps.
  static var optimizers: [Command] { rules + [step] }

  private static var rules: [Command] {
    let parameters = Parameter<ParameterList>("x", "a model, a parameter, or a list of parameters")
    let rate = Parameter<Double>("lr", "the learning rate", default: 1e-3, byName: true)
    let betas = Parameter<[Double]>(
      "betas", "how much of the moments each step keeps", default: [0.9, 0.999], byName: true)
    let epsilon = Parameter<Double>("eps", "against division by 0", default: 1e-8, byName: true)
    let decay = Parameter<Double>("weight_decay", "the share of the rate taken off", default: 0.01, byName: true)
    return [
      Command(
        "adamw", "Makes an optimizer by AdamW (Loshchilov and Hutter 2019).", parameters, rate, betas, epsilon, decay,
        example: "w = parameter(ones(2))\nprint adamw(w, lr: 0.01)  # expect: adamw(lr: 0.01, 1 parameter)"
      ) { _, list, rate, betas, epsilon, decay in
        try optimizer("adamw", list, rate, try adam(betas, epsilon, decay))
      },
      Command(
        "adam", "Makes an optimizer by Adam (Kingma and Ba 2015).", parameters, rate, betas, epsilon,
        example: "w = parameter(ones(2))\nprint adam([w]).lr  # expect: 0.001"
      ) { _, list, rate, betas, epsilon in try optimizer("adam", list, rate, try adam(betas, epsilon, 0)) },
      Command(
        "sgd", "Makes an optimizer by gradient descent with momentum.", parameters,
        Parameter<Double>("lr", "the learning rate", byName: true),
        Parameter<Double>("momentum", "how much of the last step is kept", default: 0, byName: true),
        example: """
          w = parameter(3)
          opt = sgd(w, lr: 0.5)
          backward(w ** 2)
          step opt
          print w  # expect: parameter(0, float32)
          """
      ) { _, list, rate, momentum in
        try optimizer("sgd", list, rate, .sgd(momentum: try checked(momentum: momentum)))
      },
      Command(
        "lion", "Makes an optimizer by Lion (Chen et al. 2023), whose steps follow the sign of a momentum.", parameters,
        Parameter<Double>("lr", "the learning rate", default: 1e-4, byName: true),
        Parameter<[Double]>("betas", "how much of the momentum counts and stays", default: [0.9, 0.99], byName: true),
        decay,
        example: """
          w = parameter(ones(2))
          backward(sum(w * tensor([3, -0.5])))
          opt = lion(w, lr: 0.25, weight_decay: 0)
          step opt
          print w.to_list()  # expect: [0.75, 1.25]
          """
      ) { _, list, rate, betas, decay in
        let (beta1, beta2, decay) = try checked(betas, decay)
        return try optimizer("lion", list, rate, .lion(beta1: beta1, beta2: beta2, weightDecay: decay))
      },
      Command(
        "muon", "Makes an optimizer by Muon (Jordan et al. 2024) for matrices, and by AdamW for all else and heads.",
        parameters, rate,
        Parameter<Double>("momentum", "how much of the last steps is kept", default: 0.95, byName: true), betas, decay,
        example: "net = lstm(dim: 9, state: 4, depth: 1)\nprint muon(net).lr  # expect: 0.001"
      ) { _, list, rate, momentum, betas, decay in
        let (beta1, beta2, decay) = try checked(betas, decay)
        let momentum = try checked(momentum: momentum)
        return try optimizer(
          "muon", list, rate, .muon(momentum: momentum, beta1: beta1, beta2: beta2, weightDecay: decay))
      },
    ]
  }

  private static func checked(momentum: Double) throws -> Float {
    guard (0..<1).contains(momentum) else {
      throw ScriptError(
        .value, "a momentum is at least 0 and below 1, found \(Display.text(of: momentum))", argument: "momentum")
    }
    return Float(momentum)
  }

  private static func checked(_ betas: [Double], _ decay: Double) throws -> (Float, Float, decay: Float) {
    guard betas.count == 2, betas.allSatisfy((0..<1).contains) else {
      throw ScriptError(.value, "the betas are two numbers from 0 up to, but not including, 1", argument: "betas")
    }
    guard decay >= 0, decay.isFinite else { throw ScriptError(.value, "eps and weight_decay are at least 0") }
    return (Float(betas[0]), Float(betas[1]), decay: Float(decay))
  }

  private static var step: Command {
    Command(
      "step", "Changes the parameters of an optimizer by one step along the gradients that `backward` has collected.",
      Parameter<OptimizerObject>("optimizer", "the optimizer"),
      example: """
        w = parameter(tensor([4]))
        opt = sgd(w, lr: 0.25)
        for i in range(2) {
          zero_grad opt
          backward(sum(w ** 2))
          step opt
        }
        print w  # expect: parameter([1], shape [1], float32)
        """
    ) { _, object in
      let parameters = object.parameters
      guard parameters.contains(where: { $0.gradient != nil }) else {
        throw ScriptError(.value, "no parameter has a gradient", help: "call backward(loss) first")
      }
      try Safepoint.check()
      object.optimizer.step(parameters.map { $0.gradient?.values })
      return .nil
    }
  }

  private static func optimizer(
    _ name: String, _ list: ParameterList, _ rate: Double, _ rule: OptimizerRule
  ) throws -> Value {
    let rate = try OptimizerObject.checkedRate(rate)
    return .object(OptimizerObject(name, try Optimizer(list.parameters, rule, rate: rate, roles: list.roles)))
  }

  private static func adam(_ betas: [Double], _ epsilon: Double, _ decay: Double) throws -> OptimizerRule {
    let (beta1, beta2, decay) = try checked(betas, decay)
    guard epsilon >= 0, epsilon.isFinite else { throw ScriptError(.value, "eps and weight_decay are at least 0") }
    return .adamW(beta1: beta1, beta2: beta2, epsilon: Float(epsilon), weightDecay: decay)
  }
}
