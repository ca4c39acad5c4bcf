/// What a drawing may use: colors, columns, and characters beyond ASCII.
public struct DisplayStyle: Sendable, Equatable {
  /// How pictures come to a terminal.
  public enum PictureProtocol: Sendable {
    /// As characters of different darkness.
    case characters
    /// As colored half blocks, two pixels a character.
    case blocks
  }

  /// The colors allowed.
  public var color: Console.ColorDepth
  /// The number of columns; at least 1.
  public var width: Int
  /// True when characters beyond ASCII may be used.
  public var unicode: Bool
  /// How pictures are drawn.
  public var pictures: PictureProtocol

  /// Creates a style; a width below 1 counts as unknown and is taken for 80. Pictures are blocks where there are colors and
  /// characters beyond ASCII, unless told otherwise.
  public init(
    color: Console.ColorDepth = .none, width: Int = 80, unicode: Bool = true, pictures: PictureProtocol? = nil
  ) {
    self.color = color
    self.width = width < 1 ? 80 : width
    self.unicode = unicode
    self.pictures = pictures ?? (color == .none || !unicode ? .characters : .blocks)
  }
}
