/// The operations on two values that a host value may answer: arithmetic, comparisons, membership, and truths.
public enum Operation: UInt8, CaseIterable {
  /// Addition, and joining of strings and lists.
  case add
  /// Subtraction.
  case subtract
  /// Multiplication, and repetition of strings and lists.
  case multiply
  /// Division.
  case divide
  /// Division rounded down.
  case floorDivide
  /// The remainder of a division rounded down; it has the divisor's sign.
  case remainder
  /// Exponentiation.
  case power
  /// The matrix product.
  case matrixProduct
  /// The elements of one set or both.
  case union
  /// The elements of both sets.
  case intersection
  /// The elements of one set alone.
  case symmetricDifference
  /// Equality, element by element for tensors.
  case equal
  /// Inequality, element by element for tensors.
  case notEqual
  /// Less than.
  case less
  /// Less than or equal.
  case lessOrEqual
  /// Greater than.
  case greater
  /// Greater than or equal.
  case greaterOrEqual
  /// Membership: is the left operand in the right one.
  case contains
  /// Both, element by element.
  case and
  /// One or both, element by element.
  case or

  /// The operator as written in a script.
  public var symbol: String {
    switch self {
    case .add: "+"
    case .subtract: "-"
    case .multiply: "*"
    case .divide: "/"
    case .floorDivide: "//"
    case .remainder: "%"
    case .power: "**"
    case .matrixProduct: "@"
    case .union: "|"
    case .intersection: "&"
    case .symmetricDifference: "^"
    case .equal: "=="
    case .notEqual: "!="
    case .less: "<"
    case .lessOrEqual: "<="
    case .greater: ">"
    case .greaterOrEqual: ">="
    case .contains: "in"
    case .and: "and"
    case .or: "or"
    }
  }
}

extension Operation {
  /// True for `|`, `&` and `^`, which join sets.
  public var isOfSets: Bool { self == .union || self == .intersection || self == .symmetricDifference }

  /// What `|` and `&` do with masks, as in NumPy; nil for any other operation.
  public var ofMasks: Operation? {
    switch self {
    case .union: .or
    case .intersection: .and
    default: nil
    }
  }
}
