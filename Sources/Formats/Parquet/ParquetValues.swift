/// The values of one column in one row group, column by column as they are stored.
public struct ParquetValues: Sendable {
  /// The values by type; those of null rows stand there as zero or empty.
  public indirect enum Content: Sendable {
    /// Truth values.
    case booleans([Bool])
    /// Whole numbers.
    case integers([Int])
    /// Numbers of 32 bits.
    case floats([Float])
    /// Numbers of 64 bits.
    case doubles([Double])
    /// Texts.
    case texts([String])
    /// Bytes.
    case bytes(ParquetBytes)
    /// Lists: where each ends among the elements, and all elements one list after the other.
    case lists(ends: [Int], elements: ParquetValues)
    /// Structures: the name and values of each part.
    case structures([(name: String, values: ParquetValues)])
  }

  /// The number of values, nulls included.
  public let count: Int
  /// The values.
  public let content: Content
  /// Whether each value is there; empty when all are.
  let presence: [Bool]

  /// Whether the value at `index` is null.
  public func isNull(at index: Int) -> Bool { !presence.isEmpty && !presence[index] }

  /// The value at `index` by itself; an index outside is a programmer's mistake.
  public subscript(index: Int) -> ParquetValue {
    if isNull(at: index) { return .null }
    return switch content {
    case .booleans(let values): .boolean(values[index])
    case .integers(let values): .integer(values[index])
    case .floats(let values): .number(Double(values[index]))
    case .doubles(let values): .number(values[index])
    case .texts(let values): .text(values[index])
    case .bytes(let values): .bytes(Array(values[index]))
    case .lists(let ends, let elements):
      .list(((index == 0 ? 0 : ends[index - 1])..<ends[index]).map { elements[$0] })
    case .structures(let parts): .structure(parts.map { ($0.name, $0.values[index]) })
    }
  }
}

/// One value of a parquet file.
public indirect enum ParquetValue: Sendable {
  /// No value.
  case null
  /// A truth value.
  case boolean(Bool)
  /// A whole number.
  case integer(Int)
  /// A number.
  case number(Double)
  /// A text.
  case text(String)
  /// Some bytes.
  case bytes([UInt8])
  /// A list of values.
  case list([ParquetValue])
  /// Named values.
  case structure([(name: String, value: ParquetValue)])
}

/// Many short pieces of bytes in one array; pieces that are the same share their place.
public struct ParquetBytes: Sendable {
  var storage: [UInt8] = []
  var pieces: [ByteSpan] = []

  /// The number of pieces.
  public var count: Int { pieces.count }

  /// The piece at `index`; an index outside is a programmer's mistake.
  public subscript(index: Int) -> ArraySlice<UInt8> { storage[pieces[index].range] }
}

/// Where a piece is in its storage, in half the space of a range.
struct ByteSpan: Equatable {
  let start: UInt32
  let count: UInt32

  var range: Range<Int> { Int(start)..<Int(start) + Int(count) }
}
