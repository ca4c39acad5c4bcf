/// An identifier in the source.
public struct Name: Hashable, Sendable {
  /// The identifier.
  public let text: String
  /// Where it stands.
  public let span: Span

  /// Creates a name.
  public init(_ text: String, _ span: Span) {
    self.text = text
    self.span = span
  }
}

/// A node of the syntax tree that has a value.
///
/// The parser limits `height`, so recursion over a tree and its release can't overflow the stack.
public final class Expression: Sendable {
  /// What the node is.
  public enum Kind: Sendable {
    case `nil`
    case bool(Bool)
    case number(Double)
    case string(String)
    /// `f"..."`: texts and values in order.
    case interpolation([InterpolationPart])
    case name(String)
    case list([Expression])
    case map([MapEntry])
    case comprehension(Comprehension)
    case unary(UnaryOperator, Expression)
    case binary(BinaryOperator, Expression, Expression)
    case logical(LogicalOperator, Expression, Expression)
    /// `a < b <= c`: the first operand and one link or more; each operand is evaluated once.
    case comparison(Expression, [ComparisonLink])
    /// `value if condition else otherwise`.
    case conditional(condition: Expression, value: Expression, otherwise: Expression)
    case call(Call)
    case index(Expression, [Subscript])
    case field(Expression, Name)
    /// `fn(x) = x + 1` or `fn(x) { ... }`.
    case function(FunctionDefinition)
  }

  /// What the node is.
  public let kind: Kind
  /// Where it stands, brackets included.
  public let span: Span
  /// The number of nodes on the longest way down to a leaf.
  public let height: Int

  /// Creates a node.
  public init(_ kind: Kind, _ span: Span) {
    self.kind = kind
    self.span = span
    height = 1 + kind.heightOfParts
  }
}

/// A piece of an `f"..."` string.
public enum InterpolationPart: Sendable {
  /// Text as it stands, escapes resolved.
  case text(String)
  /// A value and how it is to look.
  case value(Expression, ValueStyle)

  /// How a value in a string is to look.
  public struct ValueStyle: Sendable {
    /// True when strings stand in quotes, as in `{x!r}`.
    public let isQuoted: Bool
    /// The format specification, which may hold values itself.
    public let format: [InterpolationPart]?
  }
}

/// `key: value` in a map; a bare name as key is a string.
public struct MapEntry: Sendable {
  /// The key.
  public let key: Expression
  /// The value.
  public let value: Expression
}

/// An operator of a comparison and the operand on its right.
public struct ComparisonLink: Sendable {
  /// The operator.
  public let comparison: ComparisonOperator
  /// Where the operator stands.
  public let operatorSpan: Span
  /// The operand on its right.
  public let right: Expression
}

/// One axis inside `x[...]`.
public enum Subscript: Sendable {
  /// A position, a list of positions, a key or a mask.
  case position(Expression)
  /// `start:stop:step`, each of which may be missing.
  case slice(start: Expression?, stop: Expression?, step: Expression?, span: Span)
  /// `...`: all axes that no other index names.
  case rest(span: Span)

  /// Where it stands.
  public var span: Span {
    switch self {
    case .position(let expression): expression.span
    case .slice(_, _, _, let span), .rest(let span): span
    }
  }
}

/// A call: `f(a, b: 1)`, `x.f(a)` (the callee is a field) or `f a, b: 1`.
public struct Call: Sendable {
  /// How the call is written.
  public enum Form: Sendable {
    case parentheses
    /// Without parentheses.
    case command
    /// Without parentheses, where the first argument begins with `-`: with a variable's name it is a difference instead.
    case signed
  }

  /// What is called.
  public let callee: Expression
  /// The arguments by position.
  public let arguments: [Expression]
  /// The arguments by name, in the order written, no name twice.
  public let named: [NamedArgument]
  /// How it is written.
  public let form: Form
}

/// `name: value` in a call.
public struct NamedArgument: Sendable {
  /// The parameter meant.
  public let name: Name
  /// Its value.
  public let value: Expression
}

/// A function with its parameters and what it does.
public final class FunctionDefinition: Sendable {
  /// A parameter, optional when it has a default.
  public struct Parameter: Sendable {
    /// Its name.
    public let name: Name
    /// The value when the call gives none; evaluated at each such call.
    public let defaultValue: Expression?
  }

  /// What a call runs.
  public enum Body: Sendable {
    /// `= expression`.
    case expression(Expression)
    /// `{ statements }`.
    case block(Block)
  }

  /// The name; `nil` for an anonymous function.
  public let name: Name?
  /// The parameters in order; those with a default come last.
  public let parameters: [Parameter]
  /// What a call runs.
  public let body: Body
  /// Where the whole definition stands, from `fn`.
  public let span: Span

  /// Creates a definition.
  public init(name: Name?, parameters: [Parameter], body: Body, span: Span) {
    self.name = name
    self.parameters = parameters
    self.body = body
    self.span = span
  }
}
