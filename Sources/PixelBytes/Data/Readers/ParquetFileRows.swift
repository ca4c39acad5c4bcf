import Formats

/// The rows of parquet files, one after the other, as the Hugging Face Hub serves them; read row group by row group.
///
/// The column of the pictures holds the bytes of files, by themselves or as the part `bytes` of a structure; that of the
/// captions holds texts. Other columns of types that are read are kept, structures of `bytes` and `path` as further pictures; one
/// called `pixelbyte` that holds lists of 3 x 3 ids becomes the tokens of the rows.
final class ParquetFileRows: RowSource {
  /// Where a group is.
  private struct Place {
    let file: Int
    let number: Int
  }

  private let files: [(file: ParquetFile, columns: ParquetRowColumns)]
  private let places: [Place]
  let groups: [RowGroup]
  private let cache = GroupCache<ParquetGroupRows>()
  let count: Int
  let tokens: (any TokenStore)?

  /// The further columns that one of the files has, in the order in which they come up.
  private let further: [String]
  let columns: [String]
  let kinds: [String: DataColumnKind]
  let classes: ClassNames

  let notes: [String]

  /// Opens the files at `paths`, and reads the tokens if there are any, which stand for what `vocabulary` says, or takes those of
  /// `tokens`; `poll` is called for each row group of them.
  ///
  /// `folders` are further columns of each file that its path tells. Throws when a file is wrong, when a column is missing, and when the
  /// tokens are more than `DataSet.memoryLimit`.
  init(
    _ paths: [String], _ options: ReadingOptions, tokens: (any TokenStore)? = nil,
    vocabulary: Vocabulary = .pixelbytes, folders: [[NamedValue]] = [], poll: () throws -> Void
  ) throws {
    let limit = max(0, options.limit ?? .max)
    var (files, total): ([(ParquetFile, ParquetRowColumns)], Int) = ([], 0)
    var (places, groups): ([Place], [RowGroup]) = ([], [])
    for (place, path) in paths.enumerated() where total < limit {
      try options.willRead(path)
      try ReadingOptions.check(options.encoding, ofParquet: path)
      let file = try ReadingOptions.reading { try ParquetFile(path) }
      let columns = try ParquetRowColumns(file, options, told: folders.isEmpty ? [] : folders[place])
      files.append((file, columns))
      for (number, size) in file.groups.enumerated() where total < limit && size > 0 {
        let end = min(total + size, limit)
        places.append(Place(file: files.count - 1, number: number))
        groups.append(
          RowGroup(rows: total..<end, cost: file.cost(ofGroup: number, columns: columns.names)))
        total = end
      }
    }
    let mixed = Self.decide(&files)
    (self.files, self.places, self.groups, count) = (files, places, groups, total)
    var (further, kinds): ([String], [String: DataColumnKind]) = ([], [:])
    let told = files.flatMap { $0.1.told.map { (name: $0.name, kind: $0.value.kind) } }
    for (name, kind) in files.flatMap(\.1.extra) + told {
      guard let other = kinds[name] else {
        further.append(name)
        kinds[name] = kind
        continue
      }
      kinds[name] = other.joined(with: kind)
    }
    (self.further, self.kinds) = (further, kinds)
    let shared = SharedClasses(
      files.map { ($1.classes, $1.extra.map(\.name) + $1.told.map(\.name)) })
    classes = shared.names
    notes =
      options.notes + files.flatMap(\.1.notes) + (files.first.map { shared.names.notes(in: $0.0.path) } ?? [])
      + shared.notes.map { "\(paths[0]): \($0)" }
      + mixed.map { "\(paths[0]): \($0)" }
      + (total == 0 && limit > 0 ? ["the parquet files have no rows"] : [])
    let hasImages = files.isEmpty ? options.image != nil : files.contains { $0.1.image != nil }
    columns = (hasImages ? ["image", "caption"] : ["caption"]) + further
    self.tokens = try tokens ?? Self.tokens(files, places, groups, vocabulary, poll: poll)
  }

