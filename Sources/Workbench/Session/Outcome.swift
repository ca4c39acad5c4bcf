import PixelScript

/// How a run of a text ended.
public enum Outcome: Sendable {
  /// Everything ran.
  case completed
  /// The text stops too early; another line could complete it, and nothing of it ran.
  case incomplete([Diagnostic])
  /// The text was no script, or an error stopped it.
  case failed([Diagnostic])
  /// The script asked to end the session.
  case quit

  /// The errors, in the order of the text.
  public var diagnostics: [Diagnostic] {
    switch self {
    case .completed, .quit: []
    case .incomplete(let diagnostics), .failed(let diagnostics): diagnostics
    }
  }

  /// The exit status of a program that ran only this: 0, 1 for an error while running, 2 for syntax, 130 when interrupted.
  public var exitStatus: Int32 {
    switch diagnostics.first?.kind {
    case nil: 0
    case .syntax: 2
    case .interrupted: 130
    default: 1
    }
  }
}
