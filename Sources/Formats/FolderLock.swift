import Glibc

/// The claim of this process on a folder, held until it is dropped or the process is gone.
public final class FolderLock {
  /// The name of the file in the folder that stands for the claim.
  private static let name = ".lock"

  private let file: SystemFile

  /// Claims the folder at `path`, which is made if need be; throws a `FormatError` that names the process that has it.
  ///
  /// On a file system without locks the claim is granted.
  public init(_ path: String) throws(FormatError) {
    try PendingFolder.makeFolders(path)
    let place = path + "/" + Self.name
    var file = try SystemFile.appending(place, creating: 0o666)
    while true {
      if file.lock() == .held {
        let owner = String(decoding: try file.read(20), as: UTF8.self)
        throw FormatError(.io, in: path, "is in use by \(owner.isEmpty ? "another process" : "process \(owner)")")
      }
      if file.isStillThere { break }
      file = try SystemFile.appending(place, creating: 0o666)
    }
    try file.truncate(to: 0)
    try file.write(Array("\(getpid())".utf8))
    self.file = file
  }

  /// Whether a path is that of a claim that a process holds.
  public static func isHeld(_ path: String) -> Bool {
    path.hasSuffix("/" + name) && owner(of: String(path.dropLast(name.utf8.count + 1))) != nil
  }

  /// The number of the process that has claimed a folder; nil where none has, or where the file system has no locks.
  public static func owner(of path: String) -> String? {
    do {
      let file = try SystemFile.reading(path + "/" + name)
      guard file.lock() == .held else { return nil }
      return String(decoding: try file.read(20), as: UTF8.self)
    } catch { return nil }
  }

  deinit { SystemFile.remove(file.path) }
}
