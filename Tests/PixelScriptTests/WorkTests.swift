import PixelScript
import Safepoint
import Testing

/// Native work costs steps in proportion to its size and looks at the budgets while it goes on, whatever does it.
@Suite struct WorkTests {
  /// Values so large that whatever goes through one of them needs several looks.
  private static let preparation = """
    text = "abcd efg" * 4e6
    signs = "déjà vu " * 4e6
    blank = " " * 8e6
    half = "a" * 4e6
    numbers = list(range(4e5))
    others = list(range(4e5))
    words = ["a longer word than most of them are, as it has to be copied whole"] * 2e5
    long_words = ["x" * 4e6, "x" * 4e6, "x" * 4e6, "x" * 4e6, "x" * 4e6, "x" * 4e6]
    pairs = [[1, 2], [3]] * 1e5
    keyed = {}
    for i in range(1e5) { keyed[i] = i }
    truths = [true] * 4e5
    falsehoods = [false] * 4e5
    positions = list(range(4e5))
    fn ring(n) {
      first = [nil]
      last = first
      for i in range(n) { last = [last] }
      first[0] = last
      return first
    }
    ring_a = ring(1e5)
    ring_b = ring(1.1e5)
    """

  /// A large call of each command that goes through what it is given; those on single numbers do not.
  private static let calls: [String: [String]] = [
    "print": ["print(numbers)", "print(text)", "print(1, by: text)"],
    "str": ["str(numbers)", "str(keyed)"],
    "num": ["try { num(blank) } catch { }"],
    "list": ["list(range(4e5))", "list(half)", "list(numbers)", "list(keyed)"],
    "format": ["format(pairs, \"s\")", "format(keyed, \">9\")"],
    "equal": ["equal(numbers, others)", "equal(text + \"a\", text + \"b\")", "equal(ring_a, ring_b)"],
    "len": ["len(signs)", "len(text + \"a\")"],
    "keys": ["keys(keyed)"], "values": ["values(keyed)"],
    "contains": ["contains(numbers, -1)", "contains(text, \"z\")"],
    "insert": ["xs = numbers[:]\ninsert(xs, 0, 1)"], "pop": ["xs = numbers[:]\npop(xs, 0)"],
    "remove": ["xs = numbers[:]\nremove(xs, 399999)"],
    "push": ["xs = []\nfor i in range(4e5) { push(xs, i) }"],
    "enumerate": ["enumerate(numbers)"], "zip": ["zip(numbers, others)", "zip(text, text)"],
    "reversed": ["reversed(numbers)", "reversed(half)"],
    "map": ["map(numbers, abs)", "map(range(4e5), fn(x) = x)"],
    "filter": ["filter(numbers, fn(x) = false)", "filter(range(1e15), fn(x) = false)"],
    "reduce": ["reduce(numbers, max)"],
    "sum": ["sum(numbers)", "sum(range(1e15))"], "mean": ["mean(numbers)", "mean(range(1e15))"],
    "var": ["var(numbers)"], "std": ["std(numbers)"],
    "any": ["any(falsehoods)", "any(range(1e15), fn(x) = false)"], "all": ["all(truths)"],
    "min": ["min(numbers)", "min(long_words)"], "max": ["max(numbers)", "max(words, by: len)"],
    "sorted": ["sorted(numbers)", "sorted(words)", "sorted(long_words)", "sorted(numbers, fn(x) = -x)"],
    "prod": ["prod(numbers)"], "median": ["median(numbers)"], "quantile": ["quantile(numbers, 0.3)"],
    "get": ["get({}, text + \"a\", 1)"],
    "upper": ["upper(half)"], "lower": ["lower(signs)"],
    "strip": ["strip(blank)", "strip(half, \"a\")"],
    "join": ["join(words)", "join(long_words)", "join([text, text], text)"],
    "replace": ["replace(text, \"e\", \"xyz\")", "replace(text, \"z\", \"\")"],
    "split": ["split(text)", "split(text, \"e\")", "split(blank)", "split(text, \"z\")"],
    "find": ["find(text, \"z\")", "find(half, \"a\" * 2e6 + \"b\")", "find(numbers, -1)", "find(signs, \"z\")"],
    "match": ["match(half, \"(a|ab)*c\")", "match(signs, \"z|y\")"], "find_all": ["find_all(text, \"[a-z]\")"],
    "unique": ["unique(numbers)", "unique(words)"],
    "set": ["set(numbers)", "set(range(4e5))", "set(text)"], "copy": ["copy(numbers)", "copy(pairs)", "copy(keyed)"],
    "format_date": ["format_date(0, half[:1000000])"],
    "starts_with": ["starts_with(text + \"a\", text)"], "ends_with": ["ends_with(\"a\" + text, text)"],
  ]

  /// The operations that no command stands for.
  private static let operations = [
    "text + text", "numbers + others", "half * 8", "[1, 2, 3] * 4e5", "text == text + \"a\"", "numbers == others",
    "text[:-1] == text[1:]", "text < text[:-1]", "numbers[::-1]", "numbers[1:]", "text[1:]", "half[::-1]", "signs[::2]",
    "signs[-1]", "signs[5:-5]", "numbers[positions]", "numbers[truths]", "-1 in numbers", "\"z\" in text",
    "\"a\" * 2e6 + \"b\" in half", "f\"{numbers}\"", "f\"{text}{text}\"", "f\"{keyed:>5}\"",
    "xs = numbers[:]\nxs[::2] = others[::2]", "xs = []\nxs[:] = numbers", "xs = []\nxs += numbers",
    "s = \"\"\ns += text",
    "try { {}[text + \"key\"] } catch { }", "m = {}\nm[text] = 1", "ring_a == ring_b", "[text] == [text + \"\"]",
    "for c in half { }", "for k in keyed { }", "while true { }",
    "try { raise text + \"!\" } catch e { e.message + \"?\" }",
  ]

