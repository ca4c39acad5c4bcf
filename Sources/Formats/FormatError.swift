/// A file that could not be read or written: which one, what kind of failure, and why.
public struct FormatError: Error, Equatable, Sendable, CustomStringConvertible {
  /// What went wrong, coarsely enough to act on.
  public enum Kind: String, Sendable {
    /// The operating system refused: missing file, no permission, disk full.
    case io
    /// The bytes break the rules of their format.
    case malformed
    /// The bytes are valid but use something that is not read here.
    case unsupported
    /// A size is beyond the stated limit.
    case limit
  }

  /// The kind of failure.
  public let kind: Kind
  /// The path of the file, or a name for bytes that came from elsewhere.
  public let file: String
  /// What was expected, what was found, and where in the file.
  public let message: String
  /// What of the file is not UTF-8, where that is what is wrong.
  public private(set) var otherText: OtherText?

  /// A text whose bytes are not UTF-8.
  public enum OtherText: Equatable, Sendable {
    /// The file as a whole, which is a text.
    case file
    /// Values of a column of a file of another kind.
    case column(String)
  }

  /// Creates an error about one file.
  public init(_ kind: Kind, in file: String, _ message: String) {
    self.kind = kind
    self.file = file
    self.message = message
  }

  /// Creates the error that a text is not UTF-8.
  public static func notUTF8(_ part: OtherText?, in file: String, _ message: String) -> FormatError {
    var error = FormatError(.malformed, in: file, message)
    error.otherText = part
    return error
  }

  /// Whether kind, file and message are the same.
  public static func == (a: FormatError, b: FormatError) -> Bool {
    a.kind == b.kind && a.file == b.file && a.message == b.message
  }

  /// The file and the reason on one line.
  public var description: String { "\(file): \(message)".onOneLine }
}
