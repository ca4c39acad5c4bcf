import PixelScript
import Safepoint
import Tensors

extension Command {
  /// Products, probabilities and losses.
  static var neural: [Command] { products + losses }

  private static var products: [Command] {
    [
      Command(
        "matmul", "Takes the matrix product, as `a @ b`.", Parameter<TensorObject>("a", "[..., m, k]"),
        Parameter<TensorObject>("b", "[k, n] or [..., k, n]"),
        example: "print matmul(ones(2, 3), ones(3, 4)).shape  # expect: [2, 4]"
      ) { _, a, b in
        return .object(try TensorObject.matrixProduct(a, b))
      },
      Command(
        "embedding", "Takes the rows of a table that whole numbers name.",
        Parameter<Value>("ids", "row numbers, as a tensor or a list"),
        Parameter<TensorObject>("table", "[rows, width]"),
        example: "print embedding([1, 1, 0], eye(2)).shape  # expect: [3, 2]"
      ) { context, ids, table in
        let ids = try TensorObject.identifiers(from: ids)
        guard table.shape.count == 2 else {
          throw ShapeError("a table has the shape [rows, width], found \(table.shape)")
        }
        try context.allow(ids.shape + [table.shape[1]])
        let rows = try wholeNumbers(ids, below: table.shape[0], what: "a row", argument: "ids")
        return .object(TensorObject.result(of: table) { $0.embedding(rows, ids.shape) })
      },
      alongAxis(
        "softmax", "Makes probabilities: e^x divided by its sum along an axis.",
        example: "print softmax(zeros(2))  # expect: tensor([0.5, 0.5], shape [2], float32)"
      ) { $0.softmax(axis: $1) },
      alongAxis(
        "log_softmax", "Takes the logarithm of softmax, without overflow.",
        example: "print log_softmax(zeros(1))  # expect: tensor([0], shape [1], float32)"
      ) { $0.logSoftmax(axis: $1) },
    ]
  }

  private static var losses: [Command] {
    [
      Command(
        "cross_entropy", "Takes the mean of -log softmax(logits)[label] over all rows whose label is not -100.",
        Parameter<TensorObject>("logits", "[..., classes]"),
        Parameter<Value>("labels", "a class for each row, as a tensor or a list"),
        example: "print cross_entropy(zeros(1, 4), [2])  # expect: tensor(1.3863, float32)"
      ) { _, logits, labels in
        let labels = try TensorObject.identifiers(from: labels)
        guard let classes = logits.shape.last, logits.shape.dropLast() == labels.shape[...] else {
          throw ShapeError("cannot take the cross-entropy of \(logits.shape) with labels of \(labels.shape)")
        }
        let ids =
          try labels.labels(below: classes)
          ?? labels.numbers.map { value -> Int32 in
            try Safepoint.check(after: 4)
            guard let label = Int32(exactly: value),
              label == Tensor.ignoredLabel || label >= 0 && Int(label) < classes
            else {
              throw ScriptError(
                .index,
                "a label is a whole number from 0 to \(classes - 1), or -100, found \(Display.text(of: value))",
                argument: "labels")
            }
            return label
          }
        return .object(TensorObject.result(of: logits) { $0.reshaped([ids.count, classes]).crossEntropy(ids) })
      },
      Command(
        "mse", "Takes the mean of the squared differences.", Parameter<TensorObject>("a", "a tensor"),
        Parameter<TensorOperand>("b", "a tensor of the same shape, or a number"),
        example: "print mse(tensor([1, 2]), tensor([1, 4]))  # expect: tensor(2, float32)"
      ) { _, a, b in
        guard a.shape == b.shape || b.shape.isEmpty else {
          throw ShapeError("cannot compare \(a.shape) with \(b.shape)")
        }
        return .object(TensorObject.result(of: [a, b.object]) { $0[0].meanSquaredError($0[1]) })
      },
    ]
  }

  /// A function along an axis.
  private static func alongAxis(
    _ name: String, _ summary: String, example: String, _ body: @escaping (Tensor, Int) -> Tensor
  ) -> Command {
    Command(
      name, summary, TensorParameter.input, TensorParameter.oneAxis(-1), example: example
    ) { _, input, axis in
      let axis = try ShapeRule.axis(axis, of: input.shape)
      return .object(TensorObject.result(of: input) { body($0, axis) })
    }
  }
}
