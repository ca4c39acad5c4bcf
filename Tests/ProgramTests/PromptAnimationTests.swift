import Foundation
import Testing
import pixelbytes

/// Frames that move at the prompt.
@Suite(.serialized) struct PromptAnimationTests {
  private let state: TemporaryFolder

  init() throws { state = try TemporaryFolder() }

  private static let frames = "[to_image(zeros(2, 2)), to_image(ones(2, 2))]"

  @Test func playUntilCtrlC() throws {
    let environment = ["XDG_STATE_HOME": state.path, "XDG_CONFIG_HOME": state.path]
    let terminal = try PseudoTerminal(["--no-color", "--quiet"], environment: environment)
    try terminal.expect("[1]> ")
    try terminal.type("show(\(Self.frames), fps: 20, titles: [\"one\", \"two\"], scale: 1); print \"after\"\r")
    try terminal.expect("\u{1B}[?25l")
    for title in ["one", "two", "one", "two", "one"] {
      try terminal.expect("\u{1B}[2A\r")
      try terminal.expect(title)
    }
    try terminal.type("\u{3}")
    let end = try terminal.expect("[2]> ")
    #expect(end.contains("\u{1B}[?25h") && !end.contains("error") && !end.contains("after"), "\(end.debugDescription)")
    // A loop of them ends as a whole.
    try terminal.type("while true { show(\(Self.frames), fps: 50) }\r")
    try terminal.expect("\u{1B}[?25l")
    try terminal.type("\u{3}")
    try terminal.expect("[3]> ")
    try terminal.type("print 6 * 7\r")
    try terminal.expect("\n42\r\n")
  }

  @Test func aScriptShowsThemOnce() throws {
    let path = try state.write("moves.pxb", "show(\(Self.frames), fps: 50)\nprint \"after\"")
    let terminal = try PseudoTerminal(["--quiet", "run", path], environment: ["XDG_STATE_HOME": state.path])
    let (status, output) = try terminal.end()
    #expect(status == 0 && output.contains("after") && output.components(separatedBy: "\u{1B}[?25h").count == 2)
  }

  @Test func nothingMovesInAPipe() throws {
    let run = try Program.run(["--quiet", "-e", "show(\(Self.frames), fps: 2)"])
    #expect(run.status == 0 && !run.output.contains("\u{1B}") && run.output.contains("░"))
  }
}
