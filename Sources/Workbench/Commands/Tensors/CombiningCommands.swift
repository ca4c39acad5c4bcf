import PixelScript
import Safepoint
import Tensors

extension Command {
  /// Products of whole tensors, and the larger of two elements.
  static var combining: [Command] { tensorProducts + pairs }

  private static var tensorProducts: [Command] {
    [
      Command(
        "einsum", "Sums products of elements over named axes, as PyTorch's einsum.",
        Parameter<String>("equation", "a letter for each axis, as in \"ij,jk->ik\""),
        Parameter<Variadic<TensorObject>>("tensors", "the tensors"),
        example: """
          a = tensor([[1, 2], [3, 4]])
          print to_list(einsum("ij,kj->ik", a, a)), einsum("ii", a)  # expect: [[5, 11], [11, 25]] tensor(5, float32)
          """
      ) { context, equation, tensors in
        guard !tensors.elements.isEmpty else {
          throw ScriptError(.type, "`einsum` needs at least one tensor", argument: "tensors")
        }
        let sum = try Einsum.plan(equation, shapes: tensors.elements.map(\.shape))
        for shape in sum.intermediateShapes { try context.allow(shape) }
        return .object(try TensorObject.products(of: tensors.elements, sum) { sum($0) })
      },
      Command(
        "dot", "Sums the products of two tensors of one axis.", TensorParameter.input, other,
        example: "print dot(tensor([1, 2]), tensor([3, 4]))  # expect: tensor(11, float32)"
      ) { _, a, b in
        guard a.shape.count == 1, a.shape == b.shape else {
          throw ShapeError("`dot` needs two tensors of one axis and size, found \(a.shape) and \(b.shape)")
        }
        let product = try TensorObject.products(of: [a, b], try Einsum.plan("i,i", shapes: [a.shape, b.shape])) {
          $0[0].dot($0[1])
        }
        return .object(product)
      },
      Command(
        "outer", "Multiplies each element of one tensor by each of another.", TensorParameter.input, other,
        example: "print to_list(outer(tensor([1, 2]), tensor([3, 4])))  # expect: [[3, 4], [6, 8]]"
      ) { context, a, b in
        guard a.shape.count == 1, b.shape.count == 1 else {
          throw ShapeError("`outer` needs two tensors of one axis, found \(a.shape) and \(b.shape)")
        }
        try context.allow(a.shape + b.shape)
        let product = try TensorObject.products(of: [a, b], try Einsum.plan("i,j->ij", shapes: [a.shape, b.shape])) {
          $0[0].reshaped([a.shape[0], 1]) * $0[1]
        }
        return .object(product)
      },
    ]
  }

  private static var other: Parameter<TensorObject> { Parameter("y", "the other tensor") }

  private static var pairs: [Command] {
    [
      extreme("maximum", "Takes the larger of two elements; NaN where one is.", "[2, 5]", isMaximum: true),
      extreme("minimum", "Takes the smaller of two elements; NaN where one is.", "[1, 2]", isMaximum: false),
    ]
  }

  private static func extreme(_ name: String, _ summary: String, _ result: String, isMaximum: Bool) -> Command {
    Command(
      name, summary, Parameter<TensorOperand>("x", "a tensor or a number"),
      Parameter<TensorOperand>("y", "another tensor or number"),
      example: "print to_list(\(name)(tensor([1, 5]), 2))  # expect: \(result)"
    ) { _, x, y in .object(try extreme(of: x.object, y.object, isMaximum: isMaximum)) }
  }

  /// The larger or smaller of two elements, with broadcasting.
  static func extreme(of x: TensorObject, _ y: TensorObject, isMaximum: Bool) throws -> TensorObject {
    let shape = try ShapeRule.broadcast(x.shape, y.shape, operation: "compare")
    try TensorObject.check(shape)
    // Whole numbers are compared exactly, whatever their floats are.
    func extreme(_ tensors: [Tensor]) -> Tensor {
      isMaximum ? tensors[0].maximum(tensors[1]) : tensors[0].minimum(tensors[1])
    }
    guard x.isWhole, y.isWhole else {
      return x.isConstant && y.isConstant
        ? TensorObject(isMaximum ? x.tensor.maximum(y.tensor) : x.tensor.minimum(y.tensor))
        : TensorObject.result(of: [x, y], extreme)
    }
    guard x.isInexact || y.isInexact else { return TensorObject.moved([x, y], extreme) }
    let isFirst = try TensorObject.comparison(isMaximum ? .greaterOrEqual : .lessOrEqual, x, y, shape)
    return TensorObject.moved([x, y]) { Tensor.choosing(isFirst, $0[0], $0[1]) }
  }
}
