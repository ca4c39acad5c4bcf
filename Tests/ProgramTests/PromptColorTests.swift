import Foundation
import Testing
import pixelbytes

/// What is typed has colors, and stands where readline would have put it.
@Suite(.serialized) struct PromptColorTests {
  private let state: TemporaryFolder
  private static let columns = 40

  init() throws { state = try TemporaryFolder() }

  private func start(_ words: [String] = [], _ more: [String: String] = [:]) throws -> PseudoTerminal {
    var environment = ["XDG_STATE_HOME": state.path, "XDG_CONFIG_HOME": state.path]
    environment.merge(more) { _, given in given }
    let terminal = try PseudoTerminal(["--quiet"] + words, environment: environment, columns: UInt16(Self.columns))
    try terminal.expect("> ")
    return terminal
  }

  @Test func wordsHaveColors() throws {
    let terminal = try start()
    try terminal.type("if true { print \"a\", 12 } # end")
    let line = try terminal.expect("# end")
    for colored in ["\u{1B}[95mif", "\u{1B}[96mtrue", "\u{1B}[94mprint", "\u{1B}[92m\"a\"", "\u{1B}[96m12"] {
      #expect(line.contains(colored), "\(colored): \(line.debugDescription)")
    }
    try terminal.type("\r")
    try terminal.expect("a 12")
  }

  /// The terminal is asked to mark what is pasted, with colors and without, so that several lines are one input.
  @Test(arguments: [[], ["--no-color"]]) func pastesAreMarked(words: [String]) throws {
    let terminal = try start(words)
    #expect(terminal.marksPastes)
    try terminal.type("\u{1B}[200~if 2 < 1 {\n  print \"big\"\n}\nelse {\n  print \"small\"\n}\u{1B}[201~\r")
    try terminal.expect("\nsmall")
  }

  /// Ctrl-D within an input drops that, and leaves at the start of one.
  @Test func theEndOfInputDropsWhatIsOpen() throws {
    let terminal = try start()
    try terminal.type("a = 41\r")
    try terminal.expect("[2]> ")
    try terminal.type("if true {\r")
    try terminal.expect("...> ")
    try terminal.type("\u{4}")
    try terminal.expect("dropped")
    try terminal.type("print a + 1\r")
    try terminal.expect("42")
  }

  @Test func aThemeOfTheSettingsChoosesThem() throws {
    try FileManager.default.createDirectory(atPath: state.path + "/pixelbytes", withIntermediateDirectories: true)
    _ = try state.write("pixelbytes/config.pxb", "theme \"light\"")
    let terminal = try start()
    try terminal.type("nil")
    try terminal.expect("\u{1B}[36mnil")
    try terminal.type("\rtheme \"plain\"\r")
    try terminal.expect("[3]>")
    try terminal.type("nil # x")
    #expect(try !terminal.expect("# x").contains("\u{1B}[36m"))
  }

  @Test(arguments: [(["--no-color"], [:]), ([], ["NO_COLOR": "1"]), ([], ["TERM": "dumb"])])
  func noColorsWhereNoneAreWanted(words: [String], environment: [String: String]) throws {
    let terminal = try start(words, environment)
    try terminal.type("nil\r")
    #expect(try !terminal.expect("[2]> ").contains("\u{1B}[9"))
  }

  /// A block is colored by the lines before it, too.
  @Test func aLineGoesOnFromTheOnesBefore() throws {
    let terminal = try start()
    try terminal.type("x = \"\"\"one\r")
    try terminal.expect("...> ")
    try terminal.type("if two")
    #expect(try terminal.expect("if two").contains("\u{1B}[92mif two"))
  }

  /// What a terminal answers to others, whole, late or nonsense, is no key.
  @Test(arguments: [[], ["--no-color"]]) func answersOfTheTerminalAreDropped(words: [String]) throws {
    let terminal = try start(words)
    for answer in [
      "\u{1B}_Gi=31;OK\u{1B}\\", "\u{1B}[?62;4;22c", "\u{1B}]11;rgb:0000/0000/0000\u{7}", "\u{1B}P>|nonsense\u{1B}\\",
      "\u{1B}]10;\u{1B}[?1;2c\u{7}",
    ] {
      try terminal.type("print 6 " + answer + "* 7\r")
      try terminal.expect("\n42\r\n")
      try terminal.expect("> ")
    }
  }

  /// The cursor stands behind what was typed, in the next row where a row is full.
  @Test(arguments: [1, 34, 35, 36, 74, 75, 76, 235]) func theCursorStandsBehindTheText(count: Int) throws {
    let terminal = try PseudoTerminal(
      ["--quiet"], environment: ["XDG_STATE_HOME": state.path], columns: UInt16(Self.columns))
    var screen = ScreenModel(columns: Self.columns, height: 40)
    screen.take(try terminal.expect("> "))
    for _ in 0..<count { try terminal.type("a") }
    screen.take(try terminal.rest(quietFor: 1))
    #expect(screen.row == (count + 5) / Self.columns && screen.column == (count + 5) % Self.columns)
    try terminal.type("\u{1B}[D")
    screen.take(try terminal.rest(quietFor: 1))
    #expect(screen.row == (count + 4) / Self.columns && screen.column == (count + 4) % Self.columns)
    #expect(screen.text.joined() == "[1]> " + String(repeating: "a", count: count))
  }

  /// A text that is taller than the screen shows the rows around the cursor, and all of it runs.
  @Test func aTallTextIsEdited() throws {
    let terminal = try start()
    try terminal.type("x = [\u{1B}\r" + (0..<60).map { "\($0),\u{1B}\r" }.joined() + "]; print len(x)\r")
    try terminal.expect("\n60\r\n")
  }

  @Test func searchAndCompletionAreDrawn() throws {
    let terminal = try start()
    try terminal.type("print 41 + 1\r")
    try terminal.expect("42")
    try terminal.type("\u{12}41 +")
    try terminal.expect("(reverse-i-search)")
    try terminal.type("\r")
    try terminal.expect("\n42\r\n")
    try terminal.type("sprit\t")
    try terminal.expect("sprites")
    try terminal.type("\u{3}")
    try terminal.expect("^C")
    try terminal.type("pri\u{C}")
    try terminal.expect("\u{1B}[2J")
    try terminal.type("nt 7\r")
    try terminal.expect("\n7\r\n")
  }
}
