import Formats
import Foundation
import PixelScript
import Safepoint
import Synchronization

/// What a cell does beside its variables, as far as its result hangs on it; files are opened by several threads.
final class CellTrace: Sendable {
  /// What was noted.
  struct Notes: Sendable {
    /// The files and folders that were read, by their absolute paths, with digests of what was in them then.
    var read: [String: String] = [:]
    /// The paths that were written to.
    var written: Set<String> = []
    /// Why the cell can't be restored: its result hangs on something that can't be compared.
    var obstacle: String?
    /// Whether it drew random numbers or set a seed, and whether it did so from the state before it, as nothing set a seed first.
    var usesRandom = false
    var drawsFirst = false
  }

  private let notes = Mutex(Notes())

  /// What was noted so far.
  var now: Notes { notes.withLock { $0 } }

  /// A file or folder is about to be read.
  func willRead(_ path: String) {
    guard notes.withLock({ $0.read[path] == nil }) else { return }
    let digest = FileDigest.of(path)
    notes.withLock { notes in
      if let digest {
        notes.read[path] = notes.read[path] ?? digest
      } else {
        notes.obstacle = notes.obstacle ?? "\(path) can't be read as a whole"
      }
    }
  }

  /// A file or folder is about to be written.
  func willWrite(_ path: String) { notes.withLock { _ = $0.written.insert(path) } }

  /// Something happened after which the cell can't be restored.
  func note(_ obstacle: String) { notes.withLock { $0.obstacle = $0.obstacle ?? obstacle } }

  /// A random number is drawn.
  func drawsRandom() {
    notes.withLock { notes in
      if !notes.usesRandom { notes.drawsFirst = true }
      notes.usesRandom = true
    }
  }

  /// All random numbers begin anew from a seed of the cell's own.
  func setsSeed() { notes.withLock { $0.usesRandom = true } }
}

/// The contents of files and folders as digests.
enum FileDigest {
  /// The digest of a file, or of all files below a folder with their names, but for claims on folders that a process holds; "" for
  /// nothing there, nil for what can't be read, such as a device. Links on the way to it are followed, and a file right below may be left
  /// out.
  static func of(_ path: String, except: String? = nil) -> String? {
    do {
      let path = FileAccess.resolved(path)
      guard FileManager.default.fileExists(atPath: path) else { return "" }
      guard try isFolder(path) else { return try file(path) }
      let hash = SHA256()
      for name in try FileManager.default.subpathsOfDirectory(atPath: path).sorted()
      where name != except && !FolderLock.isHeld(path + "/" + name) {
        try Safepoint.check()
        hash.update(Array("\(name.utf8.count):\(name)".utf8))
        let place = path + "/" + name
        guard FileManager.default.fileExists(atPath: place) else { continue }
        if try isFolder(place) {
          // What a link leads to is not among the files below.
          let link = try URL(filePath: place).resourceValues(forKeys: [.isSymbolicLinkKey]).isSymbolicLink
          guard link != true else { throw ValueReader.Fault() }
          continue
        }
        hash.update(Array(try file(place).utf8))
      }
      return hash.finish()
    } catch { return nil }
  }

  private static func isFolder(_ path: String) throws -> Bool {
    try URL(filePath: path).resolvingSymlinksInPath().resourceValues(forKeys: [.isDirectoryKey]).isDirectory == true
  }

  private static func file(_ path: String) throws -> String {
    let values = try URL(filePath: path).resourceValues(forKeys: [.isRegularFileKey])
    let target = try URL(filePath: path).resolvingSymlinksInPath().resourceValues(forKeys: [.isRegularFileKey])
    guard values.isRegularFile == true || target.isRegularFile == true else { throw ValueReader.Fault() }
    let file = try FileHandle(forReadingFrom: URL(filePath: path))
    let hash = SHA256()
    while let part = try file.read(upToCount: 1 << 20), !part.isEmpty {
      try Safepoint.check()
      hash.update(Array(part))
    }
    return hash.finish()
  }

  /// The digest of the program itself: another one may give other results.
  static let program: String? = of("/proc/self/exe")
}

extension Environment {
  /// The same commands, which note what a cell that calls them hangs on.
  func noting(_ group: CommandGroup) -> CommandGroup {
    CommandGroup(
      group.title,
      group.commands.map { command in
        guard let obstacle = Command.obstacles[command.name] else { return command }
        return command.noting { [unowned self] in trace?.note(obstacle) }
      })
  }
}

extension Command {
  /// What commands hang on that can't be compared, for those cells that call them.
  static let obstacles: [String: String] = [
    "now": "the time", "timeit": "the time", "limit": "the time", "vars": "all variables", "run": "another script",
    "cells": "the cells that ran", "recall": "earlier inputs", "help": "all variables", "export": "what ran before",
    "convert": "files", "threads": "the number of threads", "reset": "all variables", "quit": "the session",
    "runs": "runs of training", "compare_runs": "runs of training", "reproduce": "runs of training",
    "sweep": "files of trials",
  ]
}
