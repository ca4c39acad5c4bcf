/// The token sequences that a model is trained or measured on, in memory or read when they are asked for.
public struct TokenSequences: Sendable {
  private let store: any TokenStore
  private let rows: [UInt32]?
  /// The number of sequences.
  public let count: Int
  /// The name of the data set that they are of, if it has one.
  public let name: String?

  /// The sequences of some rows of a store; nil stands for the first `count`.
  init(_ store: any TokenStore, rows: [UInt32]?, count: Int, name: String?) {
    (self.store, self.rows, self.count, self.name) = (store, rows, count, name)
  }

  /// Sequences in memory.
  public init(_ sequences: [PatchSequence], vocabulary: Vocabulary = .pixelbytes) {
    self.init(PatchStore(sequences: sequences, vocabulary: vocabulary), rows: nil, count: sequences.count, name: nil)
  }

  private func row(_ index: Int) -> Int { rows.map { Int($0[index]) } ?? index }

  /// The number of patches of a sequence.
  public func length(of index: Int) -> Int { store.length(of: row(index)) }

  /// The patches of a sequence; throws when they cannot be read.
  public func patches(of index: Int) throws -> PatchSequence { try store.patches(of: row(index)) }

  /// The tokens that the patches of a sequence follow from; nil where only the patches are known.
  func tokens(of index: Int) throws -> EncodedRow? { try store.tokens(of: row(index)) }

  /// The number of patches of all sequences.
  public var tokenCount: Int { (0..<count).reduce(0) { $0 + length(of: $1) } }
}
