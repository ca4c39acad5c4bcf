import PixelScript
import Safepoint
import Tensors

extension Column {
  /// What stands beside a column in an operator: another column of its length, or one value for all rows.
  enum Operand {
    case column(Column)
    case value(Value)

    subscript(place: Int) -> Value {
      switch self {
      case .column(let column): column[place]
      case .value(let value): value
      }
    }

    /// The numbers, 0 and 1 for truth values; nil for others.
    var numbers: Numbers? {
      switch self {
      case .column(let column): column.asNumbers.map { .several($0) }
      case .value(.number(let number)): .one(number)
      case .value(.bool(let truth)): .one(truth ? 1 : 0)
      case .value(.nil): .one(MissingNumber.value)
      default: nil
      }
    }
  }

  /// The numbers of an operand.
  enum Numbers {
    case one(Double)
    case several([Double])

    /// The numbers, of one that serves for all one.
    var array: [Double] {
      switch self {
      case .one(let number): [number]
      case .several(let numbers): numbers
      }
    }
  }

  /// The result of arithmetic or a comparison element by element, of which one operand is a column of `count` values; nil where the
  /// operator does not apply.
  ///
  /// What is computed with a missing value is missing. A missing value is equal to nil alone, and neither less nor greater than
  /// anything. Numbers are divided as IEEE 754 has it, by 0 too.
  static func combined(_ operation: PixelScript.Operation, _ a: Operand, _ b: Operand, count: Int) throws -> Column? {
    switch operation {
    case .equal, .notEqual: try equality(a, b, count, isEqual: operation == .equal)
    case .less, .lessOrEqual, .greater, .greaterOrEqual: try order(operation, a, b, count)
    case .add, .subtract, .multiply, .divide, .floorDivide, .remainder, .power: try arithmetic(operation, a, b, count)
    default: nil
    }
  }

  private static func arithmetic(_ operation: PixelScript.Operation, _ a: Operand, _ b: Operand, _ count: Int) throws
    -> Column?
  {
    guard let x = a.numbers, let y = b.numbers else { return operation == .add ? try texts(a, b, count) : nil }
    // A square is a product.
    let isSquare = if operation == .power, case .one(2) = y { true } else { false }
    let function: NumberPairFunction =
      switch operation {
      case .add: .add
      case .subtract: .subtract
      case .multiply: .multiply
      case .divide: .divide
      case .floorDivide: .floorDivide
      case .remainder: .remainder
      default: isSquare ? .multiply : .power
      }
    return .numbers(try NumberKernels.combine(function, x.array, (isSquare ? x : y).array, count: count))
  }

  /// Texts joined; nil unless both are texts.
  private static func texts(_ a: Operand, _ b: Operand, _ count: Int) throws -> Column? {
    func isText(_ operand: Operand) -> Bool {
      switch operand {
      case .column(.texts), .value(.string): true
      default: false
      }
    }
    guard isText(a), isText(b) else { return nil }
    let columns = [a, b].compactMap { operand -> Column? in
      if case .column(let column) = operand { column } else { nil }
    }
    // Each different pair once, however often it stands.
    let keys = try RowKeys(columns, rows: count)
    var texts = PackedTexts(capacity: keys.count)
    try Pieces.forEach(keys.count) { piece in
      for row in keys.firsts[piece] {
        guard case .string(let left) = a[row], case .string(let right) = b[row] else {
          texts.append(nil)
          continue
        }
        texts.append(left + right)
      }
      try Safepoint.reserve(texts.bytes.count, for: "a column")
    }
    return .texts(try texts.picking(try keys.places))
  }

  private static func equality(_ a: Operand, _ b: Operand, _ count: Int, isEqual: Bool) throws -> Column {
    let (yes, no): (UInt8, UInt8) = isEqual ? (1, 0) : (0, 1)
    if let x = a.numbers, let y = b.numbers, a.isBool == b.isBool || a.isNil || b.isNil {
      return .bools(try NumberKernels.compare(isEqual ? .equal : .notEqual, x.array, y.array, count: count))
    }
    if case .column(.texts(let texts)) = a, case .value(.string(let text)) = b {
      return .bools(try equality(texts, Array(text.utf8), yes, no))
    }
    if case .column(.texts(let texts)) = b, case .value(.string(let text)) = a {
      return .bools(try equality(texts, Array(text.utf8), yes, no))
    }
    return .bools(try Pieces.map(count) { a[$0] == b[$0] ? yes : no })
  }

  private static func equality(_ texts: PackedTexts, _ text: [UInt8], _ yes: UInt8, _ no: UInt8) throws -> [UInt8] {
    let bytes = texts.bytes
    return try texts.mapped(missing: no) { bytes[$0].elementsEqual(text) ? yes : no }
  }

  private static func order(_ operation: PixelScript.Operation, _ a: Operand, _ b: Operand, _ count: Int) throws
    -> Column?
  {
    if let x = a.numbers, let y = b.numbers, !a.isBool, !b.isBool {
      let comparison: NumberComparison = operation == .less || operation == .greater ? .less : .lessOrEqual
      let isTurned = operation == .greater || operation == .greaterOrEqual
      let (low, high) = isTurned ? (y, x) : (x, y)
      return .bools(try NumberKernels.compare(comparison, low.array, high.array, count: count))
    }
    guard a.isTexts, b.isTexts else { return nil }
    func holds(_ left: some Sequence<UInt8>, _ right: some Sequence<UInt8>) -> UInt8 {
      let answer =
        switch operation {
        case .less: left.lexicographicallyPrecedes(right)
        case .lessOrEqual: !right.lexicographicallyPrecedes(left)
        case .greater: right.lexicographicallyPrecedes(left)
        default: !left.lexicographicallyPrecedes(right)
        }
      return answer ? 1 : 0
    }
    if case .column(.texts(let texts)) = a, case .value(.string(let text)) = b {
      let bytes = texts.bytes
      return .bools(try texts.mapped(missing: 0) { holds(bytes[$0], text.utf8) })
    }
    if case .column(.texts(let texts)) = b, case .value(.string(let text)) = a {
      let bytes = texts.bytes
      return .bools(try texts.mapped(missing: 0) { holds(text.utf8, bytes[$0]) })
    }
    return .bools(
      try Pieces.map(count) { place in
        guard case .string(let left) = a[place], case .string(let right) = b[place] else { return 0 }
        return holds(left.utf8, right.utf8)
      })
  }

  /// `and` and `or` of masks; missing truth values count as false.
  static func logical(_ a: [UInt8], _ b: [UInt8], isAnd: Bool) throws -> Column {
    .bools(
      isAnd
        ? try Pieces.filled(from: a, b) { ($0 == 1 ? 1 : 0) & ($1 == 1 ? 1 : 0) }
        : try Pieces.filled(from: a, b) { ($0 == 1 ? 1 : 0) | ($1 == 1 ? 1 : 0) })
  }
}

extension Column.Operand {
  fileprivate var isBool: Bool {
    switch self {
    case .column(.bools), .value(.bool): true
    default: false
    }
  }

  fileprivate var isNil: Bool { if case .value(.nil) = self { true } else { false } }

  fileprivate var isTexts: Bool {
    switch self {
    case .column(.texts), .value(.string): true
    case .column(let column): column.isEmpty
    default: false
    }
  }
}
