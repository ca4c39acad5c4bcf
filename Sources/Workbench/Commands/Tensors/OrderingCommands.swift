import PixelScript
import Tensors

extension Command {
  /// Elements in order.
  static var orderings: [Command] { sorting + ranks }

  private static var descending: Parameter<Bool> {
    Parameter("descending", "the largest first", default: false, byName: true)
  }

  private static var count: Parameter<Int> { Parameter("k", "how many") }
  private static var largest: Parameter<Bool> {
    Parameter("largest", "false for the smallest", default: true, byName: true)
  }

  private static var sorting: [Command] {
    [
      Command(
        "sort",
        "Puts the elements along an axis in order; NaN counts as the largest. Gives `values` and `indices`. `sorted` is for lists.",
        TensorParameter.input, TensorParameter.oneAxis(-1), descending,
        example: """
          x = tensor([3, 1, 2])
          print to_list(sort(x).values), to_list(sort(x, descending: true).indices)  # expect: [1, 2, 3] [0, 2, 1]
          """
      ) { context, input, axis, descending in
        let axis = try ShapeRule.axis(axis, of: input.shape)
        try reserve(input, context)
        return picked(input, input.tensor.sortedPositions(axis: axis, descending: descending), axis)
      },
      Command(
        "argsort", "Gives the positions that put the elements along an axis in order.", TensorParameter.input,
        TensorParameter.oneAxis(-1), descending,
        example: "print to_list(argsort(tensor([3, 1, 2])))  # expect: [1, 2, 0]"
      ) { context, input, axis, descending in
        let axis = try ShapeRule.axis(axis, of: input.shape)
        try reserve(input, context)
        return .object(TensorObject(input.tensor.sortedPositions(axis: axis, descending: descending)))
      },
      Command(
        "topk", "Takes the largest elements along an axis, in order. Gives `values` and `indices`.",
        TensorParameter.input, count, TensorParameter.oneAxis(-1), largest,
        example: """
          values, indices = topk(tensor([3, 9, 4]), 2)
          print to_list(values), to_list(indices)  # expect: [9, 4] [1, 2]
          """
      ) { context, input, k, axis, largest in
        let axis = try ShapeRule.axis(axis, of: input.shape)
        try reserve(input, context)
        guard (0...input.shape[axis]).contains(k) else {
          throw ScriptError(
            .value, "`topk` takes from 0 to \(input.shape[axis]) elements along this axis, found \(k)", argument: "k")
        }
        return picked(input, input.tensor.extremePositions(k, axis: axis, largest: largest), axis)
      },
      Command(
        "topk",
        "Takes the largest values of a list, in order; what is missing, and NaN, comes last. Gives lists, `values` and `indices`.",
        Parameter<ScriptList>("values", "the list"), count, largest,
        example:
          "print topk([0.7, 0.9, 0.4], 2).values, topk([\"b\", \"a\"], 1, largest: false).indices  # expect: [0.9, 0.7] [1]"
      ) { context, list, k, largest in
        let values = list.values
        let column = try Column(count: values.count) { values[$0] }
        guard (0...values.count).contains(k) else {
          throw ScriptError(.value, "`topk` takes from 0 to \(values.count) values, found \(k)", argument: "k")
        }
        if case .values(let others) = column, !others.allSatisfy(\.isNil) {
          throw ScriptError(
            .type, "`topk` takes numbers or strings in a list, found \(column.contents)",
            help: "`sorted(values, by: f)[:k]` orders others", argument: "values")
        }
        let places = try RowOrder.first(k, of: column, "values", descending: largest)
        return .object(
          NamedValues(entries: [
            ("values", .list(places.map { values[$0] })), ("indices", .list(places.map { .number(Double($0)) })),
          ]))
      },
      Command(
        "unique", "Gives the different elements in order; with `inverse` or `counts` as `values` beside these.",
        TensorParameter.input,
        Parameter<Bool>("inverse", "also the place of each element among them", default: false, byName: true),
        Parameter<Bool>("counts", "also how often each is there", default: false, byName: true),
        example: """
          x = tensor([3, 1, 3])
          print to_list(unique(x)), to_list(unique(x, counts: true).counts)  # expect: [1, 3] [1, 2]
          """
      ) { context, input, inverse, counts in
        try reserve(input, context)
        let found = input.tensor.distinct(withPlaces: inverse)
        guard inverse || counts else { return .object(TensorObject(found.values)) }
        var entries = [(name: "values", value: Value.object(TensorObject(found.values)))]
        if let places = found.places { entries.append(("inverse", .object(TensorObject(places)))) }
        if counts { entries.append(("counts", .object(TensorObject(found.counts)))) }
        return .object(NamedValues(entries: entries))
      },
    ]
  }

