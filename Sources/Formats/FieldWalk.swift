import Safepoint

/// A walk over the records of a table of separated texts.
struct FieldWalk: RowWalk {
  private let path: String
  private let watched: [String]
  /// Where the watched columns are; nil for one that is not there.
  private var places: [Int?] = []
  private(set) var names: [String] = []
  private(set) var blocks = RowBlocks()
  private(set) var line = 1
  private(set) var separator: UInt8?
  private(set) var skipsSpaces = false

  init(_ path: String, watched: [String], separator: UInt8?) {
    (self.path, self.watched, self.separator) = (path, watched, separator)
  }

  mutating func take(
    _ piece: [UInt8], at start: Int, isLast: Bool, _ row: ([String?]) throws -> Void
  ) throws -> Int {
    let fields: CSVFields
    if names.isEmpty {
      fields = try CSVFields(decoding: piece, file: path, separator: separator, isLast: isLast)
      // A header that goes on behind the piece tells nothing yet.
      if fields.columns.isEmpty { return 0 }
      (names, separator, skipsSpaces) = (fields.columns, fields.separator, fields.skipsSpaces)
      places = watched.map { names.firstIndex(of: $0) }
    } else {
      fields = try CSVFields(
        piece: piece, columns: names, separator ?? UInt8(ascii: ","), skipsSpaces: skipsSpaces, file: path, line: line,
        isLast: isLast)
    }
    for record in 0..<fields.count {
      let end = record + 1 < fields.count ? fields.start(ofRow: record + 1) : fields.end
      blocks.append(start + fields.start(ofRow: record)..<start + end, line: Int(fields.lines[record]))
      if !places.isEmpty {
        try row(places.map { $0.map { String(decoding: fields[record, $0].text, as: UTF8.self) } })
      }
    }
    line = fields.endLine
    return fields.end
  }
}
