import PixelScript
import Testing

@Suite struct InterpreterTests {
  let interpreter = Interpreter(registry: TestCommands.registry()) { _ in }

  private func script(_ text: String) throws -> Script { try Script.parse(SourceText(name: "test", text)) }

  @Test func variablesLiveOn() throws {
    try interpreter.run("x = 1\nfn f() = x + y")
    try interpreter.run("y = 10")
    #expect(try interpreter.run("f()") == .number(11))
    #expect(interpreter.variables.map(\.name) == ["x", "f", "y"])
    try interpreter.setVariable("x", to: .number(5))
    #expect(try interpreter.run("f()") == .number(15))
    try interpreter.setVariable("len", to: .number(3))
    #expect(try interpreter.run("len + len([1])") == .number(4))
    interpreter.reset()
    #expect(interpreter.variables.isEmpty)
    #expect(throws: Diagnostic.self) { try interpreter.run("x") }
  }

  @Test(arguments: [("1 + 1", "2"), ("1 + 1;", nil), ("nil", nil), ("x = 1", nil), ("x = 1; x", "1"), ("", nil)])
  func echoes(text: String, echo: String?) throws {
    #expect(try interpreter.run(text)?.echo == echo)
  }

  @Test func anErrorKeepsTheSession() throws {
    #expect(throws: Diagnostic.self) { try interpreter.run("a = 1\nb = a + nosuch\nc = 3") }
    #expect(try interpreter.run("a") == .number(1))
    #expect(interpreter.variable("b") == nil)
  }

  @Test func mistakesAreFoundBeforeAnythingRuns() throws {
    #expect(throws: SyntaxFailure.self) { try interpreter.run("x = 1\n# %%\nbreak") }
    #expect(interpreter.variable("x") == nil)
    let failure = try #require(throws: SyntaxFailure.self) { try interpreter.run("break\ncontinue") }
    #expect(failure.diagnostics.count == 2)
  }

  @Test func hostsCallScriptFunctions() throws {
    try interpreter.run("fn area(w, h: 2) = w * h\nfn fails() { raise \"no\" }")
    let area = try #require(interpreter.variable("area"))
    #expect(try interpreter.call(area, Arguments([.number(3)])) == .number(6))
    #expect(try interpreter.call(area, Arguments([.number(3)], named: [("h", .number(5))])) == .number(15))
    #expect(throws: ScriptError.self) { try interpreter.call(area, Arguments([])) }
    let fails = try #require(interpreter.variable("fails"))
    let error = try #require(throws: Diagnostic.self) { try interpreter.call(fails, Arguments([])) }
    #expect(error.message == "no")
    #expect(try interpreter.call(area, Arguments([.number(1)])) == .number(2))
  }

  @Test func commandsAndFunctionsCallEachOther() throws {
    let text = """
      fn tree(n) = [] if n == 0 else map(range(2), fn(i) = tree(n - 1))
      fn leaves(t) { if len(t) == 0 { return 1 }
        s = 0
        for x in map(t, leaves) { s += x }
        return s }
      leaves(tree(8))
      """
    #expect(try interpreter.run(text) == .number(256))
    let caught =
      "fn bad(x) { raise f\"bad {x}\" }\nr = []\nfor i in range(3) { try { map([i], bad) } catch e { push(r, e.message) } }\nr"
    #expect(try interpreter.run(caught)?.echo == #"["bad 0", "bad 1", "bad 2"]"#)
    #expect(try interpreter.run("map([3, 4], fn(x) = call(fn(y) = y * x, 10))")?.echo == "[30, 40]")
  }

