import Glibc
import Safepoint

/// A file that is written piece by piece and takes its name when it is finished; dropped before, it leaves nothing behind.
final class PendingFile {
  /// The path that the file will have.
  let path: String
  /// The bytes written so far.
  private(set) var count = 0
  /// Where its links lead.
  private let target: String
  private let file: SystemFile
  private var isOpen = true

  /// Creates a temporary file beside the file that `path` leads to, whose permissions it takes, and its owner where the
  /// system lets the user.
  ///
  /// Only a regular file is replaced: folders, pipes, devices and the file that the program's output goes to throw. Where the
  /// owner would change, `keepingOwner` throws too.
  init(for path: String, keepingOwner: Bool = false) throws(FormatError) {
    let name = path.split(separator: "/").last.map(String.init) ?? ""
    guard !name.isEmpty, name != ".", name != "..", !path.hasSuffix("/") else {
      throw FormatError(.io, in: path, "is not the name of a file")
    }
    self.path = path
    let old = SystemFile.Traits(of: path)
    if let fault = old?.replacementFault { throw FormatError(.io, in: path, fault) }
    target = try SystemFile.destination(of: path)
    Temporary.removeAbandoned(beside: target)
    do {
      file = try SystemFile.temporary(beside: target, mode: old == nil ? 0o666 : 0o600)
    } catch { throw FormatError(error.kind, in: path, error.message) }
    guard let old else { return }
    do throws(FormatError) {
      guard file.setOwner(old) || !keepingOwner else {
        throw FormatError(.io, in: path, "belongs to another user, who would not keep it")
      }
      try file.setMode(old.mode)
    } catch {
      SystemFile.remove(file.path)
      throw FormatError(error.kind, in: path, error.message)
    }
  }

  deinit { discard() }

  /// Adds bytes at the end; when they cannot be written, the file is gone.
  func write(_ bytes: [UInt8]) throws(FormatError) {
    try keeping { () throws(FormatError) in try file.write(bytes, until: { Safepoint.mustStop }) }
    count += bytes.count
  }

  /// Replaces bytes that are written already.
  func replace(at offset: Int, with bytes: [UInt8]) throws(FormatError) {
    precondition(offset >= 0 && offset + bytes.count <= count, "bytes that are not written yet")
    try keeping { () throws(FormatError) in try file.write(bytes, at: offset) }
  }

  /// Brings the contents to the disk and gives the file its name, replacing what was there in one step.
  ///
  /// Throws when the work was told to stop, as what was written may then mean nothing.
  func finish() throws(FormatError) {
    try keeping { () throws(FormatError) in
      if Safepoint.mustStop { throw FormatError(.io, in: path, "was not written: the work was stopped") }
      try file.synchronize()
      try SystemFile.rename(file.path, to: target)
    }
    isOpen = false
    try SystemFile.reading(SystemFile.folder(of: target) + "/").synchronize()
  }

  /// Removes what was written.
  func discard() {
    if isOpen { SystemFile.remove(file.path) }
    isOpen = false
  }

  /// Errors name the file as the user knows it, and leave nothing behind.
  private func keeping(_ body: () throws(FormatError) -> Void) throws(FormatError) {
    guard isOpen else { throw FormatError(.io, in: path, "is closed: it was finished, or could not be written") }
    do { try body() } catch {
      discard()
      throw FormatError(error.kind, in: path, error.message)
    }
  }
}

extension SystemFile.Traits {
  /// Why a file like this is not replaced by another; nil for a regular one.
  fileprivate var replacementFault: String? {
    switch kind {
    case UInt32(S_IFREG): isStandardStream ? "is where the output of the program goes" : nil
    case UInt32(S_IFDIR): "is a folder, not a file"
    case UInt32(S_IFIFO): "is a pipe; only regular files are written"
    case UInt32(S_IFSOCK): "is a socket; only regular files are written"
    default: "is a device; only regular files are written"
    }
  }
}

/// A file without a name for what waits to be copied elsewhere; it is gone when the program ends, however that happens.
final class TemporaryFile {
  private let file: SystemFile

  /// Creates a file in the folder of `path`, which has the room for it that any other needs.
  init(beside path: String) throws(FormatError) {
    do { file = try SystemFile.temporary(beside: try SystemFile.destination(of: path), mode: 0o600) } catch {
      throw FormatError(error.kind, in: path, error.message)
    }
    SystemFile.remove(file.path)
  }

  /// Adds bytes at the end.
  func write(_ bytes: [UInt8]) throws(FormatError) { try file.write(bytes) }

  /// Reads what was written.
  func read(_ count: Int, at offset: Int) throws(FormatError) -> [UInt8] { try file.read(count, at: offset) }
}
