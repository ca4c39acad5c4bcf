import Formats

/// What every reader of a data set is told.
public struct ReadingOptions: Sendable {
  /// The column of the pictures, or of their files; nil for texts alone.
  public var image: String? = "image"
  /// The column of the captions.
  public var caption = "caption"
  /// The sub folder, or the beginning of the Hub's file names.
  public var split = "train"
  /// The most rows.
  public var limit: Int?
  /// Called with the path of each file before it is read, on several threads; stops the reading by throwing.
  public var willRead: @Sendable (String) throws -> Void = { _ in }

  /// The names that the Hugging Face Hub uses, and no limit.
  public init() {}

  /// Works with files; one that is wrong throws a `DataError`.
  static func reading<Result>(_ body: () throws -> Result) throws -> Result {
    do { return try body() } catch let error as FormatError { throw DataError(error) }
  }

  /// Returns the picture `name` in `folder`, or says why it cannot be read.
  func picture(_ name: String, in folder: String) throws -> RasterImage {
    let parts = name.split(separator: "/", omittingEmptySubsequences: false)
    guard !parts.contains(".."), parts.first != "", !name.utf8.contains(0) else {
      throw RowError(reason: "\(name): leads out of the folder")
    }
    try willRead(folder + "/" + name)
    do throws(FormatError) { return try RasterImage.read(folder + "/" + name) } catch {
      throw RowError(reason: "\(name): \(error.message)")
    }
  }
}

/// Why one row cannot be read.
struct RowError: Error {
  let reason: String

  /// Returns what `body` gives; a `RowError` becomes a `DataError` that names the row.
  static func placed<Result>(_ place: String, _ body: () throws -> Result) throws -> Result {
    do { return try body() } catch let error as RowError {
      throw DataError(.io, "\(place): \(error.reason)")
    }
  }
}

extension DataError {
  /// A file that cannot be read or breaks the rules of its format.
  init(_ error: FormatError) { self.init(error.kind == .limit ? .limit : .io, error.description) }
}
