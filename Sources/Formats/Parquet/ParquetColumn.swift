/// A column of a parquet file, or a part of one: its name, what it holds, and whether it may be null.
public struct ParquetColumn: Equatable, Sendable {
  /// The name; elements of lists have the name that the file gives them.
  public let name: String
  /// What the column holds.
  public let type: ParquetType
  /// Whether values may be null.
  public let isOptional: Bool
  /// From this definition level on a value is there; below, it or something it lies in is null.
  let definition: Int
  /// The leaves of the schema that hold the column's values.
  let leaves: Range<Int>
  /// Whether it is a list of texts with a value for each, which the file calls a map.
  var isMap = false
  /// Whether it holds texts of JSON, which are read as the values that they stand for.
  public internal(set) var isJSON = false
  /// Whether it is a part that structures may lack, for which a null stands.
  var mayBeAbsent = false
  /// Whether it holds nulls alone, whatever its type is.
  public internal(set) var isNothing = false

  /// The same column as one that is not read, because another one has its name.
  var asRepeated: ParquetColumn {
    ParquetColumn(name: name, type: .repeated, isOptional: isOptional, definition: definition, leaves: leaves)
  }
}

extension ParquetColumn {
  /// The same column with those of its parts told that structures may lack, by the names on the way to each.
  func marking(_ absent: Set<[String]>, behind outer: [String] = []) -> ParquetColumn {
    let path = outer + [name]
    var type = type
    switch type {
    case .list(let element): type = .list(element.marking(absent, behind: path))
    case .structure(let parts): type = .structure(parts.map { $0.marking(absent, behind: path) })
    default: break
    }
    return ParquetColumn(
      name: name, type: type, isOptional: isOptional, definition: definition, leaves: leaves, isMap: isMap,
      isJSON: isJSON, mayBeAbsent: absent.contains(path), isNothing: isNothing)
  }
}

/// What a column of a parquet file holds.
public indirect enum ParquetType: Equatable, Sendable, CustomStringConvertible {
  /// Truth values.
  case boolean
  /// Whole numbers.
  case integer
  /// Numbers of 32 or 16 bits.
  case float
  /// Numbers of 64 bits, and decimals, of which those of more than 15 digits are texts.
  case double
  /// UTF-8 text, and what is read as one: dates, times, moments and durations as ISO 8601 writes them, such as `2020-01-01T12:30:00.25`
  /// and `P1DT2H`, and identifiers (UUID).
  case text
  /// Bytes.
  case bytes
  /// Lists whose elements are all of one type; a map is a list of structures of key and value, whose values have names where its keys are
  /// texts.
  case list(ParquetColumn)
  /// Structures of named parts.
  case structure([ParquetColumn])
  /// Something that is not read, with its name.
  case unsupported(String)

  /// A column whose name another one before it has.
  static let repeated = ParquetType.unsupported("second column of that name")

  /// Whether values of the type are read.
  public var isRead: Bool {
    switch self {
    case .unsupported: false
    case .list(let element): element.type.isRead
    case .structure(let parts): parts.allSatisfy(\.type.isRead)
    default: true
    }
  }

  /// Whether bytes are among the values, which may be texts.
  public var holdsBytes: Bool {
    switch self {
    case .bytes: true
    case .list(let element): element.type.holdsBytes
    case .structure(let parts): parts.contains(where: \.type.holdsBytes)
    default: false
    }
  }

  /// The type as text, such as `struct<bytes: bytes, path: text>`.
  public var description: String {
    switch self {
    case .boolean: "boolean"
    case .integer: "integer"
    case .float: "float"
    case .double: "double"
    case .text: "text"
    case .bytes: "bytes"
    case .list(let element): "list<\(element.type)>"
    case .structure(let parts): "struct<\(parts.map { "\($0.name): \($0.type)" }.joined(separator: ", "))>"
    case .unsupported(let name): name
    }
  }
}
