import Formats
import Foundation

/// Standard output: written at once on a terminal, else in blocks, so that a script may print a million lines.
final class StandardOutput {
  private let isBuffered: Bool
  private let isInterrupted: () -> Bool
  private let failed: (String) -> Void
  private var buffer: [UInt8] = []
  /// True once something was left out because the user interrupted it.
  var isCut = false
  private var lastFlush = ContinuousClock.now
  private let lock = NSLock()

  /// A block is written when it has this many bytes.
  private static let blockSize = 1 << 14
  /// A reader of a pipe waits no longer than this for what was printed before the last line.
  private static let longestWait = Duration.milliseconds(100)

  /// `failed` is told when the output can't be written, and ends the program unless it goes on without; once `isInterrupted`, a
  /// terminal is spared the rest.
  init(isTerminal: Bool, isInterrupted: @escaping () -> Bool, failed: @escaping (String) -> Void) {
    isBuffered = !isTerminal
    self.isInterrupted = isInterrupted
    self.failed = failed
  }

  /// Takes text to write.
  func write(_ text: String) {
    guarded {
      buffer.append(contentsOf: text.utf8)
      if isBuffered, buffer.count < Self.blockSize, .now - lastFlush < Self.longestWait { return }
      writeBuffer()
    }
  }

  /// Writes a text that a terminal must get also when the rest is left out; what was cut before it is no loss.
  func writeInAnyCase(_ text: String) {
    guarded {
      buffer.removeAll(keepingCapacity: true)
      isCut = false
      put(Array(text.utf8))
    }
  }

  /// Writes what was taken.
  func flush() { guarded(writeBuffer) }

  /// The thread that ends a run which does not answer writes nothing while that is held up in writing.
  private func guarded(_ body: () -> Void) {
    if Thread.isMainThread { lock.lock() } else if !lock.try() { return }
    defer { lock.unlock() }
    body()
  }

  private func put(_ bytes: some DataProtocol) {
    do { try FileHandle.standardOutput.write(contentsOf: bytes) } catch {
      failed("cannot write to standard output: \(FormatError.systemReason(of: error))")
    }
  }

  private func writeBuffer() {
    guard !buffer.isEmpty else { return }
    for start in stride(from: 0, to: buffer.count, by: Self.blockSize) {
      if !isBuffered, isInterrupted() {
        isCut = true
        break
      }
      put(buffer[start..<min(start + Self.blockSize, buffer.count)])
    }
    buffer.removeAll(keepingCapacity: true)
    lastFlush = .now
  }
}
