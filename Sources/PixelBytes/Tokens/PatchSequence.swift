/// A sequence of token contexts, one a position; the token there is what its context holds in the cell that is predicted.
///
/// Those of a `Tokenizer` are 3x3 patches: the row above (three ids), the left neighbor and the token in the center; the four later
/// cells are 0.
public struct PatchSequence: Equatable, Sendable {
  /// The ids, context by context and row-major: the shape is `[count, rows, columns]`.
  public private(set) var ids: [UInt8]
  /// The cells of a context.
  public let shape: ContextShape

  /// The number of contexts.
  public var count: Int { ids.count / shape.cells }

  /// Creates a sequence from the ids of all cells; a count that is no whole number of contexts is a programmer's mistake.
  public init(ids: [UInt8] = [], shape: ContextShape = .patch) {
    precondition(ids.count % shape.cells == 0, "\(ids.count) ids are no whole number of contexts of \(shape.cells)")
    (self.ids, self.shape) = (ids, shape)
  }

  /// The tokens: what every context holds in the cell that is predicted.
  public var tokens: [UInt8] { shape.tokens(ids) }

  /// Returns the contexts in `range` as a sequence.
  public subscript(range: Range<Int>) -> PatchSequence {
    PatchSequence(ids: Array(ids[shape.places(range)]), shape: shape)
  }

  /// Adds one context.
  mutating func append(_ context: some Collection<UInt8>) {
    precondition(context.count == shape.cells, "a context of \(context.count) ids among those of \(shape.cells)")
    ids += context
  }

  /// Adds all contexts of another sequence, which have as many cells.
  public mutating func append(_ other: PatchSequence) {
    precondition(other.shape == shape, "contexts of different shapes")
    ids += other.ids
  }
}
