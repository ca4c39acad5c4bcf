import Formats

/// What a column of bytes holds, or one of values in which bytes are, as its first values tell.
enum ColumnOfBytes: Hashable {
  /// Nothing, and texts.
  case nothing, texts
  /// Pictures, or lists of them.
  case pictures, pictureLists
  /// Pictures inside of lists and structures, and whether other bytes are texts.
  case inside(PictureShape, isWhole: Bool)
  /// Anything else.
  case others

  /// Looks at the values of the first row group that has any; nil for a column of another type, and where they cannot be read, which
  /// reading a row tells.
  init?(_ column: ParquetColumn, in file: ParquetFile) {
    var (isList, isInside) = (false, false)
    switch column.type {
    case .bytes: break
    case .list(let element) where element.type == .bytes: isList = true
    default:
      guard column.type.holdsLooseBytes else { return nil }
      isInside = true
    }
    for group in file.groups.indices {
      do {
        let values = try file.values(group: group, columns: [column.name])[0]
        guard let found = isInside ? Self(inside: values, column.type) : Self(values, isList: isList) else { continue }
        self = found
        return
      } catch { return nil }
    }
    self = .nothing
  }

  /// What the bytes inside of the values of a row group tell; nil where there are none.
  private init?(inside values: ParquetValues, _ type: ParquetType) {
    guard values.byteCount > 0 else { return nil }
    var isWhole = true
    let shape = PictureShape(values, type, &isWhole)
    self = shape != .none ? .inside(shape, isWhole: isWhole) : isWhole ? .texts : .others
  }

  /// What the values of a row group tell; nil where there are none.
  private init?(_ values: ParquetValues, isList: Bool) {
    var values = values
    if isList, case .lists(_, let elements) = values.content { values = elements }
    self.init(bytes: values)
    if isList, self == .pictures { self = .pictureLists }
  }

  /// What bytes tell; nil where there are none.
  fileprivate init?(bytes values: ParquetValues) {
    guard case .bytes(let pieces) = values.content else { return nil }
    // No bytes are no picture.
    let places = (0..<pieces.count).filter { !values.isNull(at: $0) && !pieces[$0].isEmpty }
    guard !places.isEmpty else { return nil }
    if case .texts = values.withTexts.content {
      self = .texts
    } else if places.allSatisfy({ RasterImage.isPicture(Array(pieces[$0].prefix(RasterImage.startSize))) }) {
      self = .pictures
    } else {
      self = .others
    }
  }

  /// What a column holds that several files have: pictures where all do that hold something.
  static func joined(_ parts: some Sequence<ColumnOfBytes>) -> ColumnOfBytes {
    let known = Set(parts).subtracting([.nothing])
    return known.count < 2 ? known.first ?? .nothing : .others
  }

  /// What tells that a column holds bytes that are none of what is known; nil for one that holds none.
  func note(_ column: String, in file: String) -> String? {
    switch self {
    case .others, .inside(_, isWhole: false):
      "\(file): the column \"\(column)\" holds bytes that are no texts or pictures; they are lists of numbers"
    case .nothing, .texts, .pictures, .pictureLists, .inside: nil
    }
  }

  /// What the rows hold.
  var kind: DataColumnKind {
    switch self {
    case .nothing, .texts, .others, .inside: .values
    case .pictures: .pictures
    case .pictureLists: .pictureLists
    }
  }
}

extension PictureShape {
  /// Where values of a type have pictures, as the type tells and, of bytes by themselves, their beginnings; `areTexts` becomes false where
  /// other bytes are no texts.
  fileprivate init(_ values: ParquetValues, _ type: ParquetType, _ areTexts: inout Bool) {
    switch (type, values.content) {
    case _ where type.isFile: self = .picture
    case (.bytes, _):
      let found = ColumnOfBytes(bytes: values)
      if found == .others { areTexts = false }
      self = found == .pictures ? .picture : .none
    case (.list(let element), .lists(_, let elements)):
      let inner = PictureShape(elements, element.type, &areTexts)
      self = inner == .none ? .none : .list(inner)
    case (.structure(let types), .structures(let parts)):
      let inner = zip(types, parts).map { PictureShape($1.values, $0.type, &areTexts) }
      self = inner.allSatisfy { $0 == .none } ? .none : .structure(inner)
    default: self = .none
    }
  }
}

extension ParquetType {
  /// Whether bytes are among the values beside those of files.
  fileprivate var holdsLooseBytes: Bool {
    switch self {
    case .bytes: true
    case .list(let element): element.type.holdsLooseBytes
    case .structure(let parts): !isFile && parts.contains(where: \.type.holdsLooseBytes)
    default: false
    }
  }
}
