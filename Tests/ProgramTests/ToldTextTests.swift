import Foundation
import Testing

/// What the program tells of itself and of calls that it does not take: whole texts, beside those that are kept.
@Suite struct ToldTextTests {
  static let script = """
    # A script with parameters of every kind.
    param epochs = 5 "passes over the data"
    param learning_rate = 1e-3
    param model = "lstm" in ["lstm", "mamba"] "kind of model"
    param fast = false "skip the slow part"
    param resume = false in [false, true, "force"]
    param parts = [1, 2]
    param note = nil "a text"
    param sizes = 8 in [8, 16]
    param a_very_long_name_of_a_parameter = "x" "long\\tand\\nwide"
    print 1
    """

  static let calls = [
    "--help",
    "run --help",
    "check --help",
    "help --help",
    "convert --help",
    "completion --help",
    "build --help",
    "train --help",
    "evaluate --help",
    "generate --help",
    "run s.pxb --help",
    "completion bash",
    "completion zsh",
    "completion fish",
    "completion tcsh",
    "check",
    "convert a",
    "run",
    "run none.pxb",
    "run s.ipynb",
    "run .",
    "check s.pxb .",
    "nothing",
    "-e 1 --resume",
    "help nothing at all",
    "completion words c",
    "completion words --se",
    "completion words run s.pxb --",
    "completion words run s.pxb --model ''",
    "completion words run s.pxb --model m",
    "completion words run s.pxb --resume ''",
    "completion words run s.pxb --fast ''",
    "completion words run s.pxb --fast --fr",
    "completion words run s.pxb --sizes ''",
    "completion words run s.pxb --epochs ''",
    "completion words s.pxb --le",
    "completion words --seed 1 run s.pxb --ep",
    "completion words none.pxb --ep",
    "completion words check s.pxb --e",
    "completion words check s.pxb --ep",
    "completion words convert --t",
    "completion words help ''",
    "completion words train --opt",
    "completion words train --optimizer ''",
    "completion words build --co",
  ]

  private static let file = URL(filePath: #filePath).appending(path: "../../Scripts/program/told.txt").standardized

  /// A call, its status where it is none of success, and what it wrote.
  private func told(_ call: String, _ folder: TemporaryFolder) throws -> String {
    let words = call.split(separator: " ").map { $0 == "''" ? "" : String($0) }
    let result = try Program.run(words, folder: folder.path)
    return "$ \(call)\n" + (result.status == 0 ? "" : "status \(result.status)\n") + result.output + result.errors
  }

  @Test func areThoseThatAreKept() throws {
    let folder = try TemporaryFolder()
    _ = try folder.write("s.pxb", Self.script)
    let texts = try Self.calls.map { try told($0, folder) }
    if ProcessInfo.processInfo.environment["RECORD"] != nil {
      try Data(texts.joined(separator: "\n").utf8).write(to: Self.file)
    }
    let kept = String(decoding: try Data(contentsOf: Self.file), as: UTF8.self)
    #expect(texts.joined(separator: "\n") == kept)
  }
}
