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
    let (bytes, mixed) = Self.bytes(of: files.map(\.1))
    for place in files.indices { files[place].1.hold(bytes) }
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
    notes =
      options.notes + files.flatMap(\.1.notes) + mixed.map { "\(paths[0]): \($0)" }
      + (total == 0 && limit > 0 ? ["the parquet files have no rows"] : [])
    let hasImages = files.isEmpty ? options.image != nil : files.contains { $0.1.image != nil }
    columns = (hasImages ? ["image", "caption"] : ["caption"]) + further
    self.tokens = try tokens ?? Self.tokens(files, places, groups, vocabulary, poll: poll)
  }

  /// What the columns of bytes hold, and what tells of those that hold pictures in some files alone.
  private static func bytes(of files: [ParquetRowColumns]) -> (found: [String: ColumnOfBytes], notes: [String]) {
    var parts: [String: [ColumnOfBytes]] = [:]
    for file in files { for (name, bytes) in file.bytes { parts[name, default: []].append(bytes) } }
    let found = parts.mapValues { ColumnOfBytes.joined($0) }
    let mixed = parts.filter { name, parts in
      found[name] == .others && parts.contains { $0 == .pictures || $0 == .pictureLists }
    }
    return (
      found,
      mixed.keys.sorted().map {
        "the column \"\($0)\" holds pictures in some of the files and other bytes in others; they are lists of numbers"
      }
    )
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

/// Which columns of a parquet file mean what.
struct ParquetRowColumns {
  let image: String?
  let caption: String?
  let patches: String?
  private(set) var extra: [(name: String, kind: DataColumnKind)]
  /// Where those of them have pictures, as their types tell.
  let shapes: [String: PictureShape]
  /// What those of them hold that are bytes.
  let bytes: [String: ColumnOfBytes]
  /// The further columns that the path of the file tells.
  let told: [NamedValue]
  let notes: [String]
  let keepsDamaged: Bool
  /// Reads the files that pictures are in of which the column holds no more than a name.
  let beside: PicturesBeside

  /// The columns whose values rows have.
  var names: [String] { [image, caption].compactMap { $0 } + extra.map { renamed[$0.name] ?? $0.name } }

  /// What columns are called in the file whose name is another in rows.
  private let renamed: [String: String]

  /// The column of the pictures of each row, where that holds several in each: the column of the picture, or, where there is none, the
  /// column `images`, as the Hub's library calls it.
  private static func listOfPictures(in file: ParquetFile, image: String) -> String? {
    let own = file.columns.first { $0.name == image }
    guard let column = own ?? file.columns.first(where: { $0.name == "images" }), file.obstacle(in: column) == nil
    else { return nil }
    // What is read as such has a name that no other column has.
    if own != nil, image != "images", file.columns.contains(where: { $0.name == "images" }) { return nil }
    switch column.type {
    case .list(let element) where element.type.isFile: return column.name
    case .list(let element) where element.type == .bytes:
      return ColumnOfBytes(column, in: file) == .pictureLists ? column.name : nil
    default: return nil
    }
  }

  init(_ file: ParquetFile, _ options: ReadingOptions, told: [NamedValue]) throws(DataError) {
    @discardableResult func expect(
      _ name: String, _ what: String, _ help: String, _ fits: (ParquetType) -> Bool
    ) throws(DataError) -> ParquetFile.ColumnContent {
      guard let column = file.columns.first(where: { $0.name == name }) else {
        let found = file.columns.map { "\"\($0.name)\"" }.joined(separator: ", ")
        throw DataError(
          .value,
          "\(file.path): expected the column \"\(name)\" for \(what), found \(found.isEmpty ? "no columns" : found)\(help)"
        )
      }
      let content = file.content(of: column)
      guard content == .nulls || fits(column.type) else {
        throw DataError(.value, "\(file.path): expected \(what) in the column \"\(name)\", found \(column.type)\(help)")
      }
      if let obstacle = file.obstacle(in: column) {
        throw DataError(.value, "\(file.path): the column \"\(name)\" for \(what) is not read: \(obstacle)")
      }
      return content
    }
    var (further, notes): ([ParquetColumn], [String]) = ([], [])
    // Rows of lists of pictures have no picture of their own.
    let list = options.image.flatMap { Self.listOfPictures(in: file, image: $0) }
    if let image = options.image, list == nil {
      try expect(image, "the picture's bytes", "; `image: nil` reads rows without a picture of their own") {
        $0 == .bytes || $0.isFile || $0.isPath
      }
    }
    // Older writers do not say which columns of bytes are texts.
    if let caption = options.caption {
      let content = try expect(caption, "the caption's text", "; `caption: nil` reads pictures alone") {
        [.text, .bytes, .boolean, .integer, .float, .double].contains($0)
      }
      if [.values, .textsOfValues].contains(content) {
        notes.append(ReadingOptions.captionsOfValues(caption, in: file.path))
      }
    }
    (image, caption, keepsDamaged) = (list == nil ? options.image : nil, options.caption, options.keepsDamaged)
    renamed = list.map { ["images": $0] } ?? [:]
    beside = PicturesBeside(file.path, options)
    patches = file.columns.first { $0.name == "pixelbyte" && "\($0.type)" == "list<list<list<integer>>>" }?.name
    let taken = [image, caption, patches].compactMap { name in file.columns.firstIndex { $0.name == name } }
    for (place, column) in file.columns.enumerated() where !taken.contains(place) {
      if let leftOut = file.note(leavingOut: column) {
        if options.columns?.contains(column.name) ?? true { notes.append(leftOut) }
      } else {
        further.append(column)
      }
    }
    func name(of column: ParquetColumn) -> String { column.name == list ? "images" : column.name }
    let names = further.map(name)
    let own = told.filter { !names.contains($0.name) }
    let wanted = Set(try options.further(names + own.map(\.name), in: file.path, notes: &notes))
    self.told = own.filter { wanted.contains($0.name) }
    var (extra, found): ([(name: String, kind: DataColumnKind)], [String: ColumnOfBytes]) = ([], [:])
    var shapes: [String: PictureShape] = [:]
    for column in further where wanted.contains(name(of: column)) {
      var shape = PictureShape(column.type)
      let kind = shape.kind ?? (column.type == .text && !column.isJSON ? .texts : .values)
      let bytes = kind == .values ? ColumnOfBytes(column, in: file) : nil
      if case .inside(let found, _) = bytes { shape = found }
      shapes[name(of: column)] = shape
      notes += [bytes?.note(column.name, in: file.path)].compactMap(\.self)
      notes += [file.note(ofClasses: column), file.note(ofArrays: column)].compactMap(\.self)
      found[name(of: column)] = bytes
      extra.append((name(of: column), bytes?.kind ?? kind))
    }
    (self.extra, self.shapes, bytes) = (extra, shapes, found)
    self.notes = notes + ReadingOptions.spellings(file.columns.map(\.name), in: file.path)
  }
}

extension ParquetRowColumns {
  /// Where a column has pictures; by its kind where its bytes tell that.
  fileprivate func shape(of column: String, _ kind: DataColumnKind) -> PictureShape {
    switch kind {
    case .pictures: .picture
    case .pictureLists: .list(.picture)
    case .texts, .values: shapes[column] ?? .none
    }
  }

  /// Takes the columns of bytes for what they hold in all files.
  mutating func hold(_ found: [String: ColumnOfBytes]) {
    extra = extra.map { name, kind in (name, bytes[name] == nil ? kind : found[name]?.kind ?? kind) }
  }
}

extension ParquetType {
  /// Whether it is a file as the Python library `datasets` stores pictures: its bytes, and where it was.
  var isFile: Bool {
    guard case .structure(let parts) = self, parts.allSatisfy({ ["bytes", "path"].contains($0.name) }) else {
      return false
    }
    return parts.contains { $0.name == "bytes" && ($0.type == .bytes || $0.isNothing) }
  }

  /// Whether it is no more than where a file was.
  fileprivate var isPath: Bool {
    if case .structure(let parts) = self {
      parts.count == 1 && parts[0].name == "path" && parts[0].type == .text
    } else {
      false
    }
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
        name: column.name, shape: columns.shape(of: column.name, column.kind), keepsDamaged: columns.keepsDamaged,
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
    let found = if let bytes { bytes } else { try name.map { (name) throws(RowError) in try beside.bytes(name) } }
    guard let bytes = found else { return nil }
    do throws(FormatError) {
      return try RasterImage.decode(bytes, file: name ?? "picture", keepsDamaged: keepsDamaged)
    } catch {
      throw RowError(reason: error.description)
    }
  }
}
