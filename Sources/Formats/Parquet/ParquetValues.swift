/// The values of one column in one row group, column by column as they are stored.
public struct ParquetValues: Sendable {
  /// The values by type; those of null rows stand there as zero or empty.
  public indirect enum Content: Sendable {
    /// Truth values.
    case booleans([Bool])
    /// Whole numbers.
    case integers([Int])
    /// Numbers some of which may be beyond an `Int` or a `Double`, as their digits.
    case digits([String])
    /// Whole numbers in lists that are all from 0 to 255.
    case smallIntegers([UInt8])
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
  /// Whether its lists are maps, whose elements are a text and the value that has it for a name.
  public internal(set) var isMap = false
  /// Whether its texts are JSON and stand for the values that they tell.
  public internal(set) var isJSON = false
  /// Whether null stands for a part that the structure lacks.
  public private(set) var isSparse = false

  func marked(isSparse: Bool) -> ParquetValues {
    var values = self
    values.isSparse = isSparse
    return values
  }

  /// Whether the value at `index` is null.
  public func isNull(at index: Int) -> Bool { !presence.isEmpty && !presence[index] }

  /// Whether the structure that the value at `index` is a part of lacks it.
  public func isAbsent(at index: Int) -> Bool { isSparse && isNull(at: index) }

  /// The value at `index` by itself; an index outside is a programmer's mistake.
  public subscript(index: Int) -> ParquetValue {
    if isNull(at: index) { return .null }
    return switch content {
    case .booleans(let values): .boolean(values[index])
    case .integers(let values): .integer(values[index])
    case .digits(let values): DecimalDigits.value(values[index])
    case .smallIntegers(let values): .integer(Int(values[index]))
    case .floats(let values): .number(Double(values[index]))
    case .doubles(let values): .number(values[index])
    case .texts(let values): isJSON ? .document(values[index]) : .text(values[index])
    case .bytes(let values): .bytes(Array(values[index]))
    case .lists(let ends, let elements): list(at: index, ends, elements)
    case .structures(let parts):
      .structure(parts.compactMap { $0.values.isAbsent(at: index) ? nil : ($0.name, $0.values[index]) })
    }
  }
}

extension ParquetValues {
  /// The entries of the map at `index`, each with where its value is; of a key that is there twice the last counts, as the format has it. Nil
  /// for what is no map whose keys are texts.
  public func entries(at index: Int) -> [(name: String, values: ParquetValues, index: Int)]? {
    guard isMap, case .lists(let ends, let elements) = content, case .structures(let parts) = elements.content,
      parts.count == 2, case .texts(let keys) = parts[0].values.content
    else { return nil }
    let range = (index == 0 ? 0 : ends[index - 1])..<ends[index]
    guard range.allSatisfy({ !elements.isNull(at: $0) && !parts[0].values.isNull(at: $0) }) else { return nil }
    var (named, places): ([(name: String, values: ParquetValues, index: Int)], [String: Int]) = ([], [:])
    for element in range {
      if let place = places[keys[element]] {
        named[place].index = element
      } else {
        places[keys[element]] = named.count
        named.append((keys[element], parts[1].values, element))
      }
    }
    return named
  }

  /// The list at `index`, or, of a map, its named values.
  private func list(at index: Int, _ ends: [Int], _ elements: ParquetValues) -> ParquetValue {
    if let entries = entries(at: index) { return .structure(entries.map { ($0.name, $0.values[$0.index]) }) }
    return .list(((index == 0 ? 0 : ends[index - 1])..<ends[index]).map { elements[$0] })
  }

