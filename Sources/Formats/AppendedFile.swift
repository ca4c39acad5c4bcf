/// Lines added to the end of files, where several programs may add and shorten at once.
///
/// Each takes the lock of the file for as long as it needs, and looks then whether the path still leads to it, because
/// shortening replaces it by another.
public enum AppendedFile {
  /// Adds `text`, whole lines, or nothing of it; a file that is not there is made, for its owner alone if `isPrivate`.
  ///
  /// It starts a line of its own, even behind one that another program left unfinished. Throws what the operating system
  /// says, such as that the disk is full.
  public static func append(_ text: String, to path: String, isPrivate: Bool = false) throws(FormatError) {
    let file = try locked(path, creating: isPrivate ? 0o600 : 0o666)
    let size = try file.size()
    let lineEnd = UInt8(ascii: "\n")
    let isLineOpen = size > 0 ? try file.read(1, at: size - 1) != [lineEnd] : false
    do { try file.write((isLineOpen ? [lineEnd] : []) + Array(text.utf8)) } catch {
      try file.truncate(to: size)
      throw error
    }
  }

  /// Leaves only the last `count` lines of a file, in one step, once it has more than `most`; links, permissions and owner
  /// stay as they are.
  ///
  /// What other programs add meanwhile is kept. On a file system without locks, where that can't be promised, nothing is done.
  public static func shorten(_ path: String, toLast count: Int, above most: Int) throws(FormatError) {
    let file = try locked(path, creating: nil)
    guard file.lock() == .taken else { return }
    let bytes = try file.read(try file.size())
    let lines = bytes.split(separator: UInt8(ascii: "\n"))
    guard lines.count > most else { return }
    let shorter = try PendingFile(for: path, keepingOwner: true)
    try shorter.write(Array(lines.suffix(count).joined(separator: [UInt8(ascii: "\n")])) + [UInt8(ascii: "\n")])
    try shorter.finish()
  }

  /// Opens the file and waits for its lock.
  private static func locked(_ path: String, creating mode: UInt32?) throws(FormatError) -> SystemFile {
    let deadline = ContinuousClock.now + patience
    while true {
      let file = try SystemFile.appending(path, creating: mode)
      while file.lock() == .held {
        guard .now < deadline else { throw FormatError(.io, in: path, "is locked by another program") }
        SystemFile.pause(milliseconds: 1)
      }
      if file.isStillThere { return file }
    }
  }

  /// A lock is held for some milliseconds; a program that is stopped meanwhile holds up others no longer than this.
  private static let patience = Duration.seconds(5)
}
