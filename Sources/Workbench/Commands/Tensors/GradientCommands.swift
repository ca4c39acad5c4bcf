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
        Parameter<TensorOperand>("values", "the first values"),
        example: """
          w = parameter(tensor([1, 2]))
          backward(sum(w * w))
          print w.grad  # expect: tensor([2, 4], shape [2], float32)
          """
      ) { _, values in
        guard values.object.literal != nil || values.tensor.elementType == .float32 else {
          throw ScriptError(
            .type, "a parameter is of float32, found \(values.tensor.elementType.rawValue)", argument: "values")
        }
        let value = Tensor(values.tensor.values, values.shape)
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
        for parameter in tape.parameters {
          guard let gradient = gradients[parameter] else { continue }
          parameter.gradient = parameter.gradient.map { $0 + gradient } ?? gradient
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
      let parameter = Tensors.Parameter("x", Tensor(point.tensor.values, point.shape))
      let result = try context.call(function, .object(TensorObject(parameter: parameter)))
      guard case .object(let object as TensorObject) = result else {
        throw ScriptError(.type, "the function gives \(describe(result)), not a tensor", argument: "f")
      }
      let (tensor, tape) = try differentiable(object, "f")
      guard let gradient = tape.gradients(of: tensor)[parameter] else { throw independent("f") }
      return point.object.literal != nil ? .number(gradient.values[0]) : .object(TensorObject(gradient))
    }
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
      help: "gradients themselves, masks and rounded numbers have none either", argument: argument)
  }
}