  private static var ranks: [Command] {
    [
      Command(
        "median", "Takes the median, the lower one of two; along an axis it gives `values` and `indices`.",
        TensorParameter.input, TensorParameter.axis, TensorParameter.keep,
        example: "print median(tensor([3, 9, 4, 1]))  # expect: tensor(3, float32)"
      ) { context, input, axis, keep in
        try reserve(input, context)
        let reduce = try AxisReduction(axis.map { Axes(axes: [$0]) }, keep, of: input, isOrdered: true)
        // That of no floats is NaN, as their mean.
        if axis == nil, reduce.count == 0, !input.isWhole {
          return .object(TensorObject(Tensor(repeating: .nan, reduce.target)))
        }
        try reduce.requireElements("median")
        if axis == nil, input.isConstant, !input.isWhole {
          let row = input.tensor.reshaped([input.tensor.count])
          let place = Int(row.medianPositions(axis: 0).number(at: 0))
          return .object(TensorObject(Tensor([row.values[place]], reduce.target)))
        }
        let places = reduce(input.tensor.constant) { $0.medianPositions(axis: $1) }
        let index = try axis.map { try ShapeRule.axis($0, of: input.shape) } ?? 0
        let values = TensorObject.rearranged(input) { tensor in
          reduce(tensor) { x, _ in
            var kept = x.shape
            kept[index] = 1
            let chosen = Tensor.moving([places], as: .int32) { $0[0].reshaped(kept) }
            let value = x.gathered(axis: index, indices: chosen).reshaped(places.shape)
            // Without an axis nothing says which of equal ones it is.
            return axis == nil ? x.sharing(value.constant, axis: index) : value
          }
        }
        guard axis != nil else { return .object(values) }
        return .object(NamedValues(("values", values), ("indices", TensorObject(places))))
      },
      Command(
        "quantile", "Takes quantiles, between two elements in proportion; several shares give a new first axis.",
        TensorParameter.input, Parameter<Value>("share", "from 0 to 1, or a list or tensor of shares"),
        TensorParameter.axis, TensorParameter.keep,
        example: "print quantile(tensor([1, 2, 3, 4]), 0.5)  # expect: tensor(2.5, float32)"
      ) { context, input, share, axis, keep in
        try reserve(input, context)
        let shares = try Self.shares(share)
        let reduce = try AxisReduction(axis.map { Axes(axes: [$0]) }, keep, of: input, isOrdered: true)
        try reduce.requireElements("quantile")
        try TensorObject.check([shares.numbers.count] + reduce.target)
        let axis = try axis.map { try ShapeRule.axis($0, of: input.shape) }
        return .object(
          TensorObject.result(of: input) { tensor in
            let x = axis == nil ? tensor.reshaped([tensor.count]) : tensor
            let result = x.quantiles(shares.numbers, axis: axis ?? 0)
            return result.reshaped((shares.isOne ? [] : [shares.numbers.count]) + reduce.target)
          })
      },
    ]
  }

  /// Asks for the memory that putting elements in order takes.
  private static func reserve(_ input: TensorObject, _ context: CallContext) throws {
    try context.reserve(bytes: 32, times: input.tensor.count)
  }

  private static func shares(_ value: Value) throws -> (numbers: [Double], isOne: Bool) {
    let numbers = try TensorObject.tensor(from: value)
    guard numbers.shape.count <= 1, numbers.numbers.allSatisfy({ (0...1).contains($0) }) else {
      throw ScriptError(
        .value, "`quantile` expects a share from 0 to 1, or a list of them, found \(value.brief)", argument: "share")
    }
    // A plain number keeps the digits that a float loses.
    if case .number(let number) = value { return ([number], true) }
    return (try [Double].convert(value) ?? numbers.numbers, numbers.shape.isEmpty)
  }

  /// The elements at positions along an axis, and the positions.
  private static func picked(_ input: TensorObject, _ positions: Tensor, _ axis: Int) -> Value {
    let values = TensorObject.rearranged(input) { $0.gathered(axis: axis, indices: positions) }
    return .object(NamedValues(("values", values), ("indices", TensorObject(positions))))
  }
}
