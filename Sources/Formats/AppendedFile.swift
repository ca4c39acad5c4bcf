/// Text added to the end of files, where several programs may add at once.
public enum AppendedFile {
  /// Adds `text` in one write, so that it stays whole; a file that is not there is made, for its owner alone if `isPrivate`.
  ///
  /// Throws what the operating system says.
  public static func append(_ text: String, to path: String, isPrivate: Bool = false) throws(FormatError) {
    try SystemFile.appending(path, isPrivate: isPrivate).write(Array(text.utf8))
  }
}
