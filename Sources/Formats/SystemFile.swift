import Glibc

/// A file descriptor of the operating system that closes itself; the only place where files are opened, read and written.
struct SystemFile: ~Copyable {
  private let descriptor: Int32
  private let path: String

  private init(descriptor: Int32, path: String) {
    self.descriptor = descriptor
    self.path = path
  }

  deinit { _ = close(descriptor) }

  /// Opens an existing file or folder for reading; a pipe never blocks the call.
  static func reading(_ path: String) throws(FormatError) -> SystemFile {
    let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else { throw failure("cannot be opened", path) }
    return SystemFile(descriptor: descriptor, path: path)
  }

  /// Creates a file that did not exist, readable and writable as the user's mask says.
  static func creating(_ path: String) throws(FormatError) -> SystemFile {
    let descriptor = unsafe open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o666)
    guard descriptor >= 0 else { throw failure("cannot be created", path) }
    return SystemFile(descriptor: descriptor, path: path)
  }

  /// Opens a file so that each write lands behind what others have written; a new one may be read by its owner alone when
  /// `isPrivate`.
  static func appending(_ path: String, isPrivate: Bool) throws(FormatError) -> SystemFile {
    let mode: mode_t = isPrivate ? 0o600 : 0o666
    let descriptor = unsafe open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, mode)
    guard descriptor >= 0 else { throw failure("cannot be opened for writing", path) }
    return SystemFile(descriptor: descriptor, path: path)
  }

  /// The size in bytes of a regular file; folders and devices throw.
  func size() throws(FormatError) -> Int {
    var status = stat()
    guard unsafe fstat(descriptor, &status) == 0 else { throw Self.failure("cannot be examined", path) }
    switch status.st_mode & S_IFMT {
    case S_IFREG: return Int(status.st_size)
    case S_IFDIR: throw FormatError(.io, in: path, "is a folder, not a file")
    default: throw FormatError(.io, in: path, "is not a regular file")
    }
  }

  /// Reads at most `count` bytes from `offset` on, fewer only at the end of the file.
  func read(_ count: Int, at offset: Int = 0) throws(FormatError) -> [UInt8] {
    var failed = false
    let bytes = unsafe [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
      while filled < count {
        let got = unsafe pread(descriptor, buffer.baseAddress! + filled, count - filled, offset + filled)
        if got > 0 {
          filled += got
        } else if got == 0 {
          return
        } else if errno != EINTR {
          failed = true
          return
        }
      }
    }
    if failed { throw Self.failure("cannot be read", path) }
    return bytes
  }

  /// Writes all bytes, however many calls it takes: at `offset`, or where the last call ended.
  func write(_ bytes: [UInt8], at offset: Int? = nil) throws(FormatError) {
    let written = unsafe bytes.withUnsafeBytes { buffer in
      var done = 0
      while done < buffer.count {
        let (start, left) = unsafe (buffer.baseAddress! + done, buffer.count - done)
        let count =
          if let offset {
            unsafe pwrite(descriptor, start, left, offset + done)
          } else {
            unsafe Glibc.write(descriptor, start, left)
          }
        if count >= 0 { done += count } else if errno != EINTR { return false }
      }
      return true
    }
    guard written else { throw Self.failure("cannot be written", path) }
  }

  /// Waits until the contents are on the disk.
  func synchronize() throws(FormatError) {
    guard fsync(descriptor) == 0 else { throw Self.failure("cannot be written to the disk", path) }
  }

  /// Gives the file at `source` the name `destination`, replacing what was there in one step.
  static func rename(_ source: String, to destination: String) throws(FormatError) {
    guard unsafe Glibc.rename(source, destination) == 0 else {
      throw failure("cannot be replaced", destination)
    }
  }

  /// The folder that the file at `path` is in.
  static func folder(of path: String) -> String {
    guard let slash = path.lastIndex(of: "/") else { return "." }
    return slash == path.startIndex ? "" : String(path[..<slash])
  }

  /// A name that no file has, in the folder of `path`.
  static func temporaryName(beside path: String) -> String {
    var generator = SystemRandomNumberGenerator()
    return "\(folder(of: path))/.pixelbytes-\(String(generator.next() as UInt64, radix: 36)).tmp"
  }

  /// Removes a file that may or may not be there.
  static func remove(_ path: String) { _ = unsafe unlink(path) }

  /// The permission bits of an existing regular file, nil when there is none.
  static func mode(of path: String) -> UInt32? {
    var status = stat()
    guard unsafe stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return nil }
    return status.st_mode & 0o777
  }

  /// Sets the permission bits of the open file.
  func setMode(_ mode: UInt32) throws(FormatError) {
    guard fchmod(descriptor, mode) == 0 else { throw Self.failure("cannot be given its permissions", path) }
  }

  private static func failure(_ what: String, _ path: String) -> FormatError {
    let code = errno
    return FormatError(.io, in: path, "\(what): \(unsafe String(cString: strerror(code)).lowercased())")
  }
}
