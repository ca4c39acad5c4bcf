import Safepoint

/// A table of comma-separated texts with a header line, as RFC 4180 and spreadsheets write it.
///
/// Fields may be quoted and then hold commas, line ends and doubled quotes; lines end in LF or CRLF; a byte order mark
/// and blank lines are skipped.
public struct CSV: Equatable, Sendable {
  /// One record and the line it starts on, counted from 1.
  public struct Row: Equatable, Sendable {
    /// The fields, as many as there are columns.
    public let fields: [String]
    /// The number of the record's first line.
    public let line: Int
  }

  /// The names of the columns.
  public let columns: [String]
  /// The records after the header.
  public let rows: [Row]

  /// Reads the bytes of a file; throws a `FormatError` with the number of the wrong line.
  public init(decoding bytes: [UInt8], file: String = "CSV") throws(FormatError) {
    var (columns, rows) = ([String](), [Row]())
    try Self.decode(bytes, file: file) {
      columns = $0
    } row: {
      rows.append($0)
    }
    (self.columns, self.rows) = (columns, rows)
  }

  /// Reads the file at `path`, at most `limit` bytes, and gives the names of the columns and then one record after the other; throws a
  /// `FormatError` with the number of the wrong line.
  public static func read(
    _ path: String, limit: Int = 1 << 28, columns: ([String]) -> Void, row: (Row) -> Void
  ) throws(FormatError) {
    try decode(try readFile(path, limit: limit), file: path, columns: columns, row: row)
  }

  private static func decode(
    _ bytes: [UInt8], file: String, columns: ([String]) -> Void, row: (Row) -> Void
  ) throws(FormatError) {
    let mark: [UInt8] = [0xEF, 0xBB, 0xBF]
    var reader = Reader(bytes: Array(try utf8Text(bytes, file: file).utf8), file: file)
    if reader.bytes.starts(with: mark) { reader.place = mark.count }
    guard let header = try reader.record() else { throw FormatError(.malformed, in: file, "has no header line") }
    for (place, name) in header.fields.enumerated() where header.fields[..<place].contains(name) {
      throw FormatError(.malformed, in: file, "line \(header.line): the column \"\(name)\" is there twice")
    }
    columns(header.fields)
    while let record = try reader.record() {
      guard record.fields.count == header.fields.count else {
        throw FormatError(
          .malformed, in: file,
          "line \(record.line): expected \(header.fields.count) fields, found \(record.fields.count)")
      }
      row(record)
      if Safepoint.mustStop(after: 100 * record.fields.count) {
        throw FormatError(.limit, in: file, "was not read to its end")
      }
    }
  }

  /// Returns the text of a file with the given header and records, quoting only what needs it.
  public static func text(columns: [String], rows: [[String]]) -> String {
    var result = ""
    for record in [columns] + rows {
      if Safepoint.mustStop(after: 100 * record.count) { break }
      result += record.map(quoted).joined(separator: ",") + "\n"
    }
    return result
  }

  private static func quoted(_ field: String) -> String {
    let special = field.utf8.contains { [0x22, 0x2C, 0x0A, 0x0D].contains($0) }
    guard special || field.isEmpty else { return field }
    return "\"" + field.split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\"\"") + "\""
  }
}

private struct Reader {
  let bytes: [UInt8]
  let file: String
  var place = 0
  var line = 1

  init(bytes: [UInt8], file: String) {
    self.bytes = bytes
    self.file = file
  }

  /// The next record, nil at the end of the file.
  mutating func record() throws(FormatError) -> CSV.Row? {
    while takeLineEnd() {}
    guard place < bytes.count else { return nil }
    let start = line
    var fields: [String] = []
    while true {
      fields.append(try field())
      if place < bytes.count, bytes[place] == UInt8(ascii: ",") {
        place += 1
        continue
      }
      _ = takeLineEnd()
      return CSV.Row(fields: fields, line: start)
    }
  }

  private mutating func takeLineEnd() -> Bool {
    guard atLineEnd else { return false }
    place += bytes[place] == UInt8(ascii: "\r") ? 2 : 1
    line += 1
    return true
  }

  private var atLineEnd: Bool {
    guard place < bytes.count else { return false }
    if bytes[place] == UInt8(ascii: "\n") { return true }
    return bytes[place] == UInt8(ascii: "\r") && place + 1 < bytes.count && bytes[place + 1] == UInt8(ascii: "\n")
  }

  private mutating func field() throws(FormatError) -> String {
    if place < bytes.count, bytes[place] == UInt8(ascii: "\"") { return try quotedField() }
    let start = place
    while place < bytes.count, bytes[place] != UInt8(ascii: ","), !atLineEnd { place += 1 }
    return String(decoding: bytes[start..<place], as: UTF8.self)
  }

  private mutating func quotedField() throws(FormatError) -> String {
    let opened = line
    var content: [UInt8] = []
    place += 1
    while place < bytes.count {
      let byte = bytes[place]
      place += 1
      if byte == UInt8(ascii: "\"") {
        guard place < bytes.count, bytes[place] == byte else { return try closed(content) }
        place += 1
      }
      if byte == UInt8(ascii: "\n") { line += 1 }
      content.append(byte)
    }
    throw FormatError(.malformed, in: file, "line \(opened): a quoted field is never closed")
  }

  private func closed(_ content: [UInt8]) throws(FormatError) -> String {
    guard place == bytes.count || bytes[place] == UInt8(ascii: ",") || atLineEnd else {
      throw FormatError(
        .malformed, in: file, "line \(line): text follows a closing quote; double quotes inside a field")
    }
    return String(decoding: content, as: UTF8.self)
  }
}
