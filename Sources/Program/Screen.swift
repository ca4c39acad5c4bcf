import Foundation
import PixelScript
import Workbench

/// The standard streams as the program writes them: results to standard output, everything else to standard error.
final class Screen {
  /// What the streams are connected to.
  let terminal: Terminal
  private let output: StandardOutput
  private let progress: ProgressDisplay
  private let errorForm: ErrorForm

  init(errors: ErrorForm = .text, colorsAllowed: Bool = true) {
    let terminal = Terminal(colorsAllowed: colorsAllowed)
    self.terminal = terminal
    errorForm = errors
    output = StandardOutput(
      isTerminal: terminal.isOutput, isInterrupted: { Signals.interruption.isRequested }
    ) { message in
      Screen.writeError("error: \(message)\n")
      exit(ExitStatus.failure)
    }
    progress = ProgressDisplay(terminal: terminal, write: Screen.writeError)
  }

  /// The console of a session that writes here.
  var console: Console {
    Console(
      write: write,
      notify: { [self] event in
        output.flush()
        progress.show(event)
      }, color: terminal.outputColor, width: Terminal.width)
  }

  /// The time that summaries of work told so far, in seconds.
  var toldSeconds: Double { progress.toldSeconds }

  /// Writes a result.
  func write(_ text: String) {
    progress.clear()
    output.write(text)
  }

  /// Writes the results that are still held back.
  func flush() { output.flush() }

  /// Writes a line to standard error, dim when it may be.
  func note(_ text: String) {
    prepareForError()
    Self.writeError(terminal.hasErrorColor ? "\u{1B}[2m\(text)\u{1B}[0m\n" : text + "\n")
  }

  /// Ends the line in which the terminal shows ^C, and tells when output was left out.
  func endInterruptedLine() {
    prepareForError()
    if terminal.isError { Self.writeError("\n") }
    if output.isCut { note("the rest of the output is left out") }
    output.isCut = false
  }

  /// Tells errors of a script.
  func report(_ diagnostics: [Diagnostic]) {
    guard !diagnostics.isEmpty else { return }
    prepareForError()
    switch errorForm {
    case .json: Self.writeError(diagnostics.map { $0.json + "\n" }.joined())
    case .text:
      let width = terminal.isError ? Terminal.width() : 100
      let renderer = DiagnosticRenderer(usesColor: terminal.hasErrorColor, width: width)
      Self.writeError(renderer.text(of: diagnostics) + "\n")
    }
  }

  /// Tells a mistake in how the program was called.
  func report(_ error: UsageError) {
    prepareForError()
    switch errorForm {
    case .json: Self.writeError(usageDiagnostic(error).json + "\n")
    case .text:
      let title = terminal.hasErrorColor ? "\u{1B}[1;31merror\u{1B}[0m" : "error"
      Self.writeError("\(title): \(error.message)\n" + (error.help.map { "help: \($0)\n" } ?? ""))
    }
  }

  private func usageDiagnostic(_ error: UsageError) -> Diagnostic {
    Diagnostic(.value, error.message, help: error.help.map { [$0] } ?? [])
  }

  private func prepareForError() {
    output.flush()
    progress.clear()
  }

  /// Standard error is where failures are told; when it can't be written, nothing is left to tell it to.
  private static func writeError(_ text: String) {
    do { try FileHandle.standardError.write(contentsOf: Data(text.utf8)) } catch { exit(ExitStatus.failure) }
  }
}
