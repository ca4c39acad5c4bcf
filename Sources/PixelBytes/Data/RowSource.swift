import Formats

/// Where the rows of a data set come from; a row is made or read when it is asked for.
public protocol RowSource: AnyObject, Sendable {
  /// The number of rows.
  var count: Int { get }
  /// The names of the columns, those of the tokens aside.
  var columns: [String] { get }
  /// The columns that are traits of drawn rows, which a row may lack.
  var traits: [String] { get }
  /// What the columns hold that are neither picture nor caption; one that is not named holds texts.
  var kinds: [String: DataColumnKind] { get }
  /// The names of the classes that the numbers of some columns count, as their files tell them.
  var classes: ClassNames { get }
  /// What of the files is left out or looks like a mistake, a sentence each.
  var notes: [String] { get }
  /// The tokens of the rows and what they stand for; nil before the data set is built.
  var tokens: (any TokenStore)? { get }
  /// The rows that are read together, one part behind the other; none where each row is read by itself.
  var groups: [RowGroup] { get }

  /// What a file holds in a further column as far as its description tells; nil where that is told by values alone.
  func field(of column: String) -> ParquetField?

  /// Returns the row at `index`; asked by several threads at once.
  ///
  /// A row that cannot be read throws a `DataError` that says which one it is and why.
  func row(at index: Int) throws -> DataRow

  /// Returns what the row at `index` has in further columns, without its picture; throws as `row(at:)` does.
  func further(at index: Int) throws -> [NamedValue]

  /// What the source takes in memory, about, in bytes.
  var memoryCost: Int { get }
}

extension RowSource {
  /// None.
  public var traits: [String] { [] }

  /// Texts alone.
  public var kinds: [String: DataColumnKind] { [:] }

  /// None are told.
  public var classes: ClassNames { ClassNames() }

  /// Nothing.
  public var notes: [String] { [] }

  /// Each row is read by itself.
  public var groups: [RowGroup] { [] }

  /// Values alone tell.
  public func field(of column: String) -> ParquetField? { nil }

  /// Those of the whole row.
  public func further(at index: Int) throws -> [NamedValue] { try row(at: index).extra }

  /// Next to nothing: the rows are elsewhere.
  public var memoryCost: Int { 256 }
}

/// Rows in memory, all with the same further columns.
final class MemoryRows: RowSource {
  private let rows: [DataRow]
  let tokens: (any TokenStore)?
  let classes: ClassNames

  /// Keeps `rows`, and their tokens apart from them.
  init(_ rows: [DataRow], tokens: (any TokenStore)?, classes: ClassNames = ClassNames()) {
    (self.rows, self.tokens, self.classes) = (rows, tokens, classes)
    var kinds: [String: DataColumnKind] = [:]
    var hasPictures = rows.isEmpty
    for row in rows {
      for column in row.extra { kinds[column.name] = (kinds[column.name] ?? .texts).joined(column.value) }
      hasPictures = hasPictures || row.image != nil
    }
    self.kinds = kinds
    let further = FurtherColumns(ofRows: rows)
    traits = further.traits
    columns = (hasPictures ? ["image", "caption"] : ["caption"]) + further.names
  }

  /// Keeps rows that may have patches, those of `vocabulary`.
  convenience init(_ rows: [DataRow], vocabulary: Vocabulary, classes: ClassNames = ClassNames()) {
    let sequences = rows.compactMap(\.patches)
    let isBuilt = sequences.count == rows.count && !rows.isEmpty
    self.init(
      rows, tokens: isBuilt ? PatchStore(sequences: sequences, vocabulary: vocabulary) : nil, classes: classes)
  }

  var count: Int { rows.count }

  let columns: [String]
  let traits: [String]
  let kinds: [String: DataColumnKind]

  func row(at index: Int) throws -> DataRow {
    var row = rows[index]
    row.patches = try tokens?.patches(of: index)
    return row
  }

  func further(at index: Int) -> [NamedValue] { rows[index].extra }

  var memoryCost: Int { rows.reduce(0) { $0 + $1.memoryCost } + (tokens?.memoryCost ?? 0) }
}
