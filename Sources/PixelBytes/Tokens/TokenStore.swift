/// The token sequences of rows, in memory or read when they are asked for.
public protocol TokenStore: Sendable {
  /// What the tokens stand for.
  var vocabulary: Vocabulary { get }
  /// The cells of the contexts that the rows consist of; the paper's patches where nothing else is said.
  var shape: ContextShape { get }
  /// The number of contexts of a row.
  func length(of row: Int) -> Int
  /// The contexts of a row; asked by several threads at once.
  func patches(of row: Int) throws -> PatchSequence
  /// The tokens that the contexts of a row follow from; nil where only the contexts are known.
  func tokens(of row: Int) throws -> EncodedRow?
  /// What the store takes in memory, about, in bytes.
  var memoryCost: Int { get }
}

extension TokenStore {
  /// The paper's.
  public var shape: ContextShape { .patch }
}

/// Tokens in memory, from which patches are made when they are asked for.
struct RowStore: TokenStore {
  let rows: [EncodedRow]
  let vocabulary: Vocabulary

  func length(of row: Int) -> Int { rows[row].tokens.count }
  func patches(of row: Int) -> PatchSequence { rows[row].patches }
  func tokens(of row: Int) -> EncodedRow? { rows[row] }
  var memoryCost: Int { rows.reduce(0) { $0 + $1.memoryCost } }
}

/// Contexts in memory that somebody else has made.
struct PatchStore: TokenStore {
  let sequences: [PatchSequence]
  let vocabulary: Vocabulary
  let shape: ContextShape

  /// Sequences of contexts of one shape; others are a programmer's mistake.
  init(sequences: [PatchSequence], vocabulary: Vocabulary) {
    (self.sequences, self.vocabulary) = (sequences, vocabulary)
    shape = sequences.first?.shape ?? .patch
    precondition(sequences.allSatisfy { [shape] in $0.shape == shape }, "sequences of contexts of different shapes")
  }

  func length(of row: Int) -> Int { sequences[row].count }
  func patches(of row: Int) -> PatchSequence { sequences[row] }
  func tokens(of row: Int) -> EncodedRow? { nil }
  var memoryCost: Int { sequences.reduce(0) { $0 + 64 + $1.ids.count } }
}
