import Formats

/// Where in the values of a column pictures are.
indirect enum PictureShape: Hashable, Sendable {
  /// There are none.
  case none
  /// Each value is one.
  case picture
  /// They are in lists.
  case list(PictureShape)
  /// They are in some parts of structures.
  case structure([PictureShape])

  /// Where a column of a type has files as the Python library `datasets` stores pictures.
  init(_ type: ParquetType) {
    switch type {
    case _ where type.isFile: self = .picture
    case .list(let element):
      let inner = PictureShape(element.type)
      self = inner == .none ? .none : .list(inner)
    case .structure(let parts):
      let inner = parts.map { PictureShape($0.type) }
      self = inner.allSatisfy { $0 == .none } ? .none : .structure(inner)
    default: self = .none
    }
  }

  /// What a column of such values holds; nil for one without pictures.
  var kind: DataColumnKind? {
    switch self {
    case .none: nil
    case .picture: .pictures
    case .list(.picture): .pictureLists
    case .list, .structure: .values
    }
  }
}

/// A column of a parquet file that holds pictures, one or several in each row: files as the Python library `datasets` stores them, in lists
/// and structures of any depth too, or bytes that begin as pictures do.
public struct PictureColumn: Sendable {
  let name: String
  let shape: PictureShape
  let keepsDamaged: Bool
  private let bytes: ColumnBytes
  private let beside: PicturesBeside

  init(name: String, _ bytes: ColumnBytes, keepsDamaged: Bool, beside: PicturesBeside) {
    (self.name, self.bytes, self.keepsDamaged, self.beside) = (name, bytes, keepsDamaged, beside)
    shape = bytes.shape
  }

  /// Takes a column for what its type and its bytes tell; nil for one that holds anything else. `willRead` is told each file beside that of
  /// the column before it is read.
  public init?(
    _ column: ParquetColumn, _ bytes: ColumnBytes, in file: ParquetFile, keepsDamaged: Bool = false,
    willRead: @escaping @Sendable (String) throws -> Void = { _ in }
  ) {
    if bytes.shape == .none { return nil }
    var options = ReadingOptions()
    options.willRead = willRead
    self.init(name: column.name, bytes, keepsDamaged: keepsDamaged, beside: PicturesBeside(file.path, options))
  }

  /// What the rows hold.
  var kind: DataColumnKind { shape.kind ?? .values }

  /// The values of a row group as `pictures` takes them, in which bytes that are texts are such.
  public func prepared(_ values: ParquetValues) -> ParquetValues { bytes.applied(to: values) }

  /// What one row has among the values of a row group, its pictures not yet decoded, which errors place there; throws a `DataError` for a
  /// picture whose bytes are not in the file.
  public func pictures(_ values: ParquetValues, _ index: Int, at place: String) throws -> DataValue {
    try RowError.placed(place) { try value(values, index, at: place) }
  }

  func value(_ values: ParquetValues, _ index: Int, at place: String) throws(RowError) -> DataValue {
    try value(values, index, shape, place)
  }

  private func value(
    _ values: ParquetValues, _ index: Int, _ shape: PictureShape, _ place: String
  ) throws(RowError) -> DataValue {
    switch (shape, values.content) {
    case (.none, _): return .plain(values[index].json)
    case (.picture, _): return try picture(values, index, place) ?? .null
    case _ where values.isNull(at: index): return .null
    case (.list(let inner), .lists(let ends, let elements)):
      let places = (index == 0 ? 0 : ends[index - 1])..<ends[index]
      if values.isMap, case .structure(let shapes) = inner,
        let entries = values.entries(at: index), shapes.count == 2
      {
        return .map(
          try entries.map { (entry) throws(RowError) in
            NamedValue(entry.name, try value(entry.values, entry.index, shapes[1], place))
          })
      }
      return .list(try places.map { (element) throws(RowError) in try value(elements, element, inner, place) })
    case (.structure(let shapes), .structures(let parts)):
      var found: [NamedValue] = []
      for (part, shape) in zip(parts, shapes) where !part.values.isAbsent(at: index) {
        found.append(NamedValue(part.name, try value(part.values, index, shape, place)))
      }
      return .map(found)
    default: return .plain(values[index].json)
    }
  }

  /// The file as a picture; nil where there is none.
  private func picture(_ files: ParquetValues, _ index: Int, _ place: String) throws(RowError) -> DataValue? {
    let (bytes, path) = ParquetGroupRows.file(files, index)
    if let bytes, !bytes.isEmpty {
      return .picture(PictureFile(bytes, name: path ?? "picture", place: place, keepsDamaged: keepsDamaged))
    }
    guard let path, !path.isEmpty else { return nil }
    do throws(RowError) {
      return .picture(
        PictureFile(try beside.bytes(path), name: path, place: place, keepsDamaged: keepsDamaged))
    } catch { throw RowError(reason: "column \"\(name)\", \(error.reason)") }
  }
}

/// Pictures of which a parquet file holds no more than the names of their files, which lie beside it.
struct PicturesBeside: Sendable {
  private let folder: String
  private let options: ReadingOptions

  init(_ file: String, _ options: ReadingOptions) {
    folder = file.lastIndex(of: "/").map { String(file[..<$0]) } ?? "."
    self.options = options
  }

  /// The bytes of a file, which must lie in the folder of the parquet file or below.
  func bytes(_ name: String) throws(RowError) -> [UInt8] {
    do { return try options.bytes(name, in: folder) } catch let error as RowError {
      throw RowError(reason: "\(error.reason); its bytes are not in the parquet file")
    } catch { throw RowError(reason: "\(RowError.shown(name)): \(error)") }
  }
}
