import Formats

/// The rows of a CSV, JSONL or parquet file whose pictures are files beside it; pictures are read when their row is asked for.
///
/// Columns whose names end in `_file_name` name files of further pictures, those in `_file_names` lists of such files.
final class TableRows: RowSource {
  private struct Further {
    let name: String
    let place: Int
    var kind = DataColumnKind.values
  }

  private let file: String
  private let folder: String
  private let table: TextTable
  private let imageColumn: Int?
  private let captionColumn: Int?
  private let extra: [Further]
  private let options: ReadingOptions
  /// The rows of the table that are ours; nil for all.
  private let rows: [UInt32]?
  /// Whether maps in columns name files of pictures too.
  private let namesInside: Bool
  let count: Int
  let columns: [String]
  let notes: [String]
  let tokens: (any TokenStore)? = nil

  /// Opens a table; a column `file_name` serves when there is none of the pictures' name. `split` chooses the rows by the folder that
  /// their pictures lie in. A `described` folder hears of the pictures that rows name, before it is asked for more notes.
  init(
    _ file: String, _ options: ReadingOptions, split: SplitChoice = .all, describing described: DescribedFolder? = nil,
    poll: () throws -> Void, more: () -> [String] = { [] }
  ) throws {
    try options.willRead(file)
    (self.file, self.options) = (file, options)
    folder = file.lastIndex(of: "/").map { String(file[..<$0]) } ?? "."
    let imageNames = options.image.map { [$0, "file_name", $0 + "_file_name"] } ?? []
    // Which column is the pictures' is known at the end.
    // Texts alone are in the splits of their pictures too.
    let isDescription = file[(file.lastIndex(of: "/").map { file.index(after: $0) } ?? file.startIndex)...].hasPrefix(
      "metadata.")
    namesInside = isDescription && options.image != nil
    let isDivided = split != .all
    let watched =
      isDivided && imageNames.isEmpty && isDescription
      ? ["image", "file_name"] : isDivided || described != nil ? imageNames : []
    var places = watched.map { _ in SplitRows(split) }
    let table = try ReadingOptions.reading {
      try TextTable(file, options, watched: watched, poll: poll) { texts in
        if isDivided { for (index, text) in texts.enumerated() { places[index].append(text ?? "") } }
        for case let name? in texts { described?.add(name, of: file) }
      }
    }
    self.table = table
    if table.names.isEmpty { throw DataError(.io, "\(file) has no rows") }
    func column(among names: [String], called what: String, help: String = "") throws -> Int {
      for name in names { if let index = table.names.firstIndex(of: name) { return index } }
      let expected = names.prefix(2).map { "\"\($0)\"" }.joined(separator: " or ")
      let found = table.names.map { "\"\($0)\"" }.joined(separator: ", ")
      throw DataError(.value, "\(file): expected the column \(expected) for \(what), found \(found)\(help)")
    }
    // Rows of lists of pictures have no picture of their own.
    let hasLists = table.names.contains(FileNames.list) && !imageNames.contains(where: table.names.contains)
    let image = try (hasLists ? nil : options.image).map { _ in
      try column(among: imageNames, called: "the picture's file", help: "; `image: nil` reads texts alone")
    }
    if let image, [.pictures, .pictureLists].contains(table.kind(of: image)) {
      throw DataError(
        .value,
        "\(file): expected names of files in the column \"\(table.names[image])\", found pictures; under a name that does not "
          + "begin with \"metadata\" the file is read with its pictures")
    }
    let caption = try options.caption.map {
      try column(among: [$0], called: "the caption", help: "; `caption: nil` reads pictures alone")
    }
    (imageColumn, captionColumn) = (image, caption)
    let further = table.names.indices.filter { $0 != image && $0 != caption }.map { place in
      let name = table.names[place]
      if options.image != nil, name != "file_name", let (picture, isList) = FileNames.picture(name) {
        return Further(name: picture, place: place, kind: isList ? .pictureLists : .pictures)
      }
      return Further(name: name, place: place, kind: table.kind(of: place))
    }
    var notes = options.notes + Self.notes(file, table)
    if let caption, table.holdsValues(caption) {
      notes.append(ReadingOptions.captionsOfValues(table.names[caption], in: file))
    }
    let wanted = Set(try options.further(further.map(\.name), in: file, notes: &notes))
    extra = further.filter { wanted.contains($0.name) }
    columns = (image == nil ? ["caption"] : ["image", "caption"]) + extra.map(\.name)
    let found =
      watched.firstIndex(where: table.names.contains).map { places[$0] } ?? places.last ?? SplitRows(split)
    rows = isDivided ? try split.chosen(of: found.found, in: file) : nil
    if isDivided { notes += [found.note(file)].compactMap(\.self) }
    if let described, options.image != nil { try Self.tell(described, of: file, table, options, poll: poll) }
    count = min(rows?.count ?? table.count, max(0, options.limit ?? .max))
    self.notes = notes + (options.image == nil ? [] : more())
  }

