import Foundation
import Testing

/// The exit statuses, alike for a file, `-e` and standard input.
@Suite struct ExitStatusTests {
  enum Way: CaseIterable { case file, shortFile, code, dash, pipe }

  struct Case: CustomTestStringConvertible {
    let code: String
    let status: Int32
    var options: [String] = []
    var error: String?
    var testDescription: String { code }
  }

  static let cases = [
    Case(code: "1 + 1", status: 0),
    Case(code: "x = nonsense", status: 1, error: "error[name]"),
    Case(code: "raise \"broken\"", status: 1, error: "broken"),
    Case(code: "x = [1][5]", status: 1, error: "error[index]"),
    Case(code: "x = (1", status: 2, error: "error[syntax]"),
    Case(code: "x = 1 +* 2", status: 2, error: "error[syntax]"),
    Case(code: "while true { }", status: 75, options: ["--max-steps", "1000"], error: "error[limit]"),
    Case(code: "while true { }", status: 75, options: ["--max-time", "0.1s"], error: "error[limit]"),
    Case(code: "fn f() = f()\nf()", status: 1, error: "error[limit]"),
    Case(code: "fn f() = f()\nf()", status: 1, options: ["--max-time", "60"], error: "error[limit]"),
    Case(code: "fn f() = f()\nf()", status: 1, options: ["--max-memory", "1G"], error: "error[limit]"),
    Case(
      code: "fn f() { while true { } }\nlimit f, steps: 10", status: 1, options: ["--max-steps", "1000000"],
      error: "error[limit]"),
    Case(code: "zeros(5000, 5000)", status: 75, options: ["--max-memory", "30M"], error: "error[limit]"),
    // The cells of a script share its budgets.
    Case(
      code: "# %% A\nfor i in range(600) { }\n# %% B\nfor i in range(600) { }", status: 75,
      options: ["--max-steps", "1000"], error: "error[limit]"),
    Case(code: "# %% A\nfor i in range(600) { }\n# %% B\n1", status: 0, options: ["--max-steps", "1000"]),
    Case(code: "quit\nraise \"too late\"", status: 0),
  ]

  /// Whoever does not read what is written does not hold up the end of a run.
  @Test func aReaderThatDoesNotReadHoldsNothingUp() throws {
    let code = "while true { print \"\(String(repeating: "x", count: 99))\" }"
    let command = "(\"$0\" --max-time 0.2s -e '\(code)' 2>/dev/null; echo $? >&2) | sleep 3"
    let result = try Program.run(executable: "/bin/bash", ["-c", command, Program.path])
    #expect(result.errors == "75\n")
  }

  @Test(arguments: cases, Way.allCases)
  func everyWayGivesTheSame(test: Case, way: Way) throws {
    let result = try run(test.code, way, test.options)
    #expect(result.status == test.status, "\(result.errors)")
    if let error = test.error {
      #expect(result.errors.contains(error))
      #expect(result.output == "")
    } else {
      #expect(result.errors == "")
    }
  }

  /// Reading a script does not look; the program ends all the same.
  @Test(arguments: [("--max-time", "0.2s", "0.2 seconds"), ("--max-memory", "20M", "20 MB of memory")], [false, true])
  func whatDoesNotLookIsEnded(budget: (option: String, value: String, text: String), asEvents: Bool) throws {
    let folder = try TemporaryFolder()
    let file = try folder.write("long.pxb", String(repeating: "x = [1, 2, 3]\n", count: 1_000_000))
    let result = try Program.run((asEvents ? ["--json"] : []) + [budget.option, budget.value, file])
    #expect(result.status == 75)
    #expect((asEvents ? result.output : result.errors).contains("the budget of \(budget.text) is used up"))
    if asEvents { #expect(result.output.contains("\"event\":\"run_end\",\"status\":75")) }
  }

  @Test(arguments: [(SIGINT, 130), (SIGTERM, 143), (SIGHUP, 129)] as [(Int32, Int32)], Way.allCases)
  func signalsStopAScript(signal: (number: Int32, status: Int32), way: Way) throws {
    let result = try run("write_text \"started\", \"\"\nwhile true { }", way) { process, folder in
      while !FileManager.default.fileExists(atPath: folder + "/started") { usleep(1000) }
      kill(process.processIdentifier, signal.number)
    }
    #expect(result.status == signal.status)
    #expect(result.errors.contains("error[interrupted]"))
  }

  private func run(
    _ code: String, _ way: Way, _ options: [String] = [], during: (Process, String) throws -> Void = { _, _ in }
  ) throws -> Program.Result {
    let folder = try TemporaryFolder()
    let file = try folder.write("script.pxb", code)
    let arguments =
      switch way {
      case .file: options + ["run", file]
      case .shortFile: [file] + options
      case .code: options + ["-e", code]
      case .dash: options + ["-"]
      case .pipe: options
      }
    let input = way == .dash || way == .pipe ? code : nil
    return try Program.run(arguments, input: input, folder: folder.path) { try during($0, folder.path) }
  }

  struct Usage: CustomTestStringConvertible {
    let arguments: [String]
    let message: String
    var testDescription: String { arguments.joined(separator: " ") }
  }

  @Test(arguments: [
    Usage(arguments: ["trian"], message: "did you mean `train`?"),
    Usage(arguments: ["--sedd", "3"], message: "did you mean '--seed'?"),
    Usage(arguments: ["--threads", "0", "-e", "1"], message: "no whole number above 0"),
    Usage(arguments: ["--max-time", "soon", "-e", "1"], message: "'soon' is no time"),
    Usage(arguments: ["run"], message: "`run` needs the path of a script"),
    Usage(arguments: ["run", "missing.pxb"], message: "cannot read `missing.pxb`: there is no such file"),
    Usage(arguments: ["run", "--sedd", "3", "x.pxb"], message: "did you mean '--seed'?"),
    Usage(arguments: ["-e", "1", "2"], message: "unexpected argument `2`"),
    Usage(arguments: ["-e"], message: "missing value for '-e"),
    Usage(arguments: ["help", "ons"], message: "did you mean `ones`?"),
  ])
  func wrongUsageIsToldAndRunsNothing(usage: Usage) throws {
    let result = try Program.run(usage.arguments)
    #expect(result.status == 2)
    #expect(result.output == "")
    #expect(result.errors.hasPrefix("error: "))
    #expect(result.errors.contains(usage.message), "\(result.errors)")
  }

  @Test func withoutATerminalOrInputItShowsHelp() throws {
    let result = try Program.run([])
    #expect(result.status == 0)
    #expect(result.output.contains("USAGE: pixelbytes"))
    #expect(try Program.run(["--help"]).output == result.output)
  }
}
