/// Token patches of several sequences of one length: ids [sequences, length, 3, 3].
public struct PatchBatch: Sendable {
  /// The ids, nine a patch, sequence by sequence.
  public let ids: [UInt8]
  /// The number of sequences.
  public let count: Int
  /// The patches of each sequence.
  public let length: Int

  /// Creates a batch; `ids` must hold `count * length * 9` numbers.
  public init(ids: [UInt8], count: Int, length: Int) {
    precondition(ids.count == count * length * 9, "\(ids.count) ids for \(count) sequences of \(length) patches")
    (self.ids, self.count, self.length) = (ids, count, length)
  }

  /// One sequence.
  public init(_ sequence: PatchSequence) { self.init(ids: sequence.ids, count: 1, length: sequence.count) }

  /// The sequences `range` alone.
  public func sequences(_ range: Range<Int>) -> PatchBatch {
    let size = length * 9
    return PatchBatch(
      ids: Array(ids[range.lowerBound * size..<range.upperBound * size]), count: range.count, length: length)
  }

  /// The patches `range` of each sequence.
  func positions(_ range: Range<Int>) -> PatchBatch {
    var rows: [UInt8] = []
    for start in stride(from: 0, to: ids.count, by: 9 * length) {
      rows += ids[start + 9 * range.lowerBound..<start + 9 * range.upperBound]
    }
    return PatchBatch(ids: rows, count: count, length: range.count)
  }
}
