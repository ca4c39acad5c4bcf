/// Token contexts of several sequences of one length: ids [sequences, length, rows, columns].
public struct ContextBatch: Sendable {
  /// The ids, context by context, sequence by sequence.
  public let ids: [UInt8]
  /// The number of sequences.
  public let count: Int
  /// The contexts of each sequence.
  public let length: Int
  /// The cells of a context.
  public let shape: ContextShape

  /// Creates a batch; `ids` must hold a number for each cell of `count * length` contexts.
  public init(ids: [UInt8], count: Int, length: Int, shape: ContextShape = .patch) {
    precondition(
      ids.count == count * length * shape.cells,
      "\(ids.count) ids for \(count) sequences of \(length) contexts of \(shape.cells)")
    (self.ids, self.count, self.length, self.shape) = (ids, count, length, shape)
  }

  /// One sequence.
  public init(_ sequence: PatchSequence) {
    self.init(ids: sequence.ids, count: 1, length: sequence.count, shape: sequence.shape)
  }

  /// The tokens: what every context holds in the cell that is predicted.
  public var tokens: [UInt8] { shape.tokens(ids) }

  /// The sequences `range` alone.
  public func sequences(_ range: Range<Int>) -> ContextBatch {
    let places = shape.places(range.lowerBound * length..<range.upperBound * length)
    return ContextBatch(ids: Array(ids[places]), count: range.count, length: length, shape: shape)
  }

  /// The contexts `range` of each sequence.
  public func positions(_ range: Range<Int>) -> ContextBatch {
    var rows: [UInt8] = []
    rows.reserveCapacity(count * range.count * shape.cells)
    for first in stride(from: 0, to: count * length, by: length) {
      rows += ids[shape.places(first + range.lowerBound..<first + range.upperBound)]
    }
    return ContextBatch(ids: rows, count: count, length: range.count, shape: shape)
  }
}
