/// A draw of dropout (Srivastava et al. 2014): which elements are cleared follows from the seed and their places alone, so
/// that the gradient needs none of it kept.
public struct Dropout: Sendable {
  package let keep: Float
  let seed: UInt32

  /// A draw that clears elements with `probability` and scales the others up so that the mean stays.
  public init(_ probability: Float, seed: UInt32) {
    precondition((0..<1).contains(probability), "a dropout probability is at least 0 and less than 1")
    (keep, self.seed) = (1 - probability, seed)
  }

  /// The draw that clears nothing.
  public static let none = Dropout(0, seed: 0)
}

extension Tensor {
  /// The elements that a draw keeps, scaled up.
  public func dropout(_ draw: Dropout) -> Tensor {
    guard draw.keep < 1 else { return self }
    let shape = shape
    return .recorded(Kernel.dropout(values, keep: draw.keep, seed: draw.seed), shape, from: [self], keeping: .only()) {
      gradient in
      [Tensor(Kernel.dropout(gradient.values, keep: draw.keep, seed: draw.seed), shape)]
    }
  }

  /// Dropout of max(x, 0), as one node.
  public func relu(_ draw: Dropout) -> Tensor {
    let (y, shape) = (Kernel.reluDropout(values, keep: draw.keep, seed: draw.seed), shape)
    return .recorded(y, shape, from: [self], keeping: .result) { gradient in
      [Tensor(Kernel.reluDropoutBackward(y, gradient.values, keep: draw.keep), shape)]
    }
  }
}
