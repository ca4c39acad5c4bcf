import Formats
import Foundation
import PixelScript
import Testing
import Workbench

/// A session whose output is kept. All share one working folder, which nothing but tests writes to.
final class TestSession {
  private(set) var output = ""
  private(set) var notices: [String] = []
  private(set) lazy var session = Session(
    options: options,
    console: Console(
      write: { [unowned self] in output += $0 },
      notify: { [unowned self] event in if case .notice(let text) = event { notices.append(text) } }))
  private let options: SessionOptions

  init(_ options: SessionOptions? = nil) {
    self.options = options ?? SessionOptions(seed: 1, writeFolders: [Self.folder])
    guard FileManager.default.changeCurrentDirectoryPath(Self.folder) else {
      preconditionFailure("there is no folder \(Self.folder)")
    }
  }

  /// Runs a script and returns what it printed, then the first lines of its errors.
  func run(_ text: String, echo: Bool = true) -> String {
    output = ""
    let diagnostics = session.run(text, name: "test", echo: echo).diagnostics
    return output + diagnostics.map { "\($0.description)\n" }.joined()
  }

  /// Runs a text without echoes and returns what a terminal would show, the errors with their help.
  func shown(_ text: String) -> String {
    output = ""
    let diagnostics = session.run(text, name: "test", echo: false).diagnostics
    return output + diagnostics.map { $0.description + "\n" + $0.help.map { "help: \($0)\n" }.joined() }.joined()
  }

  /// A folder that is made once for the whole run of the tests.
  static let folder: String = {
    let path = FileManager.default.temporaryDirectory.path + "/pixelbytes-tests-\(UUID().uuidString)"
    do { try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true) } catch {
      preconditionFailure("\(error)")
    }
    return path
  }()
}

/// Texts that are compared byte by byte with a file; with `RECORD` in the environment they are written anew.
enum Golden {
  static let root = URL(filePath: #filePath).appending(path: "../../Scripts/workbench").standardized

  static func check(_ text: String, _ file: URL) throws {
    if ProcessInfo.processInfo.environment["RECORD"] != nil {
      try Data(text.utf8).write(to: file)
    } else {
      #expect(text == String(decoding: try Data(contentsOf: file), as: UTF8.self), "\(file.lastPathComponent)")
    }
  }

  /// A text in which sizes and digests of pixels stand in place of pictures, which other versions of their library write otherwise.
  static func withoutPictures(_ text: String) throws -> String {
    try text.replacing(/iVBOR[A-Za-z0-9+\/=]*/) { match in
      let bytes = try #require(Data(base64Encoded: String(match.0)))
      let picture = try RasterImage.decode(Array(bytes), file: "picture")
      return "\(picture.width)x\(picture.height) \(SHA256.digest(of: picture.rgba).prefix(12))"
    }
  }

  /// Escape sequences are written with the sign ␛, so that the files can be read.
  static func check(_ text: String, drawing name: String) throws {
    let visible = text.replacingOccurrences(of: "\u{1B}", with: "␛")
    try check(visible, root.appending(path: "displays/\(name).txt"))
  }
}
