import Foundation
import PixelScript
import Testing

/// `Tests/Scripts/errors/syntax` holds wrong scripts, and beside each the whole text of its errors.
///
/// With `RECORD` in the environment the texts are written anew instead of compared.
@Suite struct SyntaxErrorTests {
  static let folder = URL(filePath: #filePath).appending(path: "../../../Scripts/errors/syntax").standardized

  static func names() throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: folder.path).filter { $0.hasSuffix(".pxb") }.sorted()
  }

  @Test(arguments: try names())
  func corpus(name: String) throws {
    let script = Self.folder.appending(path: name)
    let source = SourceText(name: name, bytes: Array(try Data(contentsOf: script)))
    let failure = try #require(throws: SyntaxFailure.self) { _ = try Script.parse(source) }
    let text = DiagnosticRenderer().text(of: failure.diagnostics) + "\n"
    let expected = script.deletingPathExtension().appendingPathExtension("txt")
    if ProcessInfo.processInfo.environment["RECORD"] != nil {
      try Data(text.utf8).write(to: expected)
    } else {
      let recorded = String(decoding: try Data(contentsOf: expected), as: UTF8.self)
      #expect(text == recorded)
    }
  }

  @Test func corpusIsThere() throws {
    #expect(try Self.names().count >= 30)
  }
}
