import PixelBytes
import Tensors

/// The shapes that a layer takes or gives, such as `[..., 64]` or `[batch, time, 64]`.
struct LayerShape: CustomStringConvertible {
  /// What may stand before the last axes.
  enum Leading {
    /// Any number of axes.
    case any
    /// The sequences of a batch and the positions of each, at least one.
    case sequences
  }

  let leading: Leading
  let last: Shape

  init(_ leading: Leading, _ last: Int...) { (self.leading, self.last) = (leading, last) }

  var description: String {
    let first = leading == .any ? ["..."] : ["batch", "time"]
    return "[\((first + last.map(String.init)).joined(separator: ", "))]"
  }

  /// The axes of a shape before the last ones, or nil when it does not fit.
  func front(of shape: Shape) -> Shape? {
    guard shape.suffix(last.count) == last[...], leading == .any || shape.count == 2 + last.count else { return nil }
    let front = Array(shape.dropLast(last.count))
    return leading == .any || front.elementCount > 0 ? front : nil
  }
}

/// One operation with parameters of its own: how it is called, what it takes, what it gives.
struct LayerOperation {
  /// What errors and tables call it, such as "linear 64 -> 113".
  let title: String
  let input: LayerShape
  let output: LayerShape
  /// The numbers that are kept for each position until its gradient is taken.
  let work: Int
  /// Whether it draws at random in training.
  let draws: Bool
  /// What it makes of a tensor that fits; throws where the elements do not.
  let apply: (Tensor, Pass) throws -> Tensor
  /// Makes the operation again with parameters of a scope; nil for one without any.
  var rebuild: ((ParameterScope) -> LayerOperation)?

  init(
    _ title: String, _ input: LayerShape, _ output: LayerShape, work: Int? = nil, draws: Bool = false,
    apply: @escaping (Tensor, Pass) throws -> Tensor
  ) {
    (self.title, self.input, self.output, self.draws, self.apply) = (title, input, output, draws, apply)
    self.work = work ?? max(output.last.elementCount, 1)
  }
}
