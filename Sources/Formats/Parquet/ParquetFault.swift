/// What is wrong with a part of a parquet file; the reader of the whole adds file, column and page.
struct ParquetFault: Error, Equatable {
  let kind: FormatError.Kind
  let message: String
  /// The column whose texts are not UTF-8, where that is what is wrong.
  private let otherText: String?

  init(_ kind: FormatError.Kind, _ message: String, otherText: String? = nil) {
    self.kind = kind
    self.message = message
    self.otherText = otherText
  }

  /// Whether it is that texts are not UTF-8.
  var isOtherText: Bool { otherText != nil }

  /// A number that is too large for the type it is read as, which is then read as a larger one.
  static let tooLarge = ParquetFault(.limit, "a number is too large")

  /// The same fault with the place it was found at in front.
  func at(_ place: String) -> ParquetFault {
    self == .tooLarge ? self : ParquetFault(kind, "\(place): \(message)", otherText: otherText)
  }

  /// The fault as an error about a file.
  func error(in file: String) -> FormatError {
    otherText.map { .notUTF8(.column($0), in: file, message) } ?? FormatError(kind, in: file, message)
  }
}

/// What is read at most, so that a small file cannot ask for much memory.
enum ParquetLimit {
  /// The bytes of the description at the end of a file.
  static let footer = 1 << 25
  /// The bytes of one page, decompressed.
  static let page = 1 << 28
  /// The decompressed bytes of one column in one row group.
  static let chunk = 1 << 30
  /// The values of one column in one row group, nulls and empty lists included.
  static let values = 1 << 26
  /// The elements of the schema.
  static let elements = 10_000
  /// How deep columns and the structures of the footer nest.
  static let depth = 32
}
