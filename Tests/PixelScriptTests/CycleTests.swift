import FuzzInputs
import PixelScript
import Testing

/// What only keeps itself goes, whatever it is made of; what can be reached stays as it is.
@Suite struct CycleTests {
  /// The ways in which a variable gets a part that another variable holds: what makes it, and what links it.
  private static let kinds: [(make: String, link: String)] = [
    ("A = [nil]", "A[0] = B"), ("A = []", "push(A, B)"), ("A = [1]", "insert(A, 0, B)"), ("A = [1, 2]", "A[0:1] = [B]"),
    ("A = [1, 2, 3]", "A[[0, 2]] = [B, B]"), ("A = {}", "A.next = B"), ("A = {a: 1}", "A[\"a\"] = B"),
    ("A = {}", "A[1] = {b: [B]}"), ("A = fn() = B", "nil"), ("A = fn(x: B) = x", "nil"),
    ("A = fn() = fn() = B", "nil"), ("A = nil", "A = [B]"), ("A = nil", "A = map([1], fn(x) = B)"),
    ("A = []", "push(A, enumerate([B]))"), ("A = []", "push(A, zip([B], [1]))"),
    ("A = {}", "A.x = filter([B], fn(x) = true)"),
  ]

  /// A function that makes a ring of the kinds, one holding the next and the last the first.
  private func ring(_ kinds: [(make: String, link: String)]) -> String {
    func filled(_ text: String, _ place: Int) -> String {
      let next = (place + 1) % kinds.count
      return text.replacing("A", with: "v\(place)").replacing("B", with: "v\(next)")
    }
    let first = kinds.indices.map { "v\($0) = nil" }
    let makes = kinds.enumerated().map { filled($1.make, $0) }
    let links = kinds.enumerated().map { filled($1.link, $0) }
    return "fn ring() {\n\((first + makes + links).joined(separator: "\n"))\nreturn nil\n}"
  }

  /// Runs a ring many times and returns the bytes left behind.
  private func leftBehind(_ script: String) throws -> Int {
    let interpreter = Interpreter(registry: TestCommands.registry()) { _ in }
    try interpreter.run("\(script)\ni = 0\nring()")
    let before = interpreter.memoryUsed
    try interpreter.run("for i in range(50) { ring() }\ni = 0")
    return interpreter.memoryUsed - before
  }

  @Test func ringsOfOneAndTwoKindsGo() throws {
    for first in Self.kinds {
      #expect(try leftBehind(ring([first])) == 0, "\(first)")
      for second in Self.kinds { #expect(try leftBehind(ring([first, second])) == 0, "\(first) and \(second)") }
    }
  }

  @Test func longRingsGo() throws {
    var numbers = FuzzRandom(1)
    for _ in 0..<300 {
      let kinds = (0..<Int.random(in: 3...8, using: &numbers)).map { _ in Self.kinds.randomElement(using: &numbers) }
      #expect(try leftBehind(ring(kinds.compactMap(\.self))) == 0, "\(kinds)")
    }
  }

  @Test func ringsThatALoopRunsOverGo() throws {
    for loop in [
      "for x in a { b = x }", "for k, x in m { b = x }", "for x in m { break }", "for i, x in enumerate(a) { b = x }",
    ] {
      let script = "fn ring() { a = [1]\n m = {a: a}\n push(a, m)\n push(a, a)\n b = nil\n \(loop)\n return nil\n }"
      #expect(try leftBehind(script) == 0, "\(loop)")
      let left = "fn ring() { a = [1]\n m = {a: a}\n push(a, m)\n \(loop.replacing("{", with: "{ return 1\n"))\n }"
      #expect(try leftBehind(left) == 0, "\(left)")
    }
  }

  /// Work that leaves about 100 MB of rings behind, under a budget of 8 MB, in every place where a run may be.
  @Test(arguments: [
    "for i in range(20000) { ring() }",
    "map(range(20000), fn(i) = ring())",
    "sorted(range(20000), by: fn(i) { ring()\n return -i })",
    "reduce(range(20000), fn(a, b) { ring()\n return b })",
    "fn deep(n) { if n > 0 { ring()\n deep(n - 1) } }\nfor i in range(40) { deep(500) }",
    "for i in range(20000) { try { ring()\n raise \"x\" } catch e { ring() } }",
    "for i in range(20000) { x = filter([1, 2], fn(y) { ring()\n return y > 1 })\n assert len(x) == 1 }",
    "fn f(n) = ring() if n == 0 else map([n - 1], f)\nfor i in range(400) { f(50)\n for j in range(50) { ring() } }",
    "for i in range(20000) { s = \"x\" * 1000 + str(i)\n l = []\n push(l, fn() = [s, l]) }",
  ])
  func aRunStaysInItsBudget(script: String) throws {
    let limits = Limits(depth: 2_000, memory: 8 << 20)
    let ring = "fn ring() { a = [\"x\" * 5000]\n b = {a: a}\n f = fn() = b\n push(a, f)\n push(a, b)\n return 1 }\n"
    _ = try run(
      ring + "kept = [1]\npush(kept, {kept: kept})\n" + script + "\nassert kept[1].kept[0] == 1", limits: limits)
  }

  @Test func whatAHostHoldsStays() throws {
    let interpreter = Interpreter(registry: TestCommands.registry()) { _ in }
    let value = try interpreter.run("a = [1]\npush(a, {a: a})\na")
    guard case .list(let list) = value else { throw ScriptError(.type, "expected a list") }
    interpreter.reset()
    try interpreter.run("x = 1")
    guard case .map(let map) = list[1], case .list(let again) = map["a"] else {
      throw ScriptError(.type, "expected a ring")
    }
    #expect(again === list)
    #expect(list[0] == .number(1))
  }

  @Test func valuesOutliveTheirInterpreter() throws {
    var kept: [Value] = []
    for _ in 0..<20 {
      let interpreter = Interpreter(registry: TestCommands.registry()) { _ in }
      let script =
        "a = [\"text\"]\nm = {a: a, f: fn(x) = x}\npush(a, m)\npush(a, [1, [2]])\n[a, m, fn(x) = a, \"b\" * 100]"
      if let value = try interpreter.run(script) { kept.append(value) }
    }
    for case .list(let list) in kept {
      guard case .list(let inner) = list[0] else { throw ScriptError(.type, "expected a list") }
      inner.append(.list([.number(1)]))
      #expect(inner.count == 4)
      #expect(inner[0] == .string("text"))
    }
  }
}
