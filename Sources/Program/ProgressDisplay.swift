import Foundation
import PixelScript
import Safepoint
import Workbench

/// Standard error: notices, errors and progress.
///
/// On a terminal progress is a bar in place, which makes room for any other output. Elsewhere it is whole lines, few of
/// them and without control bytes.
final class ProgressDisplay {
  private let terminal: Terminal
  private let write: (String) -> Void
  private var isBarShown = false
  /// The view that stands below the bar, and the columns that it was drawn for.
  private var view: (number: Int, width: Int)?
  /// True when a bar went, and with it the ^C that the terminal shows behind it.
  var hasErasedMark = false
  private var lastLine = ContinuousClock.now
  private var linesSinceFinish = 0
  /// The time that the summaries told, in seconds.
  private(set) var toldSeconds = 0.0

  /// The time between two lines in a log.
  private static let interval = Duration.seconds(10)
  /// Work that took less than this many seconds is not worth a line of its own.
  private static let shortest = 1.0

  init(terminal: Terminal, write: @escaping (String) -> Void) {
    self.terminal = terminal
    self.write = write
  }

  /// Shows an event.
  func show(_ event: Console.Event) {
    switch event {
    case .cellStarted, .cellEnded: break
    case .notice(let text):
      clear()
      write(ControlCharacters.escaped(text) + "\n")
    case .progress(let report): showProgress(report)
    case .finished(let report):
      clear()
      if report.elapsed >= Self.shortest || linesSinceFinish > 0 {
        write(ControlCharacters.escaped(ProgressLine.summary(report)) + "\n")
        toldSeconds += report.elapsed
      }
      linesSinceFinish = 0
      lastLine = .now
    }
  }

  /// Takes the bar away before something else is written.
  func clear() {
    guard isBarShown else { return }
    isBarShown = false
    defer { view = nil }
    hasErasedMark = Signals.interruption.isRequested
    write(
      terminal.isDumb
        ? "\r" + String(repeating: " ", count: max(Terminal.width() - 1, 0)) + "\r"
        : view == nil ? "\r\u{1B}[K" : "\r\u{1B}[J")
  }

  private func showProgress(_ report: ProgressReport) {
    if terminal.isError {
      // A character in the last column makes some terminals wrap, and so would the ^C that the terminal shows behind it.
      let width = Terminal.width() - 3
      let bar = ControlCharacters.escaped(ProgressLine.bar(report, width: width))
      write("\r" + bar + (terminal.isDumb ? String(repeating: " ", count: max(width - bar.count, 0)) : "\u{1B}[K"))
      isBarShown = true
      if let view = report.view { show(view, below: bar, width: width) }
    } else if .now - lastLine >= Self.interval {
      write(ControlCharacters.escaped(ProgressLine.line(report)) + "\n")
      lastLine = .now
      linesSinceFinish += 1
    }
  }

  /// Draws a view below the bar, unless it stands there, and goes back behind the bar.
  private func show(_ view: LiveView, below bar: String, width: Int) {
    let height = Terminal.height() ?? 0
    guard !terminal.isDumb, self.view.map({ $0 != (view.number, width) }) ?? true else { return }
    // What does not fit would scroll the bar away.
    guard width >= LiveView.leastWidth, height > LiveView.height + 2 else { return }
    let lines = view.lines(DisplayStyle(color: terminal.errorColor, width: width))
    let drawn = lines.map { "\n\u{1B}[K" + ControlCharacters.escaped($0, keepingColors: true) }.joined()
    write("\r" + drawn + "\u{1B}[\(lines.count)A\r\u{1B}[\(max(bar.count, 1))C")
    self.view = (view.number, width)
  }
}
