/// A sequence of 3x3 patches of token ids; the token at a position is the center of its patch.
///
/// A patch holds the row above (three ids), the left neighbor and the center; the four later cells are 0.
public struct PatchSequence: Equatable, Sendable {
  /// The ids, row-major, nine a patch: the shape is `[count, 3, 3]`.
  public private(set) var ids: [UInt8]

  /// The number of patches.
  public var count: Int { ids.count / 9 }

  /// Creates a sequence from nine ids a patch; another count is a programmer's mistake.
  public init(ids: [UInt8] = []) {
    precondition(ids.count % 9 == 0, "\(ids.count) ids are no whole number of patches")
    self.ids = ids
  }

  /// The tokens: the center of every patch.
  public var centers: [UInt8] {
    stride(from: 4, to: ids.count, by: 9).map { ids[$0] }
  }

  /// Returns the patches in `range` as a sequence.
  public subscript(range: Range<Int>) -> PatchSequence {
    PatchSequence(ids: Array(ids[9 * range.lowerBound..<9 * range.upperBound]))
  }

  /// Adds one patch from its five causal cells.
  mutating func append(above: (UInt8, UInt8, UInt8), left: UInt8, center: UInt8) {
    ids.append(above.0)
    ids.append(above.1)
    ids.append(above.2)
    ids.append(left)
    ids.append(center)
    for _ in 0..<4 { ids.append(Vocabulary.padding) }
  }

  /// Adds all patches of another sequence.
  public mutating func append(_ other: PatchSequence) { ids += other.ids }

  mutating func reserve(_ patches: Int) { ids.reserveCapacity(9 * patches) }
}
