import Formats

/// Which columns of a parquet file mean what.
struct ParquetRowColumns {
  let image: String?
  let caption: String?
  let patches: String?
  private(set) var extra: [(name: String, kind: DataColumnKind)]
  /// Where those of them have pictures, as their types tell.
  let shapes: [String: PictureShape]
  /// What those of them hold that are bytes, and which of those are texts.
  let bytes: [String: ColumnOfBytes]
  private(set) var texts: [String: BytesAsTexts]
  /// The classes that the numbers in those of them count.
  let classes: [String: [String]]
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
      return ColumnOfBytes(column, in: file, BytesAsTexts()) == .pictureLists ? column.name : nil
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
    var (extra, found): ([(name: String, kind: DataColumnKind)], [String: ColumnOfBytes]) = ([], [:])
    var (shapes, classes): ([String: PictureShape], [String: [String]]) = ([:], [:])
    var texts: [String: BytesAsTexts] = [:]
    for column in further where wanted.contains(name(of: column)) {
      var shape = PictureShape(column.type)
      let kind = shape.kind ?? (column.type == .text && !column.isJSON ? .texts : .values)
      let own = kind == .values ? BytesAsTexts(column, in: file) : BytesAsTexts()
      let bytes = kind == .values ? ColumnOfBytes(column, in: file, own) : nil
      if case .inside(let found, _) = bytes { shape = found }
      texts[name(of: column)] = own
      shapes[name(of: column)] = shape
      notes += [bytes?.note(column.name, in: file.path)].compactMap(\.self)
      notes += [file.note(ofClasses: column), file.note(ofArrays: column)].compactMap(\.self)
      found[name(of: column)] = bytes
      let named = file.classes(of: column)
      if !named.isEmpty { classes[name(of: column)] = named }
      extra.append((name(of: column), bytes?.kind ?? kind))
    }
    (self.extra, self.shapes, self.classes, bytes, self.texts) = (extra, shapes, classes, found, texts)
    self.notes = notes + ReadingOptions.spellings(file.columns.map(\.name), in: file.path)
  }
}

extension ParquetRowColumns {
  /// Where a column has pictures; by its kind where its bytes tell that.
  func shape(of column: String, _ kind: DataColumnKind) -> PictureShape {
    switch kind {
    case .pictures: .picture
    case .pictureLists: .list(.picture)
    case .texts, .values: shapes[column] ?? .none
    }
  }

  /// Takes the columns of bytes for what they hold in all files.
  mutating func hold(_ found: [String: ColumnOfBytes]) {
    extra = extra.map { name, kind in (name, bytes[name] == nil ? kind : found[name]?.kind ?? kind) }
    texts = texts.filter { name, _ in found[name] != .others || bytes[name] == .others }
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
