import Foundation
import PixelScript
import Safepoint
import Synchronization

/// The signals that ask the program to stop; they stop what runs at its next safepoint.
enum Signals {
  /// The request that a signal makes.
  static let interruption = Interruption()
  private static let received = Atomic<Int32>(0)
  private static let exitsWhenRepeated = Atomic<Bool>(false)

  private static let isDetached = Atomic<Bool>(false)

  /// Whether the program goes on when its terminal goes away.
  static var keepsGoing: Bool { isDetached.load(ordering: .relaxed) }

  /// Goes on when the terminal goes away, as under `nohup`.
  static func keepGoing() {
    isDetached.store(true, ordering: .relaxed)
    signal(SIGHUP, SIG_IGN)
  }

  /// The last signal that asked to end the program, or nil.
  static var last: Int32? {
    let number = received.load(ordering: .relaxed)
    return number == 0 ? nil : number
  }

  /// Starts to listen.
  ///
  /// At the prompt Ctrl-C only stops a command. Otherwise the second signal ends the program where it stands.
  static func listen(atPrompt: Bool) {
    exitsWhenRepeated.store(!atPrompt, ordering: .relaxed)
    _ = interruption.isRequested
    unblock()
    signal(SIGINT) { number in
      if Signals.exitsWhenRepeated.load(ordering: .relaxed) { Signals.end(number) }
      Signals.interruption.request()
    }
    signal(SIGTERM) { number in Signals.end(number) }
    // Ctrl-\ , easily typed by mistake, leaves no shell either; the runtime would show where each thread stands.
    if atPrompt { signal(SIGQUIT, SIG_IGN) } else { signal(SIGQUIT) { number in Signals.end(number) } }
    // `nohup` has the program started with this signal ignored.
    if unsafe unsafeBitCast(signal(SIGHUP, SIG_IGN), to: Int.self) == unsafeBitCast(SIG_IGN, to: Int.self) {
      keepGoing()
    } else {
      signal(SIGHUP) { number in Signals.end(number) }
    }
    signal(SIGPIPE, SIG_DFL)
    // A file that grows beyond a limit is an error of writing.
    signal(SIGXFSZ, SIG_IGN)
    // Only so that waiting for a key ends and the prompt is drawn in the new width.
    signal(SIGWINCH) { _ in }
  }

  /// A program may be started with its signals blocked, which it inherits.
  private static func unblock() {
    var signals = sigset_t()
    unsafe sigemptyset(&signals)
    for number in [SIGINT, SIGTERM, SIGQUIT, SIGHUP, SIGPIPE, SIGWINCH, SIGALRM] { unsafe sigaddset(&signals, number) }
    unsafe sigprocmask(SIG_UNBLOCK, &signals, nil)
  }

  /// Nothing can be written to the terminal any more, as when SIGHUP has come or is about to.
  static func terminalWentAway() {
    guard !keepsGoing else { return }
    _ = received.compareExchange(expected: 0, desired: SIGHUP, ordering: .relaxed)
    interruption.request()
  }

  private static func end(_ number: Int32) {
    let before = received.exchange(number, ordering: .relaxed)
    if before != 0 {
      LineEditor.showTyping()
      _exit(ExitStatus.stopped(by: number))
    }
    interruption.request()
  }
}