  /// Tells a folder of the pictures that further columns name.
  private static func tell(
    _ folder: DescribedFolder, of file: String, _ table: TextTable, _ options: ReadingOptions, poll: () throws -> Void
  ) throws {
    if table.names.contains(where: { $0 == FileNames.list || $0.hasSuffix("_file_names") }) { folder.addLists() }
    if folder.hasUnnamed, table.names.indices.contains(where: { table.kind(of: $0) == .values }) {
      for row in 0..<table.count {
        if row % 1000 == 0 { try poll() }
        for name in try table.record(row).values.flatMap(FileNames.inside) { folder.add(name, of: file) }
      }
    }
    let names = table.names.filter { $0.hasSuffix("_file_name") }
    if names.isEmpty { return }
    _ = try ReadingOptions.reading {
      try TextTable(file, options, watched: names, poll: poll) { texts in
        for case let name? in texts { folder.add(name, of: file) }
      }
    }
  }

  private static func notes(_ file: String, _ table: TextTable) -> [String] {
    var notes: [String] = []
    switch table {
    case .parquet(let records): notes += records.notes
    case .text(let file): notes += [file.noteOfSpaces].compactMap(\.self)
    }
    if table.count == 0 { notes.append("\(file) has no rows") }
    return notes + ReadingOptions.spellings(table.names, in: file)
  }

  var kinds: [String: DataColumnKind] {
    Dictionary(
      extra.map { ($0.name, $0.kind) }, uniquingKeysWith: { first, _ in first })
  }

  var classes: ClassNames {
    extra.reduce(ClassNames()) { found, column in
      found.merging(
        table.classes(of: column.place, or: options.classes).of(table.names[column.place], called: column.name))
    }
  }

  func field(of column: String) -> ParquetField? {
    guard let found = extra.first(where: { $0.name == column && $0.kind != .pictures && $0.kind != .pictureLists })
    else { return nil }
    return table.field(of: found.place)
  }

  var groups: [RowGroup] { rows == nil ? table.groups : [] }

  func row(at index: Int) throws -> DataRow {
    let record = try table.record(rows.map { Int($0[index]) } ?? index)
    let place = "\(file), \(record.place)"
    return try RowError.placed(place) {
      let name = try imageColumn.flatMap { try fileName(record.values[$0]) }
      return DataRow(
        caption: try captionColumn.map { try caption(record.values[$0], $0, name) } ?? .some(""),
        image: try name.map { try options.picture($0, in: folder) }, extra: try further(record, place))
    }
  }

  func further(at index: Int) throws -> [NamedValue] {
    let record = try table.record(rows.map { Int($0[index]) } ?? index)
    let place = "\(file), \(record.place)"
    return try RowError.placed(place) { try further(record, place) }
  }

  private func further(_ record: TextTable.Record, _ place: String) throws -> [NamedValue] {
    try extra.map {
      NamedValue($0.name, try record.pictures[$0.place] ?? value(record.values[$0.place], $0, place))
    }
  }

  private func fileName(_ value: JSON) throws(RowError) -> String? {
    if value == .null { return nil }
    guard let name = value.string, !name.isEmpty else { throw RowError(reason: "names no picture") }
    return name
  }

  private func caption(_ value: JSON, _ column: Int, _ name: String?) throws(RowError) -> String? {
    switch value {
    case .string(let text): return text
    case .null: return nil
    case .bool, .integer, .number, .literal: return value.text(writesEndless: true)
    case let other:
      let start = name.map { "\(RowError.shown($0)): " } ?? ""
      throw RowError(reason: "\(start)its \(table.names[column]) is no text: \(other.text(.spaced).prefix(60))")
    }
  }

  /// The file that a value names; nil where it names none.
  private func picture(_ value: JSON, _ column: Further, _ place: String) throws -> DataValue? {
    guard let name = value.string, !name.isEmpty else { return nil }
    let bytes: [UInt8]
    do { bytes = try options.bytes(name, in: folder) } catch let error as RowError {
      throw RowError(reason: "column \"\(column.name)\", \(error.reason)")
    }
    return .picture(PictureFile(bytes, name: name, place: place, keepsDamaged: options.keepsDamaged))
  }

  private func value(_ value: JSON, _ column: Further, _ place: String) throws -> DataValue {
    switch column.kind {
    case .values where namesInside: return try inside(value, column, place)
    case .texts, .values: return .plain(value)
    case .pictures: return try picture(value, column, place) ?? .null
    case .pictureLists: return try pictures(value, column, place)
    }
  }

  private func pictures(_ value: JSON, _ column: Further, _ place: String) throws -> DataValue {
    try value.elements.map { .list(try $0.map { try picture($0, column, place) ?? .null }) } ?? .null
  }

