import Tensors

/// A table of trained rows, one for each whole number (PyTorch's `Embedding`).
public struct Embedding {
  let weight: Parameter

  /// A table of `rows` rows of `width` numbers, drawn from the normal distribution at first.
  public init(_ rows: Int, _ width: Int, in scope: ParameterScope) {
    weight = scope.parameter("weight", [rows, width], .normal)
    // It is only looked up.
    (weight.operations, weight.role) = (0, .embedding)
  }

  /// The rows of `ids`, which stand in `shape`: [shape..., width].
  public func callAsFunction(_ ids: [Int], _ shape: Shape, in pass: Pass) -> Tensor {
    pass[weight].embedding(ids, shape)
  }
}

struct EmbeddingConfiguration: LayerConfiguration {
  static let name = "embedding"
  static let summary = "Makes a layer that gives a trained row for each whole number (PyTorch's Embedding)."
  static let example = "print embedding(113, 8)(zeros(2, 5)).shape  # expect: [2, 5, 8]"
  static let settings: [Setting<Self>] = [
    .size("rows", \.rows, "how many numbers there are, from 0 on").required(),
    .size("width", \.width, "the length of a row").required(),
  ]
  var rows = 1, width = 1

  func operation(in scope: ParameterScope) -> LayerOperation {
    let layer = Embedding(rows, width, in: scope)
    return LayerOperation("embedding \(rows) -> \(width)", LayerShape(.any), LayerShape(.any, width), steps: .positions)
    { x, pass in
      layer(try x.ids(below: rows), x.shape, in: pass)
    }
  }
}

extension Tensor {
  /// The elements as whole numbers from 0 up to `count`.
  func ids(below count: Int) throws -> [Int] {
    try numbers.map { value in
      guard value >= 0, value < Double(count), value == value.rounded() else {
        throw LayerInputError.index("whole numbers from 0 to \(count - 1), found \(value.brief)")
      }
      return Int(value)
    }
  }
}
