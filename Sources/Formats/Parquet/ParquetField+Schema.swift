extension ParquetField {
  /// One stored sequence of values of a column.
  struct Leaf {
    /// What is on the way from the column to its values.
    enum Step {
      case part(String), element
    }

    let kind: Kind
    let path: [String]
    let steps: [Step]
    /// The definition level of a value that is there.
    let definition: Int
    /// How many lists a value lies in.
    let repetition: Int

    var type: PhysicalType {
      switch kind {
      case .integer, .unsigned: .int64
      case .number: .double
      case .boolean: .boolean
      case .ids: .int32
      case .text, .json, .bytes, .list, .structure: .bytes
      }
    }
  }

  var leaves: [Leaf] { Self.leaves(of: kind, Leaf(kind: kind, path: [name], steps: [], definition: 1, repetition: 0)) }

  /// The leaves of a kind at a place; everything may be null.
  private static func leaves(of kind: Kind, _ place: Leaf) -> [Leaf] {
    switch kind {
    case .list(let element):
      return leaves(
        of: element,
        Leaf(
          kind: element, path: place.path + ["list", "element"], steps: place.steps + [.element],
          definition: place.definition + 2, repetition: place.repetition + 1))
    case .structure(let parts):
      return parts.flatMap { part in
        leaves(
          of: part.kind,
          Leaf(
            kind: part.kind, path: place.path + [part.name], steps: place.steps + [.part(part.name)],
            definition: place.definition + 1, repetition: place.repetition))
      }
    case .ids(let inner):
      return [
        Leaf(
          kind: kind, path: place.path + (0...inner.count).flatMap { _ in ["list", "element"] }, steps: [],
          definition: 2 * inner.count + 3, repetition: inner.count + 1)
      ]
    case .text, .json, .integer, .unsigned, .number, .boolean, .bytes: return [place]
    }
  }

  /// An element of the schema as the file describes it; everything may be null, as `datasets` writes it.
  struct Element {
    /// What a type stands for: the number in files from before logical types and the one since.
    enum Meaning {
      case text, json, list
      /// Whole numbers of so many bits, none below 0.
      case unsigned(bits: Int8)
    }

    let name: String
    var type: PhysicalType?
    var children = 0
    var meaning: Meaning?
    var isRepeated = false

    func write(to writer: inout ThriftWriter) {
      if let type { writer.int32(1, type.rawValue) }
      writer.int32(3, isRepeated ? 2 : 1)
      writer.text(4, name)
      if children > 0 { writer.int32(5, children) }
      switch meaning {
      case nil: break
      case .text:
        writer.int32(6, 0)
        writer.structure(10) { $0.structure(1) }
      case .json:
        writer.int32(6, 19)
        writer.structure(10) { $0.structure(12) }
      case .list:
        writer.int32(6, 3)
        writer.structure(10) { $0.structure(3) }
      case .unsigned(let bits):
        writer.int32(6, bits == 8 ? 11 : 14)
        writer.structure(10) { logical in
          logical.structure(10) { integer in
            integer.byte(1, bits)
            integer.boolean(2, false)
          }
        }
      }
    }
  }

  /// The elements of the schema, from the column to its leaves.
  var elements: [Element] { Self.elements(of: kind, name) }

  private static func elements(of kind: Kind, _ name: String) -> [Element] {
    func list(_ elements: [Element]) -> [Element] {
      [Element(name: name, children: 1, meaning: .list), Element(name: "list", children: 1, isRepeated: true)]
        + elements
    }
    switch kind {
    case .text: return [Element(name: name, type: .bytes, meaning: .text)]
    case .json: return [Element(name: name, type: .bytes, meaning: .json)]
    case .integer: return [Element(name: name, type: .int64)]
    case .unsigned: return [Element(name: name, type: .int64, meaning: .unsigned(bits: 64))]
    case .number: return [Element(name: name, type: .double)]
    case .boolean: return [Element(name: name, type: .boolean)]
    case .bytes: return [Element(name: name, type: .bytes)]
    case .list(let element): return list(elements(of: element, "element"))
    case .structure(let parts): return [Element(name: name, children: parts.count)] + parts.flatMap(\.elements)
    case .ids(let inner):
      return list(
        inner.isEmpty
          ? [Element(name: "element", type: .int32, meaning: .unsigned(bits: 8))]
          : elements(of: .ids(Array(inner.dropFirst())), "element"))
    }
  }

  /// A kind as the Python library `datasets` describes it; nil where a part has the name by which it tells kinds.
  private static func feature(_ kind: Kind, classes: [String] = []) -> JSON? {
    func value(_ type: String) -> JSON { .object([.init("dtype", .string(type)), .init("_type", .string("Value"))]) }
    func list(_ feature: JSON) -> JSON { .object([.init("feature", feature), .init("_type", .string("Sequence"))]) }
    switch kind {
    case .text: return value("string")
    case .json: return .object([.init("_type", .string("Json"))])
    case .integer where !classes.isEmpty:
      return .object([.init("names", .array(classes.map { .string($0) })), .init("_type", .string("ClassLabel"))])
    case .integer: return value("int64")
    case .unsigned: return value("uint64")
    case .number: return value("float64")
    case .boolean: return value("bool")
    case .bytes: return value("binary")
    case .picture: return .object([.init("_type", .string("Image"))])
    case .structure(let parts):
      let features = parts.compactMap { part in
        feature(part.kind, classes: part.classes).map { JSON.Field(part.name, $0) }
      }
      return features.count < parts.count || parts.contains { $0.name == "_type" } ? nil : .object(features)
    // Readers of every version know these names of lists, of which that of structures has another form.
    case .list(.structure(let parts)) where Kind.structure(parts) != .picture:
      return feature(.structure(parts)).map { .array([$0]) }
    case .list(let element): return feature(element, classes: classes).map(list)
    case .ids(let inner): return (0...inner.count).reduce(value("uint8")) { one, _ in list(one) }
    }
  }

  /// The columns under the key `huggingface` of a file, in the order of the columns.
  static func features(_ fields: [ParquetField]) -> String {
    let features = JSON.object(
      fields.compactMap { field in feature(field.kind, classes: field.classes).map { .init(field.name, $0) } })
    return JSON.object([.init("info", .object([.init("features", features)]))]).text(.spaced)
  }

  /// The parts that structures may lack, by the names on the way to each, under the key `pixelbytes` of a file; nil where there are none.
  static func absences(_ fields: [ParquetField]) -> String? {
    let paths = fields.flatMap { absences(of: $0, []) }
    if paths.isEmpty { return nil }
    return JSON.object([.init("absent", .array(paths.map { .array($0.map { .string($0) }) }))]).text(.spaced)
  }

  private static func absences(of field: ParquetField, _ outer: [String]) -> [[String]] {
    var (kind, path) = (field.kind, outer + [field.name])
    let own = field.mayBeAbsent ? [path] : []
    while case .list(let element) = kind {
      kind = element
      path.append("element")
    }
    guard case .structure(let parts) = kind else { return own }
    return own + parts.flatMap { absences(of: $0, path) }
  }
}
