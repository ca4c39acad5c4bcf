import Formats
import Safepoint
import Tensors

/// An ordered collection of rows with pictures and captions; a value, so that every change makes a new one.
///
/// Rows are read from their source when they are asked for, so a data set can be larger than memory; parts, splits and
/// orders of it hold row numbers alone.
public struct DataSet: Sendable {
  /// Where the rows come from.
  public let source: any RowSource
  /// The rows of the source, in their order here; nil for all of them as they are.
  private let places: [UInt32]?
  /// What the data set is called: the last part of the path that it was opened at, or the name of what draws it.
  public let name: String?

  /// The most memory that the rows of a data set in memory take, in bytes.
  public static let memoryLimit = 1 << 31

  /// Creates a data set of rows in memory; rows that are built have tokens of `vocabulary`, and numbers count `classes`.
  public init(
    _ rows: [DataRow] = [], vocabulary: Vocabulary = .pixelbytes, classes: ClassNames = ClassNames()
  ) {
    self.init(source: MemoryRows(rows, vocabulary: vocabulary, classes: classes))
  }

  /// Creates a data set of all rows of a source, at most 2^32 - 1.
  public init(source: any RowSource, name: String? = nil) {
    precondition(source.count < UInt32.max, "a data set of \(source.count) rows")
    (self.source, places, self.name) = (source, nil, name)
  }

  private init(_ source: any RowSource, _ places: [UInt32], _ name: String?) {
    (self.source, self.places, self.name) = (source, places, name)
  }

  /// The same data set under a name.
  func named(_ name: String?) -> DataSet {
    places.map { DataSet(source, $0, name) } ?? DataSet(source: source, name: name)
  }

  /// The number of rows.
  public var count: Int { places?.count ?? source.count }
  /// Whether there are no rows.
  public var isEmpty: Bool { count == 0 }
  /// The names of the columns: image, caption, what the file or the traits add, and pixelbyte after a build.
  public var columns: [String] { source.columns + (isBuilt ? ["pixelbyte"] : []) }

  private func place(_ index: Int) -> Int { places.map { Int($0[index]) } ?? index }

  /// Returns the row at `index`; throws when it cannot be read. An index outside the data set is a programmer's mistake.
  public subscript(index: Int) -> DataRow {
    get throws { try source.row(at: place(index)) }
  }

  /// Returns what the row at `index` has in further columns, without its picture; throws as the row does.
  func further(at index: Int) throws -> [NamedValue] { try source.further(at: place(index)) }

  /// Returns the rows in `range` as a data set; a range outside is a programmer's mistake.
  public subscript(range: Range<Int>) -> DataSet { get throws { try selecting(range) } }

  /// Returns the rows at `indices` in that order; an index outside is a programmer's mistake.
  ///
  /// Throws when the budget of memory has no room for their numbers.
  public func selecting(_ indices: some Collection<Int>) throws(Stopped) -> DataSet {
    try Safepoint.reserve(4, times: indices.count, for: "a data set")
    let places = try indices.map { (index) throws(Stopped) in
      try Safepoint.check(after: 4)
      return UInt32(place(index))
    }
    return DataSet(source, places, name)
  }

  /// Reads all rows into memory.
  public func rows() throws -> [DataRow] { try map(\.self) }

  /// Returns what `transform` makes of each row.
  public func map<Result>(_ transform: (DataRow) throws -> Result) throws -> [Result] {
    try (0..<count).map {
      try Safepoint.check(after: 1000)
      return try transform(self[$0])
    }
  }

  /// Returns the first `count` rows, or all when there are fewer.
  public func taking(_ count: Int) throws(Stopped) -> DataSet { try selecting(0..<min(max(0, count), self.count)) }

