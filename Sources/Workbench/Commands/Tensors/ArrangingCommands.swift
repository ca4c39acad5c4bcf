import PixelScript
import Safepoint
import Tensors

extension Command {
  /// Axes that come and go, parts, and triangles.
  static var arranging: [Command] { axes + parts + triangles }

  private static var axes: [Command] {
    [
      Command(
        "squeeze", "Leaves out axes of size 1: all of them, or those that are named.", TensorParameter.input,
        TensorParameter.axes, example: "print squeeze(zeros(1, 3, 1)).shape  # expect: [3]"
      ) { _, input, axes in
        let named = try axes?.resolved(in: input.shape)
        let target = input.shape.indices.filter { input.shape[$0] != 1 || !(named?.contains($0) ?? true) }
        return .object(TensorObject.rearranged(input) { $0.reshaped(target.map { input.shape[$0] }) })
      },
      Command(
        "unsqueeze", "Puts in an axis of size 1.", TensorParameter.input,
        Parameter<Int>("axis", "where it goes", aliases: ["dim"]),
        example: "print unsqueeze(zeros(3), 0).shape, unsqueeze(zeros(3), -1).shape  # expect: [1, 3] [3, 1]"
      ) { context, input, axis in
        var target = input.shape
        let count = target.count
        guard (-count - 1...count).contains(axis) else {
          throw ScriptError(
            .shape, "a new axis of \(target) stands from \(-count - 1) to \(count), found \(axis)", argument: "axis")
        }
        target.insert(1, at: axis < 0 ? axis + count + 1 : axis)
        try context.allow(target)
        return .object(TensorObject.rearranged(input) { $0.reshaped(target) })
      },
      Command(
        "expand", "Stretches axes of size 1, and puts new ones before the others.", TensorParameter.input,
        Parameter<Dimensions>("shape", "the new sizes; -1 leaves one as it is"),
        example: "print expand(tensor([[1], [2]]), 2, 3).to_list()  # expect: [[1, 1, 1], [2, 2, 2]]"
      ) { context, input, wanted in
        let new = wanted.sizes.count - input.shape.count
        var target = wanted.sizes
        for (axis, size) in input.shape.enumerated() where new >= 0 && target[new + axis] == -1 {
          target[new + axis] = size
        }
        guard new >= 0, zip(target.dropFirst(new), input.shape).allSatisfy({ $0 == $1 || $1 == 1 }),
          target.allSatisfy({ $0 >= 0 })
        else { throw ShapeError("cannot expand \(input.shape) to \(wanted.sizes)") }
        try context.allow(target)
        return .object(TensorObject.rearranged(input) { $0.broadcast(to: target) })
      },
      Command(
        "roll", "Moves elements on along axes; those that leave one come in at its other end.", TensorParameter.input,
        Parameter<Axes>("distance", "how far, or a list with a distance for each axis", aliases: ["shifts", "shift"]),
        TensorParameter.axes,
        example: """
          print to_list(roll(arange(4), 1))  # expect: [3, 0, 1, 2]
          print to_list(roll(tensor([[1, 2], [3, 4]]), [1, 1], axis: [0, 1]))  # expect: [[4, 3], [2, 1]]
          """
      ) { _, input, distances, axes in
        guard let axes else {
          guard let distance = distances.single else {
            throw ScriptError(
              .value, "`roll` by several distances needs as many axes", help: "`roll(x, [1, 2], axis: [0, 1])`",
              argument: "distance")
          }
          return .object(
            TensorObject.rearranged(input) { tensor in
              tensor.reshaped([tensor.count]).rolled(distance, axis: 0).reshaped(tensor.shape)
            })
        }
        guard distances.axes.count == axes.axes.count else {
          throw ScriptError(
            .value, "`roll` needs a distance for each axis, found \(distances.axes.count) for \(axes.axes.count)",
            argument: "distance")
        }
        let places = try axes.axes.map { try ShapeRule.axis($0, of: input.shape) }
        return .object(
          TensorObject.rearranged(input) { tensor in
            zip(distances.axes, places).reduce(tensor) { $0.rolled($1.0, axis: $1.1) }
          })
      },
    ]
  }

