import PixelScript
import Tensors

extension Command {
  /// Many elements made one.
  static var reductions: [Command] { sums + products + spreads + extremes + truths }

  private static var sums: [Command] {
    [
      reduction(
        "sum", "Adds the elements up.",
        example: "print sum(tensor([[1, 2], [3, 4]]), axis: 0)  # expect: tensor([4, 6], shape [2], float32)",
        whole: { $0.sum() }, several: { $0.sum(axes: $1) }, along: { $0.sum(axis: $1) },
        ofWhole: { (tensor, axis) throws(ElementError) in try tensor.wholeSum(axis: axis) }),
      reduction(
        "mean", "Takes the mean of the elements.",
        example: "print mean(tensor([1, 2]))  # expect: tensor(1.5, float32)",
        whole: { $0.mean() }, several: { $0.mean(axes: $1) }, along: { $0.mean(axis: $1) }),
      Command(
        "norm", "Takes the Euclidean norm, or another one.", TensorParameter.input, TensorParameter.axes,
        TensorParameter.keep, NormOrder.parameter,
        example:
          "print norm(tensor([3, 4])), norm(tensor([3, -4]), p: 1)  # expect: tensor(5, float32) tensor(7, float32)"
      ) { _, input, axes, keep, order in .object(try norm(input, axes, keep, order)) },
      reduction(
        "logsumexp", "Takes the logarithm of the sum of e to the power of the elements, without overflow.",
        example: "print logsumexp(tensor([0, 0]))  # expect: tensor(0.6931, float32)",
        along: { $0.logSumExp(axis: $1) }),
      Command(
        "cumsum", "Takes the running sums along an axis.", TensorParameter.input, TensorParameter.oneAxis(0),
        example: "print cumsum(ones(3))  # expect: tensor([1, 2, 3], shape [3], float32)"
      ) { _, input, axis in
        let axis = try ShapeRule.axis(axis, of: input.shape)
        if input.isWhole { return .object(TensorObject(try input.tensor.wholeCumulativeSum(axis: axis))) }
        return .object(TensorObject.result(of: input) { $0.cumulativeSum(axis: axis) })
      },
    ]
  }

  private static var products: [Command] {
    [
      reduction(
        "prod", "Multiplies the elements.", example: "print prod(tensor([2, 3, 4]))  # expect: tensor(24, float32)",
        along: { $0.product(axis: $1) },
        ofWhole: { (tensor, axis) throws(ElementError) in try tensor.wholeProduct(axis: axis) }),
      Command(
        "cumprod", "Takes the running products along an axis.", TensorParameter.input, TensorParameter.oneAxis(0),
        example: "print cumprod(tensor([1, 2, 3]))  # expect: tensor([1, 2, 6], shape [3], float32)"
      ) { _, input, axis in
        let axis = try ShapeRule.axis(axis, of: input.shape)
        if input.isWhole { return .object(TensorObject(try input.tensor.wholeCumulativeProduct(axis: axis))) }
        return .object(TensorObject.result(of: input) { $0.cumulativeProduct(axis: axis) })
      },
    ]
  }

  private static var spreads: [Command] {
    let correction = Parameter<Double>(
      "correction", "taken off the count that the sum of squares is divided by", default: 1, byName: true)
    return [
      Command(
        "var", "Takes the variance of the elements.", TensorParameter.input, TensorParameter.axes, TensorParameter.keep,
        correction, example: "print var(tensor([1, 3]))  # expect: tensor(2, float32)"
      ) { _, input, axes, keep, correction in
        .object(
          try reduced(input, axes, keep) {
            if let axis = $1 { return $0.variance(axis: axis, correction: Float(correction)) }
            return $0.variance(correction: Float(correction))
          })
      },
      Command(
        "std", "Takes the standard deviation of the elements.", TensorParameter.input, TensorParameter.axes,
        TensorParameter.keep, correction,
        example: "print std(tensor([1, 3]), correction: 0)  # expect: tensor(1, float32)"
      ) { _, input, axes, keep, correction in
        .object(
          try reduced(input, axes, keep) {
            if let axis = $1 { return $0.deviation(axis: axis, correction: Float(correction)) }
            return $0.deviation(correction: Float(correction))
          })
      },
    ]
  }

  private static func reduced(
    _ input: TensorObject, _ axes: Axes?, _ keep: Bool, _ figure: @escaping (_ tensor: Tensor, _ axis: Int?) -> Tensor
  ) throws -> TensorObject {
    let reduce = try AxisReduction(axes, keep, of: input)
    return TensorObject.result(of: input) { reduce($0, whole: { figure($0, nil) }) { figure($0, $1) } }
  }

