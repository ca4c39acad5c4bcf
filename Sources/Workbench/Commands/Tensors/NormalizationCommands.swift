import PixelScript
import Tensors

extension Command {
  /// Normalization over the last axis.
  static var normalization: [Command] {
    [
      Command(
        "layer_norm", "Takes (x - mean) / sqrt(variance + eps) * weight + bias over the last axis.",
        TensorParameter.input, Parameter<TensorObject?>("weight", "[width of the last axis]; ones without it"),
        Parameter<TensorObject?>("bias", "[width of the last axis]; zeros without it"), epsilon,
        example: "print layer_norm(tensor([1, 3]))  # expect: tensor([-1.0000, 1.0000], shape [2], float32)"
      ) { _, input, weight, bias, epsilon in
        let weight = try scale(weight, of: input, filledWith: 1, "weight")
        let bias = try scale(bias, of: input, filledWith: 0, "bias")
        return .object(
          TensorObject.result(of: [input, weight, bias]) {
            $0[0].layerNorm(weight: $0[1], bias: $0[2], epsilon: Float(epsilon))
          })
      },
      Command(
        "rms_norm", "Takes x / sqrt(mean of x² + eps) * weight over the last axis.", TensorParameter.input,
        Parameter<TensorObject?>("weight", "[width of the last axis]; ones without it"), epsilon,
        example: "print rms_norm(tensor([2, 2]), eps: 0)  # expect: tensor([1, 1], shape [2], float32)"
      ) { _, input, weight, epsilon in
        let weight = try scale(weight, of: input, filledWith: 1, "weight")
        return .object(
          TensorObject.result(of: [input, weight]) { $0[0].rmsNorm(weight: $0[1], epsilon: Float(epsilon)) })
      },
    ]
  }

  private static var epsilon: Parameter<Double> {
    Parameter("eps", "added before the root, against division by 0", default: 1e-5, byName: true)
  }

  private static func scale(
    _ given: TensorObject?, of input: TensorObject, filledWith value: Float, _ name: String
  ) throws -> TensorObject {
    guard let width = input.shape.last, width > 0 else {
      throw ShapeError("a normalization needs elements along its last axis, found the shape \(input.shape)")
    }
    guard let given else {
      try TensorObject.check([width])
      return TensorObject(Tensor(repeating: value, [width]))
    }
    guard given.shape == [width] else {
      throw ShapeError("a \(name) of \(given.shape) does not fit the last axis of \(input.shape)")
    }
    return given
  }
}
