import CSystem
import Glibc

/// A folder whose files are written one by one and which takes its name when it is finished; dropped before, it leaves
/// nothing behind.
public final class PendingFolder {
  /// Where the files are to be written: a new folder beside the one that they will be in.
  public let path: String
  private let name: String
  /// Where the links of the name lead.
  private let target: String
  private let parent: String
  /// Holds the lock of the temporary folder.
  private let folder: SystemFile

  /// Creates a temporary folder beside `path`; it and its parents are made if need be.
  ///
  /// Throws a `FormatError` that names `path` when it cannot be made.
  public init(for path: String) throws(FormatError) {
    name = Self.trimmed(path)
    let last = Self.split(name).name
    guard !last.isEmpty, last != ".", last != ".." else {
      throw FormatError(.io, in: path, "is not the name of a folder")
    }
    target = Self.trimmed(try SystemFile.destination(of: name))
    if let kind = SystemFile.Traits(of: target)?.kind, kind != S_IFDIR {
      throw FormatError(.io, in: name, "is a file, not a folder")
    }
    parent = Self.split(target).parent
    try Self.makeFolders(parent)
    Temporary.removeAbandoned(beside: target)
    folder = try Self.temporary(beside: target, for: name)
    self.path = folder.path
  }

  deinit { SystemFile.removeFolder(path) }

  /// Creates a temporary folder and holds its lock.
  private static func temporary(beside target: String, for name: String) throws(FormatError) -> SystemFile {
    while true {
      let path = Temporary.name(beside: target)
      guard unsafe mkdir(path, 0o777) == 0 else { throw failure("cannot be written", name) }
      let folder: SystemFile
      do { folder = try SystemFile.reading(path) } catch {
        // Whoever looks for what was abandoned may have taken the new folder for such.
        if SystemFile.Traits(of: path) == nil { continue }
        throw FormatError(error.kind, in: name, error.message)
      }
      if folder.lock() != .held, folder.isStillThere { return folder }
    }
  }

  /// Returns an error about a file in it under the name that the file would have had, which the user knows.
  public func named(_ error: FormatError) -> FormatError {
    guard error.file.hasPrefix(path) else { return error }
    return FormatError(error.kind, in: name + error.file.dropFirst(path.count), error.message)
  }

  /// Makes the files those of the folder in one step: it trades places with the old one, whose other files stay,
  /// but those called as in `dropping`.
  ///
  /// A folder inside the old one is refused, because it could not be kept in the same step.
  public func finish(dropping: Set<String> = []) throws(FormatError) {
    Temporary.removeAbandoned(beside: target + "/x")
    let new = try SystemFile.names(in: path)
    for name in new {
      guard let mode = SystemFile.Traits(of: target + "/" + name)?.mode else { continue }
      guard unsafe chmod(path + "/" + name, mode) == 0 else {
        throw Self.failure("cannot be given its permissions", self.name + "/" + name)
      }
    }
    let gone = dropping.union(new)
    for name in try SystemFile.names(in: target) where !gone.contains(name) {
      guard unsafe link(target + "/" + name, path + "/" + name) == 0 else {
        throw FormatError(.io, in: self.name, "holds \"\(name)\", which cannot be kept while the folder is replaced")
      }
    }
    if let old = SystemFile.Traits(of: target) {
      _ = folder.setOwner(old)
      try folder.setMode(old.mode)
    }
    do { try Self.trade(path, target) } catch { throw FormatError(error.kind, in: name, error.message) }
    try SystemFile.reading(parent).synchronize()
  }

  /// Gives `temporary` the name `target`, and the old folder, if there is one, the name `temporary`.
  private static func trade(_ temporary: String, _ target: String) throws(FormatError) {
    if unsafe renameat2(AT_FDCWD, temporary, AT_FDCWD, target, pb_rename_exchange) == 0 { return }
    guard errno == ENOENT else { throw failure("cannot be replaced", target) }
    guard unsafe rename(temporary, target) == 0 else { throw failure("cannot be written", target) }
  }

  /// Makes a folder and those that it lies in, where they are not there; throws where one of them is a file.
  public static func makeFolders(_ path: String) throws(FormatError) {
    if unsafe access(path, F_OK) == 0 {
      guard unsafe access(path + "/.", F_OK) == 0 || errno != ENOTDIR else {
        throw FormatError(.io, in: path, "is a file, not a folder")
      }
      return
    }
    try makeFolders(split(path).parent)
    guard unsafe mkdir(path, 0o777) == 0 || errno == EEXIST else { throw failure("cannot be created", path) }
  }

  /// Makes a folder that is not there; false where something has its name, of which other processes may be the makers.
  public static func makeNew(_ path: String) throws(FormatError) -> Bool {
    if unsafe mkdir(path, 0o777) == 0 { return true }
    guard errno == EEXIST else { throw failure("cannot be created", path) }
    return false
  }

  private static func split(_ path: String) -> (parent: String, name: String) {
    guard let slash = path.lastIndex(of: "/") else { return (".", path) }
    let parent = String(path[..<slash])
    return (parent.isEmpty ? "/" : parent, String(path[path.index(after: slash)...]))
  }

  private static func trimmed(_ path: String) -> String {
    var path = path
    while path.count > 1, path.hasSuffix("/") { path.removeLast() }
    return path
  }

  private static func failure(_ what: String, _ path: String) -> FormatError {
    let code = errno
    return FormatError(.io, in: path, "\(what): \(unsafe String(cString: strerror(code)).lowercased())")
  }
}
