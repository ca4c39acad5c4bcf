import Formats

/// The columns of rows beside picture and caption, where not all rows have the same.
struct FurtherColumns {
  /// All of them, each once, in the order in which they come up.
  let names: [String]
  /// Those that are traits wherever they are.
  let traits: [String]
  private let given: Set<String>

  /// Those of sources.
  init(of sources: [any RowSource]) {
    self.init(
      sources.map { source in
        let traits = Set(source.traits)
        let names = source.columns.filter { $0 != "image" && $0 != "caption" }
        return (names, traits, names.filter { !traits.contains($0) })
      })
  }

  /// Those of rows; a column that is null where it is no trait is a trait.
  init(ofRows rows: [DataRow]) {
    self.init(
      rows.lazy.map { row in
        let traits = row.traits.map(\.name)
        return (row.extra.map(\.name) + traits, Set(traits), row.extra.filter { !$0.value.isNull }.map(\.name))
      })
  }

  /// The columns of several lists, with those that are traits there and those that are given otherwise.
  private init(_ lists: some Sequence<(names: [String], traits: Set<String>, given: [String])>) {
    var (names, seen): ([String], Set<String>) = ([], [])
    var (traits, given): (Set<String>, Set<String>) = ([], [])
    for list in lists {
      for name in list.names where seen.insert(name).inserted { names.append(name) }
      traits.formUnion(list.traits)
      given.formUnion(list.given)
    }
    (self.names, self.given) = (names, given)
    self.traits = names.filter { traits.contains($0) && !given.contains($0) }
  }

  /// Returns a row with all columns: null where it has none, and a trait as a text where others have the column without.
  func filled(_ row: DataRow) -> DataRow {
    var row = row
    var values = Dictionary(row.extra.map { ($0.name, $0.value) }) { first, _ in first }
    for trait in row.traits where given.contains(trait.name) { values[trait.name] = .text(trait.text) }
    row.traits.removeAll { given.contains($0.name) }
    let traits = Set(row.traits.map(\.name))
    row.extra = names.filter { !traits.contains($0) }.map { NamedValue($0, values[$0] ?? .plain(.null)) }
    return row
  }
}

extension DataSet {
  /// Creates a data set of rows in memory that may have different columns; what one lacks is null.
  public init(
    uneven rows: [DataRow], vocabulary: Vocabulary = .pixelbytes, classes: ClassNames = ClassNames()
  ) {
    let columns = FurtherColumns(ofRows: rows)
    self.init(rows.map { columns.filled($0) }, vocabulary: vocabulary, classes: classes)
  }
}
