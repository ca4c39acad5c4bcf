/// An operator before its operand.
public enum UnaryOperator: String, Sendable {
  case negate = "-"
  case not
}

/// An operator between two operands, both of which are always evaluated.
public enum BinaryOperator: String, Sendable {
  case add = "+"
  case subtract = "-"
  case multiply = "*"
  case divide = "/"
  case floorDivide = "//"
  case remainder = "%"
  case matrixMultiply = "@"
  case power = "**"
  case union = "|"
  case intersection = "&"
  case symmetricDifference = "^"
}

/// An operator that stops as soon as the result is known.
public enum LogicalOperator: String, Sendable {
  case and, or
}

/// A comparison; several in a row chain as in Python.
public enum ComparisonOperator: String, Sendable {
  case equal = "=="
  case notEqual = "!="
  case less = "<"
  case lessOrEqual = "<="
  case greater = ">"
  case greaterOrEqual = ">="
  case `in`
  case notIn = "not in"
}
