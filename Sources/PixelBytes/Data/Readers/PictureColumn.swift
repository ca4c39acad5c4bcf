import Formats

/// A column of a parquet file that holds pictures, one or several in each row: files as the Python library `datasets` stores them, or bytes
/// that begin as pictures do.
public struct PictureColumn: Sendable {
  let name: String
  let isList: Bool
  let keepsDamaged: Bool
  private let beside: PicturesBeside

  init(name: String, isList: Bool, keepsDamaged: Bool, beside: PicturesBeside) {
    (self.name, self.isList, self.keepsDamaged, self.beside) = (name, isList, keepsDamaged, beside)
  }

  /// Looks at the type of a column, or at its first bytes; nil for one that holds anything else. `willRead` is told each file beside that
  /// of the column before it is read.
  public init?(
    _ column: ParquetColumn, in file: ParquetFile, keepsDamaged: Bool = false,
    willRead: @escaping @Sendable (String) throws -> Void = { _ in }
  ) {
    var options = ReadingOptions()
    options.willRead = willRead
    (name, self.keepsDamaged, beside) = (column.name, keepsDamaged, PicturesBeside(file.path, options))
    switch column.type {
    case .list(let element) where element.type.isFile: isList = true
    case let type where type.isFile: isList = false
    default:
      switch ColumnOfBytes(column, in: file) {
      case .pictures: isList = false
      case .pictureLists: isList = true
      case nil, .nothing, .texts, .others: return nil
      }
    }
  }

  /// The pictures of one row among the values of a row group, not yet decoded, which errors place there; throws a `DataError` for one
  /// whose bytes are not in the file.
  public func pictures(_ values: ParquetValues, _ index: Int, at place: String) throws -> DataValue {
    try RowError.placed(place) { try value(values, index, at: place) }
  }

  func value(_ values: ParquetValues, _ index: Int, at place: String) throws(RowError) -> DataValue {
    guard isList else { return try picture(values, index, place) ?? .plain(.null) }
    guard case .lists(let ends, let elements) = values.content, !values.isNull(at: index) else { return .plain(.null) }
    return .pictures(
      try ((index == 0 ? 0 : ends[index - 1])..<ends[index]).map { (element) throws(RowError) in
        try picture(elements, element, place)
      })
  }

  /// The file as a picture; nil where there is none.
  private func picture(_ files: ParquetValues, _ index: Int, _ place: String) throws(RowError) -> DataValue? {
    let (bytes, path) = ParquetGroupRows.file(files, index)
    if let bytes, !bytes.isEmpty {
      return .picture(PictureFile(bytes, name: path ?? "picture", place: place, keepsDamaged: keepsDamaged))
    }
    guard let path else { return nil }
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
