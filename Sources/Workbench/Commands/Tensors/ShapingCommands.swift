import PixelScript
import Safepoint
import Tensors

extension Command {
  /// The same elements in another order or shape.
  static var shaping: [Command] { views + joins }

  private static var views: [Command] {
    [
      Command(
        "reshape", "Gives a tensor another shape with the same elements.", TensorParameter.input,
        Parameter<Dimensions>("shape", "the new sizes; one of them may be -1 for what is left"),
        example: """
          print arange(4).reshape(2, -1)  # expect: tensor([[0, 1],
          # expect:         [2, 3]], shape [2, 2], float32)
          """
      ) { context, input, wanted in
        let shape = try ShapeRule.reshape(input.shape, to: wanted.sizes)
        try context.allow(shape)
        return .object(TensorObject.rearranged(input) { $0.reshaped(checked: shape) })
      },
      Command(
        "transpose", "Exchanges two axes.", TensorParameter.input,
        Parameter<Int>("a", "one axis", default: -2, aliases: ["dim0"]),
        Parameter<Int>("b", "the other axis", default: -1, aliases: ["dim1"]),
        example: "print transpose(zeros(2, 3)).shape  # expect: [3, 2]"
      ) { _, input, a, b in
        let (a, b) = (try ShapeRule.axis(a, of: input.shape), try ShapeRule.axis(b, of: input.shape))
        return .object(TensorObject.rearranged(input) { $0.transposed(a, b) })
      },
      Command(
        "permute", "Puts the axes into another order.", TensorParameter.input,
        Parameter<Dimensions>("order", "the axis that comes first, the one that comes second, ..."),
        example: "print permute(zeros(2, 3, 4), 2, 0, 1).shape  # expect: [4, 2, 3]"
      ) { _, input, order in
        let axes = try ShapeRule.permutation(order.sizes, of: input.shape)
        return .object(TensorObject.rearranged(input) { $0.permuted(checked: axes) })
      },
      Command(
        "flip", "Reverses the order along an axis.", TensorParameter.input,
        TensorParameter.oneAxis(0),
        example: "print flip(arange(3))  # expect: tensor([2, 1, 0], shape [3], float32)"
      ) { _, input, axis in
        let axis = try ShapeRule.axis(axis, of: input.shape)
        return .object(TensorObject.rearranged(input) { $0.flipped(axis: axis) })
      },
    ]
  }

  private static var joins: [Command] {
    [
      Command(
        "concat", "Joins tensors along an axis that they have.",
        Parameter<TensorRow>("tensors", "tensors that differ in that axis only"),
        TensorParameter.oneAxis(0),
        example: "print concat([zeros(2), ones(1)])  # expect: tensor([0, 0, 1], shape [3], float32)"
      ) { context, list, axis in
        let shape = try ShapeRule.concatenation(list.tensors.map(\.shape), axis: axis)
        try context.allow(shape)
        return .object(TensorObject.moved(list.tensors) { Tensor.concatenated($0, axis: axis, checked: shape) })
      },
      Command(
        "stack", "Puts tensors of one shape side by side along a new axis.",
        Parameter<TensorRow>("tensors", "tensors of one shape"),
        Parameter<Int>("axis", "where the new axis goes", default: 0, aliases: ["dim"]),
        example: "print stack([zeros(3), ones(3)]).shape  # expect: [2, 3]"
      ) { context, list, axis in
        let tensors = list.tensors
        guard let first = tensors.first?.shape else { throw ShapeError("there is nothing to stack") }
        if let other = tensors.first(where: { $0.shape != first })?.shape {
          throw ShapeError("cannot stack \(first) and \(other)")
        }
        _ = try ShapeRule.axis(axis, of: first + [1])
        try context.allow([tensors.count] + first)
        return .object(TensorObject.moved(tensors) { Tensor.stacked($0, axis: axis) })
      },
      Command(
        "repeat", "Lays a tensor end to end along an axis.", TensorParameter.input,
        Parameter<Int>("times", "how often"),
        TensorParameter.oneAxis(0),
        example: "print repeat(arange(2), 2)  # expect: tensor([0, 1, 0, 1], shape [4], float32)"
      ) { context, input, times, axis in
        guard times > 0 else {
          throw ScriptError(.value, "`repeat` needs at least 1 time, found \(times)", argument: "times")
        }
        let axis = try ShapeRule.axis(axis, of: input.shape)
        var repeated = input.shape
        repeated[axis] = Size.product(times, repeated[axis])
        try context.allow(repeated)
        // Even without elements each repetition costs something.
        try context.reserve(bytes: 64, times: times)
        return .object(TensorObject.rearranged(input) { $0.repeated(times, axis: axis) })
      },
      Command(
        "pad", "Puts a value around the elements.", TensorParameter.input,
        Parameter<Value>(
          "counts", "how many on every side; a pair [before, after] for every axis, or one for each axis"),
        Parameter<Double>("value", "the value", default: 0),
        example: "print pad(ones(1), [1, 2])  # expect: tensor([0, 1, 0, 0], shape [4], float32)"
      ) { context, input, counts, value in
        let pairs = try paddings(counts, input.shape)
        try context.allow(zip(input.shape, pairs).map { Size.sum([$0, $1.before, $1.after]) })
        let type = input.tensor.elementType
        let filling = TensorObject(try Tensor(numbers: [value], [], elementType: type))
        return .object(
          TensorObject.moved([input, filling], as: type) { $0[0].padded(pairs, value: $0[1].values[0]) })
      },
    ]
  }

  private static func paddings(_ counts: Value, _ shape: Shape) throws -> [(before: Int, after: Int)] {
    let limit = 0...TensorObject.elementLimit
    if let count = Int.convert(counts), limit.contains(count) { return shape.map { _ in (count, count) } }
    if let pair = try [Int].convert(counts), pair.count == 2, pair.allSatisfy(limit.contains) {
      return shape.map { _ in (pair[0], pair[1]) }
    }
    if let pairs = try [[Int]].convert(counts), pairs.count == shape.count,
      pairs.allSatisfy({ $0.count == 2 && $0.allSatisfy(limit.contains) })
    {
      return pairs.map { ($0[0], $0[1]) }
    }
    throw ScriptError(
      .value,
      "`pad` expects a count or \(shape.count) pairs of counts for the axes of \(shape), found \(counts.echo)",
      argument: "counts")
  }
}
