import Foundation
import Testing

/// The package of somebody else in `Tests/Client`: built with what is public alone, and run.
@Suite struct ClientTests {
  private static let root = URL(filePath: #filePath).appending(path: "../../..").standardized

  private static func text(_ path: String) throws -> String {
    try String(contentsOf: root.appending(path: path), encoding: .utf8)
  }

  @Test func anOperatorALayerAFamilyAndACommandOfAnotherProgramWork() throws {
    let folder = try TemporaryFolder()
    let client = URL(filePath: Program.path).deletingLastPathComponent().appending(path: "Client").path
    let result = try Program.run(executable: client, [], folder: folder.path)
    #expect(result.status == 0 && result.errors == "")
    let lines = result.output.split(separator: "\n")
    #expect(
      lines == [
        "true true true", "[0.5, -0.75] [0.25, 0.0625]", "true", "true 2", "20",
        "smoothing_layer 4, 24 parameters [1, 3, 4] true",
        "`smoothing_layer` needs `width`, a whole number: width of input and output",
        "width must be from 1 to 268435456, found 0", "repeats must be from 1 to 8, found 9", "true true",
      ], "\(result.output)")
    #expect(FileManager.default.fileExists(atPath: folder.path + "/first-model/model.safetensors"))
  }

  @Test func theReadmeAndTheManualShowItsLines() throws {
    let sources = try ["Client", "EverySecond", "Smoothing", "Softsign"].map {
      try Self.text("Tests/Client/Sources/Client/\($0).swift")
    }.joined().split(separator: "\n").map { $0.trimmingCharacters(in: .whitespaces) }
    for (path, least) in [("README.md", 1), ("Sources/Workbench/Workbench.docc/Extend.md", 4)] {
      let blocks = try Self.text(path).components(separatedBy: "```swift\n").dropFirst()
      #expect(blocks.count >= least, "\(path) shows no Swift")
      for line in blocks.flatMap({ $0.components(separatedBy: "```")[0].split(separator: "\n") }) {
        let line = line.trimmingCharacters(in: .whitespaces)
        #expect(sources.contains(line), "\(path) shows what is not run: \(line)")
      }
    }
  }
}
