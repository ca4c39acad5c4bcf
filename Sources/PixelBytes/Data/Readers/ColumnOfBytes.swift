import Formats

/// What a column of bytes holds, or one of values in which bytes are, as its first values tell.
enum ColumnOfBytes {
  /// Nothing, and texts.
  case nothing, texts
  /// Pictures, or lists of them.
  case pictures, pictureLists
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
      guard column.type.holdsBytes else { return nil }
      isInside = true
    }
    for group in file.groups.indices {
      do {
        let values = try file.values(group: group, columns: [column.name])[0]
        guard let found = isInside ? Self(inside: values) : Self(values, isList: isList) else { continue }
        self = found
        return
      } catch { return nil }
    }
    self = .nothing
  }

  /// What the bytes inside of the values of a row group tell; nil where there are none.
  private init?(inside values: ParquetValues) {
    guard values.byteCount > 0 else { return nil }
    self = values.withTexts.byteCount == 0 ? .texts : .others
  }

  /// What the values of a row group tell; nil where there are none.
  private init?(_ values: ParquetValues, isList: Bool) {
    var values = values
    if isList, case .lists(_, let elements) = values.content { values = elements }
    guard case .bytes(let pieces) = values.content else { return nil }
    // No bytes are no picture.
    let places = (0..<pieces.count).filter { !values.isNull(at: $0) && !pieces[$0].isEmpty }
    guard !places.isEmpty else { return nil }
    if case .texts = values.withTexts.content {
      self = .texts
    } else if places.allSatisfy({ RasterImage.isPicture(Array(pieces[$0].prefix(RasterImage.startSize))) }) {
      self = isList ? .pictureLists : .pictures
    } else {
      self = .others
    }
  }

  /// What a column holds that several files have: pictures where all do that hold something.
  static func joined(_ parts: some Sequence<ColumnOfBytes>) -> ColumnOfBytes {
    let known = Set(parts).subtracting([.nothing])
    return known.count < 2 ? known.first ?? .nothing : .others
  }

  /// What tells that a column holds bytes that are none of what is known.
  static func note(_ column: String, in file: String) -> String {
    "\(file): the column \"\(column)\" holds bytes that are no texts or pictures; they are lists of numbers"
  }

  /// What the rows hold.
  var kind: DataColumnKind {
    switch self {
    case .nothing, .texts, .others: .values
    case .pictures: .pictures
    case .pictureLists: .pictureLists
    }
  }
}
