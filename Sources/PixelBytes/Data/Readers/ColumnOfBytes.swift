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

  /// Looks at the values of the first row group that has any, of which `texts` tells those that are texts in all; nil for a column of
  /// another type, and where they cannot be read, which reading a row tells.
  init?(_ column: ParquetColumn, in file: ParquetFile, _ texts: BytesAsTexts) {
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
        self = found == .texts && texts.leavesSome ? .others : found
        return
      } catch { return nil }
    }
    self = .nothing
  }

  /// What the bytes inside of the values of a row group tell; nil where there are none.
  fileprivate init?(inside values: ParquetValues, _ type: ParquetType) {
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

/// Which of the bytes in the values of a column are read as texts: those at a place at which all are, in every row group, but where
/// pictures stand beside them in the first that has any values, as the others are read for their rows alone.
public struct BytesAsTexts: Sendable {
  private var places: [Bool] = []

  /// None.
  init() {}

  /// Looks at the values of a column.
  public init(_ column: ParquetColumn, in file: ParquetFile) {
    guard column.type.holdsLooseBytes else { return }
    for group in file.groups.indices {
      if Safepoint.mustStop { return }
      let values: ParquetValues
      // What cannot be read is told when a row is.
      do { values = try file.values(group: group, columns: [column.name])[0] } catch { return }
      let found = values.textPlaces
      places = places.isEmpty ? found : zip(places, found).map { $0 && $1 }
      if !places.contains(true) { return }
      if case .inside = ColumnOfBytes(inside: values, column.type) { return }
    }
  }

  /// Whether some bytes are read as they are.
  var leavesSome: Bool { places.contains(false) }

  /// The values with their texts.
  public func applied(to values: ParquetValues) -> ParquetValues { values.withTexts(at: places) }
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
