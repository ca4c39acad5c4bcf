import Safepoint

/// Reads a whole regular file of at most `limit` bytes.
///
/// Throws a `FormatError` when the file is missing, unreadable, a folder or device, a pointer of Git LFS, or larger than `limit`; the size
/// is checked before anything is allocated.
public func readFile(_ path: String, limit: Int = 1 << 30) throws(FormatError) -> [UInt8] {
  try readFile(path) { _ in limit }
}

/// Reads the first 512 bytes of a regular file, by which `ForeignFile` tells what it is; throws as above.
public func readStart(_ path: String) throws(FormatError) -> [UInt8] {
  let file = try SystemFile.reading(path)
  return try file.read(min(512, try file.size()))
}

/// Reads a whole regular file of at most so many bytes as `limit` answers to its first 512; throws as above, and what `limit` throws.
public func readFile(
  _ path: String, limit: (_ start: [UInt8]) throws(FormatError) -> Int
) throws(FormatError) -> [UInt8] {
  let file = try SystemFile.reading(path)
  let size = try file.size()
  // What the operating system tells as it is read, as below /proc, has no size before.
  let start = try file.read(size == 0 ? 512 : min(size, 512))
  if let pointer = ForeignFile(pointer: start) { throw FormatError(.malformed, in: path, "is \(pointer)") }
  let limit = try limit(start)
  guard size <= limit else {
    throw FormatError(.limit, in: path, "holds \(size) bytes; at most \(limit) are read")
  }
  // Whoever reads it makes something else of it meanwhile.
  guard Safepoint.mayMake(size) else { throw FormatError(.limit, in: path, "does not fit into the budget of memory") }
  return size == 0 ? try rest(of: file, after: start, limit) : try file.read(size)
}

/// Reads a whole file that is meant to be what `expected` says, such as "the configuration of a model"; throws as above, and for one that
/// begins as a file of another kind does, what it is.
public func readFile(_ path: String, limit: Int, expected: String) throws(FormatError) -> [UInt8] {
  let bytes = try readFile(path, limit: limit)
  try ForeignFile.refuse(Array(bytes.prefix(512)), in: path, expected: expected)
  return bytes
}

private func rest(of file: borrowing SystemFile, after start: [UInt8], _ limit: Int) throws(FormatError) -> [UInt8] {
  var bytes = start
  while !bytes.isEmpty {
    let more = try file.read(1 << 16, at: bytes.count)
    if more.isEmpty { break }
    bytes += more
    guard bytes.count <= limit else {
      throw FormatError(.limit, in: file.path, "holds more than the \(limit) bytes that are read")
    }
  }
  return bytes
}

/// Reads a whole text file of at most `limit` bytes.
///
/// Throws as `readFile` does, and when the bytes are not of the encoding, with the line of the first wrong one.
public func readTextFile(
  _ path: String, limit: Int = 1 << 28, encoding: TextEncoding = .utf8
) throws(FormatError) -> String {
  let bytes = try readFile(path, limit: limit)
  // Most texts of these are UTF-8 as well, with zeros between the letters.
  if encoding == .utf8, TextEncoding.isUTF32(bytes) || TextEncoding.isUTF16(bytes), let found = ForeignFile(bytes) {
    throw FormatError.notUTF8(.file, in: path, "is not UTF-8 text; it is \(found)")
  }
  return try utf8Text(try encoding.utf8(bytes, file: path), file: path)
}

/// Returns bytes as text; bytes that are not UTF-8 throw with the line they stand on, counted from that of the first. What must stop
/// gives a part of it.
package func utf8Text(
  _ bytes: some Collection<UInt8>, file: String, line: Int = 1
) throws(FormatError) -> String {
  var (text, rest) = ("", bytes[...])
  text.reserveCapacity(bytes.count)
  while !rest.isEmpty, !Safepoint.mustStop(after: min(rest.count, 1 << 20) / 4) {
    var part = rest.prefix(1 << 20)
    // A part ends before the first byte of a character, which is at most four bytes long.
    if part.count < rest.count {
      for _ in 0..<3 where rest[part.endIndex] & 0xC0 == 0x80 { part = part.dropLast() }
    }
    guard let checked = String(validating: part, as: UTF8.self) else {
      let start = Array(bytes.prefix(512))
      if line == 1, let found = ForeignFile(start) {
        let isText = TextEncoding.isUTF32(start) || TextEncoding.isUTF16(start)
        throw FormatError.notUTF8(isText ? .file : nil, in: file, "is not UTF-8 text; it is \(found)")
      }
      throw FormatError.notUTF8(
        .file, in: file, "line \(line - 1 + lineOfFault(text, rest)) is not UTF-8 text")
    }
    text += checked
    rest = rest[part.endIndex...]
  }
  return text
}

/// Throws for bytes that are not UTF-8, up to a place, with the line they stand on, counted from that of the first.
func checkUTF8(_ bytes: [UInt8], upTo limit: Int? = nil, file: String, line: Int = 1) throws(FormatError) {
  let count = limit ?? bytes.count
  var start = 0
  while start < count, !Safepoint.mustStop(after: min(count - start, 1 << 20) / 8) {
    var end = min(start + 1 << 20, count)
    if end < count { for _ in 0..<3 where bytes[end] & 0xC0 == 0x80 { end -= 1 } }
    do { _ = try UTF8Span(validating: bytes.span.extracting(start..<end)) } catch {
      _ = try utf8Text(bytes[..<count], file: file, line: line)
    }
    start = end
  }
}

/// The line of the first bytes that are not UTF-8, which stand in `rest` behind `text`.
private func lineOfFault(_ text: String, _ rest: some Collection<UInt8>) -> Int {
  var line = 1
  for byte in text.utf8 where byte == UInt8(ascii: "\n") { line += 1 }
  // Its beginning may stand in the line that the text ends in, which changes nothing: the text is whole characters.
  for part in rest.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false) {
    if String(validating: part, as: UTF8.self) == nil { break }
    line += 1
  }
  return line
}
