import Synchronization

/// The hidden names of what is being written, and what killed runs left behind under them.
///
/// Whoever writes a temporary file or folder holds its lock, which the system takes back when the process is gone, however
/// that happens. So one that nobody holds belongs to nobody: neither a number of a process that is given to another later,
/// nor a folder shared by containers or machines can make one in use look abandoned.
enum Temporary {
  private static let (prefix, suffix) = (".pixelbytes-", ".tmp")

  /// The folder searched last, and when.
  private static let last = Mutex<(folder: String, time: ContinuousClock.Instant)?>(nil)
  /// Many files saved into one folder do not search it each time.
  private static let pause = Duration.milliseconds(500)

  /// A name that no file has, in the folder of `path`.
  static func name(beside path: String) -> String {
    var generator = SystemRandomNumberGenerator()
    return "\(SystemFile.folder(of: path))/\(prefix)\(String(generator.next() as UInt64, radix: 36))\(suffix)"
  }

  /// Removes what killed runs left in the folder of `path`.
  static func removeAbandoned(beside path: String) {
    let folder = SystemFile.folder(of: path)
    let isDue = last.withLock { last in
      if let last, last.folder == folder, .now - last.time < pause { return false }
      last = (folder, .now)
      return true
    }
    // A folder that cannot be read holds nothing that could be removed; writing into it tells what is wrong.
    guard isDue else { return }
    guard let names = try? SystemFile.names(in: folder.isEmpty ? "/" : folder) else { return }
    for name in names where name.hasPrefix(prefix) && name.hasSuffix(suffix) {
      SystemFile.removeUnlessLocked(folder + "/" + name)
    }
  }
}
