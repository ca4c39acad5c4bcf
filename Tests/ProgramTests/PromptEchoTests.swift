import Testing
import pixelbytes

/// What the prompt shows of a value, and what it does with words and keys that are typed at other prompts.
@Suite(.serialized) struct PromptEchoTests {
  private let state: TemporaryFolder

  init() throws { state = try TemporaryFolder() }

  private func start() throws -> PseudoTerminal {
    let environment = ["XDG_STATE_HOME": state.path, "XDG_CONFIG_HOME": state.path]
    let terminal = try PseudoTerminal(["--no-color"], environment: environment, columns: 80)
    try terminal.expect("[1]> ")
    return terminal
  }

  @Test func anEchoIsNoLongerThanTheScreen() throws {
    let terminal = try start()
    try terminal.type("list(range(100000))\r")
    let list = try terminal.expect("more; `print _` gives all)\r\n[2]> ")
    #expect(list.contains("[0, 1, 2") && list.utf8.count < 40 * 80 + 400)
    try terminal.type("print len(join(map(range(60), str), \"\\n\"))\r")
    try terminal.expect("\n169\r\n[3]> ")
    try terminal.type("map(range(60), fn(i) = sprites(count: 1, size: 8, seed: i)[0].image)\r")
    try terminal.expect("more lines; `show _` gives all)\r\n[4]> ")
    try terminal.type("lstm(dim: 8, state: 8).parameters\r")
    #expect(try terminal.expect("[5]> ").contains("fc.weight"))
  }

  /// A table stops at its rows, so that head, end and number of rows are there, and what is said of the rest is true.
  @Test func aTableIsCutByRows() throws {
    let terminal = try start()
    func lines(_ text: String) -> [String] { text.split(whereSeparator: \.isNewline).map(String.init) }
    try terminal.type("table({a: list(range(50))})\r")
    let shorter = lines(try terminal.expect("(50 rows; `show _` gives all)\r\n[2]> "))
    #expect(shorter.contains(" 0") && shorter.contains("49") && !shorter.contains("30"))
    try terminal.type("show _\r")
    #expect(lines(try terminal.expect("[3]> ")).contains("30"))
    try terminal.type("table({a: list(range(300))})\r")
    #expect(lines(try terminal.expect("(300 rows; `show _` gives 60)\r\n[4]> ")).contains("299"))
    try terminal.type("show _\r")
    #expect(lines(try terminal.expect("(300 rows)\r\n[5]> ")).count > 60)
  }

  @Test func helpStopsAtAScreenful() throws {
    let terminal = try start()
    try terminal.type("help train\r")
    let shown = try terminal.expect("more lines; `print _` gives all)\r\n[2]> ")
    #expect(shown.contains("train(model, data") && shown.split(separator: "\n").count < 45)
    try terminal.type("print _\r")
    #expect(try terminal.expect("[3]> ").contains("Example"))
    try terminal.type("help quit\r")
    #expect(try terminal.expect("[4]> ").contains("Ends the session."))
  }

  @Test func recallTellsWhatItLeavesOut() throws {
    let terminal = try start()
    for number in 1...22 {
      try terminal.type("\(number)\r")
      try terminal.expect("[\(number + 1)]> ")
    }
    try terminal.type("recall\r")
    #expect(try terminal.expect("[24]> ").contains("2 earlier; `recall 22` writes all"))
    try terminal.type("recall 23\r")
    #expect(try !terminal.expect("[25]> ").contains("earlier"))
  }

  /// Ctrl-D that is typed while a command runs ends the session behind it.
  @Test func controlDIsTypedAhead() throws {
    let terminal = try start()
    // Before the command runs the terminal is as readline left it, for a moment.
    try terminal.type("print \"it runs\"; for i in range(30000000) { x = i }\r")
    try terminal.expect("\nit runs")
    try terminal.type("\u{4}")
    #expect(try terminal.end().status == 0)
  }

  @Test func aSavedSessionGivesTheSameNumbers() throws {
    let environment = ["XDG_STATE_HOME": state.path, "XDG_CONFIG_HOME": state.path]
    let terminal = try PseudoTerminal(
      ["--no-color", "--allow-write", state.path], environment: environment, columns: 80)
    try terminal.expect("[1]> ")
    try terminal.type("a = rand(3)\r")
    try terminal.expect("[2]> ")
    try terminal.type("print a\r")
    let first = try terminal.expect("[3]> ")
    try terminal.type("save session, \"\(state.path)/session.pxb\"\r")
    try terminal.expect("[4]> ")
    try terminal.type("reset\r")
    try terminal.expect("[5]> ")
    try terminal.type("seed 1; run \"\(state.path)/session.pxb\"\r")
    let numbers = try #require(first.firstRange(of: "tensor(["))
    let told = first[numbers.lowerBound...].prefix { $0 != ")" }
    #expect(try terminal.expect("[6]> ").contains(told))
  }

  @Test func aDataSetIsALineAndFourRows() throws {
    let terminal = try start()
    try terminal.type("sprites(count: 20, size: 8, seed: 1)\r")
    let shown = try terminal.expect("[2]> ")
    #expect(shown.contains("data set: 20 rows, columns image, caption"), "\(shown)")
    #expect(shown.contains(" more\r\n"))
    #expect(shown.split(separator: "\n").count < 16, "\(shown)")
  }

  @Test func cellsAreThoseOfTheScript() throws {
    let path = try state.write("two.pxb", "# %% A\nx = 2\n# %% B\ny = x")
    let terminal = try start()
    try terminal.type("run \"\(path)\"\r")
    try terminal.expect("[2]> ")
    try terminal.type("x = 3\r")
    try terminal.expect("[3]> ")
    try terminal.type("print cells().state\r")
    try terminal.expect("[\"run\", \"stale\"]\r\n")
  }

  @Test func exitLeavesUnlessItIsAVariable() throws {
    let terminal = try start()
    try terminal.type("exit = 3\r")
    try terminal.expect("[2]> ")
    try terminal.type("exit\r")
    try terminal.expect("\n3\r\n[3]> ")
    try terminal.type("reset\r")
    try terminal.expect("[4]> ")
    try terminal.type("clear\r")
    try terminal.expect("\u{1B}[H\u{1B}[2J")
    try terminal.type(" exit()\r")
    #expect(try terminal.end().status == 0)
  }

  @Test func manyCandidatesAreListedWhenAsked() throws {
    for number in 0..<150 { _ = try state.write("f\(number).txt", "") }
    let terminal = try start()
    try terminal.type("read_text(\"\(state.path)/f\t")
    try terminal.expect("Display all 150 possibilities? (y or n)")
    try terminal.type("n")
    try terminal.expect("/f")
    try terminal.type("\t")
    try terminal.expect("(y or n)")
    try terminal.type("y")
    try terminal.expect("f149.txt")
  }

  /// The keys that end other programs.
  @Test func controlBackslashEndsNothing() throws {
    let terminal = try start()
    try terminal.type("kept = 7\r")
    try terminal.expect("[2]> ")
    try terminal.type("\u{1C}")
    try terminal.type("print \"begun\"; while true { }\r")
    try terminal.expect("\nbegun\r\n")
    try terminal.type("\u{1C}")
    try terminal.type("\u{3}")
    try terminal.expect("[3]> ")
    try terminal.type("kept * 6\r")
    try terminal.expect("\n42\r\n")
  }
}
