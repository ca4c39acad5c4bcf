import Safepoint

/// A file that is written piece by piece and takes its name when it is finished; dropped before, it leaves nothing behind.
final class PendingFile {
  /// The path that the file will have.
  let path: String
  /// The bytes written so far.
  private(set) var count = 0
  private let temporary: String
  private let file: SystemFile
  private var isOpen = true

  /// Creates a temporary file beside `path`, with the permissions of the file that it will replace.
  init(for path: String) throws(FormatError) {
    let name = path.split(separator: "/").last.map(String.init) ?? ""
    guard !name.isEmpty, name != ".", name != "..", !path.hasSuffix("/") else {
      throw FormatError(.io, in: path, "is not the name of a file")
    }
    self.path = path
    temporary = SystemFile.temporaryName(beside: path)
    do {
      file = try SystemFile.creating(temporary)
    } catch { throw FormatError(error.kind, in: path, error.message) }
    do {
      if let mode = SystemFile.mode(of: path) { try file.setMode(mode) }
    } catch {
      SystemFile.remove(temporary)
      throw FormatError(error.kind, in: path, error.message)
    }
  }

  deinit { discard() }

  /// Adds bytes at the end; when they cannot be written, the file is gone.
  func write(_ bytes: [UInt8]) throws(FormatError) {
    try keeping { () throws(FormatError) in try file.write(bytes) }
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
      try SystemFile.rename(temporary, to: path)
    }
    isOpen = false
    try SystemFile.reading(SystemFile.folder(of: path)).synchronize()
  }

  /// Removes what was written.
  func discard() {
    if isOpen { SystemFile.remove(temporary) }
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

/// A file without a name for what waits to be copied elsewhere; it is gone when the program ends, however that happens.
final class TemporaryFile {
  private let file: SystemFile

  /// Creates a file in the folder of `path`, which has the room for it that any other needs.
  init(beside path: String) throws(FormatError) {
    let name = SystemFile.temporaryName(beside: path)
    do { file = try SystemFile.creating(name) } catch { throw FormatError(error.kind, in: path, error.message) }
    SystemFile.remove(name)
  }

  /// Adds bytes at the end.
  func write(_ bytes: [UInt8]) throws(FormatError) { try file.write(bytes) }

  /// Reads what was written.
  func read(_ count: Int, at offset: Int) throws(FormatError) -> [UInt8] { try file.read(count, at: offset) }
}
