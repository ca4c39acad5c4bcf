/// The height of the tree is counted while it is built, so that the parser can refuse one that is too high to walk.

extension Expression.Kind {
  /// The largest height among the parts, 0 for a leaf.
  var heightOfParts: Int {
    switch self {
    case .nil, .bool, .number, .string, .name: 0
    case .interpolation(let parts): parts.lazy.map(\.height).max() ?? 0
    case .list(let elements): elements.height
    case .map(let entries): entries.lazy.map { max($0.key.height, $0.value.height) }.max() ?? 0
    case .comprehension(let comprehension): comprehension.parts.height + comprehension.clauses.count
    case .unary(_, let operand): operand.height
    case .binary(_, let left, let right), .logical(_, let left, let right): max(left.height, right.height)
    case .comparison(let first, let links): max(first.height, links.lazy.map(\.right.height).max() ?? 0)
    case .conditional(let condition, let value, let otherwise): [condition, value, otherwise].height
    case .call(let call):
      max(call.callee.height, call.arguments.height, call.named.lazy.map(\.value.height).max() ?? 0)
    case .index(let base, let subscripts): max(base.height, subscripts.height)
    case .field(let base, _): base.height
    case .function(let definition): definition.height
    }
  }
}

extension Statement.Kind {
  /// The largest height among the parts, 0 for a leaf.
  var heightOfParts: Int {
    switch self {
    case .breakLoop, .continueLoop, .importScript, .help, .outer: 0
    case .expression(let value), .raise(let value): value.height
    case .assignment(let targets, let values): max(targets.lazy.map(\.height).max() ?? 0, values.height)
    case .augmentedAssignment(let target, _, let value): max(target.height, value.height)
    case .conditional(let branches, let otherwise):
      max(branches.lazy.map { max($0.condition.height, $0.body.height) }.max() ?? 0, otherwise?.height ?? 0)
    case .whileLoop(let condition, let body): max(condition.height, body.height)
    case .forLoop(_, let values, let body): max(values.height, body.height)
    case .function(let definition): definition.height
    case .returnValues(let values): values.height
    case .tryCatch(let body, _, let handler): max(body.height, handler.height)
    case .assertion(let condition, let message): max(condition.height, message?.height ?? 0)
    case .parameter(let declaration): max(declaration.defaultValue.height, declaration.choices?.height ?? 0)
    }
  }
}

extension [Expression] {
  fileprivate var height: Int { lazy.map(\.height).max() ?? 0 }
}

extension [Subscript] {
  fileprivate var height: Int { lazy.map(\.height).max() ?? 0 }
}

extension Subscript {
  fileprivate var height: Int {
    switch self {
    case .position(let expression): expression.height
    case .rest: 0
    case .slice(let start, let stop, let step, _): [start, stop, step].compactMap(\.self).height
    }
  }
}

extension InterpolationPart {
  fileprivate var height: Int {
    switch self {
    case .text: 0
    case .value(let expression, let style): max(expression.height, style.format?.lazy.map(\.height).max() ?? 0)
    }
  }
}

extension AssignmentTarget {
  fileprivate var height: Int {
    switch self {
    case .name: 0
    case .index(let base, let subscripts, _): Swift.max(base.height, subscripts.height)
    case .field(let base, _, _): base.height
    }
  }
}

extension Block {
  fileprivate var height: Int { statements.lazy.map(\.height).max() ?? 0 }
}

extension FunctionDefinition {
  fileprivate var height: Int {
    let body =
      switch body {
      case .expression(let expression): expression.height
      case .block(let block): block.height
      }
    return Swift.max(body, parameters.lazy.map { $0.defaultValue?.height ?? 0 }.max() ?? 0)
  }
}
