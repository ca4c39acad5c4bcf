/// A word, a sign or a value of the language as it is written.
public struct Token: Hashable, Sendable {
  /// What a token is.
  public enum Kind: Hashable, Sendable {
    case number(Double)
    /// A string without values in it, escapes resolved.
    case string(String)
    /// `f"..."`, its pieces still to be parsed.
    case interpolation([Piece])
    case name(String)
    case keyword(Keyword)
    case sign(Sign)
    /// A line end that may end a statement.
    case newline
    /// A `# %%` line.
    case cell
    case end
  }

  /// A piece of an `f"..."` string.
  public enum Piece: Hashable, Sendable {
    case text(String)
    /// The tokens of an expression, closed by an `end`, and how its value is to look.
    case value([Token], ValueStyle)
  }

  /// How a value in a string is to look: what stands behind it in the braces.
  public struct ValueStyle: Hashable, Sendable {
    /// True for `!r`, and for `=` without a format: strings stand in quotes.
    public var isQuoted = false
    /// The format specification after the colon, which may hold values itself.
    public var format: [Piece]?
  }

  /// What it is.
  public let kind: Kind
  /// Where it stands.
  public let span: Span
  /// True when white space or a comment stands right before it.
  public let followsSpace: Bool
}

/// A word with a meaning of its own, which no variable can have as name.
public enum Keyword: String, Sendable, CaseIterable {
  case and, `as`, assert, `break`, `catch`, `continue`, `else`, `false`, fn, `for`, `if`, `import`, `in`, `nil`, not, or
  case param, raise, `return`, `true`, `try`, `while`
}

/// An operator or a bracket.
public enum Sign: String, Sendable, CaseIterable {
  case doubleStar = "**"
  case doubleSlash = "//"
  case equal = "=="
  case notEqual = "!="
  case lessOrEqual = "<="
  case greaterOrEqual = ">="
  case plusAssign = "+="
  case minusAssign = "-="
  case starAssign = "*="
  case slashAssign = "/="
  case barAssign = "|="
  case ampersandAssign = "&="
  case caretAssign = "^="
  case plus = "+"
  case minus = "-"
  case star = "*"
  case slash = "/"
  case percent = "%"
  case at = "@"
  case bar = "|"
  case ampersand = "&"
  case caret = "^"
  case less = "<"
  case greater = ">"
  case assign = "="
  case leftParenthesis = "("
  case rightParenthesis = ")"
  case leftBracket = "["
  case rightBracket = "]"
  case leftBrace = "{"
  case rightBrace = "}"
  case comma = ","
  case colon = ":"
  case semicolon = ";"
  case dot = "."
  case question = "?"

  /// The sign that closes this bracket; `nil` for what opens none.
  var closer: Sign? {
    switch self {
    case .leftParenthesis: .rightParenthesis
    case .leftBracket: .rightBracket
    case .leftBrace: .rightBrace
    default: nil
    }
  }

  /// True for a closing bracket.
  var isCloser: Bool { self == .rightParenthesis || self == .rightBracket || self == .rightBrace }
}

extension Token.Kind {
  /// True for a token that ends a value, so that another value can't follow it.
  var isOperand: Bool {
    switch self {
    case .name, .number, .string, .interpolation, .keyword(.true), .keyword(.false), .keyword(.nil): true
    case .sign(let sign): sign.isCloser
    default: false
    }
  }

  /// True for a token before which `f` starts a call without parentheses.
  var startsCommandArgument: Bool {
    switch self {
    case .name, .number, .string, .interpolation: true
    case .keyword(let word): word == .fn || word == .true || word == .false || word == .nil
    default: false
    }
  }
}
