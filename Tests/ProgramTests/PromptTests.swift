import Foundation
import Testing
import pixelbytes

/// Sessions at a real terminal.
@Suite(.serialized) struct PromptTests {
  private let state: TemporaryFolder

  init() throws { state = try TemporaryFolder() }

  private func start(_ environment: [String: String] = [:], columns: UInt16 = 80) throws -> PseudoTerminal {
    let surroundings = ["XDG_STATE_HOME": state.path].merging(environment) { _, given in given }
    let terminal = try PseudoTerminal(["--no-color"], environment: surroundings, columns: columns)
    try terminal.expect("[1]> ")
    return terminal
  }

  @Test func valuesAreEchoedAndRemembered() throws {
    let terminal = try start()
    try terminal.type("20 + 1\r")
    try terminal.expect("\n21\r\n")
    try terminal.type("_ * 2\r")
    try terminal.expect("\n42\r\n")
    try terminal.type("_ + __\r")
    try terminal.expect("\n63\r\n")
    try terminal.expect("[4]> ")
    try terminal.type("x = 5\r")
    #expect(try !terminal.expect("[5]> ").contains("\n5\r\n"))
    try terminal.type("\u{4}")
    #expect(try terminal.end().status == 0)
  }

  @Test func settingsRunBeforeTheFirstInput() throws {
    let path = "pixelbytes/config.pxb"
    try FileManager.default.createDirectory(atPath: state.path + "/pixelbytes", withIntermediateDirectories: true)
    func end(_ terminal: PseudoTerminal) throws {
      try terminal.type("\u{4}")
      #expect(try terminal.end().status == 0)
    }
    _ = try state.write(path, "fn twice(x) = 2 * x\npictures \"kitty\"\nprint 1 +")
    let broken = try PseudoTerminal(["--no-color"], environment: ["XDG_CONFIG_HOME": state.path])
    #expect(try broken.expect("[1]> ").contains("config.pxb:3"))
    try end(broken)
    _ = try state.write(path, "fn twice(x) = 2 * x\npictures \"kitty\"\nraise \"late\"")
    let settled = try PseudoTerminal(["--no-color"], environment: ["XDG_CONFIG_HOME": state.path])
    #expect(try settled.expect("[1]> ").contains("late"))
    try settled.type("print twice(21), pictures()\r")
    try settled.expect("\n42 kitty\r\n")
    // Their text is no input of the session.
    try settled.expect("[2]> ")
    try settled.type("recall\r")
    let recalled = try settled.expect("[3]> ")
    #expect(recalled.contains("print twice(21)") && !recalled.contains("fn twice"))
    try end(settled)
    _ = try state.write(path, "kept = 3\nquit")
    let quitting = try PseudoTerminal(["--no-color"], environment: ["XDG_CONFIG_HOME": state.path])
    #expect(try quitting.expect("[1]> ").contains("`quit` has ended the settings"))
    try quitting.type("kept\r")
    try quitting.expect("\n3\r\n[2]> ")
    try end(quitting)
    let plain = try PseudoTerminal(["--no-color", "--no-settings"], environment: ["XDG_CONFIG_HOME": state.path])
    #expect(try !plain.expect("[1]> ").contains("late"))
    try end(plain)
  }

  @Test func anUnfinishedInputGoesOnInTheNextLine() throws {
    let terminal = try start()
    try terminal.type("fn double(x) {\r")
    try terminal.expect("...> ")
    try terminal.type("  return x * 2\r")
    try terminal.expect("...> ")
    try terminal.type("}\r")
    try terminal.expect("[2]> ")
    try terminal.type("double(21)\r")
    try terminal.expect("\n42\r\n")
  }

  /// Who gives two blank lines to an open block learns what it waits for.
  @Test func whatIsStillOpenIsTold() throws {
    let terminal = try start()
    try terminal.type("fn f() {\r")
    try terminal.expect("...> ")
    try terminal.type("\r")
    #expect(try !terminal.expect("...> ").contains("still open"))
    try terminal.type("\r")
    try terminal.expect("still open: ")
    try terminal.expect("...> ")
    try terminal.type("  return 7 }\r")
    try terminal.expect("[2]> ")
    try terminal.type("f()\r")
    try terminal.expect("\n7\r\n")
  }

