/// Writing several files that belong together into a folder, all of them or none.
public enum AtomicFolder {
  /// Replaces `files` in the folder `path` in one step, or leaves the folder as it was; it and its parents are made if
  /// need be.
  ///
  /// Other files of the old folder stay, but those called as in `dropping`; a folder inside it is refused, because it could
  /// not be kept in the same step.
  public static func write(
    _ files: [(name: String, bytes: [UInt8])], to path: String, dropping: Set<String> = []
  ) throws(FormatError) {
    let folder = try PendingFolder(for: path)
    do throws(FormatError) {
      for file in files { try AtomicFile.write(file.bytes, to: folder.path + "/" + file.name) }
    } catch { throw folder.named(error) }
    try folder.finish(dropping: dropping)
  }
}
