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
  private let meanings: [ParquetMeaning?]
  private var next = 1

  /// Reads the tree; `meanings` are those of the leaves that stand beside it.
  init(_ elements: [SchemaElement], meanings: [ParquetMeaning?]) throws(ParquetFault) {
    // What is said about other leaves than these tells nothing about these.
    let isAboutThese = meanings.count == elements.count { $0.type != nil }
    (self.elements, self.meanings) = (elements, isAboutThese ? meanings : [])
    guard let root = elements.first else { throw ParquetFault(.malformed, "the schema is empty") }
    for _ in 0..<root.childCount { columns.append(try column()) }
    guard next == elements.count else {
      throw ParquetFault(.malformed, "the schema has \(elements.count) elements, of which \(next) belong to the tree")
    }
    var names: Set<String> = []
    for (place, column) in columns.enumerated() where !names.insert(column.name).inserted {
      columns[place] = column.asRepeated
    }
  }

  /// Reads a column of the file; one that nests too deeply is passed over.
  private mutating func column() throws(ParquetFault) -> ParquetColumn {
    let (start, first) = (next, leaves.count)
    do throws(ParquetFault) { return try column(Level()) } catch {
      guard error == Self.tooDeep else { throw error }
      next = start
      leaves.removeSubrange(first...)
      return try deepColumn()
    }
  }

  private static let tooDeep = ParquetFault(.limit, "columns nest deeper than \(ParquetLimit.depth)")

  /// Passes over the next element with all below it, whose leaves are there and not read.
  private mutating func deepColumn() throws(ParquetFault) -> ParquetColumn {
    guard next < elements.count else { throw ParquetFault(.malformed, "the schema ends inside a column") }
    let (name, first, type) = (
      elements[next].name, leaves.count, ParquetType.unsupported("column of more than \(ParquetLimit.depth) levels")
    )
    // The elements that are still to come on each level, and how many of those around them are repeated.
    var open = [(left: 1, repetition: 0)]
    while let level = open.popLast() {
      if level.left == 0 { continue }
      open.append((level.left - 1, level.repetition))
      let element = try take()
      let repetition = level.repetition + (element.repetition == 2 ? 1 : 0)
      if element.type == nil {
        open.append((element.childCount, repetition))
      } else {
        let physical = try element.physicalType(at: name)
        leaves.append(
          Leaf(
            type: physical, content: type, width: 0, meaning: nil, path: name, definition: 0, repetition: repetition))
      }
    }
    return ParquetColumn(name: name, type: type, isOptional: true, definition: 0, leaves: first..<leaves.count)
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
    guard level.depth <= ParquetLimit.depth else { throw Self.tooDeep }
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
      let isList = [.list, .map].contains(element.meaning) && element.childCount == 1 && next < elements.count
      if isList, elements[next].repetition == 2 {
        type = try list(level)
      } else {
        let parts = try children(of: element, level)
        type = parts.isEmpty ? .unsupported("structure without parts") : .structure(parts)
      }
    }
    var isMap = false
    if element.meaning == .map, case .list(let pair) = type, case .structure(let parts) = pair.type {
      isMap = parts.count == 2 && (parts[0].type == .text || parts[0].type == .bytes)
    }
    return ParquetColumn(
      name: element.name, type: type, isOptional: isOptional, definition: level.definition,
      leaves: first..<leaves.count, isMap: isMap, isJSON: element.meaning == .json && type == .text,
      isNothing: element.type != nil && element.meaning == .nothing)
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
    let physical = try element.physicalType(at: level.path)
    let width = physical == .fixedBytes ? element.width ?? 0 : physical.width
    guard physical != .fixedBytes || 1...ParquetLimit.page ~= width else {
      throw ParquetFault(.malformed, "column \"\(level.path)\" has values of \(width) bytes")
    }
    var meaning = element.meaning
    if meaning == nil, leaves.count < meanings.count, meanings[leaves.count]?.content(physical, width: width) != nil {
      meaning = meanings[leaves.count]
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