  @Test func aPastedBlockIsOneInput() throws {
    let terminal = try start()
    let lines = (0..<36).map { "  total += \($0)\($0 % 7 == 0 ? "\n" : "")" }
    let function = (["fn pasted() {", "  total = 0"] + lines + ["  return total", "}"]).joined(separator: "\n")
    try terminal.type("\u{1B}[200~\(function)\npasted()\u{1B}[201~")
    try terminal.type("\r")
    try terminal.expect("\n630\r\n")
    try terminal.expect("[2]> ")
    // The arrow key brings back all of it.
    try terminal.type("\u{1B}[A\r")
    try terminal.expect("\n630\r\n")
    try terminal.expect("[3]> ")
  }

  @Test func controlCStopsAnEndlessLoopAndKeepsTheSession() throws {
    let terminal = try start()
    try terminal.type("kept = 7\r")
    try terminal.expect("[2]> ")
    try terminal.type("print \"begun\"; while true { }\r")
    try terminal.expect("\nbegun\r\n")
    try terminal.type("\u{3}")
    try terminal.expect("error[interrupted]")
    try terminal.expect("[3]> ")
    try terminal.type("kept * 6\r")
    try terminal.expect("\n42\r\n")
  }

  @Test func controlCStopsAnEndlessValue() throws {
    let terminal = try start()
    try terminal.type("print list(range(1000000))\r")
    try terminal.expect("1000, 1001")
    try terminal.type("\u{3}")
    // On a busy machine the line that tells the time stands between the two.
    try terminal.expect("the rest of the output is left out\r\n")
    try terminal.expect("[2]> ")
    try terminal.type("6 * 7\r")
    try terminal.expect("\n42\r\n")
  }

  @Test func controlCDropsTheLineOrTheBlock() throws {
    let terminal = try start()
    try terminal.type("no such thing\u{3}")
    try terminal.expect("^C\r\n")
    try terminal.expect("[1]> ")
    try terminal.type("fn f() {\r")
    try terminal.expect("...> ")
    try terminal.type("\u{3}")
    try terminal.expect("[1]> ")
    try terminal.type("1 + 1\r")
    try terminal.expect("\n2\r\n")
  }

  @Test func controlDLeavesOnlyOnAnEmptyLine() throws {
    let terminal = try start()
    try terminal.type("12\u{1}\u{4}\r")
    try terminal.expect("\n2\r\n")
    try terminal.expect("[2]> ")
    try terminal.type("\u{4}")
    #expect(try terminal.end().status == 0)
  }

  @Test func quitLeaves() throws {
    let terminal = try start()
    try terminal.type("quit\r")
    #expect(try terminal.end().status == 0)
  }

  @Test func historyOutlivesTheSession() throws {
    let first = try start()
    try first.type("a = 40\r")
    try first.expect("[2]> ")
    try first.type("fn add(x) {\r")
    try first.expect("...> ")
    try first.type("  return a + x }\r")
    try first.expect("[3]> ")
    // Even a session that is killed has kept what was typed.
    first.signal(SIGKILL)
    #expect(try first.end().status == 128 + SIGKILL)
    let second = try start()
    // The first key finds the function, the second its first line, the third what was before.
    try second.type("\u{1B}[A\u{1B}[A\u{1B}[A\r")
    try second.expect("[2]> ")
    try second.type("\u{1B}[A\u{1B}[A\r")
    try second.expect("[3]> ")
    try second.type("add(2)\r")
    try second.expect("\n42\r\n")
  }

  @Test func tabCompletes() throws {
    let terminal = try start()
    try terminal.type("wonderful = 6\r")
    try terminal.expect("[2]> ")
    try terminal.type("wond\t * 7\r")
    try terminal.expect("\n42\r\n")
    try terminal.type("ones([2], dt\t\"flo\t)\r")
    try terminal.expect("shape [2], float32")
    try terminal.type("settings = {depth: 3, width: 4}\r")
    try terminal.expect("> ")
    try terminal.type("settings.de\t\r")
    try terminal.expect("\n3\r\n")
    try terminal.expect("> ")
    try terminal.type("layer_n\t\u{3}")
    try terminal.expect("layer_norm")
  }

