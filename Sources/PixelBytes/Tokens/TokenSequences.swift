import Safepoint

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

  /// Sequences in memory, all of contexts of one shape.
  public init(_ sequences: [PatchSequence], vocabulary: Vocabulary = .pixelbytes) {
    self.init(PatchStore(sequences: sequences, vocabulary: vocabulary), rows: nil, count: sequences.count, name: nil)
  }

  private func row(_ index: Int) -> Int { rows.map { Int($0[index]) } ?? index }

  /// The cells of the contexts that the sequences consist of.
  public var shape: ContextShape { store.shape }

  /// The number of contexts of a sequence.
  public func length(of index: Int) -> Int { store.length(of: row(index)) }

  /// The contexts of a sequence; throws when they cannot be read.
  public func patches(of index: Int) throws -> PatchSequence { try store.patches(of: row(index)) }

  /// The tokens that the contexts of a sequence follow from; nil where only the contexts are known.
  func tokens(of index: Int) throws -> EncodedRow? { try store.tokens(of: row(index)) }

  /// What the tokens stand for.
  public var vocabulary: Vocabulary { store.vocabulary }

  /// The contexts of the longest sequence; 0 of none.
  var longest: Int {
    get throws {
      try (0..<count).reduce(0) {
        try Safepoint.check(after: 1)
        return max($0, length(of: $1))
      }
    }
  }

  /// The number of contexts of all sequences.
  public var tokenCount: Int { (0..<count).reduce(0) { $0 + length(of: $1) } }
}
