import Safepoint

/// One line of a JSON Lines file: an object. `NaN` and `Infinity` are numbers, as Python writes them.
public struct JSONLine: Equatable, Sendable {
  /// The number of the line, counted from 1.
  public let number: Int
  /// The names with their values in the order of the line.
  public let fields: [JSON.Field]

  /// Reads a file of at most `limit` bytes and gives one line after the other, blank ones left out; throws a `FormatError` with the
  /// number of the wrong line.
  public static func read(_ path: String, limit: Int = 1 << 28, line: (JSONLine) -> Void) throws(FormatError) {
    try decode(try readFile(path, limit: limit), file: path) { (found) throws(FormatError) in line(found) }
  }

  /// Whether a file whose name ends in .json holds JSON lines: its first line is in braces, and so begins another.
  public static func areLines(_ bytes: [UInt8]) -> Bool {
    let rest = bytes.drop { $0 == 0x0A || $0 == 0x0D || $0 == 0x20 || [0xEF, 0xBB, 0xBF].contains($0) }
    guard rest.first == UInt8(ascii: "{"), let end = rest.firstIndex(of: UInt8(ascii: "\n")) else { return false }
    let blanks: [UInt8] = [0x0A, 0x0D, 0x20, 0x09]
    return rest[..<end].last { !blanks.contains($0) } == UInt8(ascii: "}")
      && rest[end...].first { !blanks.contains($0) } == UInt8(ascii: "{")
  }

  /// Reads the bytes of a file and gives one line after the other, as `read` does.
  public static func decode(_ bytes: [UInt8], file: String, line: (JSONLine) -> Void) throws(FormatError) {
    try decode(bytes, file: file) { (found) throws(FormatError) in line(found) }
  }

  /// Reads the bytes of a file; throws a `FormatError` with the number of the wrong line.
  public static func decode(_ bytes: [UInt8], file: String = "JSON lines") throws(FormatError) -> [JSONLine] {
    var lines: [JSONLine] = []
    try decode(bytes, file: file) { (found) throws(FormatError) in lines.append(found) }
    return lines
  }

  private static func decode(
    _ bytes: [UInt8], file: String, body: (JSONLine) throws(FormatError) -> Void
  ) throws(FormatError) {
    if !bytes.isEmpty { try ForeignFile.refuse(bytes, in: file, expected: "JSON lines") }
    try lines(bytes, from: 1) { (number, range) throws(FormatError) in
      if Safepoint.mustStop(after: 4000 + 20 * range.count) {
        throw FormatError(.io, in: file, "was not read: the work was stopped")
      }
      try body(try JSONLine(bytes, range, number: number, file: file))
      return true
    }
  }

  /// The line behind so many others of a part of a file that begins with line `first`, blank ones not counted; nil when there are fewer.
  static func line(
    _ skipped: Int, in bytes: [UInt8], from first: Int, file: String
  ) throws(FormatError) -> JSONLine? {
    var (left, found): (Int, JSONLine?) = (skipped, nil)
    try lines(bytes, from: first) { (number, range) throws(FormatError) in
      if left == 0 { found = try JSONLine(bytes, range, number: number, file: file) }
      left -= 1
      return left >= 0
    }
    return found
  }

  /// Gives the number and place of every line that is not blank, as long as `body` wants more.
  private static func lines(
    _ bytes: [UInt8], from first: Int, _ body: (Int, Range<Int>) throws(FormatError) -> Bool
  ) throws(FormatError) {
    var (number, start) = (first, 0)
    while start < bytes.count {
      let end = bytes[start...].firstIndex(of: UInt8(ascii: "\n")) ?? bytes.count
      if !isBlank(bytes[start..<end]), try !body(number, start..<end) { return }
      (number, start) = (number + 1, end + 1)
    }
  }

  /// Whether a line has nothing but blanks.
  static func isBlank(_ line: ArraySlice<UInt8>) -> Bool { line.allSatisfy { $0 == 0x20 || $0 == 0x09 || $0 == 0x0D } }

  private init(_ bytes: [UInt8], _ range: Range<Int>, number: Int, file: String) throws(FormatError) {
    self.number = number
    do throws(JSONFault) {
      var reader = JSONReader(bytes, range, readsEndless: true)
      let first = try reader.next()
      guard first == .objectStart else { throw JSONReader(bytes, range).notObject(first) }
      fields = try JSON(from: first, &reader).fields ?? []
      _ = try reader.next()
    } catch { throw Self.error(error, line: number, file: file) }
  }

  /// The error of a line that is wrong.
  static func error(_ fault: JSONFault, line: Int, file: String) -> FormatError {
    let place = "line \(line), column \(fault.column)" + (fault.key.isEmpty ? "" : ", key \"\(fault.key)\"")
    return .notUTF8(fault.kind == .encoding ? .file : nil, in: file, "\(place): \(fault.reason)")
  }
}
