import Foundation
import Testing

/// Signals that come twice.
@Suite struct SignalTests {
  /// A script that waits for a reader who does not come looks at nothing; the second signal ends it where it stands.
  @Test(arguments: [(SIGINT, 130), (SIGTERM, 143), (SIGHUP, 129), (SIGQUIT, 131)] as [(Int32, Int32)])
  func theSecondOneEndsWhatDoesNotLook(signal: (number: Int32, status: Int32)) throws {
    let folder = try TemporaryFolder()
    let code = "write_text \"started\", \"\"\nprint \"a\" * 1_000_000"
    let result = try Program.run(["-e", code], folder: folder.path) { process in
      while !FileManager.default.fileExists(atPath: folder.path + "/started") || !isWaiting(process) { usleep(1000) }
      // Two that come at once count as one.
      for _ in 0..<500 where process.isRunning {
        kill(process.processIdentifier, signal.number)
        usleep(10_000)
      }
      if process.isRunning { kill(process.processIdentifier, SIGKILL) }
    }
    #expect(result.status == signal.status)
  }

  private func isWaiting(_ process: Process) -> Bool {
    let state = try? String(contentsOfFile: "/proc/\(process.processIdentifier)/stat", encoding: .utf8)
    return state?.contains(") S ") != false
  }

  /// A budget holds for it too, even when the program was started with its signals blocked, as tests are.
  @Test func aReaderWhoDoesNotComeHoldsNoBudgetUp() throws {
    let result = try Program.run(["--max-time", "0.1", "-e", "print \"a\" * 1_000_000"]) { process in
      for _ in 0..<3000 where process.isRunning { usleep(10_000) }
      if process.isRunning { kill(process.processIdentifier, SIGKILL) }
    }
    #expect(result.status == 75)
  }

  /// One signal lets a script end in order: what was printed is written, and the error told.
  @Test func theFirstOneLetsTheScriptEnd() throws {
    let folder = try TemporaryFolder()
    let code = "print \"before\"\nwrite_text \"started\", \"\"\nwhile true { }"
    let result = try Program.run(["-e", code], folder: folder.path) { process in
      while !FileManager.default.fileExists(atPath: folder.path + "/started") { usleep(1000) }
      kill(process.processIdentifier, SIGINT)
    }
    #expect(result.status == 130)
    #expect(result.output == "before\n")
    #expect(result.errors.contains("error[interrupted]"))
  }

  @Test func theHandlerOfAScriptDoesNotCatchThem() throws {
    let folder = try TemporaryFolder()
    let code = "write_text \"started\", \"\"\ntry { while true { } } catch e { print \"caught\" }\nprint \"after\""
    let result = try Program.run(["-e", code], folder: folder.path) { process in
      while !FileManager.default.fileExists(atPath: folder.path + "/started") { usleep(1000) }
      kill(process.processIdentifier, SIGINT)
    }
    #expect(result.status == 130)
    #expect(result.output == "")
  }

  /// At the prompt each Ctrl-C stops what runs, the second and third as the first, and the session goes on.
  @Test func atThePromptEachOneStopsACommand() throws {
    let state = try TemporaryFolder()
    let terminal = try PseudoTerminal(["--no-color"], environment: ["XDG_STATE_HOME": state.path])
    try terminal.expect("[1]> ")
    for number in 1...3 {
      try terminal.type("print \"begun\"; while true { }\r")
      try terminal.expect("\nbegun\r\n")
      try terminal.type("\u{3}")
      try terminal.expect("error[interrupted]")
      try terminal.expect("[\(number + 1)]> ")
    }
    try terminal.type("\u{3}")
    try terminal.expect("[4]> ")
    try terminal.type("\u{3}")
    try terminal.expect("[4]> ")
    try terminal.type("6 * 7\r")
    try terminal.expect("\n42\r\n")
    try terminal.expect("[5]> ")
    try terminal.type("\u{4}")
    #expect(try terminal.end().status == 0)
  }

  /// A terminal whose window is closed stops what runs as SIGHUP does, whatever it writes: what is to be kept is kept.
  @Test(arguments: [
    "while true { }", "while true { print 1 }",
    "train(lstm(dim: 9, state: 8, depth: 1), sprites(count: 20, size: 8), steps: 100_000, every: 1, checkpoint: \"run\")",
  ])
  func aClosedTerminalStops(code: String) throws {
    let folder = try TemporaryFolder()
    _ = try folder.write("n.pxb", "write_text \"started\", \"\"\n\(code)\n")
    let terminal = try PseudoTerminal(["run", "n.pxb"], folder: folder.path)
    while !FileManager.default.fileExists(atPath: folder.path + "/started") { usleep(1000) }
    if code.hasPrefix("train") {
      _ = try terminal.expect("epoch")
    }
    #expect(terminal.closeWindow() == 129)
    if code.hasPrefix("train") {
      let states = try FileManager.default.contentsOfDirectory(atPath: folder.path + "/run").filter {
        $0.hasPrefix("step-")
      }
      #expect(!states.isEmpty)
    }
  }
}
