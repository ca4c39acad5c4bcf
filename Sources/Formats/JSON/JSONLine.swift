import Safepoint

/// One line of a JSON Lines file: an object whose values are texts, numbers, truth values or null.
public struct JSONLine: Equatable, Sendable {
  /// The number of the line, counted from 1.
  public let number: Int
  /// The names in the order of the line, each with the text of its value; null has none.
  public let fields: [(name: String, text: String?)]

  /// Whether two lines have the same number, names and values.
  public static func == (a: JSONLine, b: JSONLine) -> Bool {
    a.number == b.number && a.fields.count == b.fields.count && zip(a.fields, b.fields).allSatisfy { $0 == $1 }
  }

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
    var (number, start) = (0, 0)
    while start <= bytes.count {
      let line = bytes[start..<(bytes[start...].firstIndex(of: UInt8(ascii: "\n")) ?? bytes.count)]
      start = line.endIndex + 1
      number += 1
      if Safepoint.mustStop(after: 4000 + 20 * line.count) {
        throw FormatError(.io, in: file, "was not read: the work was stopped")
      }
      if line.allSatisfy({ [0x20, 0x09, 0x0D].contains($0) }) { continue }
      do throws(FormatError) {
        body(JSONLine(number: number, fields: try fields(Array(line), file)))
      } catch {
        throw FormatError(.malformed, in: file, "line \(number): \(error.message)")
      }
    }
  }

  private static func fields(_ line: [UInt8], _ file: String) throws(FormatError) -> [(String, String?)] {
    let expected = FormatError(.malformed, in: file, "is not a JSON object of texts and numbers")
    let value: JSON
    do { value = try JSON(line) } catch {
      throw error.kind == .grammar ? expected : FormatError(.malformed, in: file, error.reason)
    }
    guard let fields = value.fields else { throw expected }
    return try fields.map { field throws(FormatError) in
      switch field.value {
      case .null: (field.name, nil)
      case .string(let text): (field.name, text)
      case .bool(let truth): (field.name, String(truth))
      case .integer(let whole): (field.name, String(whole))
      case .number(let number): (field.name, Int(exactly: number).map(String.init) ?? String(number))
      case .array, .object: throw expected
      }
    }
  }
}
