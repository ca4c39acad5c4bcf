import Foundation
import PixelBytes
import PixelScript
import Testing
import Workbench

/// Every command that may take long looks whether it must stop; a command that nobody has named an input for fails here.
@Suite(.serialized) struct LongCommandTests {
  /// A row of Scripts/long_commands.txt.
  struct Row: CustomTestStringConvertible {
    let name: String
    /// A size that takes some milliseconds, what is made first with it, and the call; nil for a command that is always short.
    let work: (size: String, preparation: String, call: String)?

    init?(_ line: Substring) {
      let fields = line.split(separator: "|", omittingEmptySubsequences: false).map {
        $0.trimmingCharacters(in: .whitespaces)
      }
      guard !line.hasPrefix("#"), fields.count > 1 else { return nil }
      name = fields[0]
      work = fields.count == 5 ? (fields[1], fields[3], fields[4]) : nil
    }

    var testDescription: String { name }
  }

  private static let rows: [Row] = {
    let file = URL(filePath: #filePath).appending(path: "../../../Scripts/long_commands.txt").standardized
    guard let text = try? String(contentsOf: file, encoding: .utf8) else { return [] }
    return text.split(separator: "\n").compactMap(Row.init)
  }()

  private static let families = ModelFamilies.all.map { family in family.name }

  @Test func everyCommandIsNamed() {
    #expect(Set(Self.rows.map(\.name)) == Set(TestSession().session.registry.names))
  }

  @Test(arguments: rows.filter { $0.work != nil }) func looks(_ row: Row) throws {
    let work = try #require(row.work)
    let test = TestSession()
    #expect(test.run("n = \(work.size)\n\(work.preparation);", echo: false) == "")
    func looks(_ call: String) -> Int {
      let before = test.session.interpreter.looks
      let result = test.run("try { limit(fn() = \(call), time: 0.3) } catch e { assert_limit(e) }", echo: false)
      #expect(!result.contains("error["), "\(row.name): \(result)")
      return test.session.interpreter.looks - before
    }
    #expect(test.run("fn assert_limit(e) { if e.kind != \"limit\" { raise e } }") == "")
    let least = looks("now()")
    // Work of less than a millisecond is looked at when a few of its kind have come together.
    var found = looks(work.call)
    for _ in 0..<8 where found <= least { found = looks(work.call) }
    #expect(found > least, "\(row.name) looked \(found) times, and what does nothing \(least) times")
    stopsAnywhere(work.call, test)
  }

  /// What is cut short in its middle ends as what is refused at its start.
  @Test(arguments: families) func everyFamilyStopsAnywhere(name: String) {
    let test = TestSession()
    let preparation = """
      net = \(name == "resnet" ? "resnet(layers: 26, dim: 16)" : "\(name)(dim: 12)")
      rows = build(sprites(count: 8, size: 8, seed: 1))
      fn assert_limit(e) { if e.kind != "limit" { raise e } }
      """
    #expect(test.run(preparation, echo: false) == "")
    for call in [
      "generate(net, prompt: \"ab \" * 300, tokens: 20)", "evaluate(net, rows)", "net(encode(\"ab \" * 300))",
      "train(net, rows, steps: 1, batch: 4)",
    ] {
      stopsAnywhere(call, test)
    }
  }

  private func stopsAnywhere(_ call: String, _ test: TestSession) {
    func seconds(within time: Double) -> Double {
      let start = ContinuousClock.now
      let text = "try { limit(fn() = \(call), time: \(max(time, 1e-6))) } catch e { assert_limit(e) }"
      let result = test.run(text, echo: false)
      #expect(!result.contains("error["), "\(call) within \(time): \(result)")
      return (ContinuousClock.now - start) / .seconds(1)
    }
    let whole = min(seconds(within: 0.2), 0.2)
    for share in [0.1, 0.6] { _ = seconds(within: share * whole) }
  }
}