  @Test func parametersAreCheckedBeforeTheRun() throws {
    let script = try script(
      """
      param epochs = 5 "passes"
      param model = "lstm" in ["lstm", "mamba"] "kind"
      param learning_rate = 0.1
      result = [epochs, model, learning_rate]
      """)
    #expect(try interpreter.parameters(of: script).map(\.name) == ["epochs", "model", "learning_rate"])
    try interpreter.run(script, parameters: ["epochs": .number(20), "learning-rate": .number(1)])
    #expect(interpreter.variable("result")?.echo == #"[20, "lstm", 1]"#)
    interpreter.reset()
    let wrong: [(String, Value, String, String?)] = [
      ("epohcs", .number(1), "the script has no parameter `epohcs`", "did you mean `epochs`?"),
      ("epochs", .string("5"), #"the parameter `epochs` is a number, found the string "5""#, nil),
      (
        "model", .string("mmba"), #"the parameter `model` is one of "lstm", "mamba", found "mmba""#,
        #"did you mean "mamba"?"#
      ),
    ]
    for (name, value, message, help) in wrong {
      let error = try #require(throws: ScriptError.self) { try interpreter.run(script, parameters: [name: value]) }
      #expect(error.message == message)
      #expect(error.help == help)
      #expect(interpreter.variables.isEmpty)
    }
  }

  @Test(arguments: [
    ("5", "7", "7"), ("5", "1e-3", "0.001"), ("true", "false", "false"), ("\"a\"", "7", "\"7\""),
    ("[1]", "1,2", "[1, 2]"), ("[\"a\"]", "a, b", "[\"a\", \"b\"]"), ("5", "x", nil), ("true", "1", nil),
  ])
  func wordsBecomeParameters(fallback: String, word: String, echo: String?) throws {
    let parameter = try #require(try interpreter.parameters(of: script("param p = \(fallback)")).first)
    if let echo {
      #expect(try parameter.value(from: word).echo == echo)
    } else {
      #expect(throws: ScriptError.self) { try parameter.value(from: word) }
    }
  }

  /// Defaults, words and what they become; nil where they are refused.
  static let words: [(String, [String], String?)] = [
    ("[1]", ["3", "4"], "[3, 4]"), ("[1]", ["[3, 4]"], "[3, 4]"), ("[1]", ["3,", "4"], nil), ("[1]", ["a"], nil),
    ("[1]", ["-1", "1e-3"], "[-1, 0.001]"), ("[1]", ["[]"], "[]"), ("[1]", ["[3, 4"], nil), ("[1]", ["[3], [4]"], nil),
    ("['a']", ["accuracy", "f1"], "[\"accuracy\", \"f1\"]"), ("['a']", ["[1, \"x, y\"]"], "[\"1\", \"x, y\"]"),
    ("[]", ["1", "2"], "[1, 2]"), ("[]", ["1", "b"], "[\"1\", \"b\"]"), ("[true]", ["false", "true"], "[false, true]"),
    ("[[1, 2]]", ["[[3, 4], [5]]"], "[[3, 4], [5]]"), ("[[1, 2]]", ["[3, 4]", "[5]"], "[[3, 4], [5]]"),
    ("5", ["1", "2"], nil),
  ]

  /// A list is one word for each element, or words with several, of the type that the default's elements have.
  @Test(arguments: words)
  func severalWordsBecomeAList(fallback: String, words: [String], echo: String?) throws {
    let parameter = try #require(try interpreter.parameters(of: script("param p = \(fallback)")).first)
    if let echo {
      #expect(try parameter.value(from: words).echo == echo)
    } else {
      #expect(throws: ScriptError.self) { try parameter.value(from: words) }
    }
  }

  @Test func cellsRunAlone() throws {
    let script = try script("# %% A\nparam n = 2\nx = n\n# %% B\ny = n * 10\ny\n# %% C\nz = 1")
    let program = try interpreter.prepare(script, parameters: ["n": .number(4)])
    #expect(try interpreter.run(program, cell: 1) == .number(40))
    #expect(interpreter.variables.map(\.name) == ["n", "y"])
  }

  /// A text that is refused, in whichever cell its mistake stands, leaves nothing behind and runs nothing.
  @Test(arguments: ["a = 1; f'{a:zz}'", "a = 1\n# %% B\nf'{a:zz}'", "param a = 1\nf'{a:zz}'"])
  func aRefusedTextLeavesNoTrace(text: String) throws {
    let script = try script(text)
    for _ in 0..<2 {
      let failure = #expect(throws: SyntaxFailure.self) { try interpreter.prepare(script) }
      #expect(failure?.diagnostics.map(\.message) == [#""zz" is no format"#])
    }
    #expect(interpreter.knownNames.isEmpty)
  }

  /// A script of one cell is compiled once, and again where what the code counts on has changed.
  @Test func aProgramMayRunLater() throws {
    try interpreter.run("x = 1")
    let program = try interpreter.prepare(script("y = x + 1; y"))
    #expect(try interpreter.run(program, cell: 0) == .number(2))
    try interpreter.run("x = 5")
    #expect(try interpreter.run(program, cell: 0) == .number(6))
    interpreter.reset()
    let error = #expect(throws: Diagnostic.self) { try interpreter.run(program, cell: 0) }
    #expect(error?.message == "there is no variable or command `x`")
    try interpreter.run("z = 0; x = 2")
    #expect(try interpreter.run(program, cell: 0) == .number(3))
  }
}
