import Formats

/// A mistake in data that a user gave: what was expected, what was found, and where.
public struct DataError: Error, Equatable, Sendable, CustomStringConvertible {
  /// What went wrong, coarsely enough to act on.
  public enum Kind: String, Sendable {
    /// A file or folder is missing or cannot be read.
    case io
    /// A value is not one of those allowed.
    case value
    /// A size is beyond its limit.
    case limit
  }

  /// The kind of mistake.
  public let kind: Kind
  /// The whole text for the user, without a line end.
  public let message: String
  /// The file that it came of, where it was one.
  public internal(set) var cause: FormatError?

  /// Creates an error from its kind and text.
  public init(_ kind: Kind, _ message: String) {
    self.kind = kind
    self.message = message.onOneLine
  }

  /// Whether kind and text are the same.
  public static func == (a: DataError, b: DataError) -> Bool { a.kind == b.kind && a.message == b.message }

  /// The text for the user.
  public var description: String { message }
}
