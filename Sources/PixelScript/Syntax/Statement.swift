/// A node of the syntax tree that does something.
public final class Statement: Sendable {
  /// What the node is.
  public enum Kind: Sendable {
    /// A value on its own; a bare name may be a command called without arguments.
    case expression(Expression)
    /// `a, b = f()` or `a, b = 1, 2`: as many values as targets, or one value to take apart.
    case assignment([AssignmentTarget], [Expression])
    /// `a += 1`.
    case augmentedAssignment(AssignmentTarget, BinaryOperator, Expression)
    /// `if`, each `else if`, and what the last `else` runs.
    case conditional([ConditionalBranch], otherwise: Block?)
    case whileLoop(Expression, Block)
    /// `for x in xs` or `for k, v in map`.
    case forLoop([Name], Expression, Block)
    /// `outer a, b`: what a function assigns to these names goes to the variables outside it.
    case outer([Name])
    case breakLoop
    case continueLoop
    case function(FunctionDefinition)
    /// No value gives nil, several give a list.
    case returnValues([Expression])
    case tryCatch(Block, error: Name?, Block)
    case raise(Expression)
    case assertion(Expression, message: Expression?)
    case importScript(ScriptImport)
    case parameter(ParameterDeclaration)
    /// `train?`.
    case help(Name)
  }

  /// What the node is.
  public let kind: Kind
  /// Where it stands, without the `;`.
  public let span: Span
  /// True when a `;` at the end of the line silences the echo.
  public let isSilenced: Bool
  /// The number of nodes on the longest way down to a leaf.
  public let height: Int

  /// Creates a node.
  public init(_ kind: Kind, _ span: Span, isSilenced: Bool = false) {
    self.kind = kind
    self.span = span
    self.isSilenced = isSilenced
    height = 1 + kind.heightOfParts
  }
}

/// Statements in order.
public struct Block: Sendable {
  /// The statements.
  public let statements: [Statement]
  /// Where the block stands, braces included.
  public let span: Span

  /// Creates a block.
  public init(_ statements: [Statement], _ span: Span) {
    self.statements = statements
    self.span = span
  }
}

/// What stands on the left of `=`.
public enum AssignmentTarget: Sendable {
  case name(Name)
  /// `x[i, j] = `.
  case index(Expression, [Subscript], span: Span)
  /// `x.key = `.
  case field(Expression, Name, span: Span)

  /// Where it stands.
  public var span: Span {
    switch self {
    case .name(let name): name.span
    case .index(_, _, let span), .field(_, _, let span): span
    }
  }
}

/// A condition and what runs when it holds.
public struct ConditionalBranch: Sendable {
  /// The condition.
  public let condition: Expression
  /// What runs.
  public let body: Block
}

/// `import "helpers.pxb" as h`.
public struct ScriptImport: Sendable {
  /// The path as written.
  public let path: String
  /// Where the path stands.
  public let pathSpan: Span
  /// The name for what the script defines; without one its definitions come in directly.
  public let alias: Name?
}

/// `param epochs = 5 in [1, 5] "passes over the data"`.
public struct ParameterDeclaration: Sendable {
  /// The parameter's name.
  public let name: Name
  /// Its default, which also gives its type.
  public let defaultValue: Expression
  /// The values allowed; `nil` when any is.
  public let choices: [Expression]?
  /// What it means.
  public let documentation: String?
}
