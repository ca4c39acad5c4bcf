import Formats
import Foundation
import PixelScript
import Safepoint

/// What is kept of a cell that ran, so that it need not run again while all that its result hangs on is the same.
struct KeptCell: Codable {
  /// Something that the cell showed.
  enum Output: Codable {
    case written(String)
    case shown(Rendering)
  }

  /// The form of this description.
  static let version = 1

  /// The form in which it was kept, and the program that kept it.
  var version: Int
  var program: String
  /// What else the session was begun with that a script may notice.
  var surroundings: String
  /// Its code, and the line at which it stands where the code asks for lines.
  var code: String
  var line: Int
  /// The parameters that it declares, with seals of their values.
  var parameters: [String: String]
  /// The variables that it may read, each with a seal of what it held, and one of all together.
  var inputs: [String: String]
  var sharedInputs: String
  /// The random streams before and after, where it used them.
  var randomBefore: Environment.RandomState?
  var randomAfter: Environment.RandomState?
  /// Files that were read and that were written, with digests.
  var read: [String: String]
  var written: [String: String]
  /// The variables that it set or changed, in the order of their names, and those that are its functions.
  var changed: [String]
  var functions: [String]
  /// How often it called `train`, and how many trials it made.
  var trainings: Int
  /// What it showed, and the seconds that it took.
  var outputs: [Output]
  var seconds: Double
}

/// A folder beside a notebook that keeps its cells.
final class CellCache {
  /// The path of the folder.
  let path: String
  private let lock: FolderLock

  private static let (description, values, digest) = ("cell.plist", "values", "digest")
  private static let own = [description, values, digest]
  private static let limit = 1 << 30

  /// Takes the folder for this process; throws where it can't be written or another process has it.
  init(for script: String) throws {
    path = script + ".cache"
    lock = try FolderLock(path)
  }

  /// The folder of a cell: named after its code, and counted where several have the same.
  func folder(_ code: String, _ number: Int) -> String {
    "\(path)/\(SHA256.digest(of: Array(code.utf8)).prefix(16))-\(number)"
  }

  /// What tells the files of a cell from others that stand beside them.
  private struct Contents: Codable {
    /// The paths below the folder, in their order.
    var files: [String]
    /// The digest of these paths and of what is in the files.
    var digest: String

    /// Of all files of a folder; nil where one can't be read.
    init?(of folder: String) throws {
      let below = try FileManager.default.subpathsOfDirectory(atPath: folder).sorted()
      files = below.filter { !CellCache.isFolder(folder + "/" + $0) }
      guard let digest = Self.digest(files, in: folder) else { return nil }
      self.digest = digest
    }

    static func digest(_ files: [String], in folder: String) -> String? {
      let hash = SHA256()
      for file in files {
        guard let digest = FileDigest.of(folder + "/" + file) else { return nil }
        hash.update(Array("\(file.utf8.count):\(file)\(digest)".utf8))
      }
      return hash.finish()
    }
  }

  private static func isFolder(_ path: String) -> Bool { FileManager.default.fileExists(atPath: path + "/.") }

  private static func contents(_ folder: String) throws -> Contents {
    let contents = try PropertyList.value(Contents.self, of: readFile(folder + "/" + digest, limit: limit))
    // The list may come from anywhere; what it names is removed.
    guard contents.files.allSatisfy({ !$0.split(separator: "/").contains("..") }) else {
      throw FormatError(.malformed, in: folder + "/" + digest, "names files outside of the folder")
    }
    return contents
  }

  /// What is kept of a cell; nil for nothing that can be read, and for what is no more as it was written.
  func read(_ folder: String) -> (cell: KeptCell, values: [UInt8])? {
    do {
      let contents = try Self.contents(folder)
      guard Contents.digest(contents.files, in: folder) == contents.digest else { return nil }
      let cell = try PropertyList.value(KeptCell.self, of: readFile(folder + "/" + Self.description, limit: Self.limit))
      return (cell, try readFile(folder + "/" + Self.values, limit: Self.limit))
    } catch { return nil }
  }

