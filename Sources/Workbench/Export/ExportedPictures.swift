import Formats
import Foundation
import PixelScript

/// The pictures of an export that stand in files beside it: each has the digest of its contents in its name, by which it is told from
/// whatever else is in the folder.
final class ExportedPictures {
  private let folder: String
  private let files: FileAccess
  /// The names of those that are there.
  private var names: Set<String> = []

  /// Finds the pictures that an export to a path has left; throws where the folder of its pictures is a file.
  init(of path: String, _ files: FileAccess, isUsed: Bool) throws {
    self.files = files
    folder = (path.lastIndex(of: ".").map { String(path[..<$0]) } ?? path) + "_files"
    guard isUsed, FileManager.default.fileExists(atPath: folder) else { return }
    guard FileManager.default.fileExists(atPath: folder + "/.") else {
      throw ScriptError(
        .io, "the pictures of \(Display.quoted(path)) go into the folder \(Display.quoted(folder)), and that is a file",
        argument: "path")
    }
    for name in try FileManager.default.contentsOfDirectory(atPath: folder) {
      guard let match = name.wholeMatch(of: /cell-\d+-\d+-([0-9a-f]{8})\.(png|svg)/) else { continue }
      if try Self.mark(of: readFile(folder + "/" + name, limit: 1 << 28)) == match.1 { names.insert(name) }
    }
  }

  private static func mark(of bytes: [UInt8]) -> String { String(SHA256.digest(of: bytes).prefix(8)) }

  /// Writes a picture and gives the path that leads to it from the export.
  func keep(_ stem: String, _ ending: String, _ bytes: [UInt8]) throws -> String {
    let name = "\(stem)-\(Self.mark(of: bytes))\(ending)"
    if names.insert(name).inserted { try AtomicFile.write(bytes, to: try files.prepared(folder + "/" + name)) }
    return (folder.split(separator: "/").last.map(String.init) ?? folder) + "/" + name
  }

  /// Removes pictures by their names.
  func removeAll(where isOld: (_ name: String) -> Bool) throws {
    for name in names where isOld(name) {
      let place = try files.writable(folder + "/" + name)
      if FileManager.default.fileExists(atPath: place) { try FileManager.default.removeItem(atPath: place) }
      names.remove(name)
    }
  }
}
