import PixelScript
import Testing

/// Every command with arguments that it did not expect: it must answer or throw, within its budget.
@Suite struct ArgumentFuzzTests {
  private static let values = [
    "nil", "true", "0", "1", "-1", "2.5", "1e300", "-9e18", "9007199254740992", "1e18", "0 * -1", "\"\"", "\"a,b\"",
    "\"é👍\"",
    "[]", "[1, 2]", "[1, \"a\"]", "[\"b\", \"a\"]", "[[1], [2, 3]]", "[true, false]", "{}", "{a: 1}", "range(5)",
    "range(0, 1e300)",
    "range(5, -5, -1.5)", "fn(x) = x", "fn(a, b) = a", "fn() { raise \"no\" }", "len", "loop",
  ]

  @Test(arguments: Set(Builtins.values.commands.map(\.name)).sorted())
  func answersOrThrows(name: String) throws {
    let interpreter = Interpreter(registry: Registry(Builtins.values)) { _ in }
    interpreter.limits.steps = 5_000
    let labels = interpreter.registry.labels(of: name)
    var state = UInt64(name.utf8.reduce(7) { $0 * 31 + Int($1) })
    func next(_ count: Int) -> Int {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Int(state >> 33) % count
    }
    for _ in 0..<400 {
      var arguments = (0..<next(4)).map { _ in Self.values[next(Self.values.count)] }
      if !labels.isEmpty, next(3) == 0 {
        arguments.append("\(labels[next(labels.count)]): \(Self.values[next(Self.values.count)])")
      }
      let text = "loop = [1]\npush loop, loop\nx = \(name)(\(arguments.joined(separator: ", ")))"
      do { _ = try interpreter.run(text) } catch let error as Diagnostic {
        #expect(error.kind != .internal, "\(text): \(error.message)")
        #expect(error.location != nil, "\(text): \(error.message)")
      }
    }
  }
}
