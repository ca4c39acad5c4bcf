import PixelScript
import Tensors

extension Command {
  /// One number for each window that moves over a tensor.
  static var poolings: [Command] {
    [1, 2].flatMap { axes in
      let last = axes == 1 ? "[..., length]" : "[..., height, width]"
      return [
        pooling(
          "max_pool\(axes)d", axes, "Takes the largest element of each window of x \(last), NaN where one is.",
          example: "print max_pool\(axes)d(\(sample(axes)), 2).to_list()  # expect: \(axes == 1 ? "[3, 4]" : "[[4]]")",
          keepsType: true
        ) { $0.largestPooled(axes: axes, size: $1, stride: $2, padding: $3) },
        pooling(
          "avg_pool\(axes)d", axes, "Takes the mean of each window of x \(last), padding counted as zeros.",
          example: "print avg_pool\(axes)d(\(sample(axes)), 2).to_list()  # expect: \(axes == 1 ? "[2, 3]" : "[[2.5]]")"
        ) { $0.meanPooled(axes: axes, size: $1, stride: $2, padding: $3) },
      ]
    }
  }

  private static func sample(_ axes: Int) -> String { axes == 1 ? "tensor([1, 3, 4, 2])" : "tensor([[1, 3], [4, 2]])" }

  private static func pooling(
    _ name: String, _ axes: Int, _ summary: String, example: String, keepsType: Bool = false,
    _ pool: @escaping (_ x: Tensor, _ size: Int, _ stride: Int, _ padding: Int) -> Tensor
  ) -> Command {
    Command(
      name, summary, TensorParameter.input,
      Parameter<Int>("size", "the length of a window along each axis", aliases: ["kernel_size"]),
      Parameter<Int?>("stride", "the distance of windows; their size without it"),
      Parameter<Int>("padding", "places on every side that have no element, at most half a window", default: 0),
      example: example
    ) { context, input, size, stride, padding in
      let stride = stride ?? size
      for (setting, value, least, most) in [
        ("size", size, 1, TensorObject.elementLimit), ("stride", stride, 1, TensorObject.elementLimit),
        ("padding", padding, 0, size / 2),
      ] where value < least || value > most {
        throw ScriptError(
          .value, "\(setting) must be from \(least) to \(most), found \(value)", argument: setting)
      }
      let shape = try ShapeRule.pooling(input.shape, axes: axes, size: size, stride: stride, padding: padding)
      try context.allow(shape)
      return .object(
        TensorObject.result(of: input) {
          let pooled = pool($0, size, stride, padding)
          return keepsType ? pooled.typed(input.tensor.elementType) : pooled
        })
    }
  }
}
