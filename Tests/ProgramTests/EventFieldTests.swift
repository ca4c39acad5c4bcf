import Foundation
import Testing

/// Every field of every event of `--json`.
@Suite struct EventFieldTests {
  typealias Event = [String: Any]

  private static let cell = ["cell", "title", "file", "line"]
  private static let fields = [
    "run_start": ["name", "version", "time"], "cell_start": cell, "cell_end": cell + ["status", "seconds"],
    "output": ["text"], "notice": ["text"], "run_end": ["status", "errors", "seconds"],
    "progress": ["what", "state", "done", "total", "unit", "seconds", "rate", "remaining", "metrics"],
  ]

  private func events(_ words: [String], input: String? = nil, environment: [String: String] = [:]) throws -> [Event] {
    let result = try Program.run(["--json"] + words, input: input, environment: environment)
    #expect(result.errors == "")
    return try result.output.split(separator: "\n").map { line in
      let event = try #require(try JSONSerialization.jsonObject(with: Data(line.utf8)) as? Event, "\(line)")
      let kind = try #require(event["event"] as? String)
      #expect(line.hasPrefix("{\"event\":\"\(kind)\","))
      if let fields = Self.fields[kind] { #expect(Set(event.keys) == Set(fields + ["event"]), "\(line)") }
      return event
    }
  }

  private func number(_ event: Event, _ name: String) throws -> Double {
    try #require(event[name] as? Double, "\(name) of \(event)")
  }

  @Test func progressTellsWhatIsLeft() throws {
    let code = "net = lstm(dim: 9, state: 32, depth: 1); train net, sprites(count: 64), steps: 400, sequence: 32"
    let reports = try events(["--seed", "1", "-e", code]).filter { $0["event"] as? String == "progress" }
    #expect(reports.count > 2)
    var (done, seconds) = (0.0, 0.0)
    for report in reports {
      #expect(report["what"] as? String == "train" && report["unit"] as? String == "steps")
      let rate = try number(report, "rate")
      let left = try 400 - number(report, "done")
      #expect(
        try number(report, "total") == 400 && number(report, "done") >= done && number(report, "seconds") > seconds)
      let remaining = try number(report, "remaining")
      #expect(rate > 0 && abs(remaining * rate - left) < 1e-6 * rate)
      (done, seconds) = (try number(report, "done"), try number(report, "seconds"))
    }
    #expect(reports.last?["state"] as? String == "ended" && reports.last?["remaining"] as? Double == 0)
    #expect(reports.dropLast().allSatisfy { $0["state"] as? String == "running" })
    #expect(try number(reports[1], "remaining") > 0)
  }

  @Test func workThatGoesOnHasTheRateOfWhatIsNew() throws {
    let folder = try TemporaryFolder()
    let wait = "fn f(c) { for i in range(8000000) { c.a }; return c.a }"
    for (new, settings) in [(2.0, "[1, 2]"), (1, "[1, 2, 3]")] {
      let code = "\(wait); s = sweep(f, {a: \(settings)}, folder: \"\(folder.path)/sweep\")"
      let told = try events(["--allow-write", folder.path, "-e", code])
      let report = try #require(told.last { $0["event"] as? String == "progress" })
      #expect(try number(report, "done") == (new == 2 ? 2 : 3))
      let total = try number(report, "rate") * number(report, "seconds")
      #expect(abs(total - new) < 1e-9, "\(report)")
    }
  }

  @Test func aRunBeginsAndEnds() throws {
    let version = try Program.run(["--version"]).output.trimmingCharacters(in: .newlines)
    let folder = try TemporaryFolder()
    let path = try folder.write("a.pxb", "print 1")
    for (words, input, name) in [
      (["-e", "print 1"], nil, "-e"), (["-"], "print 1", "standard input"),
      (["run", "-"], "print 1", "standard input"),
      ([], "print 1", "standard input"), ([path], nil, path), (["run", path], nil, path),
    ] as [([String], String?, String)] {
      let told = try events(words, input: input)
      #expect(told.first?["name"] as? String == name && told.first?["version"] as? String == version, "\(words)")
      let time = try #require(told.first?["time"] as? String)
      let age = try Date.now.timeIntervalSince(Date(time, strategy: .iso8601))
      #expect(age > -2 && age < 600, "\(time)")
      #expect(told[1]["file"] as? String == name && told[2]["text"] as? String == "1\n")
      let (cell, run) = (try number(told[told.count - 2], "seconds"), try number(told[told.count - 1], "seconds"))
      #expect(cell > 0 && cell <= run)
    }
  }

  /// As many errors as were told are counted, and the status is that of the program.
  @Test(arguments: [("print 1", 0, 0), ("x = ]", 1, 2), ("x = ]\ny = ]\nz = ]", 3, 2), ("[1][5]", 1, 1)])
  func errorsAreCounted(code: String, errors: Int, status: Int) throws {
    let told = try events(["-"], input: code)
    #expect(told.filter { $0["event"] as? String == "error" }.count == errors)
    #expect(told.last?["errors"] as? Int == errors && told.last?["status"] as? Int == status)
  }

  @Test func cellsAreToldWithTheirPlaces() throws {
    let script = "x = 1\n# %% A\nprint x\n# %%\n# %% B c\nprint 2\n[1][3]"
    let told = try events(["-"], input: script)
    let starts = told.filter { $0["event"] as? String == "cell_start" }
    #expect(starts.map { $0["title"] as? String } == ["", "A", "", "B c"])
    #expect(starts.map { $0["line"] as? Int } == [1, 3, 5, 6])
    #expect(starts.map { $0["cell"] as? Int } == [1, 2, 3, 4])
    let ends = told.filter { $0["event"] as? String == "cell_end" }
    #expect(ends.map { $0["status"] as? String } == ["ok", "ok", "ok", "error"])
    for (start, end) in zip(starts, ends) {
      for name in Self.cell { #expect("\(start[name] ?? "")" == "\(end[name] ?? "")") }
    }
  }

  /// What is drawn does not depend on the terminal of whoever reads the events.
  @Test func picturesOfTextAreEightyColumnsWide() throws {
    func drawn(_ columns: String?) throws -> [String] {
      try events(["-e", "plot([1, 5, 2])"], environment: columns.map { ["COLUMNS": $0] } ?? [:])
        .compactMap { $0["text"] as? String }
    }
    let usual = try drawn(nil)
    #expect(usual.count == 1)
    for columns in ["30", "80", "200"] { #expect(try drawn(columns) == usual, "\(columns)") }
  }
}
