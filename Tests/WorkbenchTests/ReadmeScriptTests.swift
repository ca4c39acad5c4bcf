import Foundation
import PixelScript
import Testing
import Workbench

/// The script of the README runs as it stands there.
@Suite struct ReadmeScriptTests {
  @Test func runsAndDrawsWhatItPromises() throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "pixelbytes-\(UUID().uuidString)").path
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let root = URL(filePath: #filePath).appending(path: "../../..").standardized
    let readme = try String(contentsOf: root.appending(path: "README.md"), encoding: .utf8)
    let block = try #require(readme.components(separatedBy: "```pxb\n").dropFirst().first)
    let script = try #require(block.components(separatedBy: "```").first)
      .replacingOccurrences(of: "first-model", with: folder)
    var output = ""
    let session = Session(
      options: SessionOptions(seed: 1, writeFolders: [folder]), console: Console(write: { output += $0 }))
    #expect(session.run(script, name: "README", echo: true).diagnostics.isEmpty)
    #expect(output.contains("train") && output.contains("accuracy"))
    #expect(
      try FileManager.default.contentsOfDirectory(atPath: folder).sorted() == [
        "README.md", "config.json", "model.safetensors", "training.json", "vocabulary.json",
      ])
  }
}
