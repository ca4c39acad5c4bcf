import PixelScript
import Safepoint
import Tensors
import Testing
import Workbench

@Suite(.serialized) struct SessionTests {
  @Test func keepsVariablesAndEchoesTheLastValueOfACell() {
    let test = TestSession()
    #expect(test.run("x = 20") == "")
    #expect(test.run("x + 1\nx + 2") == "22\n")
    #expect(test.run("# %% a\nx\n# %% b\nx * 2;\n# %% c\n\"text\"") == "20\n\"text\"\n")
    #expect(test.run("x", echo: false) == "")
    #expect(test.run("_ == \"text\" and __ == 20") == "true\n")
    #expect(test.run("tensor([1, 2])") == "tensor([1, 2], shape [2], float32)\n")
    #expect(test.run("vars()").contains("x"))
    #expect(!test.run("vars().name").contains("_"))
  }

  @Test func tellsHowARunEnded() {
    let session = TestSession().session
    #expect(session.run("x = 1", name: "a").exitStatus == 0)
    #expect(session.run("raise \"no\"", name: "a").exitStatus == 1)
    #expect(session.run("x = )", name: "a").exitStatus == 2)
    #expect(session.run(bytes: [0x22, 0xFF, 0x22], name: "a").exitStatus == 2)
    guard case .incomplete(let errors) = session.run("x = (1 +", name: "a") else {
      Issue.record("an open bracket is not told as such")
      return
    }
    #expect(errors.first?.kind == .syntax)
    guard case .failed = session.run("x = (1 + ]", name: "a") else {
      Issue.record("a wrong bracket is told as an open one")
      return
    }
    guard case .quit = session.run("y = 5\nquit\ny = 6", name: "a") else {
      Issue.record("quit does not end the session")
      return
    }
    #expect(session.interpreter.variable("y") == .number(5))
    guard case .quit = session.run("try { quit() } catch e { y = 7 }", name: "a") else {
      Issue.record("a catch holds quit up")
      return
    }
    #expect(session.run("y", name: "a").exitStatus == 0)
  }

  @Test func stopsWhenAsked() {
    let session = TestSession().session
    session.interruption.request()
    let outcome = session.run("while true { }", name: "a")
    #expect(outcome.exitStatus == 130)
    session.interruption.clear()
    #expect(session.run("1 + 1", name: "a").exitStatus == 0)
  }

  @Test func keepsTheBudgetOfMemory() {
    let options = SessionOptions(seed: 1, limits: Limits(memory: 10_000_000))
    let test = TestSession(options)
    #expect(test.run("x = zeros(1000)") == "")
    #expect(test.run("y = zeros(3000, 1000)").hasPrefix("error[limit]"))
    #expect(test.run("conv2d(zeros(1, 1, 500, 500), zeros(20, 1, 9, 9)).shape").hasPrefix("error[limit]"))
    #expect(test.run("len(x)") == "1000\n")
  }

  /// What native work is told to be left is what is left now, whichever way to it the language takes.
  @Test(arguments: [
    "y = x > 2", "y = 2 < x", "y = x + 1", "y = -x", "y = not (x > 0)", "y = x[1:]", "y = x[x > 0]", "x[1:] = 2",
    "x += 1",
    "y = x.T",
    "y = abs(x)", "y = x == x", "y = x @ x", "y = [r for r in reshape(x, 1, -1)]", "y = concat([x, x])",
  ])
  func memoryThatWasGivenBackIsThere(_ work: String) async throws {
    let test = TestSession(SessionOptions(seed: 1, limits: Limits(memory: 20_000_000)))
    let fill = "x = rand(300000)\na = []\nwhile true { push(a, rand(1000)) }"
    // What other tests of this process take meanwhile may end a run, though not each of twenty that wait longer and longer for them.
    func goesWell(_ texts: String...) async throws -> Bool {
      for number in 0..<20 {
        if test.run(fill).hasPrefix("error[limit]"), texts.allSatisfy({ test.run($0) == "" }) { return true }
        try await Task.sleep(for: .milliseconds(50 * number))
      }
      return false
    }
    #expect(try await goesWell("a = nil\n\(work);"))
    #expect(try await goesWell("a = nil", "\(work);"))
  }

  @Test func recallsInputs() {
    let test = TestSession()
    for text in ["x = 1", "x = )", "raise \"no\"", "if true {\n  y = 2\n}\n"] { _ = test.run(text) }
    // Wrong inputs count too, so that the numbers are those of the prompt.
    #expect(test.run("recall") == "[1] x = 1\n[2] x = )\n[3] raise \"no\"\n[4] if true {\n  y = 2\n}\n")
    #expect(test.run("recall 1") == "[5] recall\n")
  }

  @Test func givesParametersToAScript() throws {
    let test = TestSession()
    let script = try Script.parse(SourceText(name: "a", "param n = 1\n# %% b\nprint n"))
    _ = test.session.run(script, parameters: ["n": .number(4)])
    #expect(test.output == "4\n")
    #expect(test.session.run(script, parameters: ["m": .number(4)]).exitStatus == 1)
    #expect(test.output == "4\n")
  }

  @Test func tellsASeedOnceWhenItWasNotGiven() {
    let test = TestSession(SessionOptions())
    #expect(test.run("1") == "1\n")
    #expect(test.notices.isEmpty)
    _ = test.run("rand(2); rand(3)")
    #expect(test.notices == ["seed \(test.session.environment.seed)"])
    let again = TestSession(SessionOptions(seed: test.session.environment.seed))
    _ = test.run("reset")
    #expect(test.run("rand(2)") == again.run("rand(2)"))
    #expect(again.notices.isEmpty)
    #expect(TestSession(SessionOptions(quiet: true)).run("len(rand(2))") == "2\n")
  }

  @Test func keepsRandomStreamsApart() {
    let environment = TestSession().session.environment
    let first: UInt64 = environment.withRandom("a") { $0.next() }
    let other = TestSession().session.environment
    _ = other.withRandom("b") { $0.unit() }
    #expect(other.withRandom("a") { $0.next() as UInt64 } == first)
    #expect(environment.withRandom("a") { $0.next() as UInt64 } != first)
    let seeded = environment.withRandom("a", seed: 9) { $0.unit() }
    #expect(other.withRandom("a", seed: 9) { $0.unit() } == seeded)
  }

  @Test func writesOnlyWhereItMay() {
    let test = TestSession()
    #expect(test.run("write_text \"../outside.txt\", \"\"").hasPrefix("error[io]"))
    #expect(test.run("save eye(2), \"/tmp/../etc/x.safetensors\"").hasPrefix("error[io]"))
    let closed = TestSession(SessionOptions(seed: 1, writeFolders: [], readFolders: []))
    #expect(closed.run("read_text \"/etc/hostname\"").hasPrefix("error[io]"))
    #expect(closed.run("list_files \"/\"").hasPrefix("error[io]"))
    #expect(closed.run("write_text \"a.txt\", \"\"").hasPrefix("error[io]"))
    #expect(closed.run("run \"a.pxb\"").hasPrefix("error[io]"))
    #expect(closed.run("import \"a.pxb\"").hasPrefix("error[io]"))
  }
}
