import Formats
import Foundation
import PixelScript
import Workbench

/// A script of the user's that runs before the first input of the prompt: imports, functions and settings that every session is to have.
///
/// Scripts, `-e` and standard input do without it, so that they give the same for everybody.
struct SettingsFile {
  /// The file, or nil when there is no place for one.
  let path: String?

  /// The file below `$XDG_CONFIG_HOME`, or below `~/.config`.
  init(environment: [String: String] = ProcessInfo.processInfo.environment) {
    if let settings = environment["XDG_CONFIG_HOME"], settings.hasPrefix("/") {
      path = settings + "/pixelbytes/config.pxb"
    } else {
      path = environment["HOME"].map { $0 + "/.config/pixelbytes/config.pxb" }
    }
  }

  /// Runs the file where there is one.
  func run(in session: Session) throws -> Outcome {
    guard let path, FileManager.default.fileExists(atPath: path) else { return .completed }
    let bytes = try readFile(path, limit: Script.sizeLimit)
    try ForeignFile.refuseInPlaceOfScript(bytes, in: path)
    let text = SourceText(name: path, bytes: bytes)
    let script: Script
    do { script = try session.interpreter.parse(text) } catch { return .failed(error.diagnostics) }
    return session.run(script)
  }
}