  /// Whether a command may meet something large: only those on single numbers do not.
  private static func meetsLargeValues(_ command: Command) -> Bool {
    command.signature.contains { !["number", "whole number", "bool"].contains($0.type) }
  }

  @Test func eachCommandHasALargeCall() {
    // Others look at a few characters, whatever they get.
    let exempt: Set = ["type", "ord", "parse_date"]
    for command in Builtins.values.commands where Self.meetsLargeValues(command) && !exempt.contains(command.name) {
      #expect(Self.calls[command.name] != nil, "\(command.name) needs a call with something large in these tests")
    }
  }

  @Test func largeWorkCostsStepsAndLooks() throws {
    let interpreter = Interpreter(registry: TestCommands.registry()) { _ in }
    try interpreter.run(Self.preparation)
    for script in Self.calls.values.joined() + Self.operations {
      interpreter.limits = Limits(steps: 3000)
      let error = #expect(throws: Diagnostic.self, "\(script)") { try interpreter.run(script) }
      #expect(error?.message == "the budget of 3000 steps is used up", "\(script)")
      // Not all of the work was charged at once; texts that are handed to a command or made of a value are.
      #expect(interpreter.stepsSpent < 250_000, "\(script)")
    }
  }

  @Test func smallWorkCostsLittle() throws {
    let interpreter = Interpreter(registry: TestCommands.registry()) { _ in }
    interpreter.limits = Limits(steps: 1000)
    #expect(
      try interpreter.run("s = 0\nfor i in range(200) { s += len(f\"{i}: {[i, i][::-1]}\" + \"abc\"[1:]) }\ns > 0")
        == .bool(true))
  }

  @Test func searchesAreLinear() throws {
    let interpreter = Interpreter(registry: TestCommands.registry()) { _ in }
    // The product of the lengths would be a million times as many.
    interpreter.limits = Limits(steps: 2_000_000)
    let script = "find(\"a\" * 5e6, \"a\" * 2e6 + \"b\")"
    #expect(try interpreter.run(script) == nil)
    #expect(try interpreter.run("\"ab\" * 2e6 + \"b\" in \"ab\" * 5e6") == .bool(false))
    #expect(try interpreter.run("find(\"ab\" * 5e6 + \"b\", \"ab\" * 2e6 + \"b\")") == .number(6e6))
    #expect(try interpreter.run("len(split(\"ab\" * 5e5, \"ab\"))") == .number(500_001))
  }

  @Test func positionsInOtherScriptsAreFound() throws {
    let script = """
      text = ""
      for i in range(1000) { text += "aé€😀"
        assert text[i * 4] == "a" and text[-1] == "😀" and len(text) == i * 4 + 4 }
      assert text[1998:2002] == "€😀aé" and text[::-1][:4] == "😀€éa" and text[3::400] == "😀" * 10
      assert text[-1:-9:-4] == "😀😀" and text[4000:] == "" and text[100::-99] == "aé"
      """
    #expect(throws: Never.self) { try run(script) }
  }

  @Test func equalityOfSharedAndEndlessValues() throws {
    let script = """
      xs = [1]
      ys = [1]
      for i in range(60) { xs = [xs, xs]
        ys = [ys, ys] }
      assert xs == ys
      ys[1][0] = 2
      assert xs != ys
      a = [1]
      push(a, a)
      b = [1]
      push(b, [1, b])
      assert a == b
      push(b, 1)
      assert a != b
      assert {k: [1, {l: "x"}]} == {k: [1, {l: "x"}]} and {k: 1} != {l: 1} and [nil, true] == [nil, true]
      """
    #expect(throws: Never.self) { try run(script, limits: Limits(steps: 20_000_000)) }
  }

  @Test func aScriptCanNotInterrupt() throws {
    for kind in ["interrupted", "internal", "limit"] {
      let caught = try run("try { raise {kind: \"\(kind)\", message: \"no\"} } catch e { x = e.kind + e.message }\nx")
        .value
      #expect(caught == .string("valueno"))
      let error = try #require(throws: Diagnostic.self) { try run("raise {kind: \"\(kind)\", message: \"no\"}") }
      #expect(!error.isFinal && !error.isBudget && error.kind != .interrupted)
    }
  }

  @Test func hugeMessagesAreShownInPart() throws {
    let error = try #require(throws: Diagnostic.self) { try run("raise \"x\" * 3e7") }
    #expect(error.message.utf8.count == 30_000_000)
    for text in [DiagnosticRenderer().text(of: error), error.description] {
      #expect(text.utf8.count < 20_000 && text.contains("... (28.6 MB)"))
    }
    for script in [
      "{}[\"x\" * 1e7]", "remove([], \"x\" * 1e7)", "num(\"x\" * 1e7)", "format(1, \"x\" * 1e7)",
      "f\"{\"x\" * 1e7:d}\"",
      "assert [1] * 1e6 == [2] * 1e6", "assert false, [1] * 1e6", "remove({}, \"x\" * 1e7)", "{a: 1}[\"x\" * 1e7]",
    ] {
      let error = try #require(throws: Diagnostic.self) { try run(script) }
      #expect(error.message.utf8.count < 20_000 && error.labels.allSatisfy { $0.text.utf8.count < 200 })
    }
  }
}
