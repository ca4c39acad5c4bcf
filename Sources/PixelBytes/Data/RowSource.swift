/// Where the rows of a data set come from; a row is made or read when it is asked for.
public protocol RowSource: AnyObject, Sendable {
  /// The number of rows.
  var count: Int { get }
  /// The names of the columns, those of the tokens aside.
  var columns: [String] { get }
  /// The tokens of the rows and what they stand for; nil before the data set is built.
  var tokens: (any TokenStore)? { get }

  /// Returns the row at `index`; asked by several threads at once.
  ///
  /// A row that cannot be read throws a `DataError` that says which one it is and why.
  func row(at index: Int) throws -> DataRow
}

/// The token sequences of rows, read when they are asked for.
public protocol TokenStore: Sendable {
  /// What the tokens stand for.
  var vocabulary: Vocabulary { get }
  /// The number of patches of a row.
  func length(of row: Int) -> Int
  /// The patches of a row; asked by several threads at once.
  func patches(of row: Int) throws -> PatchSequence
}

/// Rows in memory.
final class MemoryRows: RowSource {
  let rows: [DataRow]
  let tokens: (any TokenStore)?

  /// Keeps `rows`; those that are built have tokens of `vocabulary`.
  init(_ rows: [DataRow], vocabulary: Vocabulary = .pixelbytes) {
    self.rows = rows
    let sequences = rows.compactMap(\.patches)
    let isBuilt = sequences.count == rows.count && !rows.isEmpty
    tokens = isBuilt ? MemoryTokens(sequences: sequences, vocabulary: vocabulary) : nil
  }

  var count: Int { rows.count }

  var columns: [String] {
    guard let first = rows.first else { return ["image", "caption"] }
    return (first.image == nil ? ["caption"] : ["image", "caption"]) + (first.extra + first.traits).map(\.name)
  }

  func row(at index: Int) -> DataRow { rows[index] }
}

/// Token sequences in memory.
struct MemoryTokens: TokenStore {
  let sequences: [PatchSequence]
  let vocabulary: Vocabulary

  func length(of row: Int) -> Int { sequences[row].count }
  func patches(of row: Int) -> PatchSequence { sequences[row] }
}
