import PixelScript
import Safepoint
import Tensors

extension Command {
  /// How often elements are there.
  static var counting: [Command] {
    [
      Command(
        "bincount", "Counts how often each whole number from 0 on is there, or adds up its weights.",
        TensorParameter.input, Parameter<TensorObject?>("weights", "what each element counts", byName: true),
        Parameter<Int>("least", "the fewest numbers to count", default: 0, byName: true, aliases: ["minlength"]),
        example: "print to_list(bincount(tensor([0, 2, 2])))  # expect: [1, 0, 2]"
      ) { context, input, weights, least in
        guard input.shape.count == 1 else {
          throw ShapeError("`bincount` counts the elements of one axis, found the shape \(input.shape)")
        }
        guard (0...TensorObject.elementLimit).contains(least) else {
          throw ScriptError(
            .value, "`least` is from 0 to \(TensorObject.elementLimit), found \(least)", argument: "least")
        }
        if let weights, weights.shape != input.shape {
          throw ShapeError("`bincount` needs a weight for each element of \(input.shape), found \(weights.shape)")
        }
        let numbers = input.tensor.constant
        if !numbers.arePlaces(below: TensorObject.elementLimit) {
          _ = try wholeNumbers(numbers, below: TensorObject.elementLimit, what: "a number to count", argument: "x")
        }
        let largest = numbers.count == 0 ? -1 : numbers.max().number(at: 0)
        try Safepoint.check()
        let size = max(Int(largest) + 1, least)
        try context.allow([size])
        try Safepoint.reserve(16, times: size, for: "counts")
        return .object(TensorObject(numbers.placeCounts(size, weights: weights?.tensor.constant)))
      },
      histogram,
    ]
  }

  private static var histogram: Command {
    Command(
      "histogram", "Counts the elements in parts of a range. Gives `hist` and `bin_edges`.",
      TensorParameter.input,
      Parameter<BinChoice>(
        "bins", "the number of equal parts, or the bounds of the parts, which grow", default: .count(10)),
      Parameter<[Double]?>("range", "the lower and the upper bound; the smallest and the largest element without it"),
      example: """
        parts = histogram(tensor([0, 1, 1, 4]), 2)
        print to_list(parts.hist), to_list(parts.bin_edges)  # expect: [3, 1] [0, 2, 4]
        print to_list(histogram(tensor([0, 1, 1, 4]), bins: [0, 1, 4]).hist)  # expect: [1, 3]
        """
    ) { context, input, choice, range in
      let tensor = input.tensor.constant
      switch choice {
      case .edges(let edges):
        try check(edges, range)
        return parts(tensor.histogram(edges: edges), Tensor(edges.map { Float($0) }, [edges.count]))
      case .count(let bins):
        // Counts and bounds in double precision and as floats.
        try check(bins, context)
        let bounds = try checked(range ?? span(tensor), argument: range == nil ? "x" : "range")
        let (counts, edges) = tensor.histogram(bins: bins, from: bounds[0], to: bounds[1])
        return parts(counts, edges)
      }
    }
  }

  /// The histogram of a column, in double precision and without what is missing.
  static var columnHistogram: Command {
    Command(
      "histogram",
      "Counts the numbers of a column or a list in parts of a range. Gives `hist` and `bin_edges` as columns.",
      ListedColumn.parameter,
      Parameter<BinChoice>(
        "bins", "the number of equal parts, or the bounds of the parts, which grow", default: .count(10)),
      Parameter<[Double]?>("range", "the lower and the upper bound; the smallest and the largest number without it"),
      example: """
        t = table({a: [0, 1, nil, 1, 4]})
        print to_list(histogram(t.a, 2).hist), to_list(histogram(t.a, [0, 1, 4]).hist)  # expect: [3, 1] [1, 3]
        """
    ) { context, listed, choice, range in
      let figures = NumberFigures(try listed.column.numbers(for: "histogram"))
      let counts: [Double]
      let edges: [Double]
      switch choice {
      case .edges(let given):
        try check(given, range)
        edges = given
        counts = try figures.counts(between: edges)
      case .count(let bins):
        try check(bins, context)
        let bounds = try checked(
          range ?? figures.span(), argument: range == nil ? "column" : "range", isFinite: \.isFinite)
        edges = Tensor.edges(bins: bins, from: bounds[0], to: bounds[1])
        counts = try figures.counts(betweenEven: edges)
      }
      return .object(
        NamedValues(entries: [
          ("hist", .object(ColumnObject(.numbers(counts)))), ("bin_edges", .object(ColumnObject(.numbers(edges)))),
        ]))
    }
  }

  private static func parts(_ counts: Tensor, _ edges: Tensor) -> Value {
    .object(NamedValues(("hist", TensorObject(counts)), ("bin_edges", TensorObject(edges))))
  }

  private static func check(_ bins: Int, _ context: CallContext) throws {
    guard (1...TensorObject.elementLimit).contains(bins) else {
      throw ScriptError(.value, "`bins` is from 1 to \(TensorObject.elementLimit), found \(bins)", argument: "bins")
    }
    try context.allow([bins])
    try Safepoint.reserve(32, times: bins, for: "a histogram")
  }

  private static func check(_ edges: [Double], _ range: [Double]?) throws {
    if range != nil {
      throw ScriptError(.value, "`range` is the bounds of equal parts; `bins` gives all bounds", argument: "range")
    }
    guard edges.count >= 2, zip(edges, edges.dropFirst()).allSatisfy({ $0 < $1 }) else {
      throw ScriptError(
        .value, "`histogram` expects bounds that grow, two or more, found \(Display.start(of: edges.scriptValue.echo))",
        argument: "bins")
    }
  }

  private static func checked(
    _ bounds: [Double], argument: String, isFinite: (Double) -> Bool = { Float($0).isFinite }
  ) throws -> [Double] {
    guard bounds.count == 2, bounds.allSatisfy(isFinite), bounds[0] <= bounds[1], (bounds[1] - bounds[0]).isFinite
    else {
      throw ScriptError(
        .value, "a range of finite numbers is needed, a lower and an upper bound, found \(bounds.scriptValue.brief)",
        argument: argument)
    }
    return bounds
  }

  /// The smallest and the largest element; NaN where one is no finite number.
  private static func span(_ tensor: Tensor) -> [Double] {
    guard tensor.count > 0 else { return [0, 1] }
    guard tensor.allSatisfy(\.isFinite) else { return [.nan, .nan] }
    return [tensor.min(), tensor.max()].map { $0.number(at: 0) }
  }
}
