import Safepoint

/// A table of separated texts whose fields are found part by part, so that several threads share a long one.
///
/// A file with quotes, which may hold line ends, is one part.
public struct CSVText: Sendable {
  /// The names of the columns.
  public let columns: [String]
  private let bytes: [UInt8]
  private let file: String
  /// What was said of its form.
  private let form: CSVForm
  /// The header and the records behind it that tell the separator, or all records.
  private let head: CSVFields
  private let rest: [Range<Int>]

  private static let partSize = 1 << 20
  private static let headSize = 1 << 16

  /// Reads the file at `path`; throws a `FormatError` where it has no header.
  public init(_ path: String, form: CSVForm = CSVForm(), encoding: TextEncoding = .utf8) throws(FormatError) {
    bytes = try encoding.utf8(try readFile(path, limit: CSVFields.sizeLimit), file: path)
    (file, self.form) = (path, form)
    let isDivided =
      bytes.count > 2 * Self.partSize && !bytes.holds(UInt8(ascii: "\"")) && Safepoint.mayMake(bytes.count)
    if isDivided {
      let start = try CSVFields(
        decoding: Array(bytes.prefix(Self.headSize)), file: path, form: form, isLast: false)
      if !start.columns.isEmpty {
        (head, columns, rest) = (start, start.columns, Self.parts(of: bytes, from: start.end))
        return
      }
    }
    head = try CSVFields(decoding: bytes, file: path, form: form, isLast: true)
    (columns, rest) = (head.columns, [])
  }

  /// What parts the fields.
  public var separator: UInt8 { head.separator }

  /// Whether spaces behind what parts the fields were left out.
  public var skipsSpaces: Bool { head.skipsSpaces }

  /// The line on which a row begins, counted from 1.
  public func line(ofRow row: Int) throws(FormatError) -> Int {
    var (left, line) = (row, 0)
    for part in 0..<count {
      let fields = try fields(ofPart: part)
      if left < fields.count { return line + Int(fields.lines[left]) }
      left -= fields.count
      line += fields.endLine - 1
    }
    return line + 1
  }

  /// The number of parts.
  public var count: Int { rest.count + 1 }

  /// The fields of a part; throws a `FormatError` with the number of the wrong line.
  public func fields(ofPart part: Int) throws(FormatError) -> CSVFields {
    if part == 0 { return head }
    do throws(FormatError) {
      return try CSVFields(
        piece: Array(bytes[rest[part - 1]]), columns: columns, head.separator, form: form,
        skipsSpaces: head.skipsSpaces, file: file, line: 1, isLast: true)
    } catch {
      // All lines up to the fault tell its number.
      _ = try CSVFields(decoding: bytes, file: file, form: form, isLast: true)
      throw error
    }
  }

  /// Parts of about one size that end with a line.
  private static func parts(of bytes: [UInt8], from first: Int) -> [Range<Int>] {
    var (parts, start): ([Range<Int>], Int) = ([], first)
    while start < bytes.count {
      var end = min(start + partSize, bytes.count)
      while end < bytes.count, bytes[end - 1] != UInt8(ascii: "\n") { end += 1 }
      parts.append(start..<end)
      start = end
    }
    return parts
  }
}
