import PixelBytes
import PixelScript
import Tensors

extension Command {
  /// Layers that work on the last axis or on every element.
  static func pointwiseLayers(_ maker: LayerMaker) -> [Command] {
    [linear(maker), embedding(maker), layerNorm(maker), rmsNorm(maker), dropout(maker)]
      + [
        activation("relu", maker) { $0.relu() }, activation("gelu", maker) { $0.gelu() },
        activation("silu", maker) { $0.silu() },
      ]
  }

  private static func linear(_ maker: LayerMaker) -> Command {
    Command(
      "linear", "Makes a layer x W^T + b over the last axis (PyTorch's Linear).",
      Parameter<Int>("inputs", "width of the last axis"), Parameter<Int>("outputs", "its width after the layer"),
      Parameter<Bool>("bias", "whether to add b", default: true, byName: true), LayerMaker.seed,
      example: """
        layer = linear(4, 2)
        print layer(ones(3, 4)).shape, layer.weight.shape  # expect: [3, 2] [2, 4]
        """
    ) { context, inputs, outputs, bias, seed in
      try LayerMaker.check(["inputs": inputs, "outputs": outputs], in: context)
      return try maker.layer(seed) { scope in
        let layer = Linear(inputs, outputs, hasBias: bias, in: scope)
        return LayerOperation(
          "linear \(inputs) -> \(outputs)", LayerShape(.any, inputs), LayerShape(.any, outputs)
        ) { layer($0, in: $1) }
      }
    }
  }

  private static func embedding(_ maker: LayerMaker) -> Command {
    Command(
      "embedding", "Makes a layer that gives a trained row for each whole number (PyTorch's Embedding).",
      Parameter<Int>("rows", "how many numbers there are, from 0 on"), Parameter<Int>("width", "the length of a row"),
      LayerMaker.seed,
      example: "print embedding(113, 8)(zeros(2, 5)).shape  # expect: [2, 5, 8]"
    ) { context, rows, width, seed in
      try LayerMaker.check(["rows": rows, "width": width], in: context)
      return try maker.layer(seed) { scope in
        let table = scope.parameter("weight", [rows, width], .normal)
        return LayerOperation("embedding \(rows) -> \(width)", LayerShape(.any), LayerShape(.any, width)) { x, pass in
          pass[table].embedding(try ids(x, below: rows), x.shape)
        }
      }
    }
  }

  /// The elements as whole numbers from 0 up to `count`.
  static func ids(_ x: Tensor, below count: Int) throws -> [Int] {
    try x.numbers.map { value in
      guard value >= 0, value < Double(count), value == value.rounded() else {
        let found = Display.text(of: value)
        throw LayerFault(kind: .index, text: "whole numbers from 0 to \(count - 1), found \(found)")
      }
      return Int(value)
    }
  }

  private static func layerNorm(_ maker: LayerMaker) -> Command {
    Command(
      "layer_norm", "Makes a layer that normalizes the last axis, with weight and bias (PyTorch's LayerNorm).",
      Parameter<Int>("width", "width of the last axis"),
      example: "print len(layer_norm(8).parameters)  # expect: 2"
    ) { context, width in
      try LayerMaker.check(["width": width], in: context)
      return try maker.layer(0) { scope in
        let layer = LayerNorm(width, in: scope)
        let shape = LayerShape(.any, width)
        return LayerOperation("layer_norm \(width)", shape, shape) { layer($0, in: $1) }
      }
    }
  }

  private static func rmsNorm(_ maker: LayerMaker) -> Command {
    Command(
      "rms_norm",
      "Makes a layer that divides the last axis by its root mean square, with a weight (PyTorch's RMSNorm).",
      Parameter<Int>("width", "width of the last axis"),
      example: "print keys(rms_norm(8).parameters)  # expect: [\"weight\"]"
    ) { context, width in
      try LayerMaker.check(["width": width], in: context)
      return try maker.layer(0) { scope in
        let layer = RMSNorm(width, in: scope)
        let shape = LayerShape(.any, width)
        return LayerOperation("rms_norm \(width)", shape, shape) { layer($0, in: $1) }
      }
    }
  }

  private static func dropout(_ maker: LayerMaker) -> Command {
    Command(
      "dropout", "Makes a layer that sets elements to 0 at random in training, and does nothing else.",
      Parameter<Double>("p", "the probability of a 0, from 0 up to, but not including, 1", default: 0.5),
      example: """
        net = sequential([dropout(0.5)])
        print net(ones(2))  # expect: tensor([1, 1], shape [2], float32)
        print max(net(ones(100), training: true)).item()  # expect: 2
        """
    ) { _, probability in
      guard (0..<1).contains(probability), Float(probability) < 1 else {
        throw ScriptError(
          .value, "a probability of dropout is at least 0 and below 1, found \(Display.text(of: probability))",
          argument: "p")
      }
      return try maker.plain("dropout \(Display.text(of: probability))", draws: probability > 0) { x, pass in
        x.dropout(pass.dropout(Float(probability)))
      }
    }
  }

  private static func activation(_ name: String, _ maker: LayerMaker, _ body: @escaping (Tensor) -> Tensor) -> Command {
    Command(
      name, "Makes a layer of the function of that name.",
      example: "print sequential([linear(2, 3), \(name)()])(ones(1, 2)).shape  # expect: [1, 3]"
    ) { _ in try maker.plain(name) { x, _ in body(x) } }
  }
}