  private static var parts: [Command] {
    [
      Command(
        "split", "Cuts a tensor along an axis into a list of parts.", TensorParameter.input,
        Parameter<Value>("sizes", "the size of each part, the last one smaller, or a list of sizes"),
        TensorParameter.oneAxis(0),
        example: "print([to_list(part) for part in split(arange(5), 2)])  # expect: [[0, 1], [2, 3], [4]]"
      ) { context, input, sizes, axis in
        let axis = try ShapeRule.axis(axis, of: input.shape)
        let length = input.shape[axis]
        if let size = Int.convert(sizes) {
          guard size > 0 else {
            throw ScriptError(.value, "a part has at least 1 element, found \(size)", argument: "sizes")
          }
          let count = max(length == 0 ? 1 : (length - 1) / size + 1, 1)
          return try cut(input, axis, context, count: count) { min(size, length - $0 * size) }
        }
        guard let parts = try [Int].convert(sizes), parts.allSatisfy({ $0 >= 0 }), Size.sum(parts) == length else {
          throw ScriptError(
            .value, "`split` expects a size, or sizes with the sum \(length), found \(sizes.brief)", argument: "sizes")
        }
        return try cut(input, axis, context, count: parts.count) { parts[$0] }
      },
      Command(
        "chunk", "Cuts a tensor along an axis into a number of parts of one size, the last ones smaller or left out.",
        TensorParameter.input, Parameter<Int>("count", "the number of parts", aliases: ["chunks"]),
        TensorParameter.oneAxis(0),
        example: "print([to_list(part) for part in chunk(arange(5), 2)])  # expect: [[0, 1, 2], [3, 4]]"
      ) { context, input, count, axis in
        let axis = try ShapeRule.axis(axis, of: input.shape)
        guard count > 0 else {
          throw ScriptError(.value, "`chunk` makes at least 1 part, found \(count)", argument: "count")
        }
        let length = input.shape[axis]
        let size = length == 0 ? 0 : (length - 1) / count + 1
        let parts = size == 0 ? count : (length - 1) / size + 1
        return try cut(input, axis, context, count: parts) { min(size, length - $0 * size) }
      },
    ]
  }

  /// Parts one behind the other along an axis, as a list.
  private static func cut(
    _ input: TensorObject, _ axis: Int, _ context: CallContext, count: Int, _ size: (Int) -> Int
  ) throws -> Value {
    try context.reserve(bytes: 256, times: count)
    try context.reserve(bytes: 4 * input.tensor.count)
    var first = 0
    var parts: [Value] = []
    for part in 0..<count {
      try Safepoint.check(after: 200)
      let range = AxisIndex.strided(first: first, step: 1, count: size(part))
      let index = [AxisIndex](repeating: .all, count: axis) + [range]
      parts.append(.object(TensorObject.rearranged(input) { $0.indexed(index) }))
      first += size(part)
    }
    return .list(parts)
  }

  private static var triangles: [Command] {
    [
      triangle("tril", "Keeps the elements on and below a diagonal, 0 elsewhere.", "[[1, 0], [3, 4]]", isUpper: false),
      triangle("triu", "Keeps the elements on and above a diagonal, 0 elsewhere.", "[[1, 2], [0, 4]]", isUpper: true),
    ]
  }

  private static func triangle(_ name: String, _ summary: String, _ result: String, isUpper: Bool) -> Command {
    Command(
      name, summary, TensorParameter.input,
      Parameter<Int>("diagonal", "0 for the main one, above it counted up, below it down", default: 0),
      example: "print to_list(\(name)(tensor([[1, 2], [3, 4]])))  # expect: \(result)"
    ) { _, input, diagonal in
      guard input.shape.count >= 2 else {
        throw ShapeError("`\(name)` needs at least two axes, found the shape \(input.shape)")
      }
      let bound = TensorObject.elementLimit
      let diagonal = min(max(diagonal, -bound), bound)
      return .object(TensorObject.rearranged(input) { $0.triangle(diagonal: diagonal, isUpper: isUpper) })
    }
  }
}
