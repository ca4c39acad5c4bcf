/// Reads a whole regular file of at most `limit` bytes.
///
/// Throws a `FormatError` when the file is missing, unreadable, a folder or device, or larger than `limit`; the size is
/// checked before anything is allocated.
public func readFile(_ path: String, limit: Int = 1 << 30) throws(FormatError) -> [UInt8] {
  let file = try SystemFile.reading(path)
  let size = try file.size()
  guard size <= limit else {
    throw FormatError(.limit, in: path, "holds \(size) bytes; at most \(limit) are read")
  }
  return try file.read(size)
}

/// Reads a whole UTF-8 text file of at most `limit` bytes.
///
/// Throws as `readFile` does, and when the bytes are not UTF-8, with the offset of the first wrong byte.
public func readTextFile(_ path: String, limit: Int = 1 << 28) throws(FormatError) -> String {
  try utf8Text(try readFile(path, limit: limit), file: path)
}

/// Returns bytes as text; bytes that are not UTF-8 throw with the line they stand on.
func utf8Text(_ bytes: some Collection<UInt8>, file: String) throws(FormatError) -> String {
  if let text = String(validating: bytes, as: UTF8.self) { return text }
  var line = 1
  for part in bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false) {
    if String(validating: part, as: UTF8.self) == nil { break }
    line += 1
  }
  throw FormatError(.malformed, in: file, "line \(line) is not UTF-8 text")
}
