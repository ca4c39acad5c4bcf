import Foundation
import Workbench

/// What the three standard streams are connected to, and what may be written to them.
package struct Terminal {
  /// True when people type the input.
  let isInput: Bool
  /// True when people see standard output.
  let isOutput: Bool
  /// True when people see standard error.
  let isError: Bool
  /// The colors that standard output may have.
  let outputColor: Console.ColorDepth
  /// The colors that standard error may have.
  let errorColor: Console.ColorDepth
  /// True when the terminal knows no escape sequences.
  let isDumb: Bool
  /// How pictures come to standard output; nil for as characters, by its colors.
  let pictures: DisplayStyle.PictureProtocol?

  /// Looks at the streams and the environment; nothing is asked of the terminal itself.
  init(colorsAllowed: Bool, environment: [String: String] = ProcessInfo.processInfo.environment) {
    isInput = isatty(STDIN_FILENO) == 1
    isOutput = isatty(STDOUT_FILENO) == 1
    isError = isatty(STDERR_FILENO) == 1
    let depth = Self.colorDepth(environment)
    isDumb = Self.isDumb(environment)
    outputColor = colorsAllowed && isOutput ? depth : .none
    errorColor = colorsAllowed && isError ? depth : .none
    pictures = outputColor == .none ? nil : Self.pictures(environment)
  }

  /// Holds the places of the standard streams that whoever started the program has closed: a file that is opened would stand there and take
  /// what is meant for people. Reading from them and writing to them fails as before.
  static func holdClosedStreams() {
    let streams = [(STDIN_FILENO, O_WRONLY), (STDOUT_FILENO, O_RDONLY), (STDERR_FILENO, O_RDONLY)]
    for (stream, otherWay) in streams where fcntl(stream, F_GETFD) == -1 { _ = unsafe open("/dev/null", otherWay) }
  }

  /// True when what is typed has colors: where it is shown, and the terminal can draw over what stands there.
  var paintsInput: Bool { !isDumb && (isOutput ? outputColor : errorColor) != .none }

  /// True when standard error may have colors.
  var hasErrorColor: Bool { errorColor != .none }

  /// The colors that the variables of the environment promise; `NO_COLOR` forbids all.
  package static func colorDepth(_ environment: [String: String]) -> Console.ColorDepth {
    if isDumb(environment) || environment["NO_COLOR"].map({ !$0.isEmpty }) == true { return .none }
    switch environment["COLORTERM"] {
    case "truecolor", "24bit": return .trueColor
    default: return environment["TERM"]?.hasSuffix("-direct") == true ? .trueColor : .ansi256
    }
  }

  /// The protocol of pictures of terminals that are known by name; nil for others, and inside of tmux and screen, which pass none on.
  ///
  /// The terminal is not asked: an answer may be late, and belongs to whoever reads the keys then.
  package static func pictures(_ environment: [String: String]) -> DisplayStyle.PictureProtocol? {
    let (name, program) = (environment["TERM"] ?? "", environment["TERM_PROGRAM"] ?? "")
    if environment["TMUX"] != nil || environment["STY"] != nil || name.hasPrefix("screen") || name.hasPrefix("tmux") {
      return nil
    }
    if environment["KITTY_WINDOW_ID"] != nil || ["xterm-kitty", "xterm-ghostty"].contains(name) || program == "ghostty"
    {
      return .kitty
    }
    if ["iTerm.app", "WezTerm", "mintty"].contains(program) || environment["LC_TERMINAL"] == "iTerm2" { return .iterm }
    let sixels = ["foot", "mlterm", "contour", "yaft", "xterm-sixel"]
    return sixels.contains { name == $0 || name.hasPrefix($0 + "-") } ? .sixel : nil
  }

  private static func isDumb(_ environment: [String: String]) -> Bool {
    ["", "dumb"].contains(environment["TERM"] ?? "")
  }

  /// The number of columns now: those of the terminal, else what `COLUMNS` says, else 80.
  static func width() -> Int {
    if let width = size()?.columns { return width }
    let told = ProcessInfo.processInfo.environment["COLUMNS"].flatMap { Int($0) }
    return told.flatMap { $0 > 0 ? $0 : nil } ?? 80
  }

  /// The number of lines now; nil where it is not known.
  static func height() -> Int? { size()?.lines }

  /// What can be seen at once, as far as the terminal tells.
  static func screen() -> DisplayStyle.Screen {
    guard let size = size() else { return DisplayStyle.Screen() }
    func pixels(_ all: Int, _ count: Int) -> Int? { all > 0 && count > 0 ? all / count : nil }
    return DisplayStyle.Screen(
      lines: size.lines > 0 ? size.lines : nil, cellWidth: pixels(size.width, size.columns),
      cellHeight: pixels(size.height, size.lines))
  }

  private static func size() -> (columns: Int, lines: Int, width: Int, height: Int)? {
    for stream in [STDOUT_FILENO, STDERR_FILENO] {
      var size = winsize()
      if unsafe ioctl(stream, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 {
        return (Int(size.ws_col), Int(size.ws_row), Int(size.ws_xpixel), Int(size.ws_ypixel))
      }
    }
    return nil
  }
}
