import Formats
import Foundation
import PixelScript
import Ranks
import Synchronization

/// The files that scripts may read and write: everything below some folders, links followed.
public struct FileAccess: Sendable {
  private let writeFolders: [String]
  private let readFolders: [String]?
  /// What all copies of the permission have in common.
  private let shared: Shared

  private final class Shared: Sendable {
    let ranks: Mutex<(any Communicator)?>
    let trace = Mutex<CellTrace?>(nil)
    let looks = Mutex(Looks())

    init(_ ranks: (any Communicator)?) { self.ranks = Mutex(ranks) }
  }

  /// The paths that a cell looked at and wrote to, so many at most.
  struct Looks: Sendable {
    fileprivate static let most = 1000

    fileprivate(set) var read: Set<String> = []
    fileprivate(set) var written: Set<String> = []
  }

  /// Creates the permission to write below `writeFolders` and to read below those and `readFolders`, or anywhere without
  /// `readFolders`; of `ranks` the first alone writes.
  public init(writeFolders: [String], readFolders: [String]? = nil, ranks: (any Communicator)? = nil) {
    shared = Shared(ranks)
    self.writeFolders = writeFolders.map(Self.resolved)
    self.readFolders = readFolders.map { $0.map(Self.resolved) + writeFolders.map(Self.resolved) }
  }

  /// The processes of which the first alone writes; nil for one alone, and while it works apart from the others.
  var ranks: (any Communicator)? {
    get { shared.ranks.withLock { $0 } }
    nonmutating set { shared.ranks.withLock { $0 = newValue } }
  }

  /// What notes the files that are read and written.
  var trace: CellTrace? {
    get { shared.trace.withLock { $0 } }
    nonmutating set { shared.trace.withLock { $0 = newValue } }
  }

  /// A cell begins; gives what one around it looked at.
  func beginLooking() -> Looks {
    shared.looks.withLock { looks in
      defer { looks = Looks() }
      return looks
    }
  }

  /// The cell that began last ends: what it looked at; the one around it looked at that as well.
  func endLooking(_ outer: Looks) -> Looks {
    shared.looks.withLock { looks in
      let own = looks
      looks = Looks(read: outer.read.union(own.read), written: outer.written.union(own.written))
      return own
    }
  }

  private func note(_ path: String, isWritten: Bool = false) {
    let path = Self.absolute(path)
    shared.looks.withLock { looks in
      guard (isWritten ? looks.written : looks.read).count < Looks.most else { return }
      if isWritten { looks.written.insert(path) } else { looks.read.insert(path) }
    }
  }

  /// Returns the path when it may be written to; throws an io error for a place outside the folders allowed.
  public func writable(_ path: String) throws(ScriptError) -> String {
    let target = try Self.checked(path)
    trace?.willWrite(Self.absolute(path))
    note(path, isWritten: true)
    guard Self.isBelow(target, writeFolders) else {
      throw ScriptError(
        .io, "\(Display.quoted(path)) is outside the folders that scripts may write to",
        help: "allow its folder with --allow-write")
    }
    return path
  }

  /// As `writable`, and makes the folders that lead to the path and are not there.
  func prepared(_ path: String) throws -> String {
    let allowed = try writable(path)
    guard let end = allowed.lastIndex(of: "/"), end > allowed.startIndex else { return allowed }
    let folder = String(allowed[..<end])
    guard !FileManager.default.fileExists(atPath: folder + "/.") else { return allowed }
    do { try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true) } catch {
      let isFile = FileManager.default.fileExists(atPath: folder)
      throw ScriptError(
        .io, "the folder \(Display.quoted(folder)) can't be made\(isFile ? ": it is a file" : "")", argument: "path")
    }
    return allowed
  }

  /// The names of the folders in a folder, sorted, hidden ones aside; throws an io error where it can't be listed.
  static func subfolders(of path: String) throws(FormatError) -> [String] {
    let place = URL(filePath: path, directoryHint: .isDirectory)
    do {
      let parts = try FileManager.default.contentsOfDirectory(
        at: place, includingPropertiesForKeys: [.isDirectoryKey], options: .skipsHiddenFiles)
      return parts.filter(\.hasDirectoryPath).map(\.lastPathComponent).sorted()
    } catch { throw FormatError(.io, in: path, "can't be listed: \(FormatError.systemReason(of: error))") }
  }

  /// Returns the path when it may be read from; throws an io error for a place outside the folders allowed.
  public func readable(_ path: String) throws(ScriptError) -> String {
    let target = try Self.checked(path)
    trace?.willRead(Self.absolute(path))
    note(path)
    guard let readFolders, !Self.isBelow(target, readFolders) else { return path }
    throw ScriptError(
      .io, "\(Display.quoted(path)) is outside the folders that scripts may read from",
      help: "leave out --sandbox, or allow its folder with --allow-write")
  }

  /// Returns the text that `import` names, its path counted from the folder of the importing text.
  func importedText(_ path: String, from source: SourceText) throws -> SourceText {
    // What an imported script keeps can't be told.
    trace?.note("an import")
    let folder = source.name.lastIndex(of: "/").map { String(source.name[...$0]) } ?? ""
    let place = FileName.plain(path.hasPrefix("/") ? path : folder + path)
    let bytes = try script(place)
    return SourceText(name: place, bytes: bytes, identity: Self.resolved(place))
  }

  /// The bytes of a script; throws for a file that is known for something else.
  func script(_ path: String) throws -> [UInt8] {
    let bytes = try readFile(try existing(path), limit: Script.sizeLimit)
    try ForeignFile.refuseInPlaceOfScript(bytes, in: path)
    return bytes
  }

  private static func checked(_ path: String) throws(ScriptError) -> String {
    try checkLength(path)
    guard !path.isEmpty, !path.utf8.contains(0) else {
      throw ScriptError(.value, "\(Display.quoted(path)) is not the path of a file")
    }
    return resolved(path)
  }

  /// Throws for a path of more bytes than the operating system takes, whose parts are then not looked at one by one.
  static func checkLength(_ path: String) throws(ScriptError) {
    let most = Int(PATH_MAX)
    guard path.utf8.count < most else {
      throw ScriptError(.value, "a path has fewer than \(most) bytes, this one has \(path.utf8.count)")
    }
  }

  private static func isBelow(_ path: String, _ folders: [String]) -> Bool {
    folders.contains { $0 == "/" || path == $0 || path.hasPrefix($0 + "/") }
  }

  /// The most links that one path may lead through, as the operating system has it.
  private static let linkLimit = 40

  /// The absolute path with every `.`, `..` and link worked out as the operating system would.
  static func resolved(_ path: String) -> String {
    var pending = Array(absolute(path).split(separator: "/").reversed())
    var folders: [Substring] = []
    var links = 0
    while let part = pending.popLast() {
      if part == "." { continue }
      if part == ".." {
        _ = folders.popLast()
        continue
      }
      let place = "/" + (folders + [part]).joined(separator: "/")
      if links < linkLimit, let target = link(at: place) {
        links += 1
        if target.hasPrefix("/") { folders = [] }
        pending += target.split(separator: "/").reversed()
      } else {
        folders.append(part)
      }
    }
    return "/" + folders.joined(separator: "/")
  }

  /// The path from the root on, through whatever links it leads.
  private static func absolute(_ path: String) -> String {
    path.hasPrefix("/") ? path : FileManager.default.currentDirectoryPath + "/" + path
  }

  /// What a symbolic link points to; nil for what is none or is not there.
  private static func link(at path: String) -> String? {
    do { return try FileManager.default.destinationOfSymbolicLink(atPath: path) } catch { return nil }
  }
}
