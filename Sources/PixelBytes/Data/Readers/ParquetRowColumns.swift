import Formats

/// Which columns of a parquet file mean what.
struct ParquetRowColumns {
  let image: String?
  let caption: String?
  let patches: String?
  private(set) var extra: [(name: String, kind: DataColumnKind)]
  /// What is in those of them of which the type does not tell it.
  private(set) var bytes: [String: ColumnBytes]
  /// The classes that the numbers in those of them count.
  let classes: ClassNames
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
  private static func listOfPictures(
    in file: ParquetFile, image: String, _ look: (ParquetColumn) -> ColumnBytes
  ) -> String? {
    let own = file.columns.first { $0.name == image }
    guard let column = own ?? file.columns.first(where: { $0.name == "images" }), file.obstacle(in: column) == nil
    else { return nil }
    // What is read as such has a name that no other column has.
    if own != nil, image != "images", file.columns.contains(where: { $0.name == "images" }) { return nil }
    switch column.type {
    case .list(let element) where element.type.isFile: return column.name
    case .list(let element) where element.type == .bytes:
      return look(column).content == .pictureLists ? column.name : nil
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
    var looked: [String: ColumnBytes] = [:]
    func look(_ column: ParquetColumn) -> ColumnBytes {
      let bytes = looked[column.name] ?? ColumnBytes(column, in: file)
      looked[column.name] = bytes
      return bytes
    }
    let list = options.image.flatMap { Self.listOfPictures(in: file, image: $0, look) }
    if let image = options.image, list == nil {
      try expect(image, "the picture's bytes", "; `image: nil` reads rows without a picture of their own") {
        $0 == .bytes || $0.isFile || $0.isPath || $0.hasFile
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
    if let image = options.image, list == nil, let column = file.columns.first(where: { $0.name == image }) {
      let parts = column.type.strangeParts.map { "\"\($0)\"" }.joined(separator: ", ")
      if !parts.isEmpty {
        notes.append("\(file.path): of the column \"\(image)\" the picture is read, and not its other parts: \(parts)")
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
    var (extra, found): ([(name: String, kind: DataColumnKind)], [String: ColumnBytes]) = ([], [:])
    var classes = ClassNames()
    for column in further where wanted.contains(name(of: column)) {
      let bytes = look(column)
      let kind: DataColumnKind = column.type == .text && !column.isJSON ? .texts : .values
      notes += [bytes.content?.note(column.name, in: file.path), file.note(ofArrays: column)].compactMap(\.self)
      found[name(of: column)] = bytes
      classes = classes.merging(
        file.classes(of: column, or: options.classes).of(column.name, called: name(of: column)))
      extra.append((name(of: column), bytes.kind ?? kind))
    }
    (self.extra, self.classes, bytes) = (extra, classes, found)
    self.notes = notes + ReadingOptions.spellings(file.columns.map(\.name), in: file.path)
  }
}

extension ParquetRowColumns {
  /// Takes the columns of bytes for what they hold in all files.
  mutating func hold(_ decided: [String: ColumnBytes]) {
    bytes.merge(decided) { $1 }
    extra = extra.map { name, kind in (name, bytes[name]?.kind ?? kind) }
  }

  /// What the file says of a further column; nil where it has none.
  func field(of column: String, in file: ParquetFile) -> ParquetField? {
    guard extra.contains(where: { $0.name == column }) else { return nil }
    return file.columns.first { $0.name == renamed[column] ?? column }.flatMap { ParquetField($0) }
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

  /// Whether the bytes of a file are among its parts, whatever else is.
  fileprivate var hasFile: Bool {
    if case .structure(let parts) = self { parts.contains { $0.name == "bytes" && $0.type == .bytes } } else { false }
  }

  /// The names of its parts that are none of a file.
  fileprivate var strangeParts: [String] {
    if case .structure(let parts) = self { parts.map(\.name).filter { !["bytes", "path"].contains($0) } } else { [] }
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
