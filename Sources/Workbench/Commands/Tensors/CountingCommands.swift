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
      Command(
        "histogram", "Counts the elements in equal parts of a range. Gives `hist` and `bin_edges`.",
        TensorParameter.input, Parameter<Int>("bins", "the number of parts", default: 10),
        Parameter<[Double]?>("range", "the lower and the upper bound; the smallest and the largest element without it"),
        example: """
          parts = histogram(tensor([0, 1, 1, 4]), 2)
          print to_list(parts.hist), to_list(parts.bin_edges)  # expect: [3, 1] [0, 2, 4]
          """
      ) { context, input, bins, range in
        guard (1...TensorObject.elementLimit).contains(bins) else {
          throw ScriptError(
            .value, "`bins` is from 1 to \(TensorObject.elementLimit), found \(bins)", argument: "bins")
        }
        try context.allow([bins])
        // Counts and bounds in double precision and as floats.
        try Safepoint.reserve(32, times: bins, for: "a histogram")
        let tensor = input.tensor.constant
        let bounds = range ?? span(tensor)
        guard bounds.count == 2, bounds.allSatisfy({ Float($0).isFinite }), bounds[0] <= bounds[1] else {
          throw ScriptError(
            .value,
            "a range of finite numbers is needed, a lower and an upper bound, found \(bounds.scriptValue.brief)",
            argument: range == nil ? "x" : "range")
        }
        let (counts, edges) = tensor.histogram(bins: bins, from: bounds[0], to: bounds[1])
        return .object(NamedValues(("hist", TensorObject(counts)), ("bin_edges", TensorObject(edges))))
      },
    ]
  }

  /// The smallest and the largest element; NaN where one is no finite number.
  private static func span(_ tensor: Tensor) -> [Double] {
    guard tensor.count > 0 else { return [0, 0] }
    guard tensor.allSatisfy(\.isFinite) else { return [.nan, .nan] }
    return [tensor.min(), tensor.max()].map { $0.number(at: 0) }
  }
}
