import PixelScript

/// Where a session's output goes; the session itself knows no terminal.
public struct Console {
  /// The colors that text may use.
  public enum ColorDepth: String, Sendable, CaseIterable {
    /// No escape sequences at all.
    case none
    /// The 256 colors of xterm.
    case ansi256
    /// 24-bit colors.
    case trueColor
  }

  /// Something to tell beside the output proper; a program writes these to standard error.
  public enum Event: Sendable {
    /// A cell of a script starts to run.
    case cellStarted(CellMark)
    /// A cell has ended: normally, or with an error of some kind that is told elsewhere.
    case cellEnded(CellMark, seconds: Double, error: Diagnostic.Kind?)
    /// Work under way has come further.
    case progress(ProgressReport)
    /// Work under way has ended; its last report.
    case finished(ProgressReport)
    /// A line of text, without its line end.
    case notice(String)
  }

  /// Receives the output proper, with its line ends.
  public let write: (String) -> Void
  /// Receives the values that are shown and how they are drawn, and throws when the work must stop; nil where they are text.
  private let shown: ((Rendering, DisplayStyle) throws -> Void)?
  /// Shows an animation in one place, again and again until the work must stop or once through; nil where nothing moves.
  let play: ((Rendering.Animation, DisplayStyle, _ repeats: Bool) throws -> Void)?
  /// Receives everything else.
  public let notify: (Event) -> Void
  /// The colors that text may use.
  public let color: ColorDepth
  /// True when it shows characters beyond ASCII.
  public let unicode: Bool
  /// How pictures come to it; nil for what follows from colors and characters.
  public var pictures: DisplayStyle.PictureProtocol?
  /// True when it shows more than a line of work under way.
  public let isLive: Bool
  /// True when the echo of a value is no longer than the screen, as at a prompt.
  public var cutsEchoes = false
  /// Gives the number of columns now.
  public let width: () -> Int
  private let screen: () -> DisplayStyle.Screen

  /// Creates a console; without `show` values are written as text; without colors and 80 columns wide unless told otherwise.
  public init(
    write: @escaping (String) -> Void, show: ((Rendering, DisplayStyle) throws -> Void)? = nil,
    play: ((Rendering.Animation, DisplayStyle, _ repeats: Bool) throws -> Void)? = nil,
    notify: @escaping (Event) -> Void = { _ in }, color: ColorDepth = .none, unicode: Bool = true,
    pictures: DisplayStyle.PictureProtocol? = nil, isLive: Bool = false, width: @escaping () -> Int = { 80 },
    screen: @escaping () -> DisplayStyle.Screen = { DisplayStyle.Screen() }
  ) {
    self.write = write
    shown = show
    self.play = play
    self.notify = notify
    self.color = color
    self.unicode = unicode
    self.pictures = pictures
    self.isLive = isLive
    (self.width, self.screen) = (width, screen)
  }

  /// Shows a value as it is drawn now.
  func show(_ rendering: Rendering, isEcho: Bool) throws {
    let style = isEcho && cutsEchoes ? echoStyle : style
    if let shown { try shown(rendering, style) } else { write(try rendering.text(in: style.inText)) }
  }

  /// How echoes are drawn where they may not be longer than the screen.
  var echoStyle: DisplayStyle {
    var style = style
    // The next prompt and what is said of the rest have their lines, too.
    style.mostLines = max(style.screen.lines - 3, 4)
    return style
  }

  /// How values are drawn on it now.
  public var style: DisplayStyle {
    DisplayStyle(color: color, width: width(), unicode: unicode, pictures: pictures, screen: screen())
  }
}
