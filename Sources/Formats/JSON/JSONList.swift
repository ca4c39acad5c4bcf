import Safepoint

/// A list of objects in a JSON file, as other programs write rows.
enum JSONList {
  /// The most bytes of such a file, all of which are in memory as it is read.
  private static let limit = 1 << 28

  /// The objects of the file at `path`, each a line of JSON; nil for a file of JSON lines. Anything else of a whole text of JSON throws a
  /// `FormatError`.
  static func lines(_ path: String, _ encoding: TextEncoding) throws(FormatError) -> [UInt8]? {
    guard PackedFile.unpackedName(path).lowercased().hasSuffix(".json") else { return nil }
    let bytes = try encoding.utf8(try readFile(path, limit: limit), file: path)
    if !bytes.isEmpty { try ForeignFile.refuse(bytes, in: path, expected: "JSON") }
    let first = bytes.first { ![0xEF, 0xBB, 0xBF, 0x20, 0x09, 0x0A, 0x0D].contains($0) }
    if first == UInt8(ascii: "{") {
      guard !JSONLine.areLines(bytes), isNoRow(bytes) else { return nil }
      throw FormatError(
        .malformed, in: path,
        "is one object of JSON, not rows; those are a list of objects, or an object a line, as "
          + "`df.to_json(path, orient=\"records\")` of pandas writes them")
    }
    guard first == UInt8(ascii: "[") else { return nil }
    guard Safepoint.mayMake(2 * bytes.count) else {
      throw FormatError(.limit, in: path, "does not fit into the budget of memory")
    }
    do throws(JSONFault) { return try lines(bytes) } catch {
      let message =
        "line \(error.line), column \(error.column)" + (error.key.isEmpty ? "" : ", key \"\(error.key)\"")
        + ": \(error.reason)"
      throw error.kind == .encoding
        ? .notUTF8(.file, in: path, message) : FormatError(error.kind == .stopped ? .io : .malformed, in: path, message)
    }
  }

  private static func lines(_ bytes: [UInt8]) throws(JSONFault) -> [UInt8] {
    var reader = JSONReader(bytes, readsEndless: true)
    var lines: [UInt8] = []
    _ = try reader.next()
    while true {
      let before = reader
      let part = try reader.next()
      if part == .arrayEnd { break }
      guard part == .objectStart else { throw before.notObject(part) }
      lines += try JSON(from: part, &reader).text(writesEndless: true).utf8
      lines.append(UInt8(ascii: "\n"))
    }
    _ = try reader.next()
    return lines
  }

  /// Whether an object is the whole text, over more than one line or with nothing but lists and objects in it.
  private static func isNoRow(_ bytes: [UInt8]) -> Bool {
    do throws(JSONFault) {
      let fields = try JSON(bytes, readsEndless: true).fields ?? []
      if let end = bytes.firstIndex(of: UInt8(ascii: "\n")), end < bytes.count - 1 { return true }
      return !fields.isEmpty && fields.allSatisfy { $0.value.elements != nil || $0.value.fields != nil }
    } catch { return false }
  }
}