  private static var extremes: [Command] {
    [
      extremum(
        "max", "Takes the largest element, or the larger of two elements of two tensors.", "9", isMaximum: true,
        whole: { $0.max() }, along: { $0.max(axis: $1) }),
      extremum(
        "min", "Takes the smallest element, or the smaller of two elements of two tensors.", "3", isMaximum: false,
        whole: { $0.min() }, along: { $0.min(axis: $1) }),
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
        "all", "Tells whether no element is 0 or false, of all or along axes.", TensorParameter.input,
        TensorParameter.axes, TensorParameter.keep,
        example: """
          print all(ones(3) > 0), to_list(all(tensor([[1, 0], [1, 1]]), axis: 1))  # expect: true [false, true]
          """
      ) { _, input, axes, keep in
        if axes == nil, !keep { return .bool(input.tensor.setCount == input.tensor.count) }
        return try truths(input, axes, keep) { $0.min(axis: $1) }
      },
      Command(
        "any", "Tells whether an element is neither 0 nor false, of all or along axes.", TensorParameter.input,
        TensorParameter.axes, TensorParameter.keep,
        example: """
          print any(ones(3) > 1), to_list(any(tensor([[1, 0], [0, 0]]), axis: 1))  # expect: false [true, false]
          """
      ) { _, input, axes, keep in
        if axes == nil, !keep { return .bool(input.tensor.setCount > 0) }
        return try truths(input, axes, keep) { $0.max(axis: $1) }
      },
    ]
  }

  /// The truths along axes, or of all elements with the axes kept: those of an empty axis are what the smallest of none would be, true for `all`.
  private static func truths(
    _ input: TensorObject, _ axes: Axes?, _ keep: Bool, _ along: (Tensor, Int) -> Tensor
  ) throws -> Value {
    let reduce = try AxisReduction(axes, keep, of: input)
    let mask = input.tensor.constant.compared(.notEqual, Tensor(0))
    if reduce.count == 0 {
      let isAll = along(Tensor([0, 1], [2]), 0).values == [0]
      return .object(TensorObject(Tensor(repeating: isAll ? 1 : 0, reduce.target).typed(.bool)))
    }
    let result = reduce(Tensor(mask.values, mask.shape), along: along)
    return .object(TensorObject(result.typed(.bool)))
  }

  private static func extremum(
    _ name: String, _ summary: String, _ result: String, isMaximum: Bool, whole: @escaping (Tensor) -> Tensor,
    along: @escaping (Tensor, Int) -> Tensor
  ) -> Command {
    Command(
      name, summary, TensorParameter.input,
      Parameter<AxesOrTensor?>(
        "axis", "the axis to go along, a list of axes, or another tensor; all elements without it",
        aliases: ["dim", "other"]), TensorParameter.keep,
      example: "print \(name)(tensor([3, 9, 4]))  # expect: tensor(\(result), float32)"
    ) { _, input, second, keep in
      if case .tensor(let other) = second { return .object(try extreme(of: input, other, isMaximum: isMaximum)) }
      let axes: Axes? = if case .axes(let axes) = second { axes } else { nil }
      if input.shape.isEmpty, let number = axes?.single {
        // What has no axes is compared.
        return .object(try extreme(of: input, TensorObject(literal: Double(number)), isMaximum: isMaximum))
      }
      let reduce = try extremeAxes(axes, keep, of: input, isMaximum: isMaximum)
      try reduce.requireElements(name)
      return .object(
        TensorObject.result(of: input) {
          reduce(
            $0, whole: whole,
            several: { x, axes in
              // Along one after the other; equal ones among all of them share a gradient.
              x.isRecorded
                ? along(x.collapsed(axes), x.shape.count - axes.count)
                : AxisReduction.one(afterTheOther: axes, of: x, along: along)
            }, along: along
          ).typed(input.tensor.elementType)
        })
    }
  }

  /// How the axes reduce a tensor; what is none of its axes may have been meant as a number to compare with.
  private static func extremeAxes(
    _ axes: Axes?, _ keep: Bool, of input: TensorObject, isMaximum: Bool
  ) throws -> AxisReduction {
    do { return try AxisReduction(axes, keep, of: input) } catch let error as ShapeError {
      guard let axis = axes?.axes.first, axes?.axes.count == 1 else { throw error }
      throw ScriptError(
        .shape, error.description,
        help: "`\(isMaximum ? "maximum" : "minimum")(x, \(axis))` compares each element with the number \(axis)")
    }
  }

  /// A command that reduces all elements, or those along axes; `ofWhole` is what it does with whole numbers.
  private static func reduction(
    _ name: String, _ summary: String, example: String,
    whole: ((Tensor) -> Tensor)? = nil, several: ((Tensor, [Int]) -> Tensor)? = nil,
    along: @escaping (Tensor, Int) -> Tensor, ofWhole: ((Tensor, Int) throws(ElementError) -> Tensor)? = nil
  ) -> Command {
    Command(
      name, summary, TensorParameter.input, TensorParameter.axes, TensorParameter.keep, example: example
    ) { _, input, axes, keep in
      let reduce = try AxisReduction(axes, keep, of: input)
      if let ofWhole, input.isWhole {
        let (tensor, axis) = reduce.collapsed(input.tensor)
        let result = try ofWhole(tensor, axis)
        return .object(TensorObject(Tensor.moving([result], as: .int32) { $0[0].reshaped(reduce.target) }))
      }
      return .object(
        TensorObject.result(of: input) {
          reduce($0, whole: whole, several: several, along: along).typed(.float32)
        })
    }
  }

  private static func position(
    _ name: String, _ summary: String, example: String, _ along: @escaping (Tensor, Int) -> Tensor
  ) -> Command {
    Command(name, summary, TensorParameter.input, TensorParameter.axis, TensorParameter.keep, example: example) {
      _, input, axis, keep in
      let reduce = try AxisReduction(axis.map { Axes(axes: [$0]) }, keep, of: input, isOrdered: true)
      try reduce.requireElements(name)
      return .object(TensorObject(reduce(input.tensor.constant, along: along)))
    }
  }
}
