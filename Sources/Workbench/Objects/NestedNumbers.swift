import PixelScript
import Safepoint
import Tensors

/// Nested lists of numbers as a tensor, and back.
struct NestedNumbers {
  private(set) var values: [Double] = []
  private(set) var shape: Shape = []
  /// The positions on the way to the value that is read.
  private var way: [Int] = []
  /// True when every element is a truth value.
  private(set) var isBoolean = true

  /// The deepest nesting: a tensor of more axes is a mistake or a list that contains itself.
  private static let depthLimit = TensorObject.axisLimit

  /// Reads a number, a truth value, a range, a tensor, or lists of them that are all of one shape.
  init(_ value: Value) throws {
    shape = try append(value, depth: 0)
    isBoolean = isBoolean && !values.isEmpty
  }

  private mutating func append(_ value: Value, depth: Int) throws -> Shape {
    switch value {
    case .number(let number):
      values.append(number)
      isBoolean = false
      return []
    case .bool(let truth):
      values.append(truth ? 1 : 0)
      return []
    case .range(let range):
      try reserve(range.count)
      isBoolean = false
      for position in 0..<range.count { values.append(range[position]) }
      return [range.count]
    case .object(let tensor as TensorObject):
      try reserve(tensor.tensor.count)
      isBoolean = isBoolean && tensor.isMask
      values += tensor.tensor.numbers
      return tensor.shape
    case .object(let column as ColumnObject):
      guard let tensor = try column.tensor(isExact: true) else {
        throw ScriptError(.type, "a tensor is made of numbers, found a column of \(column.column.contents)")
      }
      return try append(.object(tensor), depth: depth)
    case .object(let table as TableObject): return try append(table.table)
    case .list(let list): return try append(list.count, depth: depth) { list[$0] }
    case .object(let list as any ListLike):
      return try append(list.listCount, depth: depth) { list.listElement(at: $0) }
    default:
      let place = way.isEmpty ? "" : " at position \(way.map(String.init).joined(separator: ", "))"
      throw ScriptError(.type, "a tensor is made of numbers, found \(describe(value))\(place)")
    }
  }

  /// A row of the tensor for each row of a table, NaN for what is missing.
  private mutating func append(_ table: Table) throws -> Shape {
    let columns = try zip(table.names, table.columns).map { name, column throws(ScriptError) in
      if let numbers = column.asNumbers { return numbers }
      throw ScriptError(
        .type, "a tensor is made of numbers, and the column \(Display.quoted(name)) holds \(column.contents)",
        help: "`t[[\"a\", \"b\"]]` takes some of the columns")
    }
    try reserve(Size.product(table.count, columns.count))
    isBoolean = isBoolean && table.columns.allSatisfy { if case .bools = $0 { true } else { false } }
    try Pieces.forEach(table.count) { piece in
      for row in piece { for numbers in columns { values.append(MissingNumber.present(numbers[row])) } }
    }
    return [table.count, columns.count]
  }

  private mutating func append(_ count: Int, depth: Int, _ element: (Int) -> Value) throws -> Shape {
    guard depth < Self.depthLimit else {
      throw ScriptError(.value, "a tensor has at most \(Self.depthLimit) axes; does the list contain itself?")
    }
    try reserve(count)
    var inner: Shape?
    way.append(0)
    for position in 0..<count {
      way[depth] = position
      if Safepoint.mustStop(after: 32) { throw ScriptError(.value, "reading a list was stopped") }
      let shape = try append(element(position), depth: depth + 1)
      guard inner == nil || inner == shape else {
        throw ScriptError(
          .shape, "the parts of a list must have one shape, found \(inner ?? []) and \(shape) at position \(position)")
      }
      inner = shape
    }
    way.removeLast()
    return [count] + (inner ?? [])
  }

  private func reserve(_ count: Int) throws {
    guard count <= TensorObject.elementLimit - values.count else {
      throw ScriptError(.limit, "a tensor has at most \(TensorObject.elementLimit) elements")
    }
    try Safepoint.reserve(8, times: values.count + count, for: "a tensor")
  }
}

extension TensorObject {
  /// A constant tensor of numbers in nested lists: of `type` when given, which must hold them, else of truth values when all
  /// are, else of float32.
  static func tensor(from value: Value, as type: ElementType? = nil) throws -> Tensor {
    let numbers = try NestedNumbers(value)
    if type == .bool {
      let truths = Tensor.counted(numbers.values.count) { numbers.values[$0] == 0 ? 0 : 1 }
      return Tensor(truths, numbers.shape, elementType: .bool)
    }
    return try Tensor(
      numbers: numbers.values, numbers.shape, elementType: type ?? (numbers.isBoolean ? .bool : .float32))
  }

  /// The numbers in nested lists or a tensor, exactly where all are whole numbers, for what they name.
  static func identifiers(from value: Value) throws -> Tensor {
    if let whole = try TensorObject.convert(value), whole.isWhole { return whole.tensor.constant }
    let numbers = try NestedNumbers(value)
    let areWhole = try numbers.values.allSatisfy {
      try Safepoint.check(after: 2)
      return ElementType.int32.holds($0)
    }
    return try Tensor(numbers: numbers.values, numbers.shape, elementType: areWhole ? .int32 : .float32)
  }

  /// The elements as nested lists, a single number as itself; throws when the budget of memory has no room for them.
  func nested() throws(Stopped) -> Value {
    let tensor = tensor
    // Without elements too each place of the outer axes is a list.
    let lists = Size.sum(tensor.shape.indices.map { Size.product(tensor.shape[..<$0]) })
    try Safepoint.reserve(
      Size.sum([Size.product(160, lists), Size.product(16, tensor.count)]), for: "a list")
    return Self.nested(tensor, axis: 0, first: 0)
  }

  /// The part of a tensor from its element `first` on that lies behind an axis; shorter where the work must stop.
  private static func nested(_ tensor: Tensor, axis: Int, first: Int) -> Value {
    guard axis < tensor.shape.count else {
      let number = tensor.number(at: first)
      return tensor.elementType == .bool ? .bool(number != 0) : .number(number)
    }
    let inner = Array(tensor.shape[(axis + 1)...]).elementCount
    let list = ScriptList(capacity: tensor.shape[axis])
    for place in 0..<tensor.shape[axis] {
      if Safepoint.mustStop(after: 32) { break }
      list.append(nested(tensor, axis: axis + 1, first: first + place * inner))
    }
    return .list(list)
  }
}
