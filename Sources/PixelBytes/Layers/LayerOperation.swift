import Tensors

/// The shapes that a layer takes or gives, such as `[..., 64]` or `[batch, time, 64]`.
public struct LayerShape: CustomStringConvertible, Sendable {
  /// What may stand before the last axes.
  public enum Leading: Sendable {
    /// Any number of axes.
    case any
    /// The sequences of a batch and the positions of each, at least one.
    case sequences
    /// The pictures of a batch; rows and columns stand behind the one axis that is told.
    case pictures
  }

  let leading: Leading
  let last: Shape

  /// Shapes that end in the axes `last`.
  public init(_ leading: Leading, _ last: Int...) { (self.leading, self.last) = (leading, last) }

  /// The shape as errors and tables tell it.
  public var description: String {
    let sizes = last.map(String.init)
    let axes =
      switch leading {
      case .any: ["..."] + sizes
      case .sequences: ["batch", "time"] + sizes
      case .pictures: ["batch"] + sizes + ["height", "width"]
      }
    return "[\(axes.joined(separator: ", "))]"
  }

  /// The axes of a shape before the last ones, or nil when it does not fit.
  public func front(of shape: Shape) -> Shape? {
    if leading == .pictures {
      guard shape.count == 4, shape[1] == last.first, shape.elementCount > 0 else { return nil }
      return [shape[0], shape[2], shape[3]]
    }
    guard shape.suffix(last.count) == last[...], leading == .any || shape.count == 2 + last.count else { return nil }
    let front = Array(shape.dropLast(last.count))
    return leading == .any || front.elementCount > 0 ? front : nil
  }
}

/// How a layer goes on with sequences that grow, without reading again what it has read.
public enum LayerSteps {
  /// Not at all: it sees positions that come later, or all of them together.
  case whole
  /// Each position by itself.
  case positions
  /// From what it keeps of the positions before: a function of the next ones, for so many sequences.
  case state((_ batch: Int) -> (Tensor) throws -> Tensor)
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
  /// How it goes on with sequences that grow.
  public let steps: LayerSteps
  private let apply: (Tensor, Pass) throws -> Tensor

  /// A layer that keeps its input's shape unless `output` is another, and as many numbers as it gives unless `work` is more;
  /// `apply` throws a `LayerInputError` for a tensor whose shape fits but which it does not take.
  public init(
    _ title: String, _ input: LayerShape, _ output: LayerShape? = nil, work: Int? = nil, draws: Bool = false,
    largest: ((Shape) -> Shape)? = nil, steps: LayerSteps = .whole, apply: @escaping (Tensor, Pass) throws -> Tensor
  ) {
    (self.title, self.input, self.output) = (title, input, output ?? input)
    (self.draws, self.largest, self.steps, self.apply) = (draws, largest, steps, apply)
    self.work = work ?? max(self.output.last.elementCount, 1)
  }

  /// What gives the next positions of so many sequences from their start on, each call going on where the last one stopped; nil for a layer
  /// that must see them whole. No gradient.
  public func stepping(batch: Int) -> ((Tensor) throws -> Tensor)? {
    switch steps {
    case .whole: return nil
    case .positions: return { [apply] in try apply($0, Pass()) }
    case .state(let make): return make(batch)
    }
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
