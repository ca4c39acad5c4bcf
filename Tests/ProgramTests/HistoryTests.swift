import Foundation
import Testing
import pixelbytes

@Suite struct HistoryTests {
  private let folder = FileManager.default.temporaryDirectory.appendingPathComponent("history-\(UUID().uuidString)")
    .path
  private var history: InputHistory { InputHistory(environment: ["XDG_STATE_HOME": folder]) }

  @Test(arguments: ["x = 1", "fn f(x) {\n  return x\n}", "print \"a\\nb\"", "\\", "\\\\n", "a\\\nb", "日本語 🎨"])
  func inputsComeBackAsTheyWere(input: String) throws {
    defer { remove() }
    #expect(InputHistory.decoded(InputHistory.encoded(input)) == input)
    #expect(!InputHistory.encoded(input).contains("\n"))
    try history.append(input)
    try history.append("last")
    #expect(try history.entries() == [input, "last"])
  }

  @Test func twoSessionsAddToOneFile() throws {
    defer { remove() }
    let (first, second) = (history, history)
    try first.append("a")
    try second.append("b")
    try first.append("c")
    #expect(try history.entries() == ["a", "b", "c"])
  }

  @Test func theFileIsForItsOwnerAlone() throws {
    defer { remove() }
    try history.append("a")
    let attributes = try FileManager.default.attributesOfItem(atPath: try #require(history.path))
    #expect(attributes[.posixPermissions] as? Int == 0o600)
  }

  @Test func aLongFileIsShortened() throws {
    defer { remove() }
    try history.append("first")
    let path = try #require(history.path)
    let lines = (0..<2 * InputHistory.limit).map { "x = \($0)\n" }.joined()
    try Data(lines.utf8).write(to: URL(fileURLWithPath: path))
    try history.append("last")
    #expect(try history.entries().count == InputHistory.limit)
    try history.shorten()
    let entries = try history.entries()
    #expect(entries.count == InputHistory.limit)
    #expect(entries.last == "last")
    #expect(try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n").count == InputHistory.limit)
    #expect(try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int == 0o600)
  }

  @Test func aFolderThatCannotBeWrittenIsAnErrorAndLosesNothing() throws {
    defer { remove() }
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    try Data().write(to: URL(fileURLWithPath: folder + "/pixelbytes"))
    #expect(throws: (any Error).self) { try history.append("a") }
    #expect(try history.entries() == [])
    try history.shorten()
  }

  @Test func withoutXDGItIsBelowTheHomeFolder() {
    #expect(InputHistory(environment: ["HOME": "/h"]).path == "/h/.local/state/pixelbytes/history")
    #expect(
      InputHistory(environment: ["HOME": "/h", "XDG_STATE_HOME": "relative"]).path
        == "/h/.local/state/pixelbytes/history")
    #expect(InputHistory(environment: [:]).path == nil)
  }

  private func remove() {
    do { try FileManager.default.removeItem(atPath: folder) } catch { return }
  }
}
