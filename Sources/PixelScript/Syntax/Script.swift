import Safepoint

/// A whole source text, parsed.
public struct Script: Sendable {
  /// A part of a script that starts at a `# %%` line; what comes before the first such line is a cell of its own.
  public struct Cell: Sendable {
    /// What a cell holds.
    public enum Kind: String, Sendable {
      case code, markdown
    }

    /// The rest of the `# %%` line; empty without one.
    public let title: String
    /// What the cell holds.
    public let kind: Kind
    /// Where the cell stands, its `# %%` line included.
    public let span: Span
    /// The indices of its lines, from 0, without the `# %%` line.
    public let lines: Range<Int>
    /// The indices of its statements.
    public let statements: Range<Int>
  }

  /// The text.
  public let source: SourceText
  /// The statements outside any block, in order.
  public let statements: [Statement]
  /// The cells in order; a text without `# %%` lines is one cell.
  public let cells: [Cell]
}

/// Why a text is no script: all of its syntax errors.
public struct SyntaxFailure: Error, Sendable {
  /// The errors in the order of the text, one at least.
  public let diagnostics: [Diagnostic]
  /// True when the only thing wrong is that the text stops too early, so that another line could complete it.
  public let isIncomplete: Bool

  /// Throws when reading a text had to stop: then the rest of it is not known.
  static func checkStop() throws(SyntaxFailure) {
    guard Safepoint.watch?.stopReason != nil else { return }
    throw SyntaxFailure(
      diagnostics: [Diagnostic(.interrupted, "interrupted while the script was read")], isIncomplete: false)
  }
}
