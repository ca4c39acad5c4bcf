/// What stands in front of a page.
struct PageHeader {
  enum Kind: Int {
    case data, index, dictionary, dataV2
  }

  var kind = Kind.data
  /// The bytes of the page once decompressed, levels included.
  var size = 0
  /// The bytes of the page as it is stored.
  var storedSize = 0
  var checksum: UInt32?
  var count = 0
  var encoding = 0
  /// How the levels of a page of the first version are stored; a column without them has any number here.
  var definitionEncoding = PageHeader.runs
  var repetitionEncoding = PageHeader.runs
  var definitionSize = 0
  var repetitionSize = 0
  var isCompressed = true

  /// The encoding of runs, and that of the first years.
  static let runs = 3
  static let packed = 4

  init(_ reader: inout ThriftReader) throws(ParquetFault) {
    var (kind, size, storedSize): (Int?, Int?, Int?)
    var (count, encoding): (Int?, Int?)
    try reader.fields { (reader, field) throws(ParquetFault) in
      switch field.id {
      case 1: kind = try reader.integer(field)
      case 2: size = try reader.integer(field)
      case 3: storedSize = try reader.integer(field)
      case 4: checksum = UInt32(truncatingIfNeeded: try reader.integer(field))
      case 5, 7, 8:
        let isV2 = field.id == 8
        try reader.fields { (reader, field) throws(ParquetFault) in
          switch (field.id, isV2) {
          case (1, _): count = try reader.integer(field)
          case (2, false), (4, true): encoding = try reader.integer(field)
          case (3, false) where field.form != .yes && field.form != .no: definitionEncoding = try reader.integer(field)
          case (4, false): repetitionEncoding = try reader.integer(field)
          case (5, true): definitionSize = try reader.integer(field)
          case (6, true): repetitionSize = try reader.integer(field)
          case (7, true): isCompressed = try reader.boolean(field)
          default: try reader.skip(field)
          }
        }
      default: try reader.skip(field)
      }
    }
    guard let kind = kind.flatMap(Kind.init) else {
      throw ParquetFault(.malformed, "has the unknown kind \(kind ?? -1)")
    }
    guard let size, let storedSize, size >= 0, storedSize >= 0 else {
      throw ParquetFault(.malformed, "does not state its size")
    }
    guard kind == .index || (count ?? -1) >= 0 && encoding != nil else {
      throw ParquetFault(.malformed, "does not state its values")
    }
    (self.kind, self.size, self.storedSize) = (kind, size, storedSize)
    (self.count, self.encoding) = (count ?? 0, encoding ?? 0)
  }
}
