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
    try decode(try readFile(path, limit: limit), file: path, body: line)
  }

  /// Reads the bytes of a file; throws a `FormatError` with the number of the wrong line.
  public static func decode(_ bytes: [UInt8], file: String = "JSON lines") throws(FormatError) -> [JSONLine] {
    var lines: [JSONLine] = []
    try decode(bytes, file: file) { lines.append($0) }
    return lines
  }

  private static func decode(_ bytes: [UInt8], file: String, body: (JSONLine) -> Void) throws(FormatError) {
    if !bytes.isEmpty { try ForeignFile.refuse(bytes, in: file, expected: "JSON lines") }
    var (number, start) = (0, 0)
    while start <= bytes.count {
      let line = bytes[start..<(bytes[start...].firstIndex(of: UInt8(ascii: "\n")) ?? bytes.count)]
      start = line.endIndex + 1
      number += 1
      if Safepoint.mustStop(after: 4000 + 20 * line.count) {
        throw FormatError(.io, in: file, "was not read: the work was stopped")
      }
      if line.allSatisfy({ [0x20, 0x09, 0x0D].contains($0) }) { continue }
      do throws(JSONFault) {
        body(JSONLine(number: number, fields: try fields(Array(line))))
      } catch {
        let place = "line \(number), column \(error.column)" + (error.key.isEmpty ? "" : ", key \"\(error.key)\"")
        throw FormatError(.malformed, in: file, "\(place): \(error.reason)")
      }
    }
  }

  private static func fields(_ line: [UInt8]) throws(JSONFault) -> [JSON.Field] {
    var reader = JSONReader(line, readsEndless: true)
    guard try reader.next() == .objectStart else { throw JSONReader(line).fault("expected an object in braces") }
    guard case .object(let fields) = try JSON(line, readsEndless: true) else { return [] }
    return fields
  }
}
