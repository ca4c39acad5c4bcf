import Formats
import Foundation
import PixelScript
import Safepoint
import Workbench

/// The prompt: reads inputs, runs them in one session and shows their values.
package final class Prompt {
  private let screen: Screen
  private let session: Session
  private let editor: LineEditor
  private let history: InputHistory
  private let settings: SettingsFile?
  private var isHistoryBroken = false
  private var lastEntry: String?
  private var count = 1

  /// What takes longer than this many seconds says so.
  private static let longTime = 1.0

  /// Creates the prompt; it starts with the user's settings where it `hasSettings`.
  init(screen: Screen, options: SessionOptions, hasSettings: Bool) {
    self.screen = screen
    settings = hasSettings ? SettingsFile() : nil
    history = InputHistory()
    Signals.listen(atPrompt: true)
    var console = screen.console
    console.cutsEchoes = screen.terminal.isOutput
    session = Session(options: options, console: console, interruption: Signals.interruption)
    editor = LineEditor(toStandardError: !screen.terminal.isOutput, paints: screen.terminal.paintsInput)
  }

  /// Reads and runs inputs until the user leaves; returns the exit status of the program.
  func run() -> Int32 {
    greet()
    recallHistory()
    if let status = applySettings() { return status }
    while true {
      let status = readAndRun()
      if let signal = Signals.last { return ExitStatus.stopped(by: signal) }
      if let status { return status }
    }
  }

  private func greet() {
    guard !session.environment.quiet else { return }
    screen.write(Greeting.text(width: Terminal.width()))
  }

  /// Runs the user's settings; errors in them are told, and the prompt starts. Returns a status to leave with.
  private func applySettings() -> Int32? {
    do {
      switch try settings?.run(in: session) {
      case .failed(let diagnostics), .incomplete(let diagnostics): screen.report(diagnostics)
      case .quit: screen.note("`quit` has ended the settings; the session goes on")
      case .completed, nil: break
      }
    } catch {
      screen.note("the settings can't be read: \(Self.reason(error))")
    }
    if Signals.interruption.isRequested { screen.endInterruptedLine() }
    return Signals.last.map { ExitStatus.stopped(by: $0) }
  }

  /// Handles one input, of one line or several; returns a status to leave with.
  private func readAndRun() -> Int32? {
    var block = ""
    var start = start(isFirst: true)
    while true {
      switch readLine(start, after: block) {
      case .closed:
        screen.write("\n")
        if block.isEmpty { return ExitStatus.success }
        screen.note("the unfinished input is dropped; Ctrl-D again leaves")
        return nil
      case .canceled: return nil
      case .block(let line):
        start = self.start(isFirst: true)
        (start.text, start.cursor) = (block + line, block.utf8.count - 1)
        block = ""
      case .line(let line):
        let wasBlank = block.hasSuffix("\n\n")
        block += line
        if block.allSatisfy(\.isWhitespace) { return nil }
        if let word = wordOfShells(block) {
          guard word == .clear else { return ExitStatus.success }
          screen.clear()
          return nil
        }
        let outcome = perform(block)
        guard case .incomplete(let diagnostics) = outcome else { return finish(outcome) }
        if wasBlank, line.allSatisfy(\.isWhitespace), let open = diagnostics.first {
          screen.note("still open: \(open.message); Ctrl-C drops the input")
        }
        block += "\n"
        start = self.start(isFirst: false)
      }
    }
  }

  /// What is typed at other prompts to leave or to have an empty screen, unless it is a variable here.
  private enum WordOfShells: String {
    case exit, clear
  }

  private func wordOfShells(_ block: String) -> WordOfShells? {
    let word = block.split(whereSeparator: \.isWhitespace)
    guard word.count == 1 else { return nil }
    guard let known = WordOfShells(rawValue: String(word[0]).replacing("()", with: "")) else { return nil }
    return session.interpreter.variable(known.rawValue) == nil ? known : nil
  }

  private func start(isFirst: Bool) -> LineEditor.Start {
    LineEditor.Start(prompt: styledPrompt(isFirst: isFirst), continues: !isFirst)
  }

  private func readLine(_ start: LineEditor.Start, after block: String) -> LineEditor.Input {
    screen.flush()
    return editor.read(
      start,
      complete: { line, cursor in self.session.completion(of: line, cursor: cursor, after: block) },
      paint: { line in InputColors.styles(of: line, after: block, in: self.session) },
      write: { text in
        self.screen.write(text)
        self.screen.flush()
      },
      wake: {
        // Ctrl-C comes as a key here; an interruption from elsewhere finds nothing to stop.
        Signals.interruption.clear()
        return Signals.last != nil
      },
      rest: { self.session.interpreter.releaseSome() })
  }

  private func styledPrompt(isFirst: Bool) -> String {
    let number = "[\(count)]"
    let text = isFirst ? number + "> " : String(repeating: ".", count: number.count) + "> "
    let hasColor = screen.terminal.isOutput ? screen.terminal.outputColor != .none : screen.terminal.hasErrorColor
    // Readline does not count what stands between the bytes 1 and 2 as columns.
    return hasColor ? "\u{1}\u{1B}[1;36m\u{2}\(text)\u{1}\u{1B}[0m\u{2}" : text
  }

  private func perform(_ block: String) -> Outcome {
    let start = ContinuousClock.now
    let told = screen.toldSeconds
    // What is typed ahead is shown when its line is read, and not among what this one writes.
    let isHushed = editor.hush()
    let outcome = session.run(block, name: "[\(count)]", echo: true) { remember(block) }
    LineEditor.showTyping()
    if Signals.interruption.isRequested { screen.endInterruptedLine(showsMark: isHushed) }
    let seconds = (ContinuousClock.now - start) / .seconds(1)
    if seconds >= Self.longTime, seconds - (screen.toldSeconds - told) > seconds / 5 {
      screen.note("took \(ProgressLine.duration(seconds))")
    }
    return outcome
  }

  private func finish(_ outcome: Outcome) -> Int32? {
    count += 1
    if case .quit = outcome { return ExitStatus.success }
    screen.report(outcome.diagnostics)
    return nil
  }

  private func recallHistory() {
    do {
      for entry in try history.entries() { editor.remember(entry) }
    } catch {
      giveUpHistory(error)
    }
    do { try history.shorten() } catch { screen.note("the history can't be shortened: \(Self.reason(error))") }
    tellFaults()
  }

  /// Keeps an input for the arrow keys and later sessions, before it runs; one that starts with a blank is kept to this
  /// session.
  private func remember(_ block: String) {
    let block = String(block.reversed().drop(while: \.isNewline).reversed())
    guard block != lastEntry else { return }
    lastEntry = block
    editor.remember(block)
    guard !isHistoryBroken, block.first != " " else { return }
    do { try history.append(block) } catch { giveUpHistory(error) }
  }

  private func giveUpHistory(_ error: any Error) {
    isHistoryBroken = true
    screen.note("the history can't be kept: \(Self.reason(error))")
    tellFaults()
  }

  /// If a fault of the program ends the session, the user learns where the inputs are.
  private func tellFaults() {
    guard !isHistoryBroken, let path = history.path else { return Faults.inputsAre(in: nil) }
    Faults.inputsAre(in: path)
  }

  private static func reason(_ error: any Error) -> String {
    (error as? FormatError ?? FormatError(system: error, file: "its file")).description
  }
}
