import Foundation
import Testing
import pixelbytes

/// What a session keeps of its inputs, and for whom.
@Suite(.serialized) struct PromptHistoryTests {
  private let state: TemporaryFolder
  private var history: InputHistory { InputHistory(environment: ["XDG_STATE_HOME": state.path + "/new/state"]) }

  init() throws { state = try TemporaryFolder() }

  private func session(_ inputs: [String]) throws {
    let surroundings = ["XDG_STATE_HOME": state.path + "/new/state"]
    let terminal = try PseudoTerminal(["--no-color"], environment: surroundings)
    try terminal.expect("[1]> ")
    for (place, input) in inputs.enumerated() {
      try terminal.type(input + "\r")
      try terminal.expect("[\(place + 2)]> ")
    }
    try terminal.type("\u{4}")
    #expect(try terminal.end().status == 0)
  }

  /// An input that repeats the last one is kept once, one that starts with a blank not at all, a wrong one as any other.
  @Test func inputsAreKeptInOrder() throws {
    try session(["a = 1", "a = 1", "b = 2", " secret = 3", "a = 1", "nonsense", "1 +* 2", "b = 2;"])
    #expect(try history.entries() == ["a = 1", "b = 2", "a = 1", "nonsense", "1 +* 2", "b = 2;"])
    try session(["c = 1"])
    #expect(try history.entries().last == "c = 1")
    #expect(try history.entries().count == 7)
  }

  /// Nobody else may read the file, nor list the folders that are made for it.
  @Test func whatIsMadeIsForItsOwnerAlone() throws {
    let before = umask(0)
    defer { umask(before) }
    try history.append("a")
    let file = try #require(history.path)
    for (path, mode) in [(file, 0o600), ((file as NSString).deletingLastPathComponent, 0o700)] {
      #expect(try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int == mode, "\(path)")
    }
    try history.append("b")
    #expect(try FileManager.default.attributesOfItem(atPath: file)[.posixPermissions] as? Int == 0o600)
  }

  @Test func theLastInputsAreShownUpToTheLimit() throws {
    try history.append("x")
    let path = try #require(history.path)
    for count in [InputHistory.limit - 1, InputHistory.limit, InputHistory.limit + 1, 2 * InputHistory.limit] {
      try Data((1...count).map { "x = \($0)\n" }.joined().utf8).write(to: URL(fileURLWithPath: path))
      let entries = try history.entries()
      #expect(entries.count == min(count, 10_000))
      #expect(entries.last == "x = \(count)")
      // Only far beyond the limit is the file written anew.
      try history.shorten()
      #expect(try readLines(path) == count)
    }
    try history.append("one more")
    try history.shorten()
    #expect(try readLines(path) == 10_000)
    #expect(try history.entries().first == "x = 10002")
  }

  private func readLines(_ path: String) throws -> Int {
    try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n").count
  }
}
