import Formats
import PixelScript
import Safepoint
import Tensors

/// A column of a table in a script: a list that computes and compares element by element. It is a value of its own: `t.a[0] = 1` puts it back
/// into its table, what is called `a` by `a = t.a` is no part of it any more.
public final class ColumnObject {
  /// The values.
  public private(set) var column: Column
  /// The values of which only the first and last are written.
  private static let shownLimit = 1000

  /// Wraps a column.
  public init(_ column: Column) { self.column = column }

  /// The truth values of a mask, nil for another column.
  var mask: [UInt8]? {
    if case .bools(let bools) = column { return bools }
    return column.count == 0 ? [] : nil
  }

  /// The truths of numbers, of which 0 is false, and missing ones stay missing; nil for a column of others.
  func truths() throws -> [UInt8]? {
    guard let numbers = column.asNumbers else { return nil }
    return try Pieces.filled(numbers.count) { place -> UInt8 in
      if MissingNumber.isMissing(numbers[place]) { return Column.missingBool }
      return numbers[place] == 0 ? 0 : 1
    }
  }

  /// The numbers, 0 and 1 for truth values; throws a type error for other values.
  func numbers(for command: String, argument: String = "column") throws(ScriptError) -> [Double] {
    if let numbers = column.asNumbers { return numbers }
    throw ScriptError(
      .type, "`\(command)` expects a column of numbers, found one of \(column.contents)", argument: argument)
  }
}

extension ColumnObject: ListLike {
  /// The number of values.
  public var listCount: Int { column.count }
  /// The value at a place.
  public func listElement(at place: Int) -> Value { column[place] }
}

extension ColumnObject: ScriptObject {
  /// "column".
  public static let scriptName = "column"
  /// The values as a list shows them; of many the first and the last ones.
  public var displayText: String {
    guard column.count > Self.shownLimit else {
      return "[\((0..<column.count).map { column[$0].echo }.joined(separator: ", "))]"
    }
    let (first, last) = ((0..<5).map { column[$0].echo }, (column.count - 5..<column.count).map { column[$0].echo })
    return "[\(first.joined(separator: ", ")), ..., \(last.joined(separator: ", "))] (\(column.count) values)"
  }
  /// The number of values.
  public var length: Int? { column.count }
  /// What the values take.
  public var memoryCost: Int { 96 + column.cost }

  /// `column[0]` is a value, `column[1:3]` and `column[mask]` are columns.
  public func element(at index: [PixelScript.Index]) throws -> Value? {
    guard index.count == 1 else { return nil }
    if case .position(let position) = index[0] {
      return column[try PixelScript.Index.resolve(position, in: column.count, of: "column")]
    }
    guard let places = try RowSelection.places(index[0], in: column.count, of: "column") else { return nil }
    return .object(ColumnObject(try column.picking(places)))
  }

  /// Replaces values by others of the column's type: one for all, or one for each.
  public func setElement(at index: [PixelScript.Index], to value: Value) throws -> Bool {
    guard index.count == 1, let places = try RowSelection.replaced(index[0], in: column.count, of: "column") else {
      return false
    }
    let several = try ColumnInput.severalValues(value).map { Column.Operand.column($0) }
    let values = several ?? .value(value.plain)
    try column.check(values, for: places.count)
    try column.replace(places, with: values)
    return true
  }

  /// Value by value.
  public var isElementwise: Bool { true }

  /// The values one after the other.
  public func elements() throws -> (() throws -> Value?)? {
    var position = 0
    let column = column
    return {
      guard position < column.count else { return nil }
      defer { position += 1 }
      return column[position]
    }
  }

  /// Arithmetic, comparisons, `and` and `or` with a column or a list of as many values, or with one value; `value in column`. With a
  /// tensor it is one.
  public func binary(_ operation: Operation, _ other: Value, reflected: Bool) throws -> Value? {
    if operation == .contains {
      guard reflected else { return nil }
      let equal = try Column.combined(.equal, .column(column), .value(other), count: column.count)
      guard case .bools(let bools)? = equal else { return .bool(false) }
      return .bool(bools.contains(1))
    }
    if case .object(_ as TensorObject) = other, let tensor = try tensor() {
      return try tensor.binary(operation, other, reflected: reflected)
    }
    if operation.isOfSets, operation.ofMasks == nil { return nil }
    let operation = operation.ofMasks ?? operation
    if operation == .and || operation == .or {
      guard let mask, let other = try truths(other) else { return nil }
      return .object(ColumnObject(try Column.logical(mask, other, isAnd: operation == .and)))
    }
    guard let operand = try operand(other) else { return nil }
    let (left, right): (Column.Operand, Column.Operand) =
      reflected ? (operand, .column(column)) : (.column(column), operand)
    return try Column.combined(operation, left, right, count: column.count).map { .object(ColumnObject($0)) }
  }

  /// The numbers as a tensor, NaN for missing ones, or the truth values as a mask, in which missing ones are false; nil for others.
  ///
  /// `isExact` keeps whole numbers as int32 where all are.
  func tensor(isExact: Bool = false) throws(Stopped) -> TensorObject? {
    let shape = [column.count]
    if column.count > 1 << 10 { try Safepoint.reserve(12, times: column.count, for: "a tensor") }
    if case .bools(let bools) = column {
      return TensorObject(Tensor(Kernel.floats(ofMask: bools), shape, elementType: .bool))
    }
    guard let numbers = column.asNumbers else { return nil }
    if isExact, numbers.allSatisfy(ElementType.int32.holds) {
      return TensorObject(Tensor(exactly: numbers, shape, elementType: .int32))
    }
    return TensorObject(Tensor(Kernel.floats(numbers), shape))
  }

  /// As many truth values; nil for what has none.
  private func truths(_ other: Value) throws -> [UInt8]? {
    if case .bool(let truth) = other { return Array(repeating: truth ? 1 : 0, count: column.count) }
    guard case .column(.bools(let bools))? = try operand(other) else { return nil }
    return bools
  }

  /// What stands beside the column in an operator: as many values, or one; nil for another host value.
  func operand(_ other: Value) throws -> Column.Operand? {
    guard let values = try ColumnInput.severalValues(other) else {
      let other = other.plain
      if case .object = other { return nil }
      return .value(other)
    }
    guard values.count == column.count else {
      throw ScriptError(
        .value, "a column of \(column.count) values and one of \(values.count) do not go together")
    }
    return .column(values)
  }

  /// `-column` of numbers, `not column` of truth values.
  public func unary(_ operation: UnaryOperator) throws -> Value? {
    switch (operation, column) {
    case (.negate, .numbers(let numbers)):
      return .object(ColumnObject(.numbers(try NumberKernels.map(.negate, numbers))))
    case (.not, _):
      guard let mask else { return nil }
      return .object(ColumnObject(.bools(try NumberKernels.opposite(of: mask))))
    default: return nil
    }
  }

  /// True when all values are equal; those of a tensor of one axis too, which holds no texts and has NaN for what is missing.
  public func isEqual(to other: any ScriptObject) -> Bool {
    if let tensor = other as? TensorObject { return tensor.isEqual(to: self) }
    return (other as? ColumnObject).map { column.isEqual(to: $0.column) } ?? false
  }
}

extension ColumnObject: Showable {
  /// The values as text.
  public func rendering() -> Rendering { .text(displayText + "\n") }
}
