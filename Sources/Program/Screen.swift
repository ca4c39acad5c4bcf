import Formats
import Foundation
import PixelScript
import Safepoint
import Workbench

/// The standard streams as the program writes them: results to standard output, everything else to standard error.
///
/// With `--json` everything is an event on standard output.
final class Screen {
  /// What the streams are connected to.
  let terminal: Terminal
  private let output: StandardOutput
  private let progress: ProgressDisplay
  private let errorForm: ErrorForm
  private let events: EventStream?
  /// True for a rank that another one tells for: nothing is written.
  private let isSilent: Bool
  /// Gets all that is told, too.
  private var transcript: RunTranscript?
  /// True when a file that was to get it could not be written.
  var hasLostOutput: Bool { transcript?.isBroken == true }
  /// The first error that was not told because of that.
  private(set) var unsaid: String?
  /// The cells that run, each started by the one before.
  private var cells: [CellMark] = []

  init(errors: ErrorForm = .text, colorsAllowed: Bool = true, tellsEvents: Bool = false, isSilent: Bool = false) {
    self.isSilent = isSilent
    let terminal = Terminal(colorsAllowed: colorsAllowed && !tellsEvents)
    _ = Self.tellsTerminal
    self.terminal = terminal
    errorForm = errors
    output = StandardOutput(
      isTerminal: terminal.isOutput, isInterrupted: { Signals.interruption.isRequested }
    ) { message in
      // A terminal that went away takes nothing any more: the run ends in order.
      if terminal.isOutput { return Signals.terminalWentAway() }
      Screen.writeError("error: \(message)\n")
      exit(ExitStatus.failure)
    }
    progress = ProgressDisplay(terminal: terminal, write: Screen.writeError)
    events = tellsEvents && !isSilent ? EventStream(output) : nil
  }

  /// The console of a session that writes here.
  var console: Console {
    Console(
      write: write, show: show,
      play: terminal.isOutput && !terminal.isDumb && events == nil && !isSilent ? play : nil, notify: notify,
      color: terminal.outputColor, pictures: terminal.pictures,
      isLive: terminal.isError && !terminal.isDumb && events == nil && !isSilent, width: width, screen: Terminal.screen)
  }

  private func notify(_ event: Console.Event) {
    follow(event)
    if isSilent { return }
    note(in: transcript, event)
    if let events { return events.show(event) }
    output.flush()
    progress.show(event)
  }

  /// Keeps what a fault of the program would say that it was doing.
  private func follow(_ event: Console.Event) {
    switch event {
    case .cellStarted(let cell): cells.append(cell)
    case .cellEnded: cells.removeLast()
    default: return
    }
    guard let cell = cells.last else { return Faults.isDoing(nil) }
    Faults.isDoing("running \(cell.script)" + (cell.number > 1 ? ", cell \(cell.number) at line \(cell.line)" : ""))
  }

  /// Keeps all that is told in a file as well, from now on.
  func keep(in transcript: RunTranscript) { if !isSilent { self.transcript = transcript } }

  private func note(in transcript: RunTranscript?, _ event: Console.Event) {
    guard let transcript else { return }
    switch event {
    case .notice(let text): transcript.write(ControlCharacters.escaped(text) + "\n")
    case .finished(let report): transcript.write(ControlCharacters.escaped(ProgressLine.summary(report)) + "\n")
    case .cellStarted, .cellEnded, .progress: break
    }
    transcript.flush()
  }

  private func width() -> Int { events == nil ? Terminal.width() : 80 }

  /// The time that summaries of work told so far, in seconds.
  var toldSeconds: Double { progress.toldSeconds }

  /// Tells that a script begins, where that is told.
  func begin(_ name: String) { events?.begin(name) }

  /// Tells the exit status, where that is told, and writes what was held back.
  func end(_ status: Int32) {
    events?.end(status)
    output.flush()
    transcript?.flush()
  }

  /// Writes a result; to a terminal nothing of it acts, whatever data it comes from.
  func write(_ text: String) {
    if isSilent { return }
    transcript?.write(text)
    if let events { return events.write(text) }
    progress.clear()
    output.write(terminal.isOutput ? ControlCharacters.escaped(text) : text)
  }

  /// Writes a value that is shown; only what is drawn by us may select colors.
  private func show(_ rendering: Rendering, _ style: DisplayStyle) throws {
    guard events == nil, !rendering.isText else {
      return write(style.fitted(try rendering.text(in: style.inText), isDrawn: false))
    }
    try transcript?.write(rendering.text(in: DisplayStyle(width: 100)))
    progress.clear()
    let text = try terminal.isOutput ? rendering.terminalText(in: style) : rendering.text(in: style.inText)
    output.write(style.fitted(text, isDrawn: true))
  }

