import PixelScript
import Tensors

extension Command {
  /// Many elements made one.
  static var reductions: [Command] { sums + spreads + extremes + truths }

  private static var sums: [Command] {
    [
      reduction(
        "sum", "Adds the elements up.",
        example: "print sum(tensor([[1, 2], [3, 4]]), axis: 0)  # expect: tensor([4, 6], shape [2], float32)",
        whole: { $0.sum() }, along: { $0.sum(axis: $1, keep: $2) },
        ofWhole: { (tensor, axis, keep) throws(ElementError) in try tensor.wholeSum(axis: axis, keep: keep) }),
      reduction(
        "mean", "Takes the mean of the elements.",
        example: "print mean(tensor([1, 2]))  # expect: tensor(1.5, float32)",
        whole: { $0.mean() }, along: { $0.mean(axis: $1, keep: $2) }),
      reduction(
        "norm", "Takes the Euclidean norm.", example: "print norm(tensor([3, 4]))  # expect: tensor(5, float32)",
        whole: { $0.norm() }, along: { $0.norm(axis: $1, keep: $2) }),
      Command(
        "cumsum", "Takes the running sums along an axis.", TensorParameter.input,
        Parameter<Int>("axis", "the axis", default: 0),
        example: "print cumsum(ones(3))  # expect: tensor([1, 2, 3], shape [3], float32)"
      ) { _, input, axis in
        let axis = try ShapeRule.axis(axis, of: input.shape)
        if input.isWhole { return .object(TensorObject(try input.tensor.wholeCumulativeSum(axis: axis))) }
        return .object(TensorObject.result(of: [input]) { $0[0].cumulativeSum(axis: axis) })
      },
    ]
  }

  private static var spreads: [Command] {
    let correction = Parameter<Double>(
      "correction", "taken off the count that the sum of squares is divided by", default: 1, byName: true)
    return [
      Command(
        "var", "Takes the variance of the elements.", TensorParameter.input, TensorParameter.axis, TensorParameter.keep,
        correction, example: "print var(tensor([1, 3]))  # expect: tensor(2, float32)"
      ) { _, input, axis, keep, correction in
        .object(try variance(input, axis, keep, Float(correction)) { $0 })
      },
      Command(
        "std", "Takes the standard deviation of the elements.", TensorParameter.input, TensorParameter.axis,
        TensorParameter.keep, correction,
        example: "print std(tensor([1, 3]), correction: 0)  # expect: tensor(1, float32)"
      ) { _, input, axis, keep, correction in
        .object(try variance(input, axis, keep, Float(correction)) { $0.sqrt() })
      },
    ]
  }

  private static func variance(
    _ input: TensorObject, _ axis: Int?, _ keep: Bool, _ correction: Float, _ finish: (Tensor) -> Tensor
  ) throws -> TensorObject {
    let axis = try axis.map { try along($0, input) }
    return TensorObject.result(of: [input]) { tensors in
      guard let axis else { return finish(tensors[0].variance(correction: correction)) }
      return finish(tensors[0].variance(axis: axis, keep: keep, correction: correction))
    }
  }

  private static var extremes: [Command] {
    [
      reduction(
        "max", "Takes the largest element.", example: "print max(tensor([3, 9, 4]))  # expect: tensor(9, float32)",
        needsElements: true, whole: { $0.max() }, along: { $0.max(axis: $1, keep: $2) }),
      reduction(
        "min", "Takes the smallest element.", example: "print min(tensor([3, 9, 4]))  # expect: tensor(3, float32)",
        needsElements: true, whole: { $0.min() }, along: { $0.min(axis: $1, keep: $2) }),
      position(
        "argmax", "Takes the position of the largest element, the first of equal ones.",
        example: "print argmax(tensor([3, 9, 4]))  # expect: tensor(1, int32)", { $0.argmax(axis: $1) }),
      position(
        "argmin", "Takes the position of the smallest element, the first of equal ones.",
        example: "print argmin(tensor([3, 9, 4]))  # expect: tensor(0, int32)", { $0.argmin(axis: $1) }),
    ]
  }

  private static var truths: [Command] {
    [
      Command(
        "all", "Tells whether no element is 0 or false.", TensorParameter.input,
        example: "print all(ones(3) > 0)  # expect: true"
      ) { _, input in .bool(input.tensor.setCount == input.tensor.count) },
      Command(
        "any", "Tells whether an element is neither 0 nor false.", TensorParameter.input,
        example: "print any(ones(3) > 1)  # expect: false"
      ) { _, input in .bool(input.tensor.setCount > 0) },
    ]
  }

  /// A command that reduces all elements, or those along an axis; `ofWhole` is what it does with whole numbers.
  private static func reduction(
    _ name: String, _ summary: String, example: String, needsElements: Bool = false,
    whole: @escaping (Tensor) -> Tensor, along: @escaping (Tensor, Int, Bool) -> Tensor,
    ofWhole: ((Tensor, Int?, Bool) throws(ElementError) -> Tensor)? = nil
  ) -> Command {
    Command(
      name, summary, TensorParameter.input, TensorParameter.axis, TensorParameter.keep, example: example
    ) { _, input, axis, keep in
      let axis = try axis.map { try Command.along($0, input) }
      if needsElements { try requireElements(input, axis, name) }
      if let ofWhole, input.isWhole { return .object(TensorObject(try ofWhole(input.tensor, axis, keep))) }
      let type: ElementType = needsElements ? input.tensor.elementType : .float32
      return .object(
        TensorObject.result(of: [input]) { tensors in
          guard let axis else { return whole(tensors[0]).typed(type) }
          return along(tensors[0], axis, keep).typed(type)
        })
    }
  }

  private static func position(
    _ name: String, _ summary: String, example: String, _ along: @escaping (Tensor, Int) -> Tensor
  ) -> Command {
    Command(name, summary, TensorParameter.input, TensorParameter.axis, example: example) { _, input, axis in
      let axis = try axis.map { try Command.along($0, input) }
      try requireElements(input, axis, name)
      let tensor = input.tensor.constant
      guard let axis else { return .object(TensorObject(along(tensor.reshaped([tensor.count]), 0))) }
      return .object(TensorObject(along(tensor, axis)))
    }
  }

  /// The axis counted from 0; throws when what is left without it is too large, as of a tensor without elements.
  private static func along(_ axis: Int, _ input: TensorObject) throws -> Int {
    let axis = try ShapeRule.axis(axis, of: input.shape)
    var left = input.shape
    left.remove(at: axis)
    try TensorObject.check(left)
    return axis
  }

  private static func requireElements(_ input: TensorObject, _ axis: Int?, _ name: String) throws {
    guard axis.map({ input.shape[$0] > 0 }) ?? (input.tensor.count > 0) else {
      throw ShapeError("`\(name)` needs at least one element, found the shape \(input.shape)")
    }
  }
}
