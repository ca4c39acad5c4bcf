/// The columns of a file as a tree, and its leaves, which are what is stored.
struct ParquetSchema {
  /// A leaf of the tree: one stored sequence of values with its levels.
  struct Leaf {
    let type: PhysicalType
    /// What the values are read as.
    let content: ParquetType
    /// The number of bytes of a value, for types of fixed size.
    let width: Int
    /// What the values stand for.
    let meaning: ParquetMeaning?
    /// The names from the root, with dots between.
    let path: String
    /// The definition level of a value that is there.
    let definition: Int
    /// How many lists a value lies in.
    let repetition: Int
  }

  private(set) var columns: [ParquetColumn] = []
  private(set) var leaves: [Leaf] = []
  private let elements: [SchemaElement]
  private let durations: [ParquetMeaning.Unit?]
  private var next = 1

  init(_ elements: [SchemaElement], durations: [ParquetMeaning.Unit?]) throws(ParquetFault) {
    // What is said about other leaves than these tells nothing about these.
    let isAboutThese = durations.count == elements.count { $0.type != nil }
    (self.elements, self.durations) = (elements, isAboutThese ? durations : [])
    guard let root = elements.first else { throw ParquetFault(.malformed, "the schema is empty") }
    columns = try children(of: root, Level())
    guard next == elements.count else {
      throw ParquetFault(.malformed, "the schema has \(elements.count) elements, of which \(next) belong to the tree")
    }
    for (place, column) in columns.enumerated() where columns[..<place].contains(where: { $0.name == column.name }) {
      throw ParquetFault(.malformed, "the column \"\(column.name)\" is there twice")
    }
  }

  /// Where in the tree an element stands.
  private struct Level {
    var definition = 0
    var repetition = 0
    var depth = 0
    var path = ""

    func below(_ name: String) -> Level {
      var level = self
      level.depth += 1
      level.path += path.isEmpty ? name : "." + name
      return level
    }
  }

  private mutating func children(of parent: SchemaElement, _ level: Level) throws(ParquetFault) -> [ParquetColumn] {
    var columns: [ParquetColumn] = []
    for _ in 0..<parent.childCount { columns.append(try column(level)) }
    return columns
  }

  private mutating func take() throws(ParquetFault) -> SchemaElement {
    guard next < elements.count else { throw ParquetFault(.malformed, "the schema ends inside a column") }
    defer { next += 1 }
    return elements[next]
  }

  /// Reads the next element with all below it.
  private mutating func column(_ outer: Level) throws(ParquetFault) -> ParquetColumn {
    let element = try take()
    var level = outer.below(element.name)
    guard level.depth <= ParquetLimit.depth else {
      throw ParquetFault(.limit, "columns nest deeper than \(ParquetLimit.depth)")
    }
    switch element.repetition {
    case 0: return try value(element, level, isOptional: false)
    case 1:
      level.definition += 1
      return try value(element, level, isOptional: true)
    case 2:
      // Without a list around it, a repeated element is a list of itself that is never null.
      let definition = level.definition
      let first = leaves.count
      level.definition += 1
      level.repetition += 1
      let one = try value(element, level, isOptional: false)
      return ParquetColumn(
        name: element.name, type: .list(one), isOptional: false, definition: definition, leaves: first..<leaves.count)
    default: throw ParquetFault(.malformed, "column \"\(level.path)\" does not state whether it may be null or repeats")
    }
  }

  /// What an element holds, apart from its being a list of itself; its own level counts already.
  private mutating func value(
    _ element: SchemaElement, _ level: Level, isOptional: Bool
  ) throws(ParquetFault) -> ParquetColumn {
    let first = leaves.count
    let type: ParquetType
    if element.type != nil {
      type = try leaf(element, level)
    } else {
      let isList = element.meaning == .list && element.childCount == 1 && next < elements.count
      if isList, elements[next].repetition == 2 {
        type = try list(level)
      } else {
        let parts = try children(of: element, level)
        type = parts.isEmpty ? .unsupported("structure without parts") : .structure(parts)
      }
    }
    return ParquetColumn(
      name: element.name, type: type, isOptional: isOptional, definition: level.definition,
      leaves: first..<leaves.count)
  }

  /// The repeated element inside a list: either a group around the elements, or, in older files, the elements themselves.
  private mutating func list(_ outer: Level) throws(ParquetFault) -> ParquetType {
    let repeated = elements[next]
    var level = outer.below(repeated.name)
    level.definition += 1
    level.repetition += 1
    let isGroup = repeated.type == nil && repeated.childCount == 1
    let isElement = repeated.name == "array" || repeated.name.hasSuffix("_tuple")
    next += 1
    return .list(
      isGroup && !isElement ? try column(level) : try value(repeated, level, isOptional: false))
  }

  private mutating func leaf(_ element: SchemaElement, _ level: Level) throws(ParquetFault) -> ParquetType {
    guard let physical = element.type.flatMap(PhysicalType.init), element.childCount == 0 else {
      throw ParquetFault(.malformed, "column \"\(level.path)\" has the unknown type \(element.type ?? -1)")
    }
    let width = physical == .fixedBytes ? element.width ?? 0 : physical.width
    guard physical != .fixedBytes || 1...ParquetLimit.page ~= width else {
      throw ParquetFault(.malformed, "column \"\(level.path)\" has values of \(width) bytes")
    }
    var meaning = element.meaning
    if meaning == nil, physical == .int64, leaves.count < durations.count {
      meaning = durations[leaves.count].map { .duration($0) }
    }
    let content = meaning?.content(physical, width: width) ?? physical.content
    leaves.append(
      Leaf(
        type: physical, content: content, width: width, meaning: meaning, path: level.path,
        definition: level.definition, repetition: level.repetition))
    return content
  }
}

/// How values are stored.
enum PhysicalType: Int {
  case boolean, int32, int64, int96, float, double, bytes, fixedBytes

  /// The bytes of a value that is stored plainly; 0 when it varies.
  var width: Int {
    switch self {
    case .int32, .float: 4
    case .int64, .double: 8
    case .int96: 12
    case .boolean, .bytes, .fixedBytes: 0
    }
  }

  /// What values are read as that stand for nothing else.
  var content: ParquetType {
    switch self {
    case .boolean: .boolean
    case .int32, .int64: .integer
    case .int96: .text
    case .float: .float
    case .double: .double
    case .bytes, .fixedBytes: .bytes
    }
  }
}