  /// Draws frames over each other, again and again until the work must stop, or once through.
  private func play(_ animation: Rendering.Animation, _ style: DisplayStyle, repeats: Bool) throws {
    try transcript?.write(Rendering.animation(animation).text(in: DisplayStyle(width: 100)))
    progress.clear()
    output.write("\u{1B}[?25l")
    defer { output.writeInAnyCase("\u{1B}[?25h") }
    let identity = Int.random(in: 1..<1 << 31)
    let start = ContinuousClock.now
    var turn = 0
    while repeats || turn < animation.frames.count {
      let lines = animation.lines(of: turn % animation.frames.count, in: style, identity: identity)
      // The first one makes the lines, as a terminal that scrolls while it draws loses the place.
      let back = turn == 0 ? String(repeating: "\n", count: lines.count) : ""
      output.write(back + "\u{1B}[\(lines.count)A" + lines.map { "\r\($0)\u{1B}[K\n" }.joined())
      output.flush()
      turn += 1
      let next = start + .seconds(Double(turn) / animation.fps)
      while .now < next {
        try Safepoint.check()
        usleep(UInt32(min(max((next - .now) / .microseconds(1), 0), 10_000)))
      }
      try Safepoint.check()
    }
  }

  /// Takes all off the screen.
  func clear() { if terminal.isOutput, !terminal.isDumb { output.write("\u{1B}[H\u{1B}[2J") } }

  /// Writes the results that are still held back.
  func flush() { output.flush() }

  /// Writes a line to standard error, dim when it may be.
  func note(_ text: String) {
    if isSilent { return }
    prepareForError()
    let text = ControlCharacters.escaped(text)
    Self.writeError(terminal.hasErrorColor ? "\u{1B}[2m\(text)\u{1B}[0m\n" : text + "\n")
  }

  /// Ends the line in which the terminal shows ^C, and tells when output was left out.
  /// Where the terminal shows nothing that is typed it is written here.
  func endInterruptedLine(showsMark: Bool = false) {
    guard events == nil, !isSilent else { return }
    prepareForError()
    if terminal.isError, showsMark || !progress.hasErasedMark { Self.writeError(showsMark ? "^C\n" : "\n") }
    progress.hasErasedMark = false
    if output.isCut { note("the rest of the output is left out") }
    output.isCut = false
  }

  /// Tells errors of a script.
  func report(_ diagnostics: [Diagnostic]) {
    guard let first = diagnostics.first else { return }
    if isSilent { return unsaid = unsaid ?? "error[\(first.kind.rawValue)]: \(first.message)" }
    transcript?.write(ControlCharacters.escaped(DiagnosticRenderer().text(of: diagnostics)) + "\n")
    transcript?.flush()
    if let events { return diagnostics.forEach(events.report) }
    prepareForError()
    switch errorForm {
    case .json: Self.writeError(diagnostics.map { ControlCharacters.escapedJSON($0.json.text()) + "\n" }.joined())
    case .text:
      let width = terminal.isError ? Terminal.width() : 100
      let renderer = DiagnosticRenderer(usesColor: terminal.hasErrorColor, width: width)
      Self.writeError(ControlCharacters.escaped(renderer.text(of: diagnostics), keepingColors: true) + "\n")
    }
  }

  /// Tells a mistake in how the program was called.
  func report(_ error: UsageError) {
    if isSilent { return unsaid = unsaid ?? error.message }
    if let events { return events.report(usageDiagnostic(error)) }
    prepareForError()
    switch errorForm {
    case .json: Self.writeError(ControlCharacters.escapedJSON(usageDiagnostic(error).json.text()) + "\n")
    case .text:
      let title = terminal.hasErrorColor ? "\u{1B}[1;31merror\u{1B}[0m" : "error"
      let text = "\(error.message)\n" + (error.help.map { "help: \($0)\n" } ?? "")
      Self.writeError("\(title): \(ControlCharacters.escaped(text))")
    }
  }

  private func usageDiagnostic(_ error: UsageError) -> Diagnostic {
    let place = error.file.map { Location(SourceText(name: $0, ""), Span(0, 0)) }
    return Diagnostic(place == nil ? .value : .io, error.message, at: place, help: error.help.map { [$0] } ?? [])
  }

  private func prepareForError() {
    output.flush()
    progress.clear()
  }

  /// Standard error is where failures are told; when it can't be written, nothing is left to tell it to.
  /// Tells of something that went wrong and does not end the run.
  static func tellError(_ message: String) { writeError("error: \(ControlCharacters.escaped(message))\n") }

  private static func writeError(_ text: String) {
    do { try FileHandle.standardError.write(contentsOf: Data(text.utf8)) } catch {
      if tellsTerminal { return Signals.terminalWentAway() }
      if !Signals.keepsGoing { exit(ExitStatus.failure) }
    }
  }

  /// Whether standard error was a terminal when the program began.
  private static let tellsTerminal = isatty(FileHandle.standardError.fileDescriptor) == 1
}