  @Test func tabListsWhatIsPossible() throws {
    let terminal = try start()
    try terminal.type("first_thing = 1; first_place = 2\r")
    try terminal.expect("[2]> ")
    try terminal.type("fir\t")
    try terminal.expect("first_")
    try terminal.expect("first_place")
    try terminal.expect("first_thing")
    try terminal.type("t\t + 41\r")
    try terminal.expect("\n42\r\n")
  }

  @Test func tabCompletesPathsInStrings() throws {
    let path = try state.write("some picture.txt", "inside")
    let terminal = try start()
    try terminal.type("read_text \"\(path.dropLast(11))\t\r")
    try terminal.expect("\n\"inside\"\r\n")
  }

  @Test(arguments: ["ones?", "?ones", "help ones", "help \"ones\""])
  func helpIsAKeyAway(input: String) throws {
    let terminal = try start()
    try terminal.type("\(input)\r")
    try terminal.expect("ones(")
    try terminal.expect("Example")
    try terminal.expect("[2]> ")
  }

  @Test func aQuestionMarkBehindAVariableDescribesIt() throws {
    let terminal = try start()
    try terminal.type("data = sprites(count: 3)\r")
    try terminal.expect("[2]> ")
    try terminal.type("data?\r")
    try terminal.expect("data: data set: 3 rows")
    try terminal.expect("commands for a data set  batches build concat describe")
    try terminal.type("?\r")
    try terminal.expect("tells what a command does")
  }

  @Test func interruptedTrainingTellsHowFarItCame() throws {
    let terminal = try start()
    try terminal.type("data = sprites(count: 100); net = lstm(dim: 9, state: 8, depth: 1)\r")
    try terminal.expect("[2]> ")
    try terminal.type("train net, data, epochs: 10000\r")
    try terminal.expect("epoch 5: train loss")
    try terminal.type("\u{3}")
    try terminal.expect("error[interrupted]: interrupted after ")
    try terminal.expect("the model keeps what it has learned")
    try terminal.expect("[3]> ")
    try terminal.type("_.epoch[1]\r")
    try terminal.expect("\n5\r\n")
    try terminal.type("train net, data, steps: 1;\r")
    try terminal.expect("[5]> ")
  }

  @Test func theUpKeyGoesThroughTheLinesOfABlock() throws {
    let terminal = try start()
    try terminal.type("fn two() {\r")
    try terminal.expect("...> ")
    try terminal.type("  return 3\r")
    try terminal.expect("...> ")
    // Back to all lines at once, to the end of the second one, then below to close the block.
    try terminal.type("}\u{1B}[A")
    try terminal.expect("[1]> fn two() {")
    try terminal.type("\u{7F}2\r")
    try terminal.expect("[2]> ")
    try terminal.type("two()\r")
    try terminal.expect("\n2\r\n")
  }

  @Test func aLineEndCanBeTyped() throws {
    let terminal = try start()
    try terminal.type("a = 20\u{1B}\ra + 1\r")
    try terminal.expect("\n21\r\n")
    try terminal.expect("[2]> ")
  }

  @Test func searchingFindsAnInputOfSeveralLines() throws {
    let terminal = try start()
    try terminal.type("hits = 0; if true {\r  hits = 7 + hits\r}\r")
    try terminal.expect("[2]> ")
    try terminal.type("hits = hits * 3\r")
    try terminal.expect("[3]> ")
    try terminal.type("\u{12}true\r")
    try terminal.expect("[4]> ")
    try terminal.type("hits\r")
    try terminal.expect("\n7\r\n")
  }

  @Test func twoSessionsAtOnceLoseNothing() throws {
    let (first, second) = (try start(), try start())
    for number in 0..<5 {
      try first.type("first = \(number)\r")
      try second.type("second = \(number)\r")
      try first.expect("[\(number + 2)]> ")
      try second.expect("[\(number + 2)]> ")
    }
    let entries = try InputHistory(environment: ["XDG_STATE_HOME": state.path]).entries()
    #expect(entries.filter { $0.hasPrefix("first") } == (0..<5).map { "first = \($0)" })
    #expect(entries.filter { $0.hasPrefix("second") } == (0..<5).map { "second = \($0)" })
  }

  @Test func earlierInputsAreRecalled() throws {
    let terminal = try start()
    try terminal.type("a = 1\rb = 2\rrecall 2\r")
    try terminal.expect("[1] a = 1\r\n[2] b = 2\r\n")
  }

