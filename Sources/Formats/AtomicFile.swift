/// Writing a file whole or not at all.
public enum AtomicFile {
  /// Replaces the file at `path` with `bytes` in one step, or leaves it as it was.
  ///
  /// The bytes go to a temporary file in the same folder, reach the disk, and take the name `path`. On failure (folder
  /// missing, no permission, disk full) the temporary file is removed and a `FormatError` names `path` and the reason.
  public static func write(_ bytes: [UInt8], to path: String) throws(FormatError) {
    var generator = SystemRandomNumberGenerator()
    let folder = folder(of: path)
    let name = path.split(separator: "/").last.map(String.init) ?? ""
    guard !name.isEmpty, name != ".", name != "..", !path.hasSuffix("/") else {
      throw FormatError(.io, in: path, "is not the name of a file")
    }
    let temporary = "\(folder)/.pixelbytes-\(String(generator.next() as UInt64, radix: 36)).tmp"
    do {
      try fill(temporary, with: bytes, mode: SystemFile.mode(of: path))
      try SystemFile.rename(temporary, to: path)
      try SystemFile.reading(folder).synchronize()
    } catch {
      SystemFile.remove(temporary)
      let file = error.file == temporary ? path : error.file
      throw FormatError(error.kind, in: file, error.message)
    }
  }

  /// Replaces the file at `path` with UTF-8 text in one step, or leaves it as it was.
  public static func write(_ text: String, to path: String) throws(FormatError) {
    try write(Array(text.utf8), to: path)
  }

  /// A replaced file keeps its permissions.
  private static func fill(_ path: String, with bytes: [UInt8], mode: UInt32?) throws(FormatError) {
    let file = try SystemFile.creating(path)
    if let mode { try file.setMode(mode) }
    try file.write(bytes)
    try file.synchronize()
  }

  private static func folder(of path: String) -> String {
    guard let slash = path.lastIndex(of: "/") else { return "." }
    return slash == path.startIndex ? "" : String(path[..<slash])
  }
}
