import Glibc
import Safepoint

/// A file descriptor of the operating system that closes itself; the only place where files are opened, read and written.
struct SystemFile: ~Copyable {
  private let descriptor: Int32
  /// The path that it was opened by.
  let path: String

  private init(descriptor: Int32, path: String) {
    self.descriptor = descriptor
    self.path = path
  }

  deinit { _ = close(descriptor) }

  /// Opens an existing file or folder for reading; a pipe never blocks the call. Of a file whose name says that it is packed, what it holds
  /// is opened.
  static func reading(_ path: String) throws(FormatError) -> SystemFile {
    let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else { throw failure("cannot be opened", path) }
    let file = SystemFile(descriptor: descriptor, path: path)
    guard let form = PackedFile.Form(path: path), file.isRegular else { return file }
    return try unpacked(file, form)
  }

  /// Creates a file without a name, which is gone when it is closed, for what the file at `path` becomes.
  static func unnamed(for path: String) throws(FormatError) -> SystemFile {
    let folder = unsafe getenv("TMPDIR").map { unsafe String(cString: $0) } ?? "/tmp"
    let name = Temporary.name(beside: folder + "/")
    let descriptor = unsafe open(name, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { throw failure("cannot be unpacked into \(folder)", path) }
    _ = unsafe unlink(name)
    return SystemFile(descriptor: descriptor, path: path)
  }

  /// A file without a name that holds some bytes, which are what the file at `path` is read as.
  static func holding(_ bytes: [UInt8], for path: String) throws(FormatError) -> SystemFile {
    let file = try unnamed(for: path)
    try file.write(bytes)
    return file
  }

  /// Creates a temporary file in the folder of `path` with permissions that the user's mask reduces, and holds its lock.
  static func temporary(beside path: String, mode: UInt32) throws(FormatError) -> SystemFile {
    while true {
      let name = Temporary.name(beside: path)
      let descriptor = unsafe open(name, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, mode)
      guard descriptor >= 0 else { throw failure("cannot be created", path) }
      let file = SystemFile(descriptor: descriptor, path: name)
      if file.lock() != .held, file.isStillThere { return file }
    }
  }

  /// Opens a file so that each write lands behind what others have written; one that is not there is made when
  /// `creating`, with these permissions.
  static func appending(_ path: String, creating mode: UInt32?) throws(FormatError) -> SystemFile {
    let flags = O_RDWR | O_APPEND | O_CLOEXEC | O_NONBLOCK | (mode == nil ? 0 : O_CREAT)
    let descriptor = unsafe open(path, flags, mode ?? 0)
    guard descriptor >= 0 else { throw failure("cannot be opened for writing", path) }
    return SystemFile(descriptor: descriptor, path: path)
  }

  /// Whether the lock of a file could be taken.
  enum Lock { case taken, held, unknown }

  /// Takes the lock of the file unless another holds it; it ends when the file is closed or its process is gone.
  ///
  /// On a file system without locks the answer is `unknown`.
  func lock() -> Lock {
    while flock(descriptor, LOCK_EX | LOCK_NB) != 0 {
      if errno != EINTR { return errno == EWOULDBLOCK ? .held : .unknown }
    }
    return .taken
  }

  /// True when the path still leads to this file, which others may have replaced or removed.
  var isStillThere: Bool {
    var (mine, theirs) = (stat(), stat())
    guard unsafe fstat(descriptor, &mine) == 0, unsafe stat(path, &theirs) == 0 else { return false }
    return mine.st_ino == theirs.st_ino && mine.st_dev == theirs.st_dev
  }

  /// Waits.
  static func pause(milliseconds: UInt32) { usleep(milliseconds * 1000) }

  /// Cuts the file to its first `size` bytes.
  func truncate(to size: Int) throws(FormatError) {
    guard ftruncate(descriptor, size) == 0 else { throw Self.failure("cannot be shortened", path) }
  }

  private var isRegular: Bool {
    var status = stat()
    return unsafe fstat(descriptor, &status) == 0 && status.st_mode & S_IFMT == S_IFREG
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

  /// What changes when a file is written to.
  struct Stamp: Equatable, Sendable {
    private let size: Int
    private let seconds: Int
    private let nanoseconds: Int

    fileprivate init(_ status: stat) {
      (size, seconds, nanoseconds) = (Int(status.st_size), status.st_mtim.tv_sec, status.st_mtim.tv_nsec)
    }
  }

  /// The size and time of the file as it is now.
  func stamp() throws(FormatError) -> Stamp {
    var status = stat()
    guard unsafe fstat(descriptor, &status) == 0 else { throw Self.failure("cannot be examined", path) }
    return Stamp(status)
  }

  /// Reads at most `count` bytes from `offset` on, fewer only at the end of the file and where the work must stop.
  func read(_ count: Int, at offset: Int = 0) throws(FormatError) -> [UInt8] {
    var failed = false
    let bytes = unsafe [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
      while filled < count, !Safepoint.mustStop(after: min(count - filled, 1 << 21) / 4) {
        let part = min(count - filled, 1 << 21)
        let got = unsafe pread(descriptor, buffer.baseAddress! + filled, part, offset + filled)
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

  /// Writes all bytes, however many calls it takes: at `offset`, or where the last call ended. It ends early once `mustStop`.
  func write(_ bytes: [UInt8], at offset: Int? = nil, until mustStop: () -> Bool = { false }) throws(FormatError) {
    let written = unsafe bytes.withUnsafeBytes { buffer in
      var done = 0
      while done < buffer.count, !mustStop() {
        let (start, left) = unsafe (buffer.baseAddress! + done, min(buffer.count - done, 1 << 23))
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

  /// Removes a file that may or may not be there.
  static func remove(_ path: String) { _ = unsafe unlink(path) }

  /// Removes a folder with all in it; links in it are removed, not what they lead to.
  static func removeFolder(_ path: String) {
    // What cannot be removed is left behind under its temporary name; the files themselves are already in place.
    guard let names = try? names(in: path) else { return }
    for name in names where unsafe unlink(path + "/" + name) != 0 && errno == EISDIR { removeFolder(path + "/" + name) }
    _ = unsafe rmdir(path)
  }

  /// The names in a folder; none when it does not exist.
  static func names(in path: String) throws(FormatError) -> [String] {
    guard let folder = unsafe opendir(path) else {
      if errno == ENOENT { return [] }
      throw failure("cannot be read as a folder", path)
    }
    defer { unsafe closedir(folder) }
    var names: [String] = []
    while let entry = unsafe readdir(folder) {
      let name = unsafe withUnsafePointer(to: &entry.pointee.d_name) {
        unsafe $0.withMemoryRebound(to: CChar.self, capacity: 256) { unsafe String(cString: $0) }
      }
      if name != ".", name != ".." { names.append(name) }
    }
    return names
  }

  /// Removes the temporary file or folder at a path unless a process has it in use.
  static func removeUnlessLocked(_ path: String) {
    let descriptor = unsafe open(path, O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else { return }
    let file = SystemFile(descriptor: descriptor, path: path)
    guard file.lock() == .taken, file.isStillThere, let kind = Traits(of: path)?.kind else { return }
    if kind == S_IFREG { remove(path) } else if kind == S_IFDIR { removeFolder(path) }
  }

  /// The path that a path leads to, the links at its end followed.
  static func destination(of path: String) throws(FormatError) -> String {
    var place = path
    for _ in 0..<40 {
      var buffer = [UInt8](repeating: 0, count: Int(PATH_MAX))
      let count = unsafe buffer.withUnsafeMutableBytes { buffer in
        unsafe readlink(place, buffer.baseAddress!.assumingMemoryBound(to: CChar.self), buffer.count)
      }
      guard count > 0 else { return place }
      let target = String(decoding: buffer[..<count], as: UTF8.self)
      place = target.hasPrefix("/") ? target : folder(of: place) + "/" + target
    }
    throw FormatError(.io, in: path, "leads through too many links")
  }

  /// Sets the permission bits of the open file.
  func setMode(_ mode: UInt32) throws(FormatError) {
    guard fchmod(descriptor, mode) == 0 else { throw Self.failure("cannot be given its permissions", path) }
  }

  /// Gives the open file an owner and a group; false when the system does not let the user.
  func setOwner(_ traits: Traits) -> Bool {
    var status = stat()
    guard unsafe fstat(descriptor, &status) == 0 else { return false }
    if status.st_uid == traits.owner, status.st_gid == traits.group { return true }
    return fchown(descriptor, traits.owner, traits.group) == 0
  }

  /// What the system keeps about a file beside its contents, links followed.
  struct Traits {
    /// `S_IFREG` for a regular file, `S_IFDIR` for a folder and so on.
    let kind: UInt32
    /// The permission bits.
    let mode: UInt32
    let owner, group: UInt32
    private let identity: (UInt, UInt)

    /// Returns nil when there is no file.
    init?(of path: String) {
      var status = stat()
      guard unsafe stat(path, &status) == 0 else { return nil }
      self.init(status)
    }

    private init(_ status: stat) {
      kind = status.st_mode & S_IFMT
      mode = status.st_mode & 0o777
      (owner, group) = (status.st_uid, status.st_gid)
      identity = (UInt(status.st_dev), UInt(status.st_ino))
    }

    /// True for the file that standard output or standard error goes to.
    var isStandardStream: Bool {
      [STDOUT_FILENO, STDERR_FILENO].contains { stream in
        var status = stat()
        return unsafe fstat(stream, &status) == 0 && Traits(status).identity == identity
      }
    }
  }

  private static func failure(_ what: String, _ path: String) -> FormatError {
    let code = errno
    return FormatError(.io, in: path, "\(what): \(unsafe String(cString: strerror(code)).lowercased())")
  }
}

extension [UInt8] {
  /// Whether a byte is among them.
  func holds(_ byte: UInt8) -> Bool {
    unsafe withUnsafeBytes { bytes in
      guard let start = bytes.baseAddress else { return false }
      return unsafe memchr(start, Int32(byte), bytes.count) != nil
    }
  }
}
