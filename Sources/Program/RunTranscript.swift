import Formats
import Foundation
import PixelScript
import Workbench

/// A file in the folder of runs that gets all that a run writes to its streams, so that nothing is lost with the terminal.
final class RunTranscript {
  private let file: FileHandle
  private let path: String
  private let failed: (String) -> Void
  private var buffer: [UInt8] = []
  private var lastFlush = ContinuousClock.now
  private let lock = NSLock()
  /// True once something could not be written.
  private(set) var isBroken = false

  private static let blockSize = 1 << 14
  private static let longestWait = Duration.milliseconds(100)

  /// Makes a file of a new name, after the script, in a folder that is made if need be; throws where that can't be.
  ///
  /// `failed` is told once when the file takes nothing more.
  init(in folder: String, of script: String, failed: @escaping (String) -> Void) throws(UsageError) {
    self.failed = failed
    let stem = script.split(separator: "/").last?.split(separator: ".").first.map(String.init) ?? "run"
    let name = stem.filter { $0.isLetter || $0.isNumber || $0 == "_" }
    do { (file, path) = try Self.newFile(folder, name.isEmpty ? "run" : name) } catch {
      throw UsageError(message: "cannot write below `\(folder)`, the folder of `--log`")
    }
  }

  private static func newFile(_ folder: String, _ name: String) throws -> (FileHandle, String) {
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    var number = 1
    while FileManager.default.fileExists(atPath: "\(folder)/\(name)-output-\(number).txt") { number += 1 }
    let path = "\(folder)/\(name)-output-\(number).txt"
    let place = URL(filePath: path)
    // Another program may have taken the name meanwhile, which then is its own.
    try Data().write(to: place, options: .withoutOverwriting)
    return (try FileHandle(forWritingTo: place), path)
  }

  /// Adds text.
  func write(_ text: String) {
    guarded {
      buffer.append(contentsOf: text.utf8)
      if buffer.count >= Self.blockSize || .now - lastFlush >= Self.longestWait { writeBuffer() }
    }
  }

  /// Brings what was added to the file.
  func flush() { guarded(writeBuffer) }

  /// The thread that ends a run which does not answer waits for nobody.
  private func guarded(_ body: () -> Void) {
    if Thread.isMainThread { lock.lock() } else if !lock.try() { return }
    defer { lock.unlock() }
    body()
  }

  private func writeBuffer() {
    lastFlush = .now
    guard !buffer.isEmpty, !isBroken else { return }
    // The streams still tell everything when the disk is full.
    do { try file.write(contentsOf: buffer) } catch {
      isBroken = true
      let reason = FormatError.systemReason(of: error)
      failed("cannot write \(path), where --log keeps the output: \(reason); the run goes on without it")
    }
    buffer.removeAll(keepingCapacity: true)
  }
}