  /// Decides what the columns of bytes hold in all files; what tells of those that hold pictures in some files alone.
  private static func decide(_ files: inout [(ParquetFile, ParquetRowColumns)]) -> [String] {
    let names = Set(files.flatMap { $0.1.bytes.keys }).sorted()
    return names.compactMap { name in
      let places = files.indices.filter { files[$0].1.bytes[name] != nil }
      let found = places.compactMap { files[$0].1.bytes[name] }
      for (place, bytes) in zip(places, ColumnBytes.decided(found)) { files[place].1.hold([name: bytes]) }
      return ColumnBytes.areMixed(found)
        ? "the column \"\(name)\" holds pictures in some of the files and other bytes in others; they are lists of numbers"
        : nil
    }
  }

  private static func tokens(
    _ files: [(file: ParquetFile, columns: ParquetRowColumns)], _ places: [Place], _ groups: [RowGroup],
    _ vocabulary: Vocabulary, poll: () throws -> Void
  ) throws -> (any TokenStore)? {
    guard !files.isEmpty, files.allSatisfy({ $0.columns.patches != nil }) else { return nil }
    var (sequences, bytes): ([PatchSequence], Int) = ([], 0)
    for (place, group) in zip(places, groups) {
      try poll()
      let (file, columns) = files[place.file]
      var start = 0
      let values = try ReadingOptions.reading {
        try file.values(group: place.number, columns: columns.patches.map { [$0] } ?? [])[0]
      }
      let expected = "3 x 3 ids below \(vocabulary.count)"
      guard let (ids, ends) = values.ids(inner: [3, 3]) else {
        throw DataError(
          .io,
          "\(file.path), rows \(group.rows.lowerBound) to \(group.rows.upperBound - 1): the column \"pixelbyte\" does not hold lists of \(expected)"
        )
      }
      for (row, end) in zip(group.rows, ends) {
        let sequence = PatchSequence(ids: Array(ids[start..<end]))
        start = end
        guard sequence.ids.allSatisfy({ $0 < vocabulary.count }) else {
          throw DataError(.io, "\(file.path), row \(row): the column \"pixelbyte\" does not hold \(expected)")
        }
        bytes += sequence.ids.count
        guard bytes <= DataSet.memoryLimit else {
          throw DataError(
            .limit, "\(file.path): the tokens up to row \(row) take more than \(DataSet.memoryLimit >> 30) GB")
        }
        sequences.append(sequence)
      }
    }
    return PatchStore(sequences: sequences, vocabulary: vocabulary)
  }

  /// What the first file that has a column says of it.
  func field(of column: String) -> ParquetField? {
    files.lazy.compactMap { $0.columns.field(of: column, in: $0.file) }.first
  }

  /// How many row groups were read for rows so far.
  var groupReads: Int { cache.reads }

  /// The row group with a row, what the row is called in errors, and which it is there, and the number of the file.
  private func group(of index: Int) throws -> (rows: ParquetGroupRows, row: Int, told: String, file: Int) {
    let number = RowGroup.index(of: index, groups)
    let (place, group) = (places[number], groups[number])
    let rows = try cache.group(number, cost: group.cost) { [files] in
      let (file, columns) = files[place.file]
      return try ReadingOptions.reading { try ParquetGroupRows(file, place.number, columns) }
    }
    let told = "\(files[place.file].file.path), row \(index - firstRow(of: place.file))"
    return (rows, index - group.rows.lowerBound, told, place.file)
  }

  func row(at index: Int) throws -> DataRow {
    let (rows, own, told, file) = try group(of: index)
    var row = try RowError.placed(told) { try rows.row(own, at: told) }
    row.patches = try tokens?.patches(of: index)
    row.extra = filled(row.extra, ofFile: file)
    return row
  }

  func further(at index: Int) throws -> [NamedValue] {
    let (rows, own, told, file) = try group(of: index)
    return filled(try RowError.placed(told) { try rows.further(own, at: told) }, ofFile: file)
  }

