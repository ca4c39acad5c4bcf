/// Token contexts of several sequences: ids [sequences, length, rows, columns], behind shorter sequences padding.
public struct ContextBatch: Sendable {
  /// The ids, context by context, sequence by sequence.
  public let ids: [UInt8]
  /// The number of sequences.
  public let count: Int
  /// The contexts of each sequence.
  public let length: Int
  /// The cells of a context.
  public let shape: ContextShape
  /// The contexts of each sequence that are not padding.
  public let lengths: [Int]

  /// Creates a batch; `ids` must hold a number for each cell of `count * length` contexts. Without `lengths` nothing is padding.
  public init(ids: [UInt8], count: Int, length: Int, shape: ContextShape = .patch, lengths: [Int]? = nil) {
    precondition(
      ids.count == count * length * shape.cells,
      "\(ids.count) ids for \(count) sequences of \(length) contexts of \(shape.cells)")
    let lengths = lengths ?? [Int](repeating: length, count: count)
    precondition(
      lengths.count == count && lengths.allSatisfy((0...length).contains), "lengths that are none of the sequences'")
    (self.ids, self.count, self.length, self.shape, self.lengths) = (ids, count, length, shape, lengths)
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
    return ContextBatch(
      ids: Array(ids[places]), count: range.count, length: length, shape: shape, lengths: Array(lengths[range]))
  }

  /// The contexts at some places of all sequences, one behind the other, as one sequence.
  func only(_ places: [Int]) -> ContextBatch {
    var ids: [UInt8] = []
    ids.reserveCapacity(places.count * shape.cells)
    for place in places { ids += self.ids[shape.places(place..<place + 1)] }
    return ContextBatch(ids: ids, count: 1, length: places.count, shape: shape)
  }

  /// The contexts `range` of each sequence.
  public func positions(_ range: Range<Int>) -> ContextBatch {
    var rows: [UInt8] = []
    rows.reserveCapacity(count * range.count * shape.cells)
    for first in stride(from: 0, to: count * length, by: length) {
      rows += ids[shape.places(first + range.lowerBound..<first + range.upperBound)]
    }
    return ContextBatch(
      ids: rows, count: count, length: range.count, shape: shape,
      lengths: lengths.map { min(max($0 - range.lowerBound, 0), range.count) })
  }
}
