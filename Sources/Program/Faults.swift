import CFault
import Workbench
import Foundation
import PixelScript

/// What the user is told when a mistake of the program itself ends it: one paragraph instead of what the runtime prints.
enum Faults {
  /// Starts to watch.
  ///
  /// Whoever asks for the traces of Swift's runtime by `SWIFT_BACKTRACE=enable=yes` gets those.
  static func watch() {
    if ProcessInfo.processInfo.environment["SWIFT_BACKTRACE"]?.contains("enable=yes") == true { return }
    unsafe fault_watch(Session.version)
  }

  /// Says what the program is doing, in words that fit behind "while"; nil for nothing that is worth a word.
  static func isDoing(_ what: String?) {
    unsafe fault_doing(what.map { " while \(ControlCharacters.escaped($0))" } ?? "")
  }

  /// Says what a fault means during something that a damaged file of another program could end; nil when that is over.
  static func mean(_ error: UsageError?, status: Int32 = 0) {
    let text = error.map { "error: \($0.message)\n" + ($0.help.map { "help: \($0)\n" } ?? "") }
    unsafe fault_means(text ?? "", status)
  }

  /// Says where the inputs are kept, each from before it ran.
  static func inputsAre(in path: String?) {
    let text = path.map {
      "The inputs are kept in \(ControlCharacters.escaped($0)); the Up key of the next session finds them.\n"
    }
    unsafe fault_inputs(text ?? "")
  }
}
