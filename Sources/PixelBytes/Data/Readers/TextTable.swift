import Formats
import Safepoint

/// The values of a CSV, JSONL or parquet file that describes pictures beside it, row by row as they are asked for.
enum TextTable: Sendable {
  case text(RowFile)
  case parquet(ParquetRecords)

  /// One row.
  struct Record {
    /// What it is called in errors: "line 7" of a text, "row 6" of parquet.
    let place: String
    /// A value for each column, null where the row has none.
    let values: [JSON]
    /// The pictures of the columns that hold such, by their places among them.
    var pictures: [Int: DataValue] = [:]
  }

  /// Walks over a file, and gives the texts that each row has in the columns that `watched` names; `poll` is called now and then.
  init(
    _ file: String, _ options: ReadingOptions, watched: [String], poll: () throws -> Void,
    row: ([String?]) throws -> Void
  ) throws {
    if PackedFile.unpackedName(file).lowercased().hasSuffix(".parquet") {
      try ReadingOptions.check(options.encoding, ofParquet: file)
      self = .parquet(try ParquetRecords(file, options, watched: watched, poll: poll, row: row))
    } else {
      var form = RowFile.Form(path: file)
      if let separator = options.separator, case .table = form { form = .table(separator: separator) }
      self = .text(try RowFile(file, form, encoding: options.encoding, watched: watched, row: row))
    }
  }

  /// The names of the columns.
  var names: [String] {
    switch self {
    case .text(let file): file.names
    case .parquet(let file): file.columns.map(\.name)
    }
  }

  /// The number of rows.
  var count: Int {
    switch self {
    case .text(let file): file.count
    case .parquet(let file): file.count
    }
  }

  /// What a further column holds.
  func kind(of column: Int) -> DataColumnKind {
    switch self {
    case .text(let file): file.hasOthers[column] ? .values : .texts
    case .parquet(let file):
      file.pictures[column]?.kind
        ?? (file.columns[column].type == .text && !file.columns[column].isJSON ? .texts : .values)
    }
  }

  /// Whether a column holds numbers, dates or other values, which are no texts in the file.
  func holdsValues(_ column: Int) -> Bool {
    switch self {
    case .text(let file): file.hasOthers[column]
    case .parquet(let file): file.holdsValues(column)
    }
  }

  /// The classes that numbers in a column count, of a text those that are known `otherwise`.
  func classes(of column: Int, or otherwise: ClassNames) -> ClassNames {
    switch self {
    case .text(let file):
      file.hasOthers[column] ? otherwise.of(file.names[column], called: file.names[column]) : ClassNames()
    case .parquet(let file): file.classes[column]
    }
  }

  /// What a parquet file says of a column; nil for a text.
  func field(of column: Int) -> ParquetField? {
    if case .parquet(let file) = self { ParquetField(file.columns[column]) } else { nil }
  }

  /// The rows that are read together.
  var groups: [RowGroup] {
    switch self {
    case .text: []
    case .parquet(let file): file.groups
    }
  }

  /// Reads a row.
  func record(_ row: Int) throws -> Record {
    switch self {
    case .text(let file):
      let found = try ReadingOptions.reading { try file.row(at: row) }
      return Record(place: file.place(ofLine: found.line), values: found.values)
    case .parquet(let file): return try file.record(row)
    }
  }
}

/// The rows of a parquet file as JSON, read row group by row group.
final class ParquetRecords: Sendable {
  /// The columns that are read.
  let columns: [ParquetColumn]
  let groups: [RowGroup]
  /// Those of the columns that hold pictures, by their places.
  let pictures: [Int: PictureColumn]
  /// The classes that numbers in the columns count.
  let classes: [ClassNames]
  /// The columns that are not read, and what is to be told of others, a sentence each.
  let notes: [String]
  /// What is in the columns of which the type does not tell it.
  private let bytes: [ColumnBytes]
  private let file: ParquetFile
  private let cache = GroupCache<[ParquetValues]>()

  /// Opens a file, and walks over its row groups where one of the columns `watched` is there.
  init(
    _ path: String, _ options: ReadingOptions, watched: [String], poll: () throws -> Void,
    row: ([String?]) throws -> Void
  ) throws {
    file = try ParquetFile(path)
    let file = file
    columns = file.columns.filter { file.obstacle(in: $0) == nil }
    let bytes = columns.map { ColumnBytes($0, in: file) }
    var (pictures, notes): ([Int: PictureColumn], [String]) = ([:], [])
    for (place, column) in columns.enumerated() {
      pictures[place] = PictureColumn(
        column, bytes[place], in: file, keepsDamaged: options.keepsDamaged, willRead: options.willRead)
    }
    func isWanted(_ column: ParquetColumn) -> Bool { options.columns?.contains(column.name) ?? true }
    for column in file.columns where isWanted(column) {
      notes += [file.note(leavingOut: column), file.note(ofArrays: column)].compactMap(\.self)
    }
    classes = columns.map { file.classes(of: $0, or: options.classes) }
    notes += zip(columns, classes).filter { isWanted($0.0) }.reduce(ClassNames()) { $0.merging($1.1) }.notes(in: path)
    notes += zip(columns, bytes).filter { isWanted($0.0) }.compactMap { $1.content?.note($0.name, in: path) }
    (self.pictures, self.notes, self.bytes) = (pictures, notes, bytes)
    let names = columns.map(\.name)
    groups = RowGroup.all(of: file, columns: names)
    if watched.allSatisfy({ !names.contains($0) }) { return }
    for group in file.groups.indices {
      try poll()
      let values = try watched.map { name in
        try names.firstIndex(of: name).map { place in
          bytes[place].applied(to: try file.values(group: group, columns: [name])[0])
        }
      }
      for index in 0..<file.groups[group] {
        try Safepoint.check(after: 100)
        try row(values.map { $0?[index].json.string })
      }
    }
  }

  /// Whether a column holds numbers, dates or other values.
  func holdsValues(_ column: Int) -> Bool {
    [.values, .textsOfValues, .others].contains(file.content(of: columns[column]))
  }

  /// The number of rows.
  var count: Int { file.rowCount }

  /// A row.
  func record(_ row: Int) throws -> TextTable.Record {
    let group = RowGroup.index(of: row, groups)
    let values = try cache.group(group, cost: groups[group].cost) { [file, columns, bytes] in
      let values = try ReadingOptions.reading { try file.values(group: group, columns: columns.map(\.name)) }
      return zip(bytes, values).map { $0.applied(to: $1) }
    }
    let (place, index) = ("row \(row)", row - groups[group].rows.lowerBound)
    return TextTable.Record(
      place: place, values: values.enumerated().map { pictures[$0] == nil ? $1[index].json : .null },
      pictures: try pictures.reduce(into: [:]) { found, column in
        found[column.key] = try column.value.pictures(values[column.key], index, at: "\(file.path), \(place)")
      })
  }
}

extension RowGroup {
  /// The row groups of a file of which some columns are read, one behind the other.
  static func all(of file: ParquetFile, columns: [String]) -> [RowGroup] {
    var start = 0
    return file.groups.indices.map { group in
      defer { start += file.groups[group] }
      return RowGroup(rows: start..<start + file.groups[group], cost: file.cost(ofGroup: group, columns: columns))
    }
  }
}
