import Formats
import Safepoint

/// Rows of several sources, in any order.
final class JoinedRows: RowSource {
  /// A row: the number of its source, and its own there.
  typealias Place = (source: UInt32, row: UInt32)

  private let sources: [any RowSource]
  /// The place of each source among them.
  private let numbers: [ObjectIdentifier: UInt32]
  private let places: [Place]
  private let further: FurtherColumns
  /// Whether the rows of a source already have those columns in that order.
  private let isWhole: [Bool]
  let columns: [String]
  var traits: [String] { further.traits }
  let kinds: [String: DataColumnKind]
  let classes: ClassNames
  let tokens: (any TokenStore)?
  let groups: [RowGroup]

  let memoryCost: Int

  /// Rows that are built have tokens when all sources are built, with one vocabulary and contexts of one shape. The first sources and
  /// places may be those of `known`, from which what is found of them is taken, so that rows that grow bit by bit take as long as they
  /// are long.
  init(_ sources: [any RowSource], _ numbers: [ObjectIdentifier: UInt32], _ places: [Place], known: JoinedRows?)
    throws(Stopped)
  {
    (self.sources, self.numbers, self.places) = (sources, numbers, places)
    let more = sources[(known?.sources.count ?? 0)...]
    func isWhole(_ source: any RowSource, _ further: FurtherColumns) -> Bool {
      source.columns.filter { $0 != "image" && $0 != "caption" } == further.names && source.traits == further.traits
    }
    if let known, more.allSatisfy({ isWhole($0, known.further) }) {
      further = known.further
      self.isWhole = known.isWhole + more.map { _ in true }
    } else {
      let further = FurtherColumns(of: sources)
      self.further = further
      self.isWhole = sources.map { isWhole($0, further) }
    }
    let hasImages = known?.columns.contains("image") ?? false || more.contains { $0.columns.contains("image") }
    columns = (hasImages ? ["image", "caption"] : ["caption"]) + further.names
    kinds = more.reduce(into: known?.kinds ?? [:]) { kinds, source in
      kinds.merge(source.kinds) { $0.joined(with: $1) }
    }
    classes = Self.shared((known.map { [$0] } ?? []) + more).names
    let before = known?.tokens as? JoinedTokens
    let stores = (before?.stores ?? []) + more.compactMap(\.tokens)
    let isBuilt =
      !stores.isEmpty && stores.count == sources.count
      && stores[(before?.stores.count ?? 0)...].allSatisfy {
        $0.vocabulary == stores[0].vocabulary && $0.shape == stores[0].shape
      }
    tokens = isBuilt ? JoinedTokens(stores: stores, places: places) : nil
    let hasGroups = !(known?.groups.isEmpty ?? true) || more.contains { !$0.groups.isEmpty }
    groups = hasGroups ? try Self.groups(sources, places) : []
    let cost = known.map { $0.memoryCost - 8 * $0.places.count } ?? 0
    memoryCost = more.reduce(cost + 8 * places.count) { $0 + $1.memoryCost }
  }

  private static func shared(_ sources: [any RowSource]) -> SharedClasses {
    SharedClasses(sources.map { ($0.classes, $0.columns) })
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
  var notes: [String] { sources.flatMap(\.notes) + Self.shared(sources).notes }

  func field(of column: String) -> ParquetField? { sources.lazy.compactMap { $0.field(of: column) }.first }

  func further(at index: Int) throws -> [NamedValue] {
    let (source, number) = places[index]
    let found = try sources[Int(source)].further(at: Int(number))
    return isWhole[Int(source)] ? found : further.filled(DataRow(caption: nil, extra: found)).extra
  }

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
  static func joining(_ parts: [(source: any RowSource, isWhole: Bool, rows: some Sequence<Int>)], count: Int) throws
    -> JoinedRows
  {
    guard count < UInt32.max else {
      throw DataError(.limit, "a data set has at most \(UInt32.max - 1) rows, not \(count)")
    }
    try Safepoint.reserve(8, times: count, for: "a data set")
    let known = parts.first?.source as? JoinedRows
    var sources = known?.sources ?? []
    var numbers = known?.numbers ?? [:]
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
    let isGrown = known != nil && parts[0].isWhole
    if isGrown, let known { places = known.places }
    places.reserveCapacity(count)
    for (source, _, rows) in parts.dropFirst(isGrown ? 1 : 0) {
      let inner = source as? JoinedRows
      let own =
        try inner === known
        ? nil
        : inner.map { inner in
          try inner.sources.map { source in
            try Safepoint.check(after: 10)
            return number(of: source)
          }
        }
      let single = inner == nil ? number(of: source) : 0
      for row in rows {
        try Safepoint.check(after: 4)
        if let inner {
          let place = inner.places[row]
          places.append((own?[Int(place.source)] ?? place.source, place.row))
        } else {
          places.append((single, UInt32(row)))
        }
      }
    }
    return try JoinedRows(sources, numbers, places, known: known)
  }
}
