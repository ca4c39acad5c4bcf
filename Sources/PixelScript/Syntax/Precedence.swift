/// How tightly an operator holds its operands, loosest first.
enum Precedence: Int, Comparable {
  case conditional, or, and, not, comparison, union, symmetricDifference, intersection, sum, product, negation, power

  static func < (left: Precedence, right: Precedence) -> Bool { left.rawValue < right.rawValue }

  /// The next tighter one: what the right operand of an operator that groups to the left must have.
  var tighter: Precedence { Precedence(rawValue: rawValue + 1) ?? .power }
}

/// What a token means between two operands.
enum Infix {
  case conditional
  case logical(LogicalOperator, Precedence)
  case comparison(ComparisonOperator)
  case binary(BinaryOperator, Precedence)

  var precedence: Precedence {
    switch self {
    case .conditional: .conditional
    case .comparison: .comparison
    case .logical(_, let precedence), .binary(_, let precedence): precedence
    }
  }
}

extension Token.Kind {
  /// What the token means between two operands; `not` stands for `not in`.
  var infix: Infix? {
    switch self {
    case .keyword(.if): .conditional
    case .keyword(.or): .logical(.or, .or)
    case .keyword(.and): .logical(.and, .and)
    case .keyword(.in): .comparison(.in)
    case .keyword(.not): .comparison(.notIn)
    case .sign(.equal): .comparison(.equal)
    case .sign(.notEqual): .comparison(.notEqual)
    case .sign(.less): .comparison(.less)
    case .sign(.lessOrEqual): .comparison(.lessOrEqual)
    case .sign(.greater): .comparison(.greater)
    case .sign(.greaterOrEqual): .comparison(.greaterOrEqual)
    case .sign(.bar): .binary(.union, .union)
    case .sign(.caret): .binary(.symmetricDifference, .symmetricDifference)
    case .sign(.ampersand): .binary(.intersection, .intersection)
    case .sign(.plus): .binary(.add, .sum)
    case .sign(.minus): .binary(.subtract, .sum)
    case .sign(.star): .binary(.multiply, .product)
    case .sign(.slash): .binary(.divide, .product)
    case .sign(.doubleSlash): .binary(.floorDivide, .product)
    case .sign(.percent): .binary(.remainder, .product)
    case .sign(.at): .binary(.matrixMultiply, .product)
    case .sign(.doubleStar): .binary(.power, .power)
    default: nil
    }
  }

  /// The operator of `+=` and its kin.
  var augmentation: BinaryOperator? {
    switch self {
    case .sign(.plusAssign): .add
    case .sign(.minusAssign): .subtract
    case .sign(.starAssign): .multiply
    case .sign(.slashAssign): .divide
    case .sign(.barAssign): .union
    case .sign(.ampersandAssign): .intersection
    case .sign(.caretAssign): .symmetricDifference
    default: nil
    }
  }
}
