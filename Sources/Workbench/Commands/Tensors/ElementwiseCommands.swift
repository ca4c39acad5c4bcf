import Foundation
import PixelScript
import Tensors

extension Command {
  /// Functions of every element on its own.
  static var elementwise: [Command] {
    [
      function("exp", "Takes e to the power of every element.", of: "[0]", gives: "[1]") { $0.exp() },
      function("log", "Takes the natural logarithm of every element.", of: "[1]", gives: "[0]") { $0.log() },
      function("log2", "Takes the logarithm to the base 2 of every element.", of: "[8]", gives: "[3]") { $0.log2() },
      function("sqrt", "Takes the square root of every element.", of: "[4, 9]", gives: "[2, 3]") { $0.sqrt() },
      function(
        "abs", "Takes the magnitude of every element.", of: "[-2, 3]", gives: "[2, 3]", ofWhole: { Swift.abs($0) }
      ) {
        $0.abs()
      },
      function(
        "sign", "Gives 1, 0 or -1 as every element is above, at or below 0; 0 for NaN.", of: "[-2, 3]",
        gives: "[-1, 1]", ofWhole: { $0 > 0 ? 1 : $0 < 0 ? -1 : 0 }
      ) {
        $0.sign()
      },
      function("sin", "Takes the sine of every element.", of: "[0]", gives: "[0]") { $0.sin() },
      function("cos", "Takes the cosine of every element.", of: "[0]", gives: "[1]") { $0.cos() },
      function("tan", "Takes the tangent of every element.", of: "[0]", gives: "[0]") { $0.tan() },
      function("tanh", "Takes the hyperbolic tangent of every element.", of: "[0, 100]", gives: "[0, 1]") { $0.tanh() },
      function("sigmoid", "Takes 1 / (1 + e^-x) of every element.", of: "[0]", gives: "[0.5]") { $0.sigmoid() },
      function(
        "relu", "Takes the larger of 0 and every element.", of: "[-1, 2]", gives: "[0, 2]",
        ofWhole: { Swift.max($0, 0) }
      ) {
        $0.relu()
      },
      function("gelu", "Takes x times the normal distribution's Φ(x).", of: "[0, 1]", gives: "[0.0000, 0.8413]") {
        $0.gelu()
      },
      function("silu", "Takes x times sigmoid(x) of every element.", of: "[0, 1]", gives: "[0.0000, 0.7311]") {
        $0.silu()
      },
      function("softplus", "Takes log(1 + e^x) of every element.", of: "[0]", gives: "[0.6931]") { $0.softplus() },
      Command(
        "round", "Rounds every element, halves to the even neighbor.", TensorParameter.input,
        Parameter<Int>("digits", "after the point", default: 0, aliases: ["decimals"]),
        example:
          "print to_list(round(tensor([0.5, 1.6]))), round(tensor([1.26]), 1)  # expect: [0, 2] tensor([1.3], shape [1], float32)"
      ) { _, input, digits in
        guard (-30...30).contains(digits) else {
          throw ScriptError(.value, "digits must be from -30 to 30, found \(digits)", argument: "digits")
        }
        if input.isWhole, digits >= 0 { return .object(try input.whole({ $0 }, quick: { $0 })) }
        let unit = Tensor(Float(pow(10, Double(Swift.abs(digits)))))
        return .object(
          TensorObject.result(of: input) { tensor in
            switch digits {
            case 0: tensor.rounded(.toNearestOrEven)
            case 1...: (tensor * unit).rounded(.toNearestOrEven) / unit
            default: (tensor / unit).rounded(.toNearestOrEven) * unit
            }
          })
      },
      function("floor", "Rounds every element down.", of: "[1.5, -1.5]", gives: "[1, -2]", ofWhole: { $0 }) {
        $0.rounded(.down)
      },
      function("ceil", "Rounds every element up.", of: "[1.5, -1.5]", gives: "[2, -1]", ofWhole: { $0 }) {
        $0.rounded(.up)
      },
    ]
  }

  /// Where elements are no ordinary numbers.
  static var kinds: [Command] {
    [
      Command(
        "isnan", "Tells which elements are NaN.", TensorParameter.input,
        example: "print to_list(isnan(tensor([1, nan])))  # expect: [false, true]"
      ) { _, input in .object(TensorObject(input.tensor.nanMask())) },
      Command(
        "isinf", "Tells which elements are infinite.", TensorParameter.input,
        example: "print to_list(isinf(tensor([1, -inf])))  # expect: [false, true]"
      ) { _, input in .object(TensorObject(input.tensor.infiniteMask())) },
      Command(
        "isin", "Tells which elements are among some numbers; NaN is among none.", TensorParameter.input,
        Parameter<Value>("values", "the numbers, as a list, a range or a tensor", aliases: ["test_elements"]),
        example: "print to_list(isin(tensor([1, 2, 3]), [1, 3]))  # expect: [true, false, true]"
      ) { context, input, values in
        let numbers = try TensorObject.identifiers(from: values).numbers
        try context.reserve(bytes: 32, times: numbers.count)
        return .object(TensorObject(input.tensor.mask(among: numbers)))
      },
    ]
  }

  /// A function of floats; `ofWhole` is what it does with whole numbers, which then stay whole.
  private static func function(
    _ name: String, _ summary: String, of input: String, gives output: String, ofWhole: ((Double) -> Double)? = nil,
    _ body: @escaping (Tensor) -> Tensor
  ) -> Command {
    let count = output.split(separator: ",").count
    return Command(
      name, summary, TensorParameter.input,
      example: "print \(name)(tensor(\(input)))  # expect: tensor(\(output), shape [\(count)], float32)"
    ) { _, input in
      if let ofWhole, input.isWhole { return .object(try input.whole(ofWhole, quick: body)) }
      return .object(TensorObject.result(of: input, body))
    }
  }
}
