import Foundation
import PixelScript
import Safepoint
import Testing

/// Hostile and endless scripts end with an error in time, and leave the interpreter usable.
@Suite struct LimitTests {
  private func failure(_ text: String, _ limits: Limits = Limits()) throws -> Diagnostic {
    try #require(throws: Diagnostic.self) { try run(text, limits: limits) }
  }

  @Test(arguments: [
    "while true { }", "fn f() = f\nwhile true { f() }", "for i in range(1e15) { }",
    "xs = [1]\nfor x in xs { push(xs, x) }",
    "spin()", "fn f(n) = 1 if n == 0 else f(n - 1) + f(n - 1)\nf(100)",
    "try { while true { } } catch e { print(\"caught\") }",
  ])
  func stepsRunOut(script: String) throws {
    let error = try failure(script, Limits(steps: 200_000))
    #expect(error.kind == .limit)
    #expect(error.message == "the budget of 200000 steps is used up")
    #expect(error.location != nil)
  }

  /// Turns of loops and calls are steps: as many as the budget has are done, one more is not.
  @Test(arguments: [
    ("i = 0\nwhile i < 100 { i += 1 }", 100), ("i = 0\nwhile i < 5000 { i += 1 }", 5000),
    ("xs = [1, 2, 3, 4, 5]\nfor x in xs { for y in xs { for z in [1, 2, 3] { } } }", 105),
    ("fn f(n) = 0 if n == 0 else f(n - 1)\nf(99)", 100),
  ])
  func stepsAreCountedToTheLast(script: String, steps: Int) throws {
    _ = try run(script, limits: Limits(steps: steps))
    #expect(try failure(script, Limits(steps: steps - 1)).message == "the budget of \(steps - 1) steps is used up")
  }

  @Test(arguments: ["while true { }", "spin()", "i = 0\nwhile i >= 0 { i += 1 }"])
  func timeRunsOut(script: String) throws {
    #expect(try failure(script, Limits(time: .milliseconds(50))).kind == .limit)
  }

  @Test(arguments: [
    "s = \"x\"\nwhile true { s = s + s }", "xs = [1]\nwhile true { xs = xs + xs }", "x = \"a\" * 1e9", "x = [0] * 1e9",
    "xs = []\nwhile true { push(xs, [1, 2, 3]) }", "m = {}\ni = 0\nwhile true { m[i] = i\n i += 1 }",
    "xs = []\nwhile true { xs = [xs, xs] }", "s = \"\"\nwhile true { s = f\"{s}aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa{s}\" }",
    "xs = []\ni = 0\nwhile true { push(xs, str(i))\n i += 1 }",
  ])
  func memoryRunsOut(script: String) throws {
    let error = try failure(script, Limits(memory: 20 << 20))
    let told = ["the budget of 20 MB of memory is used up", "is too large: the budget of memory is 20 MB"]
    #expect(told.contains { error.message.hasSuffix($0) }, "\(error.message)")
  }

  @Test(arguments: ["x = \"a\" * 1e18", "x = [0] * 1e18", "x = \"ab\" * 1e300"])
  func hugeValuesAreRefusedWithoutABudget(script: String) throws {
    #expect([.limit, .value].contains(try failure(script).kind))
  }

  @Test func memoryIsGivenBack() throws {
    let interpreter = Interpreter(registry: TestCommands.registry()) { _ in }
    try interpreter.run("x = 1")
    let before = interpreter.memoryUsed
    try interpreter.run(
      "fn f() { xs = []\n for i in range(1000) { push(xs, [i, str(i), {a: i}]) }\n return len(xs) }\nf()")
    #expect(interpreter.memoryUsed - before < 4096)
    try interpreter.run("xs = [1] * 100000\nxs = nil")
    #expect(interpreter.memoryUsed - before < 4096)
  }

  @Test(arguments: [
    "fn f(n) = f(n + 1)\nf(0)", "fn a(n) = b(n)\nfn b(n) = a(n)\na(1)",
    "fn f(x) = map(x, f)\nxs = []\npush(xs, xs)\nf(xs)", "fn f(n) { g = fn() = f(n + 1)\n return g() }\nf(0)",
  ])
  func recursionIsAnError(script: String) throws {
    #expect(try failure(script).kind == .limit)
  }

  @Test func depthMayBeRaised() throws {
    let script = "fn f(n) = 0 if n == 0 else f(n - 1) + 1\nf(50000)"
    #expect(try failure(script).kind == .limit)
    #expect(try run(script, limits: Limits(depth: 90_000)).value == .number(50_000))
  }

