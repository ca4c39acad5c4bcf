import Safepoint

/// Rows of several sources, in any order.
final class JoinedRows: RowSource {
  /// A row: the number of its source, and its own there.
  typealias Place = (source: UInt32, row: UInt32)

  private let sources: [any RowSource]
  private let places: [Place]
  private let further: FurtherColumns
  /// Whether the rows of a source already have those columns in that order.
  private let isWhole: [Bool]
  let columns: [String]
  var traits: [String] { further.traits }
  let kinds: [String: DataColumnKind]
  let tokens: (any TokenStore)?
  let groups: [RowGroup]

  /// Rows that are built have tokens when all sources are built, with one vocabulary and contexts of one shape.
  init(_ sources: [any RowSource], _ places: [Place]) throws(Stopped) {
    (self.sources, self.places) = (sources, places)
    let further = FurtherColumns(of: sources)
    self.further = further
    columns = (sources.contains { $0.columns.contains("image") } ? ["image", "caption"] : ["caption"]) + further.names
    isWhole = sources.map { source in
      source.columns.filter { $0 != "image" && $0 != "caption" } == further.names && source.traits == further.traits
    }
    kinds = sources.reduce(into: [:]) { kinds, source in
      kinds.merge(source.kinds) { $0.joined(with: $1) }
    }
    let stores = sources.compactMap(\.tokens)
    let isBuilt =
      !stores.isEmpty && stores.count == sources.count
      && stores.allSatisfy { $0.vocabulary == stores[0].vocabulary && $0.shape == stores[0].shape }
    tokens = isBuilt ? JoinedTokens(stores: stores, places: places) : nil
    groups = try Self.groups(sources, places)
  }

  /// A group for each run of rows that their source reads together; none where no source reads rows so.
  private static func groups(_ sources: [any RowSource], _ places: [Place]) throws(Stopped) -> [RowGroup] {
    let own = sources.map(\.groups)
    if own.allSatisfy(\.isEmpty) { return [] }
    var groups: [RowGroup] = []
    var start = 0
    while start < places.count {
      let (source, row) = places[start]
      let groupsThere = own[Int(source)]
      let group = groupsThere.isEmpty ? nil : groupsThere[RowGroup.index(of: Int(row), groupsThere)]
      var end = start + 1
      while end < places.count, places[end].source == source, group?.rows.contains(Int(places[end].row)) ?? true {
        try Safepoint.check(after: 10)
        end += 1
      }
      groups.append(RowGroup(rows: start..<end, cost: group?.cost ?? 0))
      start = end
    }
    return groups
  }

  var count: Int { places.count }
  var notes: [String] { sources.flatMap(\.notes) }
  var memoryCost: Int { sources.reduce(8 * places.count) { $0 + $1.memoryCost } }

  func row(at index: Int) throws -> DataRow {
    let (source, number) = places[index]
    var row = try sources[Int(source)].row(at: Int(number))
    if tokens == nil { row.patches = nil }
    return isWhole[Int(source)] ? row : further.filled(row)
  }
}

/// The tokens of rows of several sources.
private struct JoinedTokens: TokenStore {
  let stores: [any TokenStore]
  let places: [JoinedRows.Place]

  var vocabulary: Vocabulary { stores[0].vocabulary }
  var shape: ContextShape { stores[0].shape }
  func length(of row: Int) -> Int { stores[Int(places[row].source)].length(of: Int(places[row].row)) }
  func patches(of row: Int) throws -> PatchSequence {
    try stores[Int(places[row].source)].patches(of: Int(places[row].row))
  }
  func tokens(of row: Int) throws -> EncodedRow? {
    try stores[Int(places[row].source)].tokens(of: Int(places[row].row))
  }
  /// Nothing beside what the sources take.
  var memoryCost: Int { 0 }
}

extension JoinedRows {
  /// The rows of data sets one behind the other, of which each gives the source of its rows and their numbers there. Sources that are
  /// joined themselves are taken apart, so that a data set that grows bit by bit reads its rows as directly as one made at once.
  static func joining(_ parts: [(source: any RowSource, rows: some Sequence<Int>)], count: Int) throws -> JoinedRows {
    guard count < UInt32.max else {
      throw DataError(.limit, "a data set has at most \(UInt32.max - 1) rows, not \(count)")
    }
    try Safepoint.reserve(8, times: count, for: "a data set")
    var sources: [any RowSource] = []
    var numbers: [ObjectIdentifier: UInt32] = [:]
    func number(of source: any RowSource) -> UInt32 {
      let next = UInt32(sources.count)
      return numbers[ObjectIdentifier(source)]
        ?? {
          sources.append(source)
          numbers[ObjectIdentifier(source)] = next
          return next
        }()
    }
    var places: [Place] = []
    places.reserveCapacity(count)
    for (source, rows) in parts {
      let inner = source as? JoinedRows
      let own = try inner.map { inner in
        try inner.sources.map { source in
          try Safepoint.check(after: 10)
          return number(of: source)
        }
      }
      let single = inner == nil ? number(of: source) : 0
      for row in rows {
        try Safepoint.check(after: 4)
        if let inner, let own {
          let place = inner.places[row]
          places.append((own[Int(place.source)], place.row))
        } else {
          places.append((single, UInt32(row)))
        }
      }
    }
    return try JoinedRows(sources, places)
  }
}
