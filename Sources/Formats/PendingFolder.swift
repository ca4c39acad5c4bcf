import CSystem
import Glibc

/// A folder whose files are written one by one and which takes its name when it is finished; dropped before, it leaves
/// nothing behind.
public final class PendingFolder {
  /// Where the files are to be written: a new folder beside the one that they will be in.
  public let path: String
  private let target: String
  private let parent: String

  /// Creates a temporary folder beside `path`; it and its parents are made if need be.
  ///
  /// Throws a `FormatError` that names `path` when it cannot be made.
  public init(for path: String) throws(FormatError) {
    var generator = SystemRandomNumberGenerator()
    target = Self.trimmed(path)
    let (parent, name) = Self.split(target)
    guard !name.isEmpty, name != ".", name != ".." else {
      throw FormatError(.io, in: path, "is not the name of a folder")
    }
    self.parent = parent
    self.path = "\(parent)/.pixelbytes-\(String(generator.next() as UInt64, radix: 36)).tmp"
    try Self.makeFolders(parent)
    guard unsafe mkdir(self.path, 0o777) == 0 else { throw Self.failure("cannot be written", target) }
  }

  deinit { Self.removeFolder(path) }

  /// Returns an error about a file in it under the name that the file would have had, which the user knows.
  public func named(_ error: FormatError) -> FormatError {
    guard error.file.hasPrefix(path) else { return error }
    return FormatError(error.kind, in: target + error.file.dropFirst(path.count), error.message)
  }

  /// Makes the files those of the folder in one step: it trades places with the old one, whose other files stay,
  /// but those called as in `dropping`.
  ///
  /// A folder inside the old one is refused, because it could not be kept in the same step.
  public func finish(dropping: Set<String> = []) throws(FormatError) {
    let new = dropping.union(try Self.entries(path))
    for name in try Self.entries(target) where !new.contains(name) {
      guard unsafe link(target + "/" + name, path + "/" + name) == 0 else {
        throw FormatError(.io, in: target, "holds \"\(name)\", which cannot be kept while the folder is replaced")
      }
    }
    try Self.trade(path, target)
    try SystemFile.reading(parent).synchronize()
  }

  /// Gives `temporary` the name `target`, and the old folder, if there is one, the name `temporary`.
  private static func trade(_ temporary: String, _ target: String) throws(FormatError) {
    if unsafe renameat2(AT_FDCWD, temporary, AT_FDCWD, target, pb_rename_exchange) == 0 { return }
    guard errno == ENOENT else { throw failure("cannot be replaced", target) }
    guard unsafe rename(temporary, target) == 0 else { throw failure("cannot be written", target) }
  }

  /// The names in a folder; none when it does not exist.
  private static func entries(_ path: String) throws(FormatError) -> [String] {
    guard let folder = unsafe opendir(path) else {
      if errno == ENOENT { return [] }
      throw failure("cannot be read as a folder", path)
    }
    defer { unsafe closedir(folder) }
    var names: [String] = []
    while let entry = unsafe readdir(folder) {
      let name = unsafe withUnsafePointer(to: &entry.pointee.d_name) {
        unsafe $0.withMemoryRebound(to: CChar.self, capacity: 256) { unsafe String(cString: $0) }
      }
      if name != ".", name != ".." { names.append(name) }
    }
    return names
  }

  private static func removeFolder(_ path: String) {
    // What cannot be removed is left behind under its temporary name; the files themselves are already in place.
    guard let names = try? entries(path) else { return }
    for name in names { SystemFile.remove(path + "/" + name) }
    _ = unsafe rmdir(path)
  }

  private static func makeFolders(_ path: String) throws(FormatError) {
    if unsafe access(path, F_OK) == 0 { return }
    try makeFolders(split(path).parent)
    guard unsafe mkdir(path, 0o777) == 0 || errno == EEXIST else { throw failure("cannot be created", path) }
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
