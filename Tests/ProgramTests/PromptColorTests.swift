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

  /// Keys as people type them, each as what a terminal sends, on lines that are longer than the screen and of wide characters.
  private static let keys: [String] = [
    "a", "b ", "print ", "\"", "é", "猫", "🙂", "for i in x { }", "# no", "\u{7F}", "\u{7F}", "\u{1}", "\u{5}", "\u{2}",
    "\u{6}", "\u{1B}[D",
    "\u{1B}[C", "\u{1B}b", "\u{1B}f", "\u{B}", "\u{15}", "\u{17}", "\u{19}", "\u{14}", "\u{1B}\r", "\u{1B}[A",
    "\u{1B}[B",
    "0123456789012345678901234567890123456789", "\u{1B}[3~",
  ]

  /// Both ways to draw show the same text with the cursor at the same place, whatever is typed.
  @Test(arguments: 0..<12) func standsWhereReadlinePutsIt(seed: UInt64) throws {
    var state = seed &* 0x9E37_79B9_7F4A_7C15 &+ 1
    func random(_ count: Int) -> Int {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Int(state >> 33) % count
    }
    let keys = (0..<60).map { _ in Self.keys[random(Self.keys.count)] }
    var screens: [ScreenModel] = []
    for words in [[], ["--no-color"]] {
      let terminal = try PseudoTerminal(
        ["--quiet"] + words, environment: ["XDG_STATE_HOME": self.state.path + "/\(seed)-\(words.count)"],
        columns: UInt16(Self.columns))
      var screen = ScreenModel(columns: Self.columns, height: 40)
      screen.take(try terminal.expect("> "))
      for key in keys {
        try terminal.type(key)
        screen.take(try terminal.rest(quietFor: 0.01))
      }
      // What was typed last may be drawn late on a busy machine.
      screen.take(try terminal.rest(quietFor: 1))
      screens.append(screen)
    }
    #expect(screens[0].text == screens[1].text, "\(keys)")
    #expect(screens[0].row == screens[1].row && screens[0].column == screens[1].column, "\(keys)")
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
