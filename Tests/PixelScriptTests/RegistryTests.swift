import PixelScript
import Testing

private enum Schedule: String, ScriptChoice { case constant, cosine }

private final class Heap: ScriptObject {
  static let scriptName = "heap"
  var displayText: String { "heap" }
}

private func sample() -> Registry {
  let fit = Command(
    "fit", "Fits a heap.", Parameter<Heap>("heap", "what to fit"), Parameter<Int>("epochs", "passes", default: 10),
    Parameter<Schedule>("schedule", "of the rate", default: .constant, byName: true),
    Parameter<Double?>("clip", "largest norm", byName: true), example: ""
  ) { _, _, epochs, schedule, clip in
    .string("\(epochs) \(schedule.rawValue) \(clip.map(Display.text(of:)) ?? "none")")
  }
  let sum = Command("sum", "Adds.", Parameter<[Double]>("numbers", "to add"), example: "") { _, numbers in
    .number(numbers.reduce(0, +))
  }
  let heapSum = Command("sum", "Weighs.", Parameter<Heap>("heap", "to weigh"), example: "") { _, _ in .string("heap") }
  let join = Command(
    "join", "Joins.", Parameter<Variadic<String>>("parts", "to join"), Parameter<NamedArguments>("more", "anything"),
    example: ""
  ) { _, parts, more in
    .string(parts.elements.joined() + more.entries.map { "\($0.name)=\($0.value)" }.joined(separator: ","))
  }
  return Registry(CommandGroup("Test", [fit, sum, heapSum, join]))
}

@Suite struct RegistryTests {
  let interpreter = Interpreter(registry: sample(), output: { _ in })

  @Test func bindsPositionsNamesAndDefaults() throws {
    let heap = Value.object(Heap())
    #expect(try interpreter.call("fit", Arguments([heap])).echo == #""10 constant none""#)
    let named: [(name: String, value: Value)] = [("schedule", .string("cosine")), ("clip", .number(2)), ("heap", heap)]
    #expect(try interpreter.call("fit", Arguments(named: named)).echo == #""10 cosine 2""#)
    #expect(
      try interpreter.call("join", Arguments([.string("a"), .string("b")], named: [("x", .number(1))])).echo
        == #""abx=1""#)
  }

  /// A host that gives its elements, and one more each time it is asked.
  private final class Counter: ScriptObject {
    static let scriptName = "counter"
    var displayText: String { "counter" }
    func elements() throws -> (() throws -> Value?)? {
      var count = 0.0
      return {
        count += 1
        return count > 2 ? nil : .number(count)
      }
    }
  }

  /// What a command of the host is given to go through, of every kind: empty, of one element and of several.
  @Test(arguments: [
    ("[]", "[]"), ("[nil]", "[nil]"), ("[1, [2], \"a\"]", "[1, [2], \"a\"]"), ("{}", "[]"), ("{a: nil}", "[\"a\"]"),
    ("{b: 1, a: 2}", "[\"b\", \"a\"]"), ("\"\"", "[]"), ("\"a\"", "[\"a\"]"), ("\"äb😀\"", "[\"ä\", \"b\", \"😀\"]"),
    ("range(0)", "[]"), ("range(1)", "[0]"), ("range(5, 0, -2)", "[5, 3, 1]"), ("counter()", "[1, 2]"),
  ])
  func aCommandGoesThroughEveryElement(_ run: (value: String, elements: String)) throws {
    let counter = Command("counter", "Makes one.", example: "") { _ in .object(Counter()) }
    let gather = Command("gather", "Gathers.", Parameter<Value>("values", "to gather"), example: "") {
      context, values in
      let next = try context.elements(of: values)
      var found: [Value] = []
      while let value = try next() { found.append(value) }
      return .list(ScriptList(found))
    }
    let interpreter = Interpreter(
      registry: Registry([Builtins.values, CommandGroup("Test", [counter, gather])]), output: { _ in })
    #expect(try interpreter.run("gather(\(run.value))")?.echo == run.elements)
  }

  @Test func picksTheFormByItsFirstArgument() throws {
    #expect(try interpreter.call("sum", Arguments([.list([.number(1), .number(2)])])) == .number(3))
    #expect(try interpreter.call("sum", Arguments([.object(Heap())])) == .string("heap"))
  }

  @Test func showsUsageFromTheParameters() {
    #expect(interpreter.registry["fit"]?.forms[0].usage == #"fit(heap, epochs: 10, schedule: "constant", [clip:])"#)
    #expect(interpreter.registry.labels(of: "fit") == ["heap", "epochs", "schedule", "clip"])
    #expect(interpreter.registry.choices(of: "fit", parameter: "schedule") == ["constant", "cosine"])
    #expect(interpreter.registry.suggestion(for: "sm") == "sum")
  }

  @Test func tellsWhatIsWrong() {
    let cases: [(name: String, arguments: Arguments, message: String, help: String?)] = [
      ("fit", Arguments([]), "`fit` needs `heap`, a heap: what to fit", nil),
      ("fit", Arguments([.number(1)]), "`fit` expects `heap` to be a heap, found the number 1", nil),
      (
        "fit", Arguments([.object(Heap())], named: [("epohcs", .number(1))]), "`fit` has no parameter `epohcs`",
        "did you mean `epochs`?"
      ),
      (
        "fit", Arguments([.object(Heap()), .number(1.5)]), "`fit` expects `epochs` to be a whole number, found 1.5", nil
      ),
      (
        "fit", Arguments([.object(Heap())], named: [("schedule", .string("cosin"))]),
        #"`fit` expects `schedule` to be one of "constant", "cosine", found "cosin""#, #"did you mean "cosine"?"#
      ),
      (
        "fit", Arguments([.object(Heap()), .number(1), .number(2)]),
        "`fit` takes at most 2 arguments by position, found 3",
        "by name it takes `schedule:`, `clip:`"
      ),
      ("sum", Arguments([.string("a")]), #"`sum` expects a list of numbers or a heap, found the string "a""#, nil),
    ]
    for (name, arguments, message, help) in cases {
      let error = #expect(throws: ScriptError.self) { try interpreter.call(name, arguments) }
      #expect(error?.message == message)
      #expect(error?.help == help)
    }
  }
}
