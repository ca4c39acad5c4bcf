import Formats
import Safepoint

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

  /// What the bytes inside of the values of a row group tell; nil where there are none.
  fileprivate init?(inside values: ParquetValues, _ type: ParquetType) {
    guard values.byteCount > 0 else { return nil }
    var isWhole = true
    let shape = PictureShape(values, type, &isWhole)
    self = shape != .none ? .inside(shape, isWhole: isWhole) : isWhole ? .texts : .others
  }

  /// What the values of a row group tell; nil where there are none.
  fileprivate init?(_ values: ParquetValues, isList: Bool) {
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
    if values.textPlaces == [true] {
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

/// What a column of a parquet file holds as far as its type does not tell it: where pictures are, and which bytes are texts.
///
/// Pictures are told by the first row group that has any values. Texts are the bytes at a place at which all are, in every row group, but
/// where pictures stand beside them in the first, as the others are read for their rows alone.
public struct ColumnBytes: Sendable {
  /// What bytes are; nil for a column of another type, and where they cannot be read, which reading a row tells.
  private(set) var content: ColumnOfBytes?
  /// Where pictures are.
  private(set) var shape: PictureShape
  private var textPlaces: [Bool] = []

  /// Nothing but what the type tells.
  init() { shape = .none }

  /// Looks at the values of a column whose type leaves open what bytes are.
  public init(_ column: ParquetColumn, in file: ParquetFile) {
    shape = PictureShape(column.type)
    guard [nil, .values].contains(shape.kind), column.type.holdsLooseBytes else { return }
    let isList = if case .list(let element) = column.type { element.type == .bytes } else { false }
    for group in file.groups.indices {
      if Safepoint.mustStop { break }
      let values: ParquetValues
      do { values = try file.values(group: group, columns: [column.name])[0] } catch { break }
      if content == nil {
        content =
          column.type == .bytes || isList
          ? ColumnOfBytes(values, isList: isList) : ColumnOfBytes(inside: values, column.type)
      }
      let found = values.textPlaces
      textPlaces = textPlaces.isEmpty ? found : zip(textPlaces, found).map { $0 && $1 }
      if case .inside = content { break }
      if content != nil, !textPlaces.contains(true) { break }
    }
    if content == .texts, textPlaces.contains(false) { content = .others }
    content = content ?? .nothing
    switch content {
    case .pictures: shape = .picture
    case .pictureLists: shape = .list(.picture)
    case .inside(let found, _): shape = found
    case nil, .nothing, .texts, .others: break
    }
  }

  /// What the rows hold, where it is not what the type tells.
  var kind: DataColumnKind? { content?.kind ?? shape.kind }

  /// The values with their texts.
  public func applied(to values: ParquetValues) -> ParquetValues { values.withTexts(at: textPlaces) }

  /// One decision about a column that several files have: what is pictures or texts in some of them alone is bytes in all.
  public static func decided(_ files: [ColumnBytes]) -> [ColumnBytes] {
    let joined = ColumnOfBytes.joined(files.compactMap(\.content))
    return files.map { file in
      guard file.content != nil, joined != file.content, joined == .others else { return file }
      var file = file
      // Pictures inside of values are told from other bytes there, file by file.
      if file.content == .pictures || file.content == .pictureLists { file.shape = .none }
      (file.content, file.textPlaces) = (.others, [])
      return file
    }
  }

  /// Whether a column is bytes of which some files have pictures and others do not.
  static func areMixed(_ files: [ColumnBytes]) -> Bool {
    let contents = files.compactMap(\.content)
    return ColumnOfBytes.joined(contents) == .others
      && contents.contains { $0 == .pictures || $0 == .pictureLists }
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
