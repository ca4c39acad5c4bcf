import Foundation
import Testing

/// A fault of the program itself is one short paragraph that says where the inputs are.
@Suite(.serialized) struct FaultTests {
  private let state: TemporaryFolder

  init() throws { state = try TemporaryFolder() }

  static let signals = [SIGILL, SIGTRAP, SIGABRT, SIGBUS, SIGFPE, SIGSEGV]

  private func start() throws -> PseudoTerminal {
    // What Swift's runtime would do at a terminal.
    let surroundings = ["XDG_STATE_HOME": state.path, "SWIFT_BACKTRACE": "enable=tty"]
    let terminal = try PseudoTerminal(["--no-color"], environment: surroundings)
    try terminal.expect("[1]> ")
    return terminal
  }

  private func check(_ end: (status: Int32, output: String), _ signal: Int32) {
    #expect(end.status == 128 + signal)
    #expect(end.output.contains("fault: the program itself has failed"), "\(end.output)")
    #expect(end.output.contains("not of the script"))
    #expect(end.output.contains(state.path + "/pixelbytes/history"))
    #expect(end.output.split(separator: "\r\n").count <= 6, "\(end.output)")
  }

  @Test(arguments: signals) func whileAnInputRuns(signal: Int32) throws {
    let terminal = try start()
    try terminal.type("kept = 1\r")
    try terminal.expect("[2]> ")
    try terminal.type("if true {\r  print \"begun\"; while true { }\r}\r")
    try terminal.expect("\nbegun\r\n")
    terminal.signal(signal)
    let end = try terminal.end()
    check(end, signal)
    #expect(end.output.contains("while running [2]"))
    // Every input was kept before it ran, the one that failed as well.
    let history = try String(contentsOfFile: state.path + "/pixelbytes/history", encoding: .utf8)
    #expect(history == "kept = 1\nif true {\\n  print \"begun\"; while true { }\\n}\n")
  }

  @Test(arguments: signals) func whileThePromptWaits(signal: Int32) throws {
    let terminal = try start()
    try terminal.type("half a li")
    try terminal.expect("half a li")
    #expect(try !terminal.hasEcho)
    terminal.signal(signal)
    check(try terminal.end(), signal)
    // The terminal is as it was before the editor of lines.
    #expect(try terminal.hasEcho)
  }

  @Test(arguments: signals) func whileAScriptRuns(signal: Int32) throws {
    let folder = try TemporaryFolder()
    let script = try folder.write("s.pxb", "# %% A\n1\n# %% B\nwrite_text \"started\", \"\"; while true { }\n")
    let result = try Program.run([script], folder: folder.path) { process in
      while !FileManager.default.fileExists(atPath: folder.path + "/started") { usleep(1000) }
      kill(process.processIdentifier, signal)
    }
    #expect(result.status == 128 + signal)
    #expect(
      result.errors.hasPrefix("fault: the program itself has failed and had to stop while running \(script), cell 2"))
    #expect(result.errors.split(separator: "\n").count <= 3)
  }

  /// Of scripts that run others the one that runs is told, and its caller once it is over.
  @Test(arguments: [
    ("", "run \"inner.pxb\"", "inner.pxb, cell 2"), ("run \"short.pxb\"\n", "WORK", "outer.pxb, cell 2"),
  ])
  func theScriptThatRunsIsTold(before: String, work: String, told: String) throws {
    let folder = try TemporaryFolder()
    let lasting = "write_text \"started\", \"\"; while true { }"
    _ = try folder.write("short.pxb", "x = 1\n")
    _ = try folder.write("inner.pxb", "# %% I\ny = 1\n# %% J\n\(lasting)\n")
    let text = "# %% A\n\(before)z = 1\n# %% B\n\(work.replacing("WORK", with: lasting))\n"
    _ = try folder.write("outer.pxb", text)
    let result = try Program.run(["outer.pxb"], folder: folder.path) { process in
      while process.isRunning, !FileManager.default.fileExists(atPath: folder.path + "/started") { usleep(1000) }
      kill(process.processIdentifier, SIGSEGV)
    }
    #expect(result.errors.contains("had to stop while running \(told)"), "\(result.errors)")
  }

  @Test func anInputIsKeptEvenWhenNothingElseCouldBeWritten() throws {
    let terminal = try start()
    try terminal.type("print \"begun\"; while true { }\r")
    try terminal.expect("\nbegun\r\n")
    terminal.signal(SIGKILL)
    _ = try terminal.end()
    let history = try String(contentsOfFile: state.path + "/pixelbytes/history", encoding: .utf8)
    #expect(history == "print \"begun\"; while true { }\n")
  }
}
