import PixelScript
import Safepoint
import Tensors

extension Column {
  /// The larger or smaller of two values element by element, of which one operand is a column of `count` values: of numbers, among which
  /// NaN is taken before all others, or of texts; nil for others. What is taken beside a missing value is missing.
  static func extreme(_ a: Operand, _ b: Operand, count: Int, isMaximum: Bool) throws -> Column? {
    if let x = a.numbers, let y = b.numbers {
      return .numbers(
        try NumberKernels.combine(isMaximum ? .maximum : .minimum, x.array, y.array, count: count))
    }
    guard case .bools(let bools)? = try combined(.less, a, b, count: count) else { return nil }
    return try Column(count: count) { place in
      if a[place].isNil || b[place].isNil { return .nil }
      return (bools[place] == 1) == isMaximum ? b[place] : a[place]
    }
  }
}

extension ColumnObject {
  /// The larger or smaller of each value and another: a column; a tensor beside a tensor.
  public func extreme(with other: Value, isMaximum: Bool) throws -> Value? {
    if case .object(let tensor as TensorObject) = other {
      return try self.tensor().map { .object(try Command.extreme(of: $0, tensor, isMaximum: isMaximum)) }
    }
    guard let operand = try operand(other) else { return nil }
    return try Column.extreme(.column(column), operand, count: column.count, isMaximum: isMaximum)
      .map { .object(ColumnObject($0)) }
  }
}

extension TensorObject {
  /// The larger or smaller of each element and another, with broadcasting (PyTorch's `maximum`).
  public func extreme(with other: Value, isMaximum: Bool) throws -> Value? {
    try TensorOperand.convert(other).map { .object(try Command.extreme(of: self, $0.object, isMaximum: isMaximum)) }
  }
}