  @Test func deepValuesGoWithoutRecursion() throws {
    let nest = "xs = []\nfor i in range(1000000) { xs = [xs] }\n"
    #expect(try run(nest + "xs = nil\nxs").value == nil)
    #expect(try run("m = {}\nfor i in range(300000) { m = {a: m, b: [m]} }\nm = nil\nm").value == nil)
    #expect(try run("f = nil\nfn wrap(g) = fn() = g\nfor i in range(300000) { f = wrap(f) }\nf = nil\nf").value == nil)
    #expect(try run(nest + "ys = []\nfor i in range(1000000) { ys = [ys] }\nxs == ys").value == .bool(true))
    #expect(try run(nest + "len(str(xs)) < 200").value == .bool(true))
  }

  @Test func anotherThreadInterrupts() throws {
    let interruption = Interruption()
    let interpreter = Interpreter(registry: TestCommands.registry(), interruption: interruption) { _ in }
    for script in [
      "while true { }", "spin()", "try { while true { } } catch e { print(e) }", "map(range(1e9), fn(x) = x)",
    ] {
      let timer = Thread {
        Thread.sleep(forTimeInterval: 0.05)
        interruption.request()
      }
      timer.start()
      let error = try #require(throws: Diagnostic.self) { try interpreter.run(script) }
      #expect(error.kind == .interrupted)
      interruption.clear()
    }
    #expect(try interpreter.run("1 + 1") == .number(2))
  }

  @Test func readingALongTextIsInterrupted() throws {
    let interruption = Interruption()
    let interpreter = Interpreter(registry: TestCommands.registry(), interruption: interruption) { _ in }
    let long = SourceText(name: "x", String(repeating: "x = [1, 2]\n", count: 20_000))
    interruption.request()
    let failure = try #require(throws: SyntaxFailure.self) { try interpreter.parse(long) }
    #expect(failure.diagnostics.map(\.kind) == [.interrupted] && !failure.isIncomplete)
    interruption.clear()
    interpreter.limits.time = .zero
    let late = try #require(throws: SyntaxFailure.self) { try interpreter.parse(long) }
    #expect(late.diagnostics.map(\.isBudget) == [true] && !late.isIncomplete)
    interpreter.limits.time = nil
    #expect(try interpreter.parse(long).statements.count == 20_000)
  }

  @Test func whatACommandMadeInVainIsReleasedInPieces() throws {
    let makers: [(String, () -> Value)] = [
      ("lists", { .list((0..<1_000_000).map { .list([.number(Double($0))]) }) }),
      ("maps", { .list((0..<300_000).map { .map([("a", .string("\($0)"))]) }) }),
    ]
    for (name, make) in makers {
      let nothing = Parameter<Int?>("unused", "nothing")
      let command = Command("fail", "Makes a value in vain.", nothing, example: "") { _, _ in
        let made = make()
        throw ScriptError(.value, "in vain: \(made.typeName)")
      }
      let interpreter = Interpreter(registry: Registry([CommandGroup("Tests", [command])])) { _ in }
      let error = try #require(throws: Diagnostic.self) { try interpreter.run("fail()") }
      #expect(error.message == "in vain: list")
      #expect(interpreter.releaseSome(), "\(name)")
      while interpreter.releaseSome() {}
      #expect(interpreter.memoryUsed <= 4096)
    }
  }

  @Test func anOperatorOfTheHostCanBeInterrupted() throws {
    let interpreter = Interpreter(registry: TestCommands.registry()) { _ in }
    let slow = SlowObject(interpreter.interruption)
    try interpreter.setVariable("x", to: .object(slow))
    let error = try #require(throws: Diagnostic.self) { try interpreter.run("for i in range(100) { y = x @ x }") }
    #expect(error.kind == .interrupted)
    #expect(slow.count == 1)
  }

  /// A value whose operators take so long that somebody interrupts them.
  private final class SlowObject: ScriptObject {
    static let scriptName = "slow value"
    let displayText = "slow"
    private let interruption: Interruption
    private(set) var count = 0

    init(_ interruption: Interruption) { self.interruption = interruption }

    func binary(_ operation: PixelScript.Operation, _ other: Value, reflected: Bool) -> Value? {
      count += 1
      interruption.request()
      return .object(self)
    }
  }
}