  /// Returns lists of ids below 256 as bytes, where all lists but the outermost have the sizes `inner`: the ids of all rows one
  /// after the other, and where those of each row end among them.
  ///
  /// Nil when something is null, another number, or of another size; no value is looked at one by one.
  public func ids(inner: [Int]) -> (ids: [UInt8], ends: [Int])? {
    guard presence.isEmpty, case .lists(var ends, var elements) = content else { return nil }
    for size in inner {
      guard elements.presence.isEmpty, case .lists(let innerEnds, let parts) = elements.content,
        innerEnds.enumerated().allSatisfy({ $1 == ($0 + 1) * size })
      else { return nil }
      for index in ends.indices { ends[index] *= size }
      elements = parts
    }
    guard elements.presence.isEmpty else { return nil }
    switch elements.content {
    case .smallIntegers(let ids): return (ids, ends)
    case .integers(let numbers) where numbers.isEmpty: return ([], ends)
    default: return nil
    }
  }
}

extension ParquetValues {
  /// Lists of numbers as arrays with the sides of `shape`, which are lists in lists; as they are where one does not have as many numbers.
  func shaped(_ shape: [Int]) -> ParquetValues {
    guard case .lists(let ends, let elements) = content, let size = checkedProduct(shape), size > 0 else { return self }
    var start = 0
    for (index, end) in ends.enumerated() {
      guard end - start == (isNull(at: index) ? 0 : size) else { return self }
      start = end
    }
    var (inner, width) = (elements, 1)
    for side in shape.dropFirst().reversed() {
      width *= side
      let count = elements.count / width
      inner = ParquetValues(
        count: count, content: .lists(ends: (0..<count).map { ($0 + 1) * side }, elements: inner), presence: [])
    }
    return ParquetValues(
      count: count, content: .lists(ends: ends.map { $0 / width }, elements: inner), presence: presence)
  }

  /// How many values, in lists and structures too, are bytes.
  public var byteCount: Int { count(of: { if case .bytes = $0 { true } else { false } }) { _ in true } }

  /// How many values, in lists and structures too, are numbers of which a double does not hold every digit, which are texts here.
  public var longNumberCount: Int {
    count(of: { content in
      switch content {
      case .digits: true
      case .integers(let numbers): numbers.contains { $0.magnitude > 1 << 53 }
      default: false
      }
    }) { value in
      switch value {
      case .text, .digits: true
      case .integer(let number): number.magnitude > 1 << 53
      default: false
      }
    }
  }

  /// How many values stand in contents of a kind and are such.
  private func count(of isOfKind: (Content) -> Bool, _ isSuch: (ParquetValue) -> Bool) -> Int {
    switch content {
    case .lists(_, let elements): elements.count(of: isOfKind, isSuch)
    case .structures(let parts): parts.reduce(0) { $0 + $1.values.count(of: isOfKind, isSuch) }
    default: isOfKind(content) ? (0..<count).count { !isNull(at: $0) && isSuch(self[$0]) } : 0
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
  /// A whole number beyond an `Int`, as its digits.
  case digits(String)
  /// A number.
  case number(Double)
  /// A text.
  case text(String)
  /// A text of JSON, which stands for the value that it tells.
  case document(String)
  /// Some bytes.
  case bytes([UInt8])
  /// A list of values.
  case list([ParquetValue])
  /// Named values.
  case structure([(name: String, value: ParquetValue)])
}

/// Many short pieces of bytes in few arrays; pieces that are the same share their place.
public struct ParquetBytes: Sendable {
  var buffers: [[UInt8]] = []
  var pieces: [ByteSpan] = []

  /// The number of pieces.
  public var count: Int { pieces.count }

  /// The piece at `index`; an index outside is a programmer's mistake.
  public subscript(index: Int) -> ArraySlice<UInt8> {
    let piece = pieces[index]
    return piece.count == 0 ? [] : buffers[Int(piece.buffer)][piece.range]
  }
}

/// Where a piece is: the number of its buffer and its place there.
struct ByteSpan: Equatable {
  var buffer: UInt32
  let start: UInt32
  let count: UInt32

  var range: Range<Int> { Int(start)..<Int(start) + Int(count) }
}
