import PixelScript
import Testing

/// Every reference that the machine takes is given back, on the way of success and on that of every error.
@Suite struct ReferenceTests {
  final class Count { var live = 0 }

  final class Probe: ScriptObject {
    static let scriptName = "probe"
    let count: Count
    var displayText: String { "probe" }
    var fieldNames: [String] { ["own", "self"] }
    var length: Int? { 3 }

    init(_ count: Count) {
      self.count = count
      count.live += 1
    }
    deinit { count.live -= 1 }

    func field(_ name: String) throws -> Value? { name == "own" ? .object(Probe(count)) : nil }
    func setField(_ name: String, to value: Value) throws -> Bool { name == "own" }
    func element(at index: [Index]) throws -> Value? {
      if case .key = index[0] { throw ScriptError(.key, "no such key") }
      return .object(Probe(count))
    }
    func setElement(at index: [Index], to value: Value) throws -> Bool { index.count == 1 }
    func binary(_ operation: Operation, _ other: Value, reflected: Bool) throws -> Value? {
      if case .string = other { throw ScriptError(.shape, "shapes differ") }
      return [.power, .and, .or].contains(operation) ? nil : .object(Probe(count))
    }
    func unary(_ operation: UnaryOperator) throws -> Value? { operation == .negate ? .object(Probe(count)) : nil }
    func call(_ arguments: Arguments, _ context: CallContext) throws -> Value? { .object(Probe(count)) }
  }

  static let scripts = [
    "p = probe()\nq = -p + p * 2 - (p / p)\nq @ p;",
    "x = [probe(), probe()]\nx[0] = probe()\ny = x[:1] + x * 3\nx[[0, 1]];",
    "m = {a: probe(), \"b\": [probe()]}\nm.a = probe()\nm[\"c\"] = m.b[0]\nm.b.len();",
    "fn f(a, b: probe()) { c = [a, b]\n return c[0] }\nf(probe())\nf(probe(), probe())\nf(b: probe(), a: 1);",
    "fn make(p) = fn(q) = [p, q]\ng = make(probe())\nr = g(probe());",
    "for p in [probe(), probe()] { q = p\n if true { break } }\nfor e in probe() { x = e }\nfor k, v in {a: probe()} { y = v };",
    "a, b = [probe(), probe()]\na, b = b, a\na.own = b\na[0] = b\nz = a[0, 1:2, :];",
    "s = f\"{probe()} {[probe()]}\"\nprint(probe(), probe());",
    "p = probe()\np.own\np.own.own\np[1][2]\np(probe(), 1);",
    "xs = map([probe(), probe()], fn(x) = [x, probe()])\nys = xs.map(fn(x) = x[0]);",
    "p = probe() if 1 < 2 else probe()\nq = p == probe()\nr = [p] == [probe()];",
    "xs = [probe()]\nxs += [probe()]\nxs += xs\nxs = nil;",
    "fn outer(p) { fn inner(n) = p if n == 0 else inner(n - 1)\n return inner(3) }\nouter(probe());",
    "fn outer(p) { fn inner(n) { if n == 0 { raise \"no\" }\n return [inner(n - 1), p] }\n return inner(3) }\ntry { outer(probe()) } catch e { }",
    "x = [probe(), probe()]\nx[:1] = [probe(), probe()]\nx[[0]] = [probe()]\nx[::2] = x[:2]\nx[1:] = x;",
    "w = [[[probe()]]]\nw = [w, {k: w}];",
  ]

  static let failures = [
    "[probe(), 1 + \"a\"]", "{a: probe(), b: nosuch}", "probe() + [probe(), nosuch]",
    "fn f(a, b) = a\nf(probe(), nosuch)",
    "fn f(a) = a\nf(probe(), probe())", "fn f(a) = a\nf(b: probe())", "fn f(a, b) = a\nf(probe())", "probe() + \"a\"",
    "probe() ** probe()", "probe()[\"k\"]", "probe().nosuch", "x = probe()\nx.nosuch = probe()",
    "x = probe()\nx[0, 1] = probe()",
    "if probe() { 1 }", "if probe() < probe() { 1 }", "probe() and true", "not probe()",
    "for a, b in [[probe()]] { a }",
    "a, b = [probe(), probe(), probe()]", "fn f(n) { p = probe()\n return f(n + 1) + [p] }\nf(0)",
    "map([probe()], fn(x) { y = probe()\n raise \"no\" })", "for x in [probe(), probe()] { y = [x]\n raise \"no\" }",
    "push(probe(), probe())", "answer(add: probe())", "print(probe(), nosuch)", "(fn(x) = x + nosuch)(probe())",
    "f\"{probe()} {nosuch}\"", "f\"{probe():.2f}\"", "{a: probe()}[probe()]", "m = {}\nm[probe()] = probe()",
    "raise probe()",
    "assert false, probe()", "probe() in 3",
    "x = [probe()]\nx[1:2] = probe()", "[probe()] < [probe()]",
  ]

  private func run(_ script: String, caught: Bool) throws {
    let count = Count()
    let probe = Command("probe", "Makes a probe.", example: "") { _ in .object(Probe(count)) }
    let interpreter = Interpreter(registry: Registry(TestCommands.groups + [CommandGroup("Probes", [probe])])) { _ in }
    interpreter.limits.depth = 200
    if caught {
      try interpreter.run("fn attempt() {\n\(script)\n}\ntry { attempt() } catch e { r = e.message }")
    } else if Self.failures.contains(script) {
      #expect(throws: Diagnostic.self) { try interpreter.run(script) }
    } else {
      try interpreter.run(script)
    }
    interpreter.reset()
    #expect(count.live == 0)
  }

  @Test(arguments: scripts + failures) func nothingIsLeft(script: String) throws {
    try run(script, caught: false)
  }

  /// Without the endless recursion, which can't be caught.
  @Test(arguments: failures.filter { !$0.contains("f(n + 1)") }) func nothingIsLeftWhenCaught(script: String) throws {
    try run(script, caught: true)
  }

  @Test(arguments: [
    "1" + String(repeating: " + 1", count: 450),
    String(repeating: "[", count: 150) + String(repeating: "]", count: 150),
    "x = 1" + String(repeating: " if true else 2", count: 100), String(repeating: "not ", count: 150) + "true",
    String(repeating: "if true { ", count: 150) + "x = 1" + String(repeating: " }", count: 150),
    (0..<90).map { "fn f\($0)() { " }.joined() + "return 1" + String(repeating: " }", count: 90),
    "x = [" + String(repeating: "1, ", count: 100_000) + "]",
    "x = {" + (0..<20_000).map { "k\($0): \($0), " }.joined() + "}",
    (0..<5000).map { "v\($0) = \($0)" }.joined(separator: "\n"),
  ])
  func largeAndDeepScriptsCompile(script: String) throws {
    let interpreter = Interpreter(registry: TestCommands.registry()) { _ in }
    try interpreter.run(script)
  }
}
