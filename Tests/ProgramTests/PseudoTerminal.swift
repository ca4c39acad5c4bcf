import Foundation

/// The program on a terminal of its own, driven as a person would.
final class PseudoTerminal {
  /// What did not appear in time, and all that was written since the last thing that did.
  struct Missing: Error, CustomStringConvertible {
    let wanted: String
    let found: String
    var description: String { "expected \(wanted.debugDescription), found \(found.debugDescription)" }
  }

  private var descriptor: Int32
  private let process: pid_t
  /// Whether the program has asked the terminal to mark what is pasted.
  private(set) var marksPastes = false
  private var unread: [UInt8] = []
  private var status: Int32?

  /// A program that says nothing for so long is taken to be stuck.
  private static let patience = 30.0

  init(
    _ arguments: [String] = [], environment: [String: String] = [:], folder: String? = nil, columns: UInt16 = 80
  ) throws {
    // posix_openpt and its kin are hidden from Swift; these are the calls they make on Linux.
    let (unlock, getNumber) = (UInt(0x4004_5431), UInt(0x8004_5430))
    descriptor = unsafe open("/dev/ptmx", O_RDWR | O_NOCTTY | O_CLOEXEC)
    var (isLocked, number): (Int32, Int32) = (0, 0)
    let isOpen = unsafe ioctl(descriptor, unlock, &isLocked) == 0 && ioctl(descriptor, getNumber, &number) == 0
    guard isOpen else { throw POSIXError(.EIO) }
    var size = winsize(ws_row: 40, ws_col: columns, ws_xpixel: 0, ws_ypixel: 0)
    _ = unsafe ioctl(descriptor, UInt(TIOCSWINSZ), &size)
    var surroundings = ["TERM": "xterm-256color", "PATH": "/usr/bin:/bin", "LANG": "C.UTF-8", "INPUTRC": "/dev/null"]
    surroundings.merge(environment) { _, given in given }
    process = try Self.start(arguments, surroundings, terminal: "/dev/pts/\(number)", folder)
  }

  deinit {
    if status == nil {
      kill(process, SIGKILL)
      _ = waitpid(process, nil, 0)
    }
    close(descriptor)
  }

  /// Opening the terminal in a session without one makes it the terminal that sends the signals.
  private static func start(_ arguments: [String], _ environment: [String: String], terminal: String, _ folder: String?)
    throws -> pid_t
  {
    let startsSession: Int16 = 0x80  // POSIX_SPAWN_SETSID
    var actions = unsafe posix_spawn_file_actions_t()
    var attributes = posix_spawnattr_t()
    unsafe posix_spawn_file_actions_init(&actions)
    unsafe posix_spawn_file_actions_addopen(&actions, 0, terminal, O_RDWR, 0)
    unsafe posix_spawn_file_actions_adddup2(&actions, 0, 1)
    unsafe posix_spawn_file_actions_adddup2(&actions, 0, 2)
    unsafe posix_spawnattr_init(&attributes)
    unsafe posix_spawnattr_setflags(&attributes, startsSession)
    defer {
      unsafe posix_spawn_file_actions_destroy(&actions)
      unsafe posix_spawnattr_destroy(&attributes)
    }
    // The call that makes a child start in a folder is hidden from Swift too.
    let program = folder.map { ["/usr/bin/env", "-C", $0, Program.path] } ?? [Program.path]
    let path = program[0]
    var words = unsafe (program + arguments).map { unsafe strdup($0) } + [nil]
    var variables = unsafe environment.map { unsafe strdup("\($0.key)=\($0.value)") } + [nil]
    defer { unsafe (words + variables).forEach { unsafe free($0) } }
    var process = pid_t()
    let code = unsafe posix_spawn(&process, path, &actions, &attributes, &words, &variables)
    guard code == 0 else { throw POSIXError(POSIXErrorCode(rawValue: code) ?? .EIO) }
    return process
  }

