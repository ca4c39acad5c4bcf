/// A word or sign of the language.
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
    case end
  }

  /// A piece of an `f"..."` string.
  public enum Piece: Hashable, Sendable {
    case text(String)
    /// The bytes of an expression, and the format specification after it.
    case value(Span, format: String?)
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
  case plus = "+"
  case minus = "-"
  case star = "*"
  case slash = "/"
  case percent = "%"
  case at = "@"
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
}
