import Foundation
import PixelScript
import Testing
import Workbench

/// Every script in the documentation runs and does what its comments say.
@Suite(.serialized) struct DocumentationTests {
  struct Example: CustomTestStringConvertible, Sendable {
    let page: String
    let number: Int
    let script: String
    var testDescription: String { "\(page), \(number)" }
  }

  /// The blocks marked `pxb` of all pages of all catalogs, and of the French pages.
  static let examples: [Example] = {
    let root = URL(filePath: #filePath).appending(path: "../../..").standardized
    let files = ["Sources", "Documentation"].flatMap { folder in
      (FileManager.default.enumerator(atPath: root.appending(path: folder).path)?.compactMap { $0 as? String } ?? [])
        .map { "\(folder)/\($0)" }
    }
    let pages = files.filter { ($0.contains(".docc/") || $0.hasPrefix("Documentation/")) && $0.hasSuffix(".md") }
    return pages.sorted().flatMap { file -> [Example] in
      guard let text = try? String(contentsOf: root.appending(path: file), encoding: .utf8) else { return [] }
      let blocks = text.components(separatedBy: "```pxb\n").dropFirst()
      return blocks.enumerated().map { number, block in
        Example(page: file, number: number + 1, script: block.components(separatedBy: "```")[0])
      }
    }
  }()

  /// `# expect: text` is a line of output, `# expect error: text` the error of its line.
  @Test(arguments: examples) func runs(example: Example) {
    let lines = example.script.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    func comments(_ mark: String) -> [(line: Int, text: String)] {
      lines.enumerated().compactMap { number, line in
        line.firstRange(of: mark).map { (number + 1, String(line[$0.upperBound...])) }
      }
    }
    let test = TestSession()
    var output = ""
    let session = Session(
      options: SessionOptions(seed: 1, writeFolders: [TestSession.folder]), console: Console(write: { output += $0 }))
    let error = session.run(example.script, name: "test", echo: true).diagnostics.first
    #expect(test.session.interpreter.variables.isEmpty)
    #expect(output == comments("# expect: ").map { $0.text + "\n" }.joined())
    #expect(error?.message == comments("# expect error: ").first?.text)
    #expect(error?.location?.line == comments("# expect error: ").first?.line)
  }

  @Test func areThere() {
    #expect(Self.examples.count >= 60)
    #expect(Set(Self.examples.map(\.page)).count >= 13)
  }
}
