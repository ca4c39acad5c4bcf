import Foundation
import Testing

/// The events of `--json`.
@Suite struct EventTests {
  typealias Event = [String: Any]

  private func events(_ arguments: [String], input: String? = nil, folder: String? = nil) throws -> (
    events: [Event], result: Program.Result
  ) {
    let result = try Program.run(arguments, input: input, folder: folder)
    #expect(result.errors == "")
    let events = try result.output.split(separator: "\n").map { line in
      try #require(try JSONSerialization.jsonObject(with: Data(line.utf8)) as? Event, "\(line)")
    }
    return (events, result)
  }

  private func kinds(_ events: [Event]) -> [String] { events.compactMap { $0["event"] as? String } }

  @Test func aRunIsTold() throws {
    let script = "# %% One\nprint \"a \\\"b\\\"\\n\\te\\u{301}\\x01\"\n1 + 1\n# %% [markdown]\n# text\n# %% Two\nx = 3"
    let (events, result) = try events(["--json", "-"], input: script)
    #expect(result.status == 0)
    #expect(
      kinds(events)
        == ["run_start", "cell_start", "output", "output", "cell_end", "cell_start", "cell_end", "run_end"])
    #expect(events[0]["name"] as? String == "standard input")
    #expect(events[1]["title"] as? String == "One")
    #expect(events[1]["cell"] as? Int == 1)
    #expect(events[1]["line"] as? Int == 2)
    #expect(events[2]["text"] as? String == "a \"b\"\n\te\u{301}\u{1}\n")
    #expect(events[3]["text"] as? String == "2\n")
    #expect(events[4]["status"] as? String == "ok")
    #expect(events[5]["cell"] as? Int == 3)
    #expect(try #require(events[6]["seconds"] as? Double) < 10)
    #expect(events[7]["status"] as? Int == 0)
    #expect(events[7]["errors"] as? Int == 0)
  }

  @Test func anErrorComesInsideItsCell() throws {
    let (events, result) = try events(["--json", "-e", "print 1\nx = [1][5]"])
    #expect(result.status == 1)
    #expect(kinds(events) == ["run_start", "cell_start", "output", "error", "cell_end", "run_end"])
    #expect(events[3]["kind"] as? String == "index")
    #expect(events[3]["line"] as? Int == 2)
    #expect(events[4]["status"] as? String == "error")
    #expect(events[5]["status"] as? Int == 1)
    #expect(events[5]["errors"] as? Int == 1)
  }

  @Test(arguments: [
    (["--json", "-e", "x = ]\ny = ]"], ["run_start", "error", "error", "run_end"]),
    (["--json", "run", "missing.pxb"], ["error", "run_end"]),
    (["--json", "--sedd", "3"], ["error", "run_end"]),
    (["--json", "trian"], ["error", "run_end"]),
    (["run", "missing.pxb", "--json"], ["error", "run_end"]),
  ])
  func whatCanNotRunIsToldToo(arguments: [String], expected: [String]) throws {
    let (events, result) = try events(arguments)
    #expect(result.status == 2)
    #expect(kinds(events) == expected)
    #expect(events.last?["status"] as? Int == 2)
  }

  @Test func theOptionMayStandBehindTheScript() throws {
    let folder = try TemporaryFolder()
    let file = try folder.write("script.pxb", "param n = 1\nprint n")
    #expect(kinds(try events(["run", file, "--n", "7", "--json"]).events).contains("output"))
    #expect(kinds(try events(["run", file, "--n", "many", "--json"]).events) == ["error", "run_end"])
    let wrong = try folder.write("wrong.pxb", "x = ]")
    #expect(kinds(try events(["run", wrong, "--json"]).events) == ["run_start", "error", "run_end"])
  }

  @Test func workUnderWayIsTold() throws {
    let code = "net = lstm(dim: 9, state: 8, depth: 1); h = train net, sprites(count: 64), steps: 100, sequence: 16"
    let (events, _) = try events(["--json", "--seed", "1", "-e", code])
    let steps = events.filter { $0["event"] as? String == "progress" }
    #expect(steps.last?["state"] as? String == "ended")
    #expect(steps.dropLast().allSatisfy { $0["state"] as? String == "running" })
    #expect(steps.last?["what"] as? String == "train")
    #expect(steps.last?["done"] as? Int == 100)
    #expect(steps.last?["total"] as? Int == 100)
    let metrics = try #require(steps.last?["metrics"] as? [String: Any])
    #expect(metrics["loss"] is NSNumber, "\(metrics)")
    #expect(events.contains { $0["event"] as? String == "notice" })
  }

  /// However soon work is over, its last event tells all of it.
  @Test(arguments: [1, 2, 7]) func theLastEventTellsAll(steps: Int) throws {
    let code =
      "net = lstm(dim: 9, state: 4, depth: 1); h = train net, sprites(count: 2, size: 8), steps: \(steps), sequence: 4"
    let last = try #require(
      try events(["--json", "--seed", "1", "-e", code]).events.last { $0["what"] as? String == "train" })
    #expect(last["state"] as? String == "ended" && last["done"] as? Int == steps && last["total"] as? Int == steps)
    #expect((last["metrics"] as? [String: Any])?["loss"] is NSNumber && last["seconds"] is NSNumber, "\(last)")
  }

  @Test func aCellThatRunsAnotherScriptHoldsItsCells() throws {
    let folder = try TemporaryFolder()
    _ = try folder.write("inner.pxb", "# %% In\nraise \"no\"")
    let code = "try { run \"inner.pxb\" } catch e { print e.message }"
    let (events, _) = try events(["--json", "-e", code], folder: folder.path)
    #expect(
      kinds(events)
        == ["run_start", "cell_start", "cell_start", "cell_end", "output", "cell_end", "run_end"])
    #expect(events[2]["file"] as? String == "inner.pxb")
    #expect(events[3]["status"] as? String == "error")
    #expect(events[5]["status"] as? String == "ok")
  }

  @Test func aSignalIsTold() throws {
    let folder = try TemporaryFolder()
    let result = try Program.run(
      ["--json", "-e", "write_text \"started\", \"\"\nwhile true { }"], folder: folder.path
    ) { process in
      while !FileManager.default.fileExists(atPath: folder.path + "/started") { usleep(1000) }
      kill(process.processIdentifier, SIGTERM)
    }
    #expect(result.status == 143)
    #expect(result.errors == "")
    let lines = result.output.split(separator: "\n")
    #expect(lines.suffix(2).first?.contains("\"status\":\"interrupted\"") == true)
    #expect(lines.last?.hasPrefix("{\"event\":\"run_end\",\"status\":143") == true)
  }
}