  /// What a row of a file has with nulls for the columns that others have.
  private func filled(_ found: [NamedValue], ofFile file: Int) -> [NamedValue] {
    guard found.count < further.count else { return found }
    let known = found + files[file].columns.told
    return further.map { name in known.first { $0.name == name } ?? NamedValue(name, .null) }
  }

  private func firstRow(of file: Int) -> Int {
    places.firstIndex { $0.file == file }.map { groups[$0].rows.lowerBound } ?? 0
  }
}

/// The rows of one row group.
struct ParquetGroupRows: Sendable {
  private let images: ParquetValues?
  private let captions: ParquetValues?
  private let keepsDamaged: Bool
  private let beside: PicturesBeside
  private let extra: [(pictures: PictureColumn, values: ParquetValues)]

  init(_ file: ParquetFile, _ group: Int, _ columns: ParquetRowColumns) throws(FormatError) {
    (keepsDamaged, beside) = (columns.keepsDamaged, columns.beside)
    var values = try file.values(group: group, columns: columns.names)[...]
    images = columns.image == nil ? nil : values.removeFirst()
    captions = columns.caption == nil ? nil : values.removeFirst()
    extra = zip(columns.extra, values).map { column, values in
      let pictures = PictureColumn(
        name: column.name, columns.bytes[column.name] ?? ColumnBytes(), keepsDamaged: columns.keepsDamaged,
        beside: columns.beside)
      return (pictures, pictures.prepared(values))
    }
  }

  /// The row at `index`, its picture decoded; errors of further pictures tell `place`.
  func row(_ index: Int, at place: String) throws(RowError) -> DataRow {
    DataRow(
      caption: try captions.map { (captions) throws(RowError) in try Self.caption(captions, index) } ?? .some(""),
      image: try images.flatMap { (images) throws(RowError) in try picture(images, index) },
      extra: try further(index, at: place))
  }

  /// What the row has in further columns.
  func further(_ index: Int, at place: String) throws(RowError) -> [NamedValue] {
    try extra.map { (pictures, values) throws(RowError) in
      NamedValue(pictures.name, try pictures.value(values, index, at: place))
    }
  }

  private static func caption(_ captions: ParquetValues, _ index: Int) throws(RowError) -> String? {
    switch captions[index] {
    case .text(let text): return text
    case .bytes(let bytes):
      guard let text = String(validating: bytes, as: UTF8.self) else {
        throw RowError(reason: "the bytes of the caption are not UTF-8 text")
      }
      return text
    case .null: return nil
    case let value: return value.json.string ?? value.json.text(writesEndless: true)
    }
  }

  /// The bytes of a file, nil where none are there, and the name that it had, if there is one.
  static func file(_ files: ParquetValues, _ index: Int) -> (bytes: [UInt8]?, name: String?) {
    var (values, name): (ParquetValues, String?) = (files, nil)
    if case .structures(let parts) = files.content {
      for part in parts {
        if part.name == "bytes" { values = part.values }
        if part.name == "path", case .text(let path) = part.values[index] { name = path }
      }
    }
    guard case .bytes(let bytes) = values.content, !values.isNull(at: index), !files.isNull(at: index) else {
      return (nil, name)
    }
    return (Array(bytes[index]), name)
  }

  private func picture(_ images: ParquetValues, _ index: Int) throws(RowError) -> RasterImage? {
    let (bytes, name) = Self.file(images, index)
    // No bytes are no picture.
    let found =
      if let bytes, !bytes.isEmpty { bytes } else {
        try name.flatMap { (name) throws(RowError) in name.isEmpty ? nil : try beside.bytes(name) }
      }
    guard let bytes = found else { return nil }
    do throws(FormatError) {
      return try RasterImage.decode(bytes, file: name ?? "picture", keepsDamaged: keepsDamaged)
    } catch {
      throw RowError(reason: error.description)
    }
  }
}
