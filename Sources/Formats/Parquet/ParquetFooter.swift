/// The description of a parquet file at its end: the elements of the schema and where each column of each row group is.
struct ParquetFooter {
  var rowCount = 0
  var elements: [SchemaElement] = []
  var groups: [GroupDescription] = []

  /// Reads the description; that rows and schema agree with each other is checked by who uses it.
  init(_ bytes: [UInt8]) throws(ParquetFault) {
    var reader = ThriftReader(ByteReader(bytes))
    var (rowCount, elements, groups): (Int?, [SchemaElement], [GroupDescription]) = (nil, [], [])
    try reader.fields { (reader, field) throws(ParquetFault) in
      switch field.id {
      case 2:
        try reader.list(field) { (reader, _) throws(ParquetFault) in
          guard elements.count < ParquetLimit.elements else {
            throw ParquetFault(.limit, "the schema has more than \(ParquetLimit.elements) elements")
          }
          elements.append(try SchemaElement(&reader))
        }
      case 3: rowCount = try reader.integer(field)
      case 4:
        try reader.list(field) { (reader, _) throws(ParquetFault) in groups.append(try GroupDescription(&reader)) }
      default: try reader.skip(field)
      }
    }
    self.rowCount = try stated(rowCount, "the number of rows")
    (self.elements, self.groups) = (elements, groups)
  }
}

/// One element of the schema, which is a tree in the order of its text.
struct SchemaElement {
  /// What a type stands for beyond its bytes, as far as it changes how they are read.
  enum Meaning: Equatable {
    case text, list, unsigned
    /// Whole numbers that stand for those with as many digits behind the point.
    case decimal(scale: Int)
  }

  let name: String
  let type: Int?
  let width: Int?
  let repetition: Int?
  let childCount: Int
  let meaning: Meaning?

  init(_ reader: inout ThriftReader) throws(ParquetFault) {
    var name: String?
    var (type, width, repetition, children, converted, scale): (Int?, Int?, Int?, Int?, Int?, Int?)
    var meaning: Meaning?
    try reader.fields { (reader, field) throws(ParquetFault) in
      switch field.id {
      case 1: type = try reader.integer(field)
      case 2: width = try reader.integer(field)
      case 3: repetition = try reader.integer(field)
      case 4: name = try reader.text(field)
      case 5: children = try reader.integer(field)
      case 6: converted = try reader.integer(field)
      case 7: scale = try reader.integer(field)
      case 10: meaning = try Self.meaning(&reader, field)
      default: try reader.skip(field)
      }
    }
    guard let name else { throw ParquetFault(.malformed, "a column has no name") }
    self.name = name
    (self.type, self.width, self.repetition) = (type, width, repetition)
    childCount = try stated(children ?? 0, "the number of the parts of \"\(name)\"")
    self.meaning = meaning ?? converted.flatMap { Self.meaning($0, scale: scale ?? 0) }
    if case .decimal(let scale) = self.meaning, !(0...100 ~= scale) {
      throw ParquetFault(.malformed, "column \"\(name)\" has decimals of \(scale) digits behind the point")
    }
  }

  private static func meaning(_ reader: inout ThriftReader, _ field: ThriftReader.Field) throws(ParquetFault)
    -> Meaning?
  {
    guard field.form == .structure else {
      try reader.skip(field)
      return nil
    }
    var meaning: Meaning?
    try reader.fields { (reader, field) throws(ParquetFault) in
      switch field.id {
      case 1, 4, 12: meaning = .text
      case 2, 3: meaning = .list
      case 5:
        try reader.fields { (reader, field) throws(ParquetFault) in
          if field.id == 1 { meaning = .decimal(scale: try reader.integer(field)) } else { try reader.skip(field) }
        }
        return
      case 10:
        try reader.fields { (reader, field) throws(ParquetFault) in
          if field.id == 2 { meaning = try reader.boolean(field) ? nil : .unsigned } else { try reader.skip(field) }
        }
        return
      default: break
      }
      try reader.skip(field)
    }
    return meaning
  }

  /// The meaning in files from before logical types.
  private static func meaning(_ converted: Int, scale: Int) -> Meaning? {
    switch converted {
    case 0, 4, 19: .text
    case 1, 2, 3: .list
    case 5: .decimal(scale: scale)
    case 11...14: .unsigned
    default: nil
    }
  }
}

/// The rows that a file stores together.
struct GroupDescription {
  let rowCount: Int
  let chunks: [ChunkDescription]

  init(_ reader: inout ThriftReader) throws(ParquetFault) {
    var rows: Int?
    var chunks: [ChunkDescription] = []
    try reader.fields { (reader, field) throws(ParquetFault) in
      switch field.id {
      case 1:
        try reader.list(field) { (reader, _) throws(ParquetFault) in chunks.append(try ChunkDescription(&reader)) }
      case 3: rows = try reader.integer(field)
      default: try reader.skip(field)
      }
    }
    rowCount = try stated(rows, "the number of rows of a row group")
    self.chunks = chunks
  }
}

/// Where the pages of one column are in one row group.
struct ChunkDescription {
  var type = 0
  var codec = 0
  var valueCount = 0
  var start = 0
  var size = 0
  var isElsewhere = false

  init(_ reader: inout ThriftReader) throws(ParquetFault) {
    var (type, codec, values, data, dictionary, size): (Int?, Int?, Int?, Int?, Int?, Int?)
    try reader.fields { (reader, field) throws(ParquetFault) in
      switch field.id {
      case 1:
        isElsewhere = true
        try reader.skip(field)
      case 3:
        guard field.form == .structure else { throw ParquetFault(.malformed, "a column is not described") }
        try reader.fields { (reader, field) throws(ParquetFault) in
          switch field.id {
          case 1: type = try reader.integer(field)
          case 4: codec = try reader.integer(field)
          case 5: values = try reader.integer(field)
          case 7: size = try reader.integer(field)
          case 9: data = try reader.integer(field)
          case 11: dictionary = try reader.integer(field)
          default: try reader.skip(field)
          }
        }
      default: try reader.skip(field)
      }
    }
    self.type = try stated(type, "the type of a column")
    self.codec = try stated(codec, "the compression of a column")
    valueCount = try stated(values, "the number of values of a column")
    self.size = try stated(size, "the size of a column")
    start = try stated(data, "the place of a column")
    // Some writers say 0 when there is no dictionary.
    if let dictionary, dictionary > 0 { start = min(start, dictionary) }
  }
}

/// A number of the footer that must be there and not be negative.
private func stated(_ number: Int?, _ what: String) throws(ParquetFault) -> Int {
  guard let number, number >= 0 else {
    throw ParquetFault(.malformed, "\(what) is " + (number.map { "\($0)" } ?? "not stated"))
  }
  return number
}
