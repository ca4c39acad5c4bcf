import CSystem
import Glibc

/// Writing several files that belong together into a folder, all of them or none.
public enum AtomicFolder {
  /// Replaces `files` in the folder `path` in one step, or leaves the folder as it was; it and its parents are made if
  /// need be.
  ///
  /// The files go to a new folder beside it, which then trades places with the old one. Other files of the old folder
  /// stay; a folder inside it is refused, because it could not be kept in the same step.
  public static func write(_ files: [(name: String, bytes: [UInt8])], to path: String) throws(FormatError) {
    var generator = SystemRandomNumberGenerator()
    let target = trimmed(path)
    let (parent, name) = split(target)
    guard !name.isEmpty, name != ".", name != ".." else {
      throw FormatError(.io, in: path, "is not the name of a folder")
    }
    try makeFolders(parent)
    let temporary = "\(parent)/.pixelbytes-\(String(generator.next() as UInt64, radix: 36)).tmp"
    guard unsafe mkdir(temporary, 0o777) == 0 else { throw failure("cannot be written", target) }
    do {
      for file in files { try AtomicFile.write(file.bytes, to: temporary + "/" + file.name) }
      try keepOthers(of: target, than: files.map(\.name), in: temporary)
      try trade(temporary, target)
      try SystemFile.reading(parent).synchronize()
    } catch {
      removeFolder(temporary)
      throw error
    }
    removeFolder(temporary)
  }

  /// Links the regular files of `old` that are not replaced into `new`.
  private static func keepOthers(of old: String, than names: [String], in new: String) throws(FormatError) {
    for name in try entries(old) where !names.contains(name) {
      guard unsafe link(old + "/" + name, new + "/" + name) == 0 else {
        throw FormatError(.io, in: old, "holds \"\(name)\", which cannot be kept while the folder is replaced")
      }
    }
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