  /// A value with the pictures of which maps in it have the files.
  private func inside(_ value: JSON, _ column: Further, _ place: String) throws -> DataValue {
    guard FileNames.areInside(value) else { return .plain(value) }
    switch value {
    case .array(let elements): return .list(try elements.map { try inside($0, column, place) })
    case .object(let fields):
      return .map(
        try fields.map { field in
          guard let (name, isList) = FileNames.picture(field), value[name] == nil else {
            return NamedValue(field.name, try inside(field.value, column, place))
          }
          return NamedValue(
            name, try isList ? pictures(field.value, column, place) : picture(field.value, column, place) ?? .null)
        })
    default: return .plain(value)
    }
  }
}

/// The rows of a table whose pictures lie in the folder of a split, or, where no folder tells one, have its name, found row by row.
private struct SplitRows {
  /// The folders that an error tells at most.
  private static let told = 100

  private let choice: SplitChoice
  private var split: String { choice.name }
  /// The rows whose pictures' own names tell the split, the words of splits in such names, and how many tell none.
  private var named: (rows: [UInt32], words: Set<String>, others: Int) = ([], [], 0)
  /// Whether a folder tells a split.
  private var hasFolder = false
  /// The rows in the folder of that name, and those in folders whose names mean the same.
  private var rows: [UInt32] = []
  private var same: [UInt32] = []
  private var others: Set<String> = []
  /// What the last folder's name tells, and how many rows are in a folder of no split, or in none.
  private var last: (folder: Substring, isSame: Bool, split: String?) = ("", false, nil)
  private(set) var loose = 0
  private var count: UInt32 = 0

  init(_ choice: SplitChoice) { self.choice = choice }

  /// Adds the row whose picture has a name.
  mutating func append(_ name: String) {
    defer { count += 1 }
    if !hasFolder { look(at: name) }
    guard let end = name.lastIndex(where: { $0 == "/" || $0 == "\\" }) else {
      loose += 1
      return
    }
    let folder = name[..<end]
    let first = folder.prefix { $0 != "/" && $0 != "\\" }
    if first == split {
      hasFolder = true
      return rows.append(count)
    }
    if folder != last.folder {
      let parts = folder.split { $0 == "/" || $0 == "\\" }.map(String.init)
      last = (folder, parts.contains { SplitName.areOne($0, split) }, parts.first { SplitName.word(in: $0) != nil })
    }
    hasFolder = hasFolder || last.isSame || last.split != nil
    if last.isSame { return same.append(count) }
    if last.split == nil { loose += 1 }
    if others.count < Self.told { others.insert(last.split ?? String(first)) }
  }

  private mutating func look(at name: String) {
    let start = name.lastIndex { $0 == "/" || $0 == "\\" }.map(name.index(after:)) ?? name.startIndex
    guard let word = SplitName.word(in: name[start...]) else {
      named.others += 1
      return
    }
    named.words.insert(word)
    if SplitName.areOne(word, split) { named.rows.append(count) }
  }

  /// The rows whose pictures have the name of the split, and the other words in such names; nil where these do not decide.
  private var foundByName: [String: [UInt32]]? {
    let areTold = SplitName.areTold(by: named.words, besides: named.others)
    guard !hasFolder, areTold || choice != .usual && !named.rows.isEmpty else { return nil }
    let found = Dictionary(named.words.map { ($0, [UInt32]()) }, uniquingKeysWith: { first, _ in first })
      .filter { !SplitName.areOne($0.key, split) }
    return named.rows.isEmpty ? found : found.merging([split: named.rows]) { $1 }
  }

  /// The rows of the split, if there are any, and the names of the others.
  var found: [String: [UInt32]] {
    if let foundByName { return foundByName }
    var found = Dictionary(others.map { ($0, [UInt32]()) }, uniquingKeysWith: { first, _ in first })
    found[""] = []
    // Words of one split are one.
    let ours = SplitName.word(in: split) != nil ? (rows + same).sorted() : rows.isEmpty ? same : rows
    if !ours.isEmpty { found[split] = ours }
    return found
  }

  /// What of the table is not read, or read though its folders have the names of other splits; nil where neither is.
  func note(_ file: String) -> String? {
    if let foundByName {
      let isRead = !(foundByName[split] ?? []).isEmpty
      if isRead, named.others == 0 { return nil }
      let rows = "\(String(counting: named.others, "row")) with names of pictures that tell no split"
      return isRead
        ? "\(file): \(rows) \(named.others == 1 ? "is" : "are") not read: what is read is the split \"\(split)\""
        : "\(file) has the splits \(named.words.sorted().joined(separator: ", ")) by the names of its pictures, whose rows are read together; split: reads one"
    }
    if !rows.isEmpty || !same.isEmpty {
      return loose == 0 || SplitName.word(in: split) == nil
        ? nil
        : "\(file): \(String(counting: loose, "row")) with pictures in no folder of a split \(loose == 1 ? "is" : "are") not read: "
          + "what is read is the split \"\(split)\""
    }
    let splits = others.filter { SplitName.word(in: $0) != nil }.sorted()
    return splits.isEmpty
      ? nil : "\(file) has the splits \(splits.joined(separator: ", ")), whose rows are read together; split: reads one"
  }
}
