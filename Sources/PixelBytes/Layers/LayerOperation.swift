import Tensors

/// The shapes that a layer takes or gives, such as `[..., 64]` or `[batch, time, 64]`.
public struct LayerShape: CustomStringConvertible, Sendable {
  /// What may stand before the last axes.
  public enum Leading: Sendable {
    /// Any number of axes.
    case any
    /// The sequences of a batch and the positions of each, at least one.
    case sequences
  }

  let leading: Leading
  let last: Shape

  /// Shapes that end in the axes `last`.
  public init(_ leading: Leading, _ last: Int...) { (self.leading, self.last) = (leading, last) }

  /// The shape as errors and tables tell it.
  public var description: String {
    let first = leading == .any ? ["..."] : ["batch", "time"]
    return "[\((first + last.map(String.init)).joined(separator: ", "))]"
  }

  /// The axes of a shape before the last ones, or nil when it does not fit.
  public func front(of shape: Shape) -> Shape? {
    guard shape.suffix(last.count) == last[...], leading == .any || shape.count == 2 + last.count else { return nil }
    let front = Array(shape.dropLast(last.count))
    return leading == .any || front.elementCount > 0 ? front : nil
  }
}

/// One layer with parameters of its own: how it is called, what it takes, what it gives.
public struct LayerOperation {
  /// What errors and tables call it, such as "linear 64 -> 113".
  public let title: String
  /// The shapes that it takes.
  public let input: LayerShape
  /// The shapes that it gives.
  public let output: LayerShape
  /// The numbers that are kept for each position until its gradient is taken.
  public let work: Int
  /// Whether it draws at random in training.
  public let draws: Bool
  /// The shape of the largest tensor that it makes of an input, where `work` does not tell it.
  public let largest: ((Shape) -> Shape)?
  private let apply: (Tensor, Pass) throws -> Tensor

  /// A layer that keeps its input's shape unless `output` is another, and as many numbers as it gives unless `work` is more;
  /// `apply` throws a `LayerInputError` for a tensor whose shape fits but which it does not take.
  public init(
    _ title: String, _ input: LayerShape, _ output: LayerShape? = nil, work: Int? = nil, draws: Bool = false,
    largest: ((Shape) -> Shape)? = nil, apply: @escaping (Tensor, Pass) throws -> Tensor
  ) {
    (self.title, self.input, self.output) = (title, input, output ?? input)
    (self.draws, self.largest, self.apply) = (draws, largest, apply)
    self.work = work ?? max(self.output.last.elementCount, 1)
  }

  /// What it makes of a tensor of a shape that fits.
  public func callAsFunction(_ x: Tensor, in pass: Pass) throws -> Tensor { try apply(x, pass) }
}

/// Why a tensor of a shape that fits is still none that a layer takes: what was expected and found, such as "whole numbers from
/// 0 to 8, found 9".
public enum LayerInputError: Error {
  /// Some size is wrong.
  case shape(String)
  /// An element should name a row, and names none.
  case index(String)
}
