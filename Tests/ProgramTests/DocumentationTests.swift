import Foundation
import Testing

/// The shell sessions of the documentation give what they show.
@Suite struct DocumentationTests {
  private static let pages = ["Batch", "Editors"].map { page in
    URL(filePath: #filePath).appending(path: "../../../Sources/Workbench/Workbench.docc/\(page).md").standardized
  }

  static let sessions: [String] = pages.flatMap { page -> [String] in
    guard let text = try? String(contentsOf: page, encoding: .utf8) else { return [] }
    return text.components(separatedBy: "```sh\n").dropFirst().map { $0.components(separatedBy: "```")[0] }
  }

  @Test(arguments: sessions) func runs(session: String) throws {
    let lines = session.split(separator: "\n").map(String.init)
    let commands = lines.filter { $0.hasPrefix("$ ") }.map { $0.dropFirst(2) }
    let folder = try TemporaryFolder()
    let path = URL(fileURLWithPath: Program.path).deletingLastPathComponent().path
    let result = try Program.run(
      executable: "/bin/sh", ["-c", commands.joined(separator: "\n")], environment: ["PATH": path + ":/usr/bin:/bin"],
      folder: folder.path)
    #expect(!commands.isEmpty)
    #expect(result.output.split(separator: "\n").map(String.init) == lines.filter { !$0.hasPrefix("$ ") })
    #expect(result.errors == "")
  }

  @Test func areThere() { #expect(Self.sessions.count >= 8) }
}
