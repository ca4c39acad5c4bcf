extension ParquetField {
  /// One stored sequence of values of a column.
  struct Leaf {
    let type: PhysicalType
    let path: [String]
    /// The definition level of a value that is there.
    let definition: Int
    /// How many lists a value lies in.
    let repetition: Int
  }

  var leaves: [Leaf] {
    switch kind {
    case .text: [Leaf(type: .bytes, path: [name], definition: 1, repetition: 0)]
    case .integer: [Leaf(type: .int64, path: [name], definition: 1, repetition: 0)]
    case .number: [Leaf(type: .double, path: [name], definition: 1, repetition: 0)]
    case .boolean: [Leaf(type: .boolean, path: [name], definition: 1, repetition: 0)]
    case .picture: ["bytes", "path"].map { Leaf(type: .bytes, path: [name, $0], definition: 2, repetition: 0) }
    case .pictureList:
      ["bytes", "path"].map {
        Leaf(type: .bytes, path: [name, "list", "element", $0], definition: 4, repetition: 1)
      }
    case .ids(let inner):
      [
        Leaf(
          type: .int32, path: [name] + (0...inner.count).flatMap { _ in ["list", "element"] },
          definition: 2 * inner.count + 3, repetition: inner.count + 1)
      ]
    }
  }

  /// An element of the schema as the file describes it; everything may be null, as `datasets` writes it.
  struct Element {
    /// What a type stands for: the number in files from before logical types and the one since.
    enum Meaning {
      case text, list, byte
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
      case .list:
        writer.int32(6, 3)
        writer.structure(10) { $0.structure(3) }
      case .byte:
        writer.int32(6, 11)
        writer.structure(10) { logical in
          logical.structure(10) { integer in
            integer.byte(1, 8)
            integer.boolean(2, false)
          }
        }
      }
    }
  }

  /// The elements of the schema, from the column to its leaves.
  var elements: [Element] {
    switch kind {
    case .text: [Element(name: name, type: .bytes, meaning: .text)]
    case .integer: [Element(name: name, type: .int64)]
    case .number: [Element(name: name, type: .double)]
    case .boolean: [Element(name: name, type: .boolean)]
    case .picture:
      [
        Element(name: name, children: 2), Element(name: "bytes", type: .bytes),
        Element(name: "path", type: .bytes, meaning: .text),
      ]
    case .pictureList:
      [
        Element(name: name, children: 1, meaning: .list), Element(name: "list", children: 1, isRepeated: true),
        Element(name: "element", children: 2), Element(name: "bytes", type: .bytes),
        Element(name: "path", type: .bytes, meaning: .text),
      ]
    case .ids(let inner):
      (0...inner.count).flatMap { depth in
        [
          Element(name: depth == 0 ? name : "element", children: 1, meaning: .list),
          Element(name: "list", children: 1, isRepeated: true),
        ]
      } + [Element(name: "element", type: .int32, meaning: .byte)]
    }
  }

  /// The column as the Python library `datasets` describes it.
  private var feature: JSON {
    func value(_ type: String) -> JSON { .object([.init("dtype", .string(type)), .init("_type", .string("Value"))]) }
    return switch kind {
    case .text: value("string")
    case .integer: value("int64")
    case .number: value("float64")
    case .boolean: value("bool")
    case .picture: .object([.init("_type", .string("Image"))])
    case .pictureList:
      .object([.init("feature", .object([.init("_type", .string("Image"))])), .init("_type", .string("Sequence"))])
    case .ids(let inner):
      // Readers of every version know this name of a list.
      (0...inner.count).reduce(value("uint8")) { one, _ in
        .object([.init("feature", one), .init("_type", .string("Sequence"))])
      }
    }
  }

  /// The columns under the key `huggingface` of a file, in the order of the columns.
  static func features(_ fields: [ParquetField]) -> String {
    let features = JSON.object(fields.map { .init($0.name, $0.feature) })
    return JSON.object([.init("info", .object([.init("features", features)]))]).text(.spaced)
  }
}