  /// Types text; `\r` is the Enter key. Keys that belong to an input wait until the program edits a line: the terminal
  /// itself would act on them while a cell ends.
  func type(_ text: String) throws {
    let deadline = Date(timeIntervalSinceNow: Self.patience)
    while text.count > 1, text.contains(where: Self.keysOfTheTerminal.contains), try isOn(ICANON) {
      guard Date.now < deadline else { throw Missing(wanted: "a prompt for \(text.debugDescription)", found: "") }
      usleep(1000)
    }
    try FileHandle(fileDescriptor: descriptor, closeOnDealloc: false).write(contentsOf: Data(text.utf8))
  }

  /// Waits until a text appears behind everything waited for before; returns what came up to its end.
  @discardableResult
  func expect(_ text: String) throws -> String {
    let wanted = Array(text.utf8)
    let deadline = Date(timeIntervalSinceNow: Self.patience)
    while true {
      if let place = unread.firstRange(of: wanted) {
        let found = String(decoding: unread[..<place.upperBound], as: UTF8.self)
        unread.removeSubrange(..<place.upperBound)
        return found
      }
      guard try read(until: deadline) else {
        throw Missing(wanted: text, found: String(decoding: unread, as: UTF8.self))
      }
    }
  }

  /// What comes until nothing came for so many seconds.
  func rest(quietFor seconds: Double) throws -> String {
    while try read(until: Date(timeIntervalSinceNow: seconds)) {}
    defer { unread = [] }
    return String(decoding: unread, as: UTF8.self)
  }

  /// Waits for the end of the program; returns its exit status, or 128 and more for a signal, and what it still wrote.
  func end() throws -> (status: Int32, output: String) {
    let deadline = Date(timeIntervalSinceNow: Self.patience)
    while try read(until: deadline) {}
    guard Date.now < deadline else { throw Missing(wanted: "the end", found: String(decoding: unread, as: UTF8.self)) }
    return (waitForStatus(), String(decoding: unread, as: UTF8.self))
  }

  /// Takes the terminal away, as where its window is closed; returns the exit status.
  func closeWindow() -> Int32 {
    close(descriptor)
    descriptor = -1
    return waitForStatus()
  }

  private func waitForStatus() -> Int32 {
    var code: Int32 = 0
    _ = unsafe waitpid(process, &code, 0)
    let status = code & 0x7F == 0 ? code >> 8 & 0xFF : 128 + code & 0x7F
    self.status = status
    return status
  }

  /// The keys by which a terminal that edits lines itself interrupts, ends and mends them.
  private static let keysOfTheTerminal: Set<Character> = [
    "\u{3}", "\u{4}", "\u{F}", "\u{12}", "\u{15}", "\u{16}", "\u{17}", "\u{1A}", "\u{1C}", "\u{7F}",
  ]

  /// True when the terminal shows what is typed by itself.
  var hasEcho: Bool { get throws { try isOn(ECHO) } }

  private func isOn(_ flag: Int32) throws -> Bool {
    var settings = termios()
    guard unsafe tcgetattr(descriptor, &settings) == 0 else { throw POSIXError(.EIO) }
    return settings.c_lflag & UInt32(flag) != 0
  }

  /// Sends a signal to the program.
  func signal(_ number: Int32) { kill(process, number) }

  /// Reads some output; false when it ended or none came in time.
  private func read(until deadline: Date) throws -> Bool {
    var request = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
    let ready = unsafe poll(&request, 1, Int32(max(deadline.timeIntervalSinceNow, 0) * 1000))
    guard ready > 0 else { return false }
    var bytes = [UInt8](repeating: 0, count: 4096)
    let count = unsafe Glibc.read(descriptor, &bytes, bytes.count)
    // Linux ends a terminal that nobody has open any more with an error.
    guard count > 0 else { return false }
    unread += bytes[..<count]
    // Readline tells the terminal when pasting is marked; nobody sees that.
    for (mark, marks) in [("\u{1B}[?2004l\r", false), ("\u{1B}[?2004h", true)] {
      while let place = unread.firstRange(of: Array(mark.utf8)) {
        unread.removeSubrange(place)
        marksPastes = marks
      }
    }
    return true
  }
}
