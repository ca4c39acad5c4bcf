import PixelScript

/// What a drawing may use: colors, columns, and characters beyond ASCII.
public struct DisplayStyle: Sendable, Equatable {
  /// How pictures come to a terminal.
  public enum PictureProtocol: String, Sendable, CaseIterable {
    /// As characters of different darkness.
    case characters
    /// As colored half blocks, two pixels a character.
    case blocks
    /// As PNG by the graphics protocol of kitty.
    case kitty
    /// As PNG by the inline images of iTerm2.
    case iterm
    /// As sixel graphics of DEC's terminals.
    case sixel
  }

  /// What a terminal can show at once, and how many pixels a character takes there.
  public struct Screen: Sendable, Equatable {
    /// The number of lines.
    public var lines: Int
    /// The width and the height of a character in pixels.
    public var cellWidth, cellHeight: Int

    /// Creates a screen; what is not known is taken for 24 lines, and 10 by 20 pixels.
    public init(lines: Int? = nil, cellWidth: Int? = nil, cellHeight: Int? = nil) {
      self.lines = max(lines ?? 24, 4)
      (self.cellWidth, self.cellHeight) = (min(max(cellWidth ?? 10, 2), 64), min(max(cellHeight ?? 20, 4), 128))
    }
  }

  /// The colors allowed.
  public var color: Console.ColorDepth
  /// The number of columns; at least 1.
  public var width: Int
  /// True when characters beyond ASCII may be used.
  public var unicode: Bool
  /// How pictures are drawn.
  public var pictures: PictureProtocol
  /// Where pictures of pixels are drawn.
  public var screen: Screen
  /// The most lines that an echo takes; nil where it may take any number.
  public var mostLines: Int?

  /// Creates a style; a width below 1 counts as unknown and is taken for 80. Pictures are blocks where there are colors and
  /// characters beyond ASCII, unless told otherwise.
  public init(
    color: Console.ColorDepth = .none, width: Int = 80, unicode: Bool = true, pictures: PictureProtocol? = nil,
    screen: Screen = Screen()
  ) {
    self.color = color
    self.width = width < 1 ? 80 : width
    self.unicode = unicode
    self.pictures = pictures ?? (color == .none || !unicode ? .characters : .blocks)
    self.screen = screen
  }

  /// True when pictures come as pixels and not as characters.
  var drawsPixels: Bool { pictures != .characters && pictures != .blocks }

  /// The same style for drawings that are drawn over again, or in the middle of text: pictures are characters.
  public var inText: Self {
    var style = self
    if drawsPixels { style.pictures = color == .none || !unicode ? .characters : .blocks }
    return style
  }
}

extension DisplayStyle.PictureProtocol: ScriptChoice {}
