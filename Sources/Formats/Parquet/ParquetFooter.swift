import Safepoint

/// The description of a parquet file at its end: the elements of the schema and where each column of each row group is.
struct ParquetFooter {
  var rowCount = 0
  var elements: [SchemaElement] = []
  var groups: [GroupDescription] = []
  /// What the values of the leaves stand for, as Arrow says beside the schema; empty where it says nothing.
  var meanings: [ParquetMeaning?] = []
  /// The sides of the arrays of columns whose rows are arrays of one shape, as Arrow says beside the schema.
  var shapes: [String: [Int]] = [:]
  /// Those whose arrays have their elements in another order than row by row.
  var turned: Set<String> = []
  /// The names of the classes that the numbers of columns count, as the Python library `datasets` says beside the schema.
  var classes = ClassNames()
  /// The parts that structures may lack, by the names on the way to each, as this program says beside the schema.
  var absences: Set<[String]> = []
  /// Whether the sizes of columns may leave out the header of their first page, as those of parquet-mr up to 1.2 do.
  var hasShortSizes = false

  /// Reads the description; that rows and schema agree with each other is checked by who uses it.
  init(_ bytes: [UInt8]) throws(ParquetFault) {
    var reader = ThriftReader(ByteReader(bytes))
    var (rowCount, elements, groups): (Int?, [SchemaElement], [GroupDescription]) = (nil, [], [])
    var (arrow, features, own, writer) = ("", "", "", "")
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
      case 5:
        try reader.list(field) { (reader, _) throws(ParquetFault) in
          let (key, value) = try Self.metadata(&reader)
          if key == "ARROW:schema" { arrow = value }
          if key == "huggingface" { features = value }
          if key == "pixelbytes" { own = value }
        }
      case 6 where field.form == .binary: writer = try reader.looseText(field)
      default: try reader.skip(field)
      }
    }
    self.rowCount = try stated(rowCount, "the number of rows")
    (self.elements, self.groups) = (elements, groups)
    let schema = ArrowSchema(arrow)
    (meanings, shapes, turned) = (schema.leaves, schema.shapes, schema.turned)
    classes = ClassNames(features: features)
    absences = Self.absences(own)
    hasShortSizes = ["0.", "1.0.", "1.1.", "1.2."].contains { writer.hasPrefix("parquet-mr version " + $0) }
  }

  /// The parts that structures may lack, in what this program says of a file; none where that is something else.
  private static func absences(_ text: String) -> Set<[String]> {
    do throws(JSONFault) {
      guard !text.isEmpty, let paths = try JSON(Array(text.utf8))["absent"]?.elements else { return [] }
      return Set(paths.compactMap { $0.elements?.compactMap(\.string) })
    } catch { return [] }
  }

  /// The keys of texts that are looked at.
  private static let keys: Set = ["ARROW:schema", "huggingface", "pixelbytes"]

  /// A text of the writer and the name that it has; empty for what is no text.
  private static func metadata(_ reader: inout ThriftReader) throws(ParquetFault) -> (key: String, value: String) {
    var (key, value) = ("", "")
    try reader.fields { (reader, field) throws(ParquetFault) in
      switch (field.id, field.form) {
      case (1, .binary): key = try reader.looseText(field)
      case (2, .binary) where keys.contains(key): value = try reader.looseText(field)
      default: try reader.skip(field)
      }
    }
    return (key, value)
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
  /// What the pages hold, as far as it is believed.
  var wholeSize = 0
  var isElsewhere = false
  /// Whether its pages can be read with a key alone.
  var isEncrypted = false

  /// What the values take in memory, about, in bytes.
  var cost: Int { Size.sum([wholeSize, Size.product(32, valueCount)]) }

  init(_ reader: inout ThriftReader) throws(ParquetFault) {
    var (type, codec, values, data, dictionary, size, whole): (Int?, Int?, Int?, Int?, Int?, Int?, Int?)
    try reader.fields { (reader, field) throws(ParquetFault) in
      switch field.id {
      case 1 where field.form == .binary: isElsewhere = try !reader.text(field).isEmpty
      case 3:
        guard field.form == .structure else { throw ParquetFault(.malformed, "a column is not described") }
        try reader.fields { (reader, field) throws(ParquetFault) in
          switch field.id {
          case 1: type = try reader.integer(field)
          case 4: codec = try reader.integer(field)
          case 5: values = try reader.integer(field)
          case 6: whole = try reader.integer(field)
          case 7: size = try reader.integer(field)
          case 9: data = try reader.integer(field)
          case 11: dictionary = try reader.integer(field)
          default: try reader.skip(field)
          }
        }
      case 8, 9:
        isEncrypted = true
        try reader.skip(field)
      default: try reader.skip(field)
      }
    }
    // Of an encrypted column the description may be encrypted too.
    if isEncrypted, type == nil { return }
    self.type = try stated(type, "the type of a column")
    self.codec = try stated(codec, "the compression of a column")
    valueCount = try stated(values, "the number of values of a column")
    self.size = try stated(size, "the size of a column")
    wholeSize = min(max(whole ?? 0, self.size), ParquetLimit.chunk)
    start = try stated(data, "the place of a column")
    // Some writers say 0 when there is no dictionary.
    if let dictionary, dictionary > 0 { start = min(start, dictionary) }
  }
}

/// A number of the footer that must be there and not be negative.
func stated(_ number: Int?, _ what: String) throws(ParquetFault) -> Int {
  guard let number, number >= 0 else {
    throw ParquetFault(.malformed, "\(what) is " + (number.map { "\($0)" } ?? "not stated"))
  }
  return number
}