  @Test(arguments: [["LANG": ""], ["LANG": "C"], ["LANG": "en_US.UTF-8"], ["LANG": "", "TERM": "dumb"]])
  func wideCharactersAreEdited(environment: [String: String]) throws {
    let terminal = try start(environment)
    // Left over the quote and the emoji, then away with one character before it.
    try terminal.type("\"日本語🎨\"\u{1B}[D\u{1B}[D\u{7F}\r")
    try terminal.expect("\n\"日本🎨\"\r\n")
    try terminal.type("\"日本\" + nothing\r")
    try terminal.expect("1 | \"日本\" + nothing\r\n  |          ^^^^^^^")
  }

  @Test func whatTakesLongSaysSo() throws {
    let terminal = try start()
    try terminal.type("start = now(); while now() - start < 1.1 { }\r")
    try terminal.expect("took 1.")
    try terminal.expect("[2]> ")
  }

  @Test(arguments: [
    "train net, data, epochs: 1000", "evaluate net, data, metrics: [\"f1\"], stride: 1",
    "generate net, prompt: \"cat\", tokens: 1000000", "build sprites(count: 200000);", "sprites(count: 500000);",
    "\"ab\" * 400000000", "sum(range(10000000000))", "timeit fn() = 1, repeat: 1000000000",
  ])
  func controlCStopsWhatTakesLong(command: String) throws {
    let terminal = try start()
    try terminal.type("data = sprites(count: 1000); net = lstm(dim: 9, state: 8, depth: 1)\r")
    try terminal.expect("[2]> ")
    try terminal.type("print \"begun\"; \(command)\r")
    try terminal.expect("\nbegun\r\n")
    try terminal.type("\u{3}")
    try terminal.expect("[3]> ")
    try terminal.type("len(data) + 1\r")
    try terminal.expect("\n1001\r\n")
  }

  @Test func errorsLeaveTheSessionAsItWas() throws {
    let terminal = try start()
    try terminal.type("x = 3; y = nonsense\r")
    try terminal.expect("error[name]")
    try terminal.expect("[2]> ")
    try terminal.type("1 +* 2\r")
    try terminal.expect("error[syntax]")
    try terminal.expect("[3]> ")
  }

  @Test(arguments: ["xterm-256color", "dumb", "vt100", "linux"])
  func everyTerminalWorks(kind: String) throws {
    let terminal = try start(["TERM": kind])
    try terminal.type("6 * 7\r")
    try terminal.expect("\n42\r\n")
    try terminal.type("fn f() {\r")
    try terminal.expect("...> ")
    try terminal.type("return 5 }\r")
    try terminal.type("f()\r")
    try terminal.expect("\n5\r\n")
  }

  @Test func fortyColumnsAreEnough() throws {
    let terminal = try start(columns: 40)
    let sum = (1...40).map(String.init).joined(separator: " + ")
    try terminal.type("\(sum)\r")
    try terminal.expect("\n820\r\n")
    try terminal.type("o\t\u{3}")
    let listing = try terminal.expect("^C")
    #expect(listing.split(separator: "\r\n").allSatisfy { $0.count <= 60 })
  }

  @Test func noColorMeansNoColors() throws {
    let colored = try PseudoTerminal(environment: ["XDG_STATE_HOME": state.path])
    try colored.expect("\u{1B}[1;36m")
    let plain = try PseudoTerminal(environment: ["XDG_STATE_HOME": state.path, "NO_COLOR": "1"])
    var shown = try plain.expect("[1]> ")
    try plain.type("nonsense\r")
    shown += try plain.expect("[2]> ")
    try plain.type("\u{4}")
    shown += try plain.end().output
    #expect(shown.contains("error[name]"))
    #expect(shown.firstRange(of: /\u{1B}\[[0-9;]*m/) == nil)
  }

  @Test func aSignalEndsThePrompt() throws {
    for (signal, status) in [(SIGTERM, 143), (SIGHUP, 129)] as [(Int32, Int32)] {
      let waiting = try start()
      waiting.signal(signal)
      #expect(try waiting.end().status == status)
      let running = try start()
      try running.type("while true { }\r")
      try running.expect("\r\n")
      running.signal(signal)
      #expect(try running.end().status == status)
    }
  }
}
