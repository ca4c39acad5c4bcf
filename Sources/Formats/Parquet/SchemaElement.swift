/// One element of the schema, which is a tree in the order of its text.
struct SchemaElement {
  let name: String
  let type: Int?
  let width: Int?
  let repetition: Int?
  let childCount: Int
  let meaning: ParquetMeaning?

  init(_ reader: inout ThriftReader) throws(ParquetFault) {
    var name: String?
    var (type, width, repetition, children): (Int?, Int?, Int?, Int?)
    var (converted, scale, precision): (Int?, Int?, Int?)
    var meaning: ParquetMeaning?
    try reader.fields { (reader, field) throws(ParquetFault) in
      switch field.id {
      case 1: type = try reader.integer(field)
      case 2: width = try reader.integer(field)
      case 3: repetition = try reader.integer(field)
      case 4: name = try reader.text(field)
      case 5: children = try reader.integer(field)
      case 6: converted = try reader.integer(field)
      case 7: scale = try reader.integer(field)
      case 8: precision = try reader.integer(field)
      case 10: meaning = try ParquetMeaning(&reader, field)
      default: try reader.skip(field)
      }
    }
    guard let name else { throw ParquetFault(.malformed, "a column has no name") }
    self.name = name
    (self.type, self.width, self.repetition) = (type, width, repetition)
    childCount = try stated(children ?? 0, "the number of the parts of \"\(name)\"")
    self.meaning =
      meaning ?? converted.flatMap { ParquetMeaning(converted: $0, scale: scale ?? 0, precision: precision) }
    if case .decimal(let scale, _) = self.meaning, !(0...100 ~= scale) {
      throw ParquetFault(.malformed, "column \"\(name)\" has decimals of \(scale) digits behind the point")
    }
  }

  /// How the values of a leaf are stored; `path` is what errors call it.
  func physicalType(at path: String) throws(ParquetFault) -> PhysicalType {
    guard let physical = type.flatMap(PhysicalType.init), childCount == 0 else {
      throw ParquetFault(.malformed, "column \"\(path)\" has the unknown type \(type ?? -1)")
    }
    return physical
  }
}
