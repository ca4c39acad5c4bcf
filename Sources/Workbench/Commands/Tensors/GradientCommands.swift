import PixelScript
import Safepoint
import Tensors

extension Command {
  /// Derivatives.
  static var gradients: [Command] { collecting + [grad] }

  private static var collecting: [Command] {
    [
      Command(
        "parameter", "Makes a parameter: a tensor whose gradient `backward` collects.",
        Parameter<Value>("values", "the first values: a tensor, a number, or numbers in nested lists"),
        example: """
          w = parameter(tensor([1, 2]))
          backward(sum(w * w))
          print w.grad  # expect: tensor([2, 4], shape [2], float32)
          """
      ) { _, values in
        let values = try constant(values, nil)
        guard values.elementType == .float32 else {
          throw ScriptError(
            .type, "a parameter is of float32, found \(values.elementType.rawValue)",
            help: "write `parameter(tensor(x, dtype: \"float32\"))`", argument: "values")
        }
        let value = Tensor(values.values, values.shape)
        return .object(TensorObject(parameter: Tensors.Parameter("parameter", value)))
      },
      Command(
        "backward", "Adds to every parameter's grad the gradient of a number computed from them.",
        Parameter<TensorObject>("loss", "a tensor of one element, computed from parameters"),
        example: "w = parameter(3)\nbackward(w ** 2)\nprint w.grad  # expect: tensor(6, float32)"
      ) { _, loss in
        let (tensor, tape) = try differentiable(loss, "loss")
        let gradients = tape.gradients(of: tensor)
        try Safepoint.check()
        try replace(tape.parameters) { parameter in
          gradients[parameter].map { gradient in parameter.gradient.map { $0 + gradient } ?? gradient }
        }
        return .nil
      },
      Command(
        "zero_grad", "Forgets the gradients collected so far.",
        Parameter<ParameterList>("x", "a model, a parameter, an optimizer, or a list of parameters"),
        example: "w = parameter(3)\nbackward(w * 2)\nzero_grad(w)\nprint w.grad  # expect: nil"
      ) { _, list in
        for parameter in list.parameters { parameter.gradient = nil }
        return .nil
      },
      Command(
        "clip_grad", "Shrinks gradients to a largest norm of all together, which it gives as it was before.",
        Parameter<ParameterList>("x", "a model, a parameter, an optimizer, or a list of parameters"),
        Parameter<Double>("most", "the largest norm", aliases: ["max_norm"]),
        example: """
          w = parameter(tensor([3, 4]))
          backward(sum(w ** 2) / 2)
          print clip_grad(w, 1), w.grad  # expect: 5 tensor([0.6000, 0.8000], shape [2], float32)
          """
      ) { _, list, most in
        guard most >= 0 else {
          throw ScriptError(
            .value, "`clip_grad` needs a norm from 0, found \(Display.text(of: most))", argument: "most")
        }
        let gradients = list.parameters.compactMap(\.gradient)
        let norms = gradients.map { Double($0.norm().values[0]) }
        let norm = norms.reduce(0) { $0 + $1 * $1 }.squareRoot()
        try Safepoint.check()
        let scale = min(1, most / (norm + 1e-6))
        if scale < 1 || norm.isNaN {
          try replace(list.parameters) { parameter in
            parameter.gradient.map { $0 * Tensor(Float(norm.isNaN ? norm : scale)) }
          }
        }
        return .number(norm)
      },
      Command(
        "detach", "Gives the same values without what they were computed from.", TensorParameter.input,
        example: "w = parameter(3)\nprint detach(w * 2)  # expect: tensor(6, float32)"
      ) { _, input in .object(TensorObject(input.tensor.constant)) },
    ]
  }

  private static var grad: Command {
    Command(
      "grad", "Takes the gradient of a function at a tensor or a number.",
      Parameter<ScriptFunction>("f", "a function of x that gives a tensor of one element"),
      Parameter<TensorOperand>("x", "where to take it"),
      example: "print grad(fn(x) = sum(x ** 3), tensor([1, 2]))  # expect: tensor([3, 12], shape [2], float32)"
    ) { context, function, point in
      let isOfGradient = point.object.parameter?.name == pointName || isInside(point.tensor, of: nil)
      if isOfGradient { throw gradientOfGradient }
      let parameter = Tensors.Parameter(pointName, Tensor(point.tensor.values, point.shape))
      let result = try context.call(function, .object(TensorObject(parameter: parameter)))
      guard case .object(let object as TensorObject) = result else {
        throw ScriptError(.type, "the function gives \(describe(result)), not a tensor", argument: "f")
      }
      let (tensor, tape) = try differentiable(object, "f")
      if isInside(tensor, of: parameter) { throw gradientOfGradient }
      guard let gradient = tape.gradients(of: tensor)[parameter] else { throw independent("f") }
      return point.object.literal != nil ? .number(gradient.values[0]) : .object(TensorObject(gradient))
    }
  }

  /// What the parameter is called that stands for the point where `grad` works.
  private static let pointName = "the point of grad"

  /// True when a tensor depends on the point of another `grad` that is under way.
  private static func isInside(_ tensor: Tensor, of parameter: Tensors.Parameter?) -> Bool {
    guard let tape = Tape.joining([tensor]) else { return false }
    return tape.parameters.contains { $0 !== parameter && $0.name == pointName }
  }

  private static var gradientOfGradient: ScriptError {
    ScriptError(
      .value, "a gradient of a gradient can't be taken: what `grad` gives has none itself",
      help: "take a difference, `(grad(f, x + h) - grad(f, x - h)) / (2 * h)`, or `detach(x)` to count it as constant",
      argument: "x")
  }

  /// Gives parameters new gradients: all of them or, when the work must stop, none.
  private static func replace(_ parameters: [Tensors.Parameter], by gradient: (Tensors.Parameter) -> Tensor?) throws {
    let made = parameters.map { ($0, gradient($0)) }
    try Safepoint.check()
    for case (let parameter, let gradient?) in made { parameter.gradient = gradient }
  }

  /// A tensor of one element and its tape; throws when it has several or was computed from no parameter.
  private static func differentiable(_ object: TensorObject, _ argument: String) throws -> (Tensor, Tape) {
    let (tensors, tape) = TensorObject.recordable([object])
    guard tensors[0].count == 1 else {
      throw ScriptError(
        .shape, "a gradient is taken of one number, found the shape \(tensors[0].shape)",
        help: "`sum` or `mean` makes one number", argument: argument)
    }
    guard let tape else { throw independent(argument) }
    return (tensors[0], tape)
  }

  private static func independent(_ argument: String) -> ScriptError {
    ScriptError(
      .value, "this was not computed from a parameter, so it has no gradient",
      help: "gradients themselves and masks have none either", argument: argument)
  }
}
