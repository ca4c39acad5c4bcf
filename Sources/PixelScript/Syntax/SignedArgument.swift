extension Call {
  /// What `name -x` means where the name is a variable's: the difference, with what follows as its operators hold; nil where there are
  /// more arguments, as a call alone has.
  var difference: Expression? {
    guard form == .signed, named.isEmpty, arguments.count == 1 else { return nil }
    return arguments[0].taken(from: callee)
  }
}

extension Expression {
  /// The expression, which begins with a sign `-`, with that as the operator behind `left`.
  fileprivate func taken(from left: Expression) -> Expression {
    switch peeled {
    case .part(let part): Expression(.binary(.subtract, left, part), left.span.joined(with: part.span))
    case .whole(let kind): Expression(kind(left), left.span.joined(with: span))
    }
  }

  /// What a sign at the start of an expression holds.
  private enum Peeled {
    /// All of it, which is left without the sign: products hold tighter than a difference.
    case part(Expression)
    /// A part, around which there is more.
    case whole((Expression) -> Kind)
  }

  private var peeled: Peeled {
    switch kind {
    case .number(let value):
      return .part(Expression(.number(-value), Span(Int(span.start) + 1, Int(span.end))))
    case .unary(.negate, let operand): return .part(operand)
    case .binary(let operation, let first, let second):
      if operation.isProduct, case .part(let part) = first.peeled {
        return .part(Expression(.binary(operation, part, second), part.span.joined(with: second.span)))
      }
      return .whole { .binary(operation, first.taken(from: $0), second) }
    case .logical(let operation, let first, let second):
      return .whole { .logical(operation, first.taken(from: $0), second) }
    case .comparison(let first, let links): return .whole { .comparison(first.taken(from: $0), links) }
    case .conditional(let condition, let value, let otherwise):
      return .whole { .conditional(condition: condition, value: value.taken(from: $0), otherwise: otherwise) }
    default:
      preconditionFailure("an argument that begins with a sign is a number, a negation or an operator behind one")
    }
  }
}

extension BinaryOperator {
  /// True for what holds tighter than a difference.
  fileprivate var isProduct: Bool {
    switch self {
    case .multiply, .divide, .floorDivide, .remainder, .matrixMultiply: true
    case .add, .subtract, .power, .union, .symmetricDifference, .intersection: false
    }
  }
}
