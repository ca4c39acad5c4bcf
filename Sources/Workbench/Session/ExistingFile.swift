import Formats
import Foundation
import PixelScript

extension FileAccess {
  /// Returns the path when it may be read from and is there, its letters composed or taken apart where that leads to a file; throws an
  /// io error that names the nearest file there is.
  func existing(_ path: String) throws(ScriptError) -> String {
    try Self.checkLength(path)
    let path = FileName.spelled(path)
    let allowed = try readable(path)
    guard !FileManager.default.fileExists(atPath: path) else { return allowed }
    var parts = path.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
    var place = 0
    while place < parts.count - 1, Self.isThere(parts[...place]) { place += 1 }
    let folder = parts[..<place].joined(separator: "/")
    let missing = parts[place]
    let near = Suggestion.best(for: missing, in: try names(in: place == 0 ? "." : folder.isEmpty ? "/" : folder))
    parts[place] = near ?? missing
    let what = place < parts.count - 1 ? "folder" : "file or folder"
    let whole = parts[..<place].map { $0 + "/" }.joined() + missing
    throw ScriptError(
      .io, "there is no \(what) \(Display.quoted(whole))",
      help: near.map { _ in "did you mean \(Display.quoted(parts.joined(separator: "/")))?" }
        // What lies in a folder that is there was meant to be a file.
        ?? (place == 0 ? Self.remoteHelp(path) : nil),
      argument: "path")
  }

  /// What to do with a path that reads like an address or like the name of something on a hub.
  private static func remoteHelp(_ path: String) -> String? {
    let isAddress = path.contains("://")
    let parts = path.split(separator: "/", omittingEmptySubsequences: false)
    let isOnHub = parts.count == 2 && parts.allSatisfy { !$0.isEmpty && !$0.hasPrefix(".") } && !parts[1].contains(".")
    return isAddress || isOnHub
      ? "nothing is fetched from elsewhere: download it first, and give the path of its folder" : nil
  }

  private static func isThere(_ parts: ArraySlice<String>) -> Bool {
    let path = parts.joined(separator: "/")
    return path.isEmpty || FileManager.default.fileExists(atPath: path)
  }

  /// Whether something is there that may be read.
  func isThere(_ path: String) throws(ScriptError) -> Bool {
    FileManager.default.fileExists(atPath: try readable(path))
  }

  /// The names in a folder that may be read, sorted; none when it can't be listed.
  private func names(in folder: String) throws(ScriptError) -> [String] {
    do { return try FileManager.default.contentsOfDirectory(atPath: try readable(folder)).sorted() } catch { return [] }
  }
}