  /// Keeps a cell, with values that `body` writes, which may put folders of its own beside them.
  func write(_ cell: KeptCell, to folder: String, values body: (_ folder: String) throws -> [UInt8]) throws {
    let pending = try PendingFolder(for: folder)
    let bytes = try body(pending.path)
    try AtomicFile.write(bytes, to: pending.path + "/" + Self.values)
    try AtomicFile.write(try PropertyList.bytes(of: cell), to: pending.path + "/" + Self.description)
    // Without a digest, as where the run must stop, it is never read again.
    let contents = try Contents(of: pending.path).map { try PropertyList.bytes(of: $0) }
    try AtomicFile.write(contents ?? [], to: pending.path + "/" + Self.digest)
    // What is left there is others', and would go with the folder that is replaced.
    for name in try FileManager.default.contentsOfDirectory(atPath: pending.path)
    where Self.isFolder(pending.path + "/" + name) && FileManager.default.fileExists(atPath: folder + "/" + name) {
      try FileManager.default.removeItem(atPath: pending.path)
      throw FormatError(
        .io, in: folder + "/" + name, "holds files that no run wrote; they stay, and the cell is not kept")
    }
    try pending.finish()
  }

  /// Removes what is kept of a cell, and of files that others put beside it nothing; throws where something stands in its place that no
  /// run kept.
  func remove(_ folder: String) throws {
    let files = FileManager.default
    guard files.fileExists(atPath: folder) else { return }
    guard try Self.isPlainFolder(folder) else {
      throw ScriptError(
        .value, "\(Display.quoted(folder)) is nothing that a run kept of a cell, and would be replaced",
        help: "move it elsewhere: the folder is where --resume keeps its cells")
    }
    // What is left where a cell was, beside which others put something, or what of a cell was taken away.
    guard Self.own.contains(where: { files.fileExists(atPath: folder + "/" + $0) }) else { return }
    // Without a list, as an earlier version kept none, the folders are told by their names.
    let known: [String]
    do { known = try Self.contents(folder).files } catch {
      try Safepoint.check()
      known = try files.subpathsOfDirectory(atPath: folder).filter {
        $0.contains("/") && $0.prefix { $0 != "/" }.allSatisfy { ("0"..."9").contains($0) }
          && !Self.isFolder(folder + "/" + $0)
      }
    }
    for file in known + Self.own { try Self.removeFile(file, in: folder) }
    let folders = Set(known.flatMap { Self.foldersAround($0) })
    for below in folders.sorted(by: >) + [""] {
      let path = below.isEmpty ? folder : folder + "/" + below
      if try Self.isPlainFolder(path), try files.contentsOfDirectory(atPath: path).isEmpty {
        try files.removeItem(atPath: path)
      }
    }
  }

  /// Removes a file by its path below a folder, unless a link leads to it.
  private static func removeFile(_ file: String, in folder: String) throws {
    guard try foldersAround(file).allSatisfy({ try isPlainFolder(folder + "/" + $0) }) else { return }
    let path = folder + "/" + file
    guard FileManager.default.fileExists(atPath: path) else { return }
    let values = try URL(filePath: path).resourceValues(forKeys: [.isRegularFileKey])
    if values.isRegularFile == true { try FileManager.default.removeItem(atPath: path) }
  }

  /// The folders in which a path below another one lies.
  private static func foldersAround(_ file: String) -> [String] {
    let names = file.split(separator: "/").dropLast()
    return names.indices.map { names[...$0].joined(separator: "/") }
  }

  /// Whether a folder stands at a path, and no link to one.
  private static func isPlainFolder(_ path: String) throws -> Bool {
    guard FileManager.default.fileExists(atPath: path) else { return false }
    let values = try URL(filePath: path).resourceValues(forKeys: [.isDirectoryKey, .isSymbolicLinkKey])
    return values.isDirectory == true && values.isSymbolicLink != true
  }

  /// Removes what is kept of cells that are in the script no more, and nothing else.
  func removeAll(but folders: Set<String>) throws {
    for name in try FileManager.default.contentsOfDirectory(atPath: path) {
      let folder = path + "/" + name
      if !folders.contains(folder), try isOwn(folder) { try remove(folder) }
    }
  }

  /// Whether a folder is one of those that keep a cell, by its name and the files in it; links are none.
  private func isOwn(_ folder: String) throws -> Bool {
    let name = folder.dropFirst(path.count + 1)
    guard name.wholeMatch(of: /[0-9a-f]{16}-[1-9][0-9]*/) != nil else { return false }
    return try Self.isPlainFolder(folder)
      && Self.own.allSatisfy { FileManager.default.fileExists(atPath: folder + "/" + $0) }
  }
}
