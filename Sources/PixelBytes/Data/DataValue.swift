import Formats

/// What a further column of a data set holds in a row.
public indirect enum DataValue: Sendable {
  /// A text, a number, a truth value, a list or a map of them, or nothing.
  case plain(JSON)
  /// A further picture.
  case picture(PictureFile)
  /// A list of pictures, or of what holds some; null is one that is missing.
  case list([DataValue])
  /// Named values among which pictures are.
  case map([NamedValue])

  /// A text.
  public static func text(_ text: String) -> DataValue { .plain(.string(text)) }

  /// What a column of such values holds.
  package var kind: DataColumnKind { DataColumnKind.texts.joined(self) }

  /// Nothing.
  public static let null = DataValue.plain(.null)

  /// Whether nothing is there.
  public var isNull: Bool { if case .plain(.null) = self { true } else { false } }

  /// The value as JSON, nil where pictures are in it.
  public var json: JSON? {
    switch self {
    case .plain(let json): return json
    case .picture: return nil
    case .list(let values):
      let found = values.compactMap(\.json)
      return found.count == values.count ? .array(found) : nil
    case .map(let parts):
      let found = parts.compactMap { part in part.value.json.map { JSON.Field(part.name, $0) } }
      return found.count == parts.count ? .object(found) : nil
    }
  }

  /// The pictures in it, the outermost lists and maps in their order.
  public var pictures: [PictureFile] {
    switch self {
    case .plain: []
    case .picture(let file): [file]
    case .list(let values): values.flatMap(\.pictures)
    case .map(let parts): parts.flatMap(\.value.pictures)
    }
  }

  /// What it takes in memory, about, in bytes.
  var memoryCost: Int {
    switch self {
    case .plain(let value): value.memoryCost
    case .picture(let file): file.bytes.count
    case .list(let values): values.reduce(16) { $0 + $1.memoryCost }
    case .map(let parts): parts.reduce(16) { $0 + $1.name.utf8.count + $1.value.memoryCost }
    }
  }
}

extension DataValue: Equatable {
  /// True for the same values; numbers are compared by value, and maps by their names, in whatever order.
  public static func == (one: DataValue, other: DataValue) -> Bool {
    if let one = one.json, let other = other.json { return one.isSame(as: other) }
    return switch (one, other) {
    case (.picture(let one), .picture(let other)): one == other
    case (.list(let one), .list(let other)): one == other
    case (.map(let one), .map(let other)): one.count == other.count && one.allSatisfy(other.contains)
    default: false
    }
  }
}

extension JSON {
  /// Whether both stand for one value: numbers by value, objects by their names, in whatever order.
  fileprivate func isSame(as other: JSON) -> Bool {
    switch (self, other) {
    case (.integer(let whole), .number(let number)), (.number(let number), .integer(let whole)):
      Int(exactly: number) == whole
    // Numbers beyond those of scripts, which are texts there.
    case (.string(let text), .integer(let whole)), (.integer(let whole), .string(let text)):
      whole.magnitude > 1 << 53 && text == String(whole)
    case (.string(let text), .literal(let whole)), (.literal(let whole), .string(let text)): text == whole
    case (.array(let one), .array(let other)):
      one.count == other.count && zip(one, other).allSatisfy { $0.isSame(as: $1) }
    case (.object(let fields), .object(let others)):
      fields.count == others.count && fields.allSatisfy { field in other[field.name]?.isSame(as: field.value) ?? false }
    default: self == other
    }
  }
}

extension DataValue {
  fileprivate var isPicture: Bool { if case .picture = self { true } else { false } }
}

/// The file of a further picture, which is decoded when it is asked for.
public struct PictureFile: Equatable, Sendable {
  /// The bytes of the file.
  public let bytes: [UInt8]
  /// What errors call it.
  public let name: String
  /// Whether what can be read of a broken picture is kept; else it is an error.
  public let keepsDamaged: Bool
  /// The file and row that name it, as errors tell them; nothing of the picture itself.
  public let place: String?

  /// Creates one of its bytes.
  public init(_ bytes: [UInt8], name: String, place: String? = nil, keepsDamaged: Bool = false) {
    (self.bytes, self.name, self.place, self.keepsDamaged) = (bytes, name, place, keepsDamaged)
  }

  /// Decodes the picture, which stands in a column of that name, in the row `place` where the picture knows of none; throws a
  /// `FormatError` that names all.
  public func image(column: String, at place: String? = nil) throws(FormatError) -> RasterImage {
    let start = (self.place ?? place).map { "\($0): " } ?? ""
    return try RasterImage.decode(bytes, file: "\(start)column \"\(column)\", \(name)", keepsDamaged: keepsDamaged)
  }

  /// True for the same picture of the same name, wherever it stands.
  public static func == (one: PictureFile, other: PictureFile) -> Bool {
    one.name == other.name && one.keepsDamaged == other.keepsDamaged && one.bytes == other.bytes
  }

  /// The bytes of a picture that is whole: those of the file, or a PNG of what can be read of it.
  func whole(column: String) throws(FormatError) -> [UInt8] {
    guard keepsDamaged else { return bytes }
    do throws(FormatError) { _ = try RasterImage.decode(bytes) } catch {
      return try PNG.encode(try image(column: column))
    }
    return bytes
  }
}

extension NamedValue {
  /// Decodes the pictures of the column, one or several; throws a `DataError` for the first that cannot be read, in the row `place`.
  func checkPictures(at place: String? = nil) throws(DataError) {
    for file in value.pictures {
      do throws(FormatError) { _ = try file.image(column: name, at: place) } catch { throw DataError(error) }
    }
  }
}

extension JSON {
  /// What it takes in memory, about, in bytes.
  fileprivate var memoryCost: Int {
    switch self {
    case .null, .bool, .integer, .number: 16
    case .string(let text), .literal(let text): 16 + text.utf8.count
    case .array(let elements): elements.reduce(16) { $0 + $1.memoryCost }
    case .object(let fields): fields.reduce(16) { $0 + $1.name.utf8.count + $1.value.memoryCost }
    }
  }
}

/// A further column of a data set and what it holds in a row.
public struct NamedValue: Equatable, Sendable {
  /// The name of the column.
  public let name: String
  /// Its value.
  public let value: DataValue

  /// Creates a pair.
  public init(_ name: String, _ value: DataValue) { (self.name, self.value) = (name, value) }
}

/// What the values of a further column are, which decides how they are saved.
public enum DataColumnKind: String, Sendable {
  /// Texts alone.
  case texts
  /// Any values of JSON, and pictures inside of lists and maps.
  case values
  /// Pictures.
  case pictures
  /// Lists of pictures.
  case pictureLists

  /// The kind that holds values of both.
  func joined(_ value: DataValue) -> DataColumnKind {
    switch (self, value) {
    case (.values, _): .values
    case (_, .list(let values)) where !values.allSatisfy({ $0.isNull || $0.isPicture }): .values
    case (_, .list), (.pictureLists, .picture): .pictureLists
    case (_, .picture): .pictures
    case (.texts, .plain(.null)), (.texts, .plain(.string)): .texts
    case (.pictures, .plain(.null)): .pictures
    case (.pictureLists, .plain(.null)), (.pictureLists, .plain(.array([]))): .pictureLists
    default: .values
    }
  }

  /// The kind that holds what both hold, as far as pictures allow it.
  func joined(with other: DataColumnKind) -> DataColumnKind {
    if self == other { return self }
    return [.pictureLists, .pictures].first { $0 == self || $0 == other } ?? .values
  }
}
