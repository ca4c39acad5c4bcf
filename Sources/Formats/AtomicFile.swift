/// Writing a file whole or not at all.
public enum AtomicFile {
  /// Replaces the file at `path` with `bytes` in one step, or leaves it as it was.
  ///
  /// The bytes go to a temporary file in the same folder, reach the disk, and take the name `path`. A replaced file keeps its
  /// permissions. On failure (folder missing, no permission, disk full) the temporary file is removed and a `FormatError`
  /// names `path` and the reason.
  public static func write(_ bytes: [UInt8], to path: String) throws(FormatError) {
    let file = try PendingFile(for: path)
    try file.write(bytes)
    try file.finish()
  }

  /// Replaces the file at `path` with UTF-8 text in one step, or leaves it as it was.
  public static func write(_ text: String, to path: String) throws(FormatError) {
    try write(Array(text.utf8), to: path)
  }
}