  /// Returns the rows in a random order that depends on `seed` and, for files of several row groups that are large, on those.
  ///
  /// Row groups of at most `RowGroup.poolSize` bytes together are shuffled as one, so that each is read once.
  public func shuffled(seed: UInt64) throws(Stopped) -> DataSet {
    // The order and the numbers of the rows.
    try Safepoint.reserve(8, times: count, for: "a data set")
    var random = Random(seed: seed, stream: "shuffle")
    if let order = try RowGroup.order(count, in: source.groups, &random, row: place) { return try selecting(order) }
    return try selecting(random.permutation(count).lazy.map { Int($0) })
  }

  /// Returns the rows for which `keep` answers true.
  public func filtered(_ keep: (DataRow) throws -> Bool) throws -> DataSet {
    try selecting(try (0..<count).filter { try keep(self[$0]) })
  }

  /// Returns the rows of data sets, one set behind the other; they have the columns of all, and tokens where all are built with the same
  /// vocabulary.
  ///
  /// Throws when there are more than 2^32 - 2 rows, or when the budget of memory has no room for their numbers.
  public static func joined(_ parts: [DataSet]) throws -> DataSet {
    if parts.count == 1 { return parts[0] }
    let rows = parts.map { part in
      (source: part.source, isWhole: part.places == nil, rows: (0..<part.count).lazy.map { part.place($0) })
    }
    let names = Set(parts.map(\.name))
    return DataSet(
      source: try JoinedRows.joining(rows, count: parts.reduce(0) { $0 + $1.count }),
      name: names.count == 1 ? parts[0].name : nil)
  }

  /// Returns training and test rows: `test` is the share of test rows, drawn by `seed`; both keep the rows' order.
  ///
  /// The same count, share and seed choose the same rows on any machine. With two rows or more and a share inside (0, 1),
  /// neither part is empty. A share outside [0, 1] throws.
  public func split(test: Double, seed: UInt64) throws -> (train: DataSet, test: DataSet) {
    let (train, test) = try Self.divided(count, test: test, seed: seed)
    return try (selecting(train), selecting(test))
  }

  /// The places below `count` of training and of test rows, in order, drawn by `seed` alone.
  public static func divided(_ count: Int, test: Double, seed: UInt64) throws -> (train: [Int], test: [Int]) {
    guard (0...1).contains(test) else {
      throw DataError(.value, "the share of test rows is a number from 0 to 1, not \(test)")
    }
    // The order, whether each row is a test row, and the numbers of the rows, first as they are found.
    try Safepoint.reserve(4 + 1 + 8 + 4, times: count, for: "a data set")
    var chosen = Int((Double(count) * test).rounded())
    if test > 0, test < 1, count > 1 { chosen = min(max(chosen, 1), count - 1) }
    var random = Random(seed: seed, stream: "split")
    var isTest = [Bool](repeating: false, count: count)
    for index in try random.permutation(count).prefix(chosen) { isTest[Int(index)] = true }
    return ((0..<count).filter { !isTest[$0] }, (0..<count).filter { isTest[$0] })
  }
}

extension DataSet {
  /// What of the files is left out or looks like a mistake, a line each.
  public var notes: [String] {
    var told: Set<String> = []
    return source.notes.map(\.onOneLine).filter { told.insert($0).inserted }
  }

  /// Whether the rows have tokens.
  public var isBuilt: Bool { source.tokens != nil }

  /// The tokens of the rows, in their order; nil before the data set is built.
  public var sequences: TokenSequences? {
    source.tokens.map { TokenSequences($0, rows: places, count: count, name: name) }
  }

  /// What the tokens of the rows stand for; nil before the data set is built.
  public var vocabulary: Vocabulary? { source.tokens?.vocabulary }

  /// What the data set takes in memory, about, in bytes.
  public var memoryCost: Int { source.memoryCost + 4 * (places?.count ?? 0) }

  /// Whether both have equal rows in the same order; rows that cannot be read equal none.
  public func isEqual(to other: DataSet) -> Bool {
    guard count == other.count, columns == other.columns else { return false }
    if source === other.source, places == other.places { return true }
    do {
      return try (0..<count).allSatisfy { index in
        try Safepoint.check()
        return try self[index] == other[index]
      }
    } catch { return false }
  }
}
