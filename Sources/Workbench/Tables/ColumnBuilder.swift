import PixelScript

/// Collects values one by one; the column is of their type, or of any where they have several.
struct ColumnBuilder {
  private enum Kind {
    case unknown, numbers, texts, bools, values
  }

  private var kind = Kind.unknown
  private var numbers: [Double] = []
  private var texts = PackedTexts()
  private var bools: [UInt8] = []
  private var values: [Value] = []
  /// The number of values so far.
  private(set) var count = 0

  /// The column of all values so far.
  var column: Column {
    switch kind {
    case .unknown: .numbers(Array(repeating: MissingNumber.value, count: count))
    case .numbers: .numbers(numbers)
    case .texts: .texts(texts)
    case .bools: .bools(bools)
    case .values: .values(values)
    }
  }

  /// Adds a value; what counts as a number or a truth, as a tensor of one element does, is added as that.
  mutating func append(_ value: Value) {
    let value = value.plain
    switch (kind, value) {
    case (.unknown, .nil): break
    case (.numbers, .number(let number)): numbers.append(MissingNumber.present(number))
    case (.numbers, .nil): numbers.append(MissingNumber.value)
    case (.texts, .string(let text)): texts.append(text)
    case (.texts, .nil): texts.append(nil)
    case (.bools, .bool(let truth)): bools.append(truth ? 1 : 0)
    case (.bools, .nil): bools.append(Column.missingBool)
    case (.values, _): values.append(value)
    case (.unknown, _):
      start(for: value)
      return append(value)
    default:
      let before = column
      values = (0..<count).map { before[$0] } + [value]
      kind = .values
    }
    count += 1
  }

  private mutating func start(for value: Value) {
    switch value {
    case .number:
      kind = .numbers
      numbers = Array(repeating: MissingNumber.value, count: count)
    case .bool:
      kind = .bools
      bools = Array(repeating: Column.missingBool, count: count)
    case .string:
      kind = .texts
      for _ in 0..<count { texts.append(nil) }
    default:
      kind = .values
      values = Array(repeating: .nil, count: count)
    }
  }
}
