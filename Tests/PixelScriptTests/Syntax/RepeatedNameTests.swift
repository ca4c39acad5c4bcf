import PixelScript
import Testing

/// Names, keys and arguments that stand twice where each may stand once: which place is told, and that others may be equal.
@Suite struct RepeatedNameTests {
  private func faults(_ text: String) -> [String] {
    do {
      _ = try Script.parse(SourceText(name: "test", text))
      return []
    } catch { return error.diagnostics.map(\.message) }
  }

  private static let loops = "the two variables of the loop have the same name"

  @Test(arguments: [
    ("for a, a in {x: 1} { }", loops), ("print([a for a, a in {x: 1}])", loops),
    ("print({a: 1 for a, a in {x: 1}})", loops),
    ("print([1 for b in [1] for a, a in {x: 1}])", loops), ("fn f(a, a) = 1", "the parameter `a` is there twice"),
    ("fn f(a, b, a) = 1", "the parameter `a` is there twice"),
    ("fn f(a, b: 1, b: 2) { }", "the parameter `b` is there twice"),
    ("f = fn(a, a) = 1", "the parameter `a` is there twice"), ("x = {a: 1, a: 2}", "the map has the key `a` twice"),
    ("x = {\"a\": 1, a: 2}", "the map has the key `a` twice"),
    ("x = {a: 1, b: 2, \"a\": 3}", "the map has the key `\"a\"` twice"),
    ("print(1, end: 2, end: 3)", "the argument `end` is given twice"),
    ("f(a: 1, b: 2, a: 3)", "the argument `a` is given twice"),
  ])
  func eachStandsOnce(text: String, message: String) { #expect(faults(text) == [message]) }

  @Test(arguments: [
    "for a, b in {x: 1} { }", "for a in [1] { for a in [2] { } }", "print([a for a in [1] for a in [2]])",
    "print([a for a, b in {x: 1} for b, a in {x: 1}])", "fn f(a, b) = 1\nfn g(a, b) = 2", "fn f(a) { fn g(a) = a }",
    "f = fn(a) = fn(a) = a", "x = {a: {a: 1}}", "x = [1, 1]", "a, a = [1, 2]", "f(a: g(a: 1))", "f(1, 1)",
    "x = {a: 1, A: 2}",
  ])
  func othersMayBeEqual(text: String) { #expect(faults(text) == []) }
}
