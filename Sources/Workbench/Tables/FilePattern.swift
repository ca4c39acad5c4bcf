import Formats
import Foundation
import Safepoint

/// The paths that a pattern names.
enum FilePattern {
  /// How deep `**` looks into folders.
  private static let depth = 32

  /// How many folders a pattern begins with that it names.
  static func fixedFolders(of pattern: String) -> Int {
    pattern.split(separator: "/").prefix { !$0.contains { "*?".contains($0) } }.count
  }

  /// The files whose paths a pattern fits, sorted; `*` stands for any part of a name, `?` for one letter, and `**` for any folders, none
  /// among them. `willRead` is told each
  /// folder that is looked into and each file, and throws where that is not allowed.
  static func paths(_ pattern: String, willRead: (String) throws -> Void) throws -> [String] {
    var found = [pattern.hasPrefix("/") ? "/" : ""]
    let parts = pattern.split(separator: "/").map(String.init)
    for (place, part) in parts.enumerated() {
      try Safepoint.check()
      let isLast = place == parts.count - 1
      found = try found.flatMap { folder -> [String] in
        if part == "**" {
          let within = try folders(in: folder, depth: Self.depth, willRead)
          return isLast
            ? within.flatMap { folder in names(in: folder.isEmpty ? "." : folder).map { folder + $0 } } : within
        }
        guard part.contains(where: { "*?".contains($0) }) else { return [folder + part + (isLast ? "" : "/")] }
        let place = folder.isEmpty ? "." : folder
        try willRead(place)
        let pattern = NamePattern(part, hasSets: false)
        return names(in: place).filter { pattern.fits($0) }
          .map { folder + $0 + (isLast ? "" : "/") }
      }
    }
    // A folder has something in it.
    let files = found.filter {
      FileManager.default.fileExists(atPath: $0) && !FileManager.default.fileExists(atPath: $0 + "/.")
    }
    for file in files { try willRead(file) }
    return files.reduce(into: Set()) { $0.insert($1) }.sorted()
  }

  /// A folder and all those in it; links are not followed.
  private static func folders(
    in folder: String, depth: Int, _ willRead: (String) throws -> Void
  ) throws -> [String] {
    try Safepoint.check()
    let path = folder.isEmpty ? "." : folder
    try willRead(path)
    guard depth > 0 else { return [folder] }
    return try [folder]
      + names(in: path).filter { isFolder(folder + $0) }
      .flatMap { try folders(in: folder + $0 + "/", depth: depth - 1, willRead) }
  }

  /// Whether a folder stands there itself, and no link to one.
  private static func isFolder(_ path: String) -> Bool {
    do {
      return try FileManager.default.attributesOfItem(atPath: path)[.type] as? FileAttributeType == .typeDirectory
    } catch { return false }
  }

  /// The names in a folder, without the hidden ones; none where it cannot be read.
  static func names(in folder: String) -> [String] {
    do { return try FileManager.default.contentsOfDirectory(atPath: folder).filter { !$0.hasPrefix(".") } } catch {
      return []
    }
  }
}
