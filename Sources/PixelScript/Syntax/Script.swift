import Safepoint

/// A whole source text, parsed.
public struct Script: Sendable {
  /// A part of a script that starts at a `# %%` line; what comes before the first such line is a cell of its own.
  public struct Cell: Sendable {
    /// What a cell holds.
    public enum Kind: String, Sendable {
      case code, markdown, raw
    }

    /// What the `# %%` line says, without what is for other programs; empty without one.
    public let title: String
    /// What the cell holds.
    public let kind: Kind
    /// What the `# %%` line says for other programs, such as `tags=["note"]`; empty without any.
    public let metadata: String
    /// Where the cell stands, its `# %%` line included.
    public let span: Span
    /// The indices of its lines, from 0, without the `# %%` line.
    public let lines: Range<Int>
    /// The indices of its statements.
    public let statements: Range<Int>
    let code: ArraySlice<Statement>

    /// The names that its code reads, gives values to and changes, as far as the text tells.
    public var names: Names { Names(code) }
  }

  /// What the text of some statements tells of their dealings with variables.
  public struct Names: Sendable, Equatable {
    /// The names read where no statement before has certainly given them a value: variables from elsewhere, and commands.
    public let reads: Set<String>
    /// The variables that get a value, in order.
    public let writes: [String]
    /// The variables whose values get another part, as `x` in `x[0] = 1`; what commands change is not told by the text.
    public let changes: Set<String>
    /// A variable, or a part of one, that a call is given.
    public struct Handed: Sendable, Hashable {
      /// What stands for a function that is no name, as in `fs[0](x)`.
      public static let unknown = ""
      /// The name of the command or function, or of the variable that holds it.
      public let command: String
      /// The variable.
      public let name: String
    }

    /// The variables that calls are given: some commands change them.
    public let handed: Set<Handed>
    /// The names that functions inside it read from outside.
    public let readsInside: Set<String>
    /// Whether functions are among them.
    public let definesFunctions: Bool
    /// True when an `import` brings in variables whose names the text does not tell.
    public let isOpen: Bool

    init(_ statements: ArraySlice<Statement>) {
      let names = NameCollector.collect(statements)
      reads = names.needed
      writes = names.assigned
      changes = names.changed
      readsInside = names.readInside
      handed = names.handed
      isOpen = names.takesNames
      definesFunctions = names.hasFunctions
    }
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
