import Formats
import Foundation

/// The inputs of earlier sessions, in a file with a line for each; sessions side by side may add to it.
package struct InputHistory {
  /// The most inputs that are kept.
  package static let limit = 10_000

  /// The file, or nil when there is no place for one.
  package let path: String?

  /// The file below `$XDG_STATE_HOME`, or below `~/.local/state`.
  package init(environment: [String: String] = ProcessInfo.processInfo.environment) {
    if let state = environment["XDG_STATE_HOME"], state.hasPrefix("/") {
      path = state + "/pixelbytes/history"
    } else {
      path = environment["HOME"].map { $0 + "/.local/state/pixelbytes/history" }
    }
  }

  /// The inputs, oldest first.
  package func entries() throws -> [String] {
    guard let path, FileManager.default.fileExists(atPath: path) else { return [] }
    return try readFile(path).split(separator: UInt8(ascii: "\n")).suffix(Self.limit).map(Self.decoded)
  }

  /// Shortens the file when it has grown far beyond the limit; what other sessions add meanwhile stays.
  package func shorten() throws {
    guard let path, FileManager.default.fileExists(atPath: path) else { return }
    try AppendedFile.shorten(path, toLast: Self.limit, above: 2 * Self.limit)
  }

  /// Adds an input, of one line or several; all of it or nothing.
  package func append(_ input: String) throws {
    guard let path else { return }
    let folder = (path as NSString).deletingLastPathComponent
    try FileManager.default.createDirectory(
      atPath: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
    try AppendedFile.append(Self.encoded(input) + "\n", to: path, isPrivate: true)
  }

  /// The input on one line: line ends and backslashes are escaped.
  package static func encoded(_ input: String) -> String {
    input.replacingOccurrences(of: "\\", with: "\\\\").replacingOccurrences(of: "\n", with: "\\n")
  }

  /// The input that `encoded` was given.
  package static func decoded(_ line: String) -> String { decoded(Array(line.utf8)[...]) }

  private static func decoded(_ line: ArraySlice<UInt8>) -> String {
    let (backslash, letter) = (UInt8(ascii: "\\"), UInt8(ascii: "n"))
    guard line.contains(backslash) else { return String(decoding: line, as: UTF8.self) }
    var output: [UInt8] = []
    var isEscaped = false
    for byte in line {
      if byte == backslash, !isEscaped {
        isEscaped = true
        continue
      }
      output.append(isEscaped && byte == letter ? UInt8(ascii: "\n") : byte)
      isEscaped = false
    }
    return String(decoding: output, as: UTF8.self)
  }
}
