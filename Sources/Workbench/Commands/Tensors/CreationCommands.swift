import Formats
import PixelScript
import Safepoint
import Tensors

extension Command {
  /// Tensors from numbers.
  static var creation: [Command] { fills + sequences }

  private static var fills: [Command] {
    [
      Command(
        "tensor", "Makes a tensor of nested lists of numbers, or of another tensor or an image.",
        Parameter<Value>("values", "numbers in nested lists of equal lengths, a tensor or an image"),
        Parameter<ElementType?>("dtype", "the type of the elements; bool for truth values, else float32"),
        example: """
          print tensor([[1, 2], [3, 4.5]])  # expect: tensor([[1.0, 2.0],
          # expect:         [3.0, 4.5]], shape [2, 2], float32)
          """
      ) { _, values, dtype in .object(TensorObject(try constant(values, dtype))) },
      Command(
        "zeros", "Makes a tensor of zeros.", TensorParameter.shape, TensorParameter.dtype(),
        example: "print zeros(3)  # expect: tensor([0, 0, 0], shape [3], float32)"
      ) { context, shape, dtype in try filled(0, shape.sizes, dtype, context) },
      Command(
        "ones", "Makes a tensor of ones.", TensorParameter.shape, TensorParameter.dtype(),
        example: #"print ones([2], dtype: "int32")  # expect: tensor([1, 1], shape [2], int32)"#
      ) { context, shape, dtype in try filled(1, shape.sizes, dtype, context) },
      Command(
        "full", "Makes a tensor that holds one value everywhere.",
        Parameter<[Int]>("shape", "the sizes of the axes as a list"), Parameter<Double>("value", "the value"),
        TensorParameter.dtype(), example: "print full([2], 7)  # expect: tensor([7, 7], shape [2], float32)"
      ) { context, shape, value, dtype in try filled(value, shape, dtype, context) },
      Command(
        "eye", "Makes a matrix with ones on its diagonal, a square one unless it is told how many columns there are.",
        Parameter<Int>("size", "how many rows", aliases: ["n"]),
        Parameter<Int?>("columns", "how many columns, as many as rows without it", aliases: ["m"]),
        TensorParameter.dtype(),
        example: """
          print eye(2)  # expect: tensor([[1, 0],
          # expect:         [0, 1]], shape [2, 2], float32)
          print to_list(eye(2, 3))  # expect: [[1, 0, 0], [0, 1, 0]]
          """
      ) { context, size, columns, dtype in
        let shape = [size, columns ?? size]
        try context.allow(shape)
        var values = [Float](repeating: 0, count: shape.elementCount)
        for place in 0..<min(shape[0], shape[1]) { values[place * (shape[1] + 1)] = 1 }
        return .object(TensorObject(Tensor(values, shape, elementType: dtype)))
      },
    ]
  }

  private static var sequences: [Command] {
    [
      Command(
        "arange", "Makes the numbers from a start up to, but not including, an end.",
        Parameter<Double>("start", "the first number, or the end when it is the only one: then the start is 0"),
        Parameter<Double?>("stop", "the end"), Parameter<Double>("step", "the distance of neighbors", default: 1),
        TensorParameter.dtype(), example: "print arange(1, 8, 3)  # expect: tensor([1, 4, 7], shape [3], float32)"
      ) { context, start, stop, step, dtype in
        let range = try ScriptRange(start: stop == nil ? 0 : start, stop: stop ?? start, step: step)
        try context.allow([range.count])
        if dtype == .float32 {
          return .object(
            TensorObject(Tensor(Tensor.evenly(range.count, from: range.start, step: range.step), [range.count])))
        }
        return try sequence(range.count, dtype) { range[$0] }
      },
      Command(
        "linspace", "Makes numbers at equal distances, both ends included.",
        Parameter<Double>("start", "the first number"), Parameter<Double>("stop", "the last number"),
        Parameter<Int>("count", "how many numbers"), TensorParameter.dtype(),
        example: "print linspace(0, 1, 5)  # expect: tensor([0.00, 0.25, 0.50, 0.75, 1.00], shape [5], float32)"
      ) { context, start, stop, count, dtype in
        try context.allow([count])
        let step = count > 1 ? (stop - start) / Double(count - 1) : 0
        if dtype == .float32 {
          var values = Tensor.evenly(count, from: start, step: step)
          if count > 1 { values[count - 1] = Float(stop) }
          return .object(TensorObject(Tensor(values, [count])))
        }
        return try sequence(count, dtype) { $0 + 1 == count && count > 1 ? stop : start + Double($0) * step }
      },
      Command(
        "one_hot", "Makes a row for each whole number, with 1 at its place and 0 elsewhere.",
        Parameter<Value>("ids", "whole numbers from 0, as a tensor or a list"),
        Parameter<Int>("classes", "the size of the new last axis"), TensorParameter.dtype(),
        example: """
          print one_hot([0, 2], 3)  # expect: tensor([[1, 0, 0],
          # expect:         [0, 0, 1]], shape [2, 3], float32)
          """
      ) { context, ids, classes, dtype in
        let ids = try TensorObject.identifiers(from: ids)
        let shape = ids.shape + [classes]
        try context.allow(shape)
        let places = try wholeNumbers(ids, below: classes, what: "a class", argument: "ids")
        let values = Tensor.marked(places, width: classes)
        return .object(TensorObject(Tensor(values, shape, elementType: dtype)))
      },
    ]
  }

  private static func filled(
    _ value: Double, _ shape: Shape, _ dtype: ElementType, _ context: CallContext
  ) throws -> Value {
    try context.allow(shape)
    let number = try Tensor(numbers: [value], [], elementType: dtype)
    if !number.isRounded {
      return .object(TensorObject(Tensor(repeating: number.values[0], shape, elementType: dtype)))
    }
    return .object(TensorObject(Tensor.moving([number], as: dtype) { $0[0].broadcast(to: shape) }))
  }

  /// The tensor of `count` whole numbers; throws the first that its type can't hold.
  private static func sequence(
    _ count: Int, _ dtype: ElementType, _ number: (Int) -> Double
  ) throws -> Value {
    return .object(TensorObject(try Tensor(numbers: Tensor.numbers(count, number), [count], elementType: dtype)))
  }

  static func constant(_ value: Value, _ dtype: ElementType?) throws -> Tensor {
    let tensor: Tensor
    switch value {
    case .object(let image as ImageObject):
      tensor = Tensor(
        image.image.rgba.map { Float($0) }, [image.image.height, image.image.width, 4], elementType: .uint8)
    case .object(let object as TensorObject): tensor = object.tensor.constant
    case .object(let object as ColumnObject) where object.column.count > 0 && (dtype == nil || dtype == .float32):
      guard let made = try object.tensor() else { return try TensorObject.tensor(from: value, as: dtype) }
      tensor = made.tensor
    default: return try TensorObject.tensor(from: value, as: dtype)
    }
    return try dtype.map { try tensor.converted(to: $0) } ?? tensor
  }

  /// The elements as whole numbers from 0 to `limit` - 1; throws an index error with the first that is none.
  static func wholeNumbers(_ tensor: Tensor, below limit: Int, what: String, argument: String) throws -> [Int] {
    if let places = tensor.places(below: limit) { return places }
    return try tensor.numbers.map { value in
      try Safepoint.check(after: 4)
      guard let number = Int(exactly: value), number >= 0, number < limit else {
        throw ScriptError(
          .index, "\(what) is a whole number from 0 to \(limit - 1), found \(Display.text(of: value))",
          argument: argument)
      }
      return number
    }
  }
}
