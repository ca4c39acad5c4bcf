import Safepoint

/// A table of comma-separated texts with a header line, as RFC 4180 and spreadsheets write it; `CSVFields` says what is read.
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
    let fields = try CSVFields(decoding: bytes, file: file)
    columns = fields.columns
    rows = (0..<fields.count).map { Row(fields: fields.texts(ofRow: $0), line: Int(fields.lines[$0])) }
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
    var bytes: [UInt8] = []
    append(field.utf8, to: &bytes)
    return String(decoding: bytes, as: UTF8.self)
  }

  /// Adds a field to the bytes of a file: in quotes where it needs them, or where `mustQuote` says so.
  public static func append(_ field: some Collection<UInt8>, mustQuote: Bool = false, to bytes: inout [UInt8]) {
    guard mustQuote || field.isEmpty || field.contains(where: isSpecial) else { return bytes.append(contentsOf: field) }
    bytes.append(UInt8(ascii: "\""))
    for byte in field {
      if byte == UInt8(ascii: "\"") { bytes.append(byte) }
      bytes.append(byte)
    }
    bytes.append(UInt8(ascii: "\""))
  }

  private static func isSpecial(_ byte: UInt8) -> Bool {
    byte == UInt8(ascii: "\"") || byte == UInt8(ascii: ",") || byte == UInt8(ascii: "\n") || byte == UInt8(ascii: "\r")
      // In a header without a comma these would be taken for what parts the fields.
      || byte == UInt8(ascii: ";") || byte == UInt8(ascii: "\t")
  }
}
