/// What a drawing may use: colors, columns, and characters beyond ASCII.
public struct DisplayStyle: Sendable, Equatable {
  /// The colors allowed.
  public var color: Console.ColorDepth
  /// The number of columns; at least 1.
  public var width: Int
  /// True when characters beyond ASCII may be used.
  public var unicode: Bool

  /// Creates a style; a width below 1 counts as unknown and is taken for 80.
  public init(color: Console.ColorDepth = .none, width: Int = 80, unicode: Bool = true) {
    self.color = color
    self.width = width < 1 ? 80 : width
    self.unicode = unicode
  }
}
