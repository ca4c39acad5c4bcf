import PixelScript

/// Writes statements by the grammar of the language, most of them wrong in what they do.
struct ProgramWriter {
  var random: FuzzRandom
  private let names = ["a", "b", "c", "f", "g", "xs", "m"]
  private static let commands = Builtins.values.commands.map(\.name).filter { $0 != "print" }
  private static let atoms = [
    "1", "2", "0", "-3", "0.5", "1e9", "-1e300", "\"s\"", "\"日本é\"", "\"\"", "true", "false", "nil", "[]", "{}",
    "[3, 1, 2]",
    "{k: 1}", "range(3)", "\"a b\"", "[[1], [2]]",
  ]

  init(_ random: FuzzRandom) { self.random = random }

  private mutating func expression(_ depth: Int) -> String {
    guard depth > 0 else { return random.pick(names + Self.atoms) }
    let (x, y) = (expression(depth - 1), expression(depth - 1))
    switch random.below(26) {
    case 0...3: return "(\(x) \(random.pick(["+", "-", "*", "/", "//", "%", "**", "@"])) \(y))"
    case 4, 5: return "(\(x) \(random.pick(["<", "<=", ">", ">=", "==", "!=", "in", "not in", "and", "or"])) \(y))"
    case 6: return "[\(x), \(y)]"
    case 7: return "{k: \(x), \"j\": \(y)}"
    case 8: return "\(name())[\(x)]"
    case 9: return "\(name())[\(x):\(y)\(random.pick(["", ":-1", ":2"]))]"
    case 10: return "\(name())[\(x), \(random.pick([":", "0", y]))]"
    case 11, 12: return "\(random.pick(["f", "g", random.pick(Self.commands)]))(\(x), \(y))"
    case 13, 14: return "\(random.pick(["f", "g", random.pick(Self.commands)]))(\(x))"
    case 15: return "(fn(p) = \(x))"
    case 16: return "(fn(p, q: \(x)) { \(statement(1))\nreturn \(y) })"
    case 17: return "(\(x) if \(y) else \(x))"
    case 18: return "\(name()).\(random.pick(["k", "j", "len()", "f(1)", "push(2)", "g(b: 1)", "pop()"]))"
    case 19: return "f\"{\(name())} {\(name()):5} {\(x.filter { $0 != "\"" })}\""
    case 20: return "(\(x) < \(y) <= \(x))"
    case 21: return "(not \(x))"
    case 22: return "(-\(x))"
    case 23: return "\(random.pick(["map", "filter", "sorted", "reduce"]))(\(x), fn(p) = \(y))"
    case 24: return "sorted(\(x), by: \(name()), descending: true)"
    default: return "f(b: \(x))"
    }
  }

  private mutating func name() -> String { random.pick(names) }

  /// A statement with blocks inside each other at most `depth` deep.
  mutating func statement(_ depth: Int) -> String {
    let value = expression(2)
    switch random.below(20) {
    case 0...3: return "\(name()) = \(value)"
    case 4: return "\(name()) \(random.pick(["+=", "-=", "*=", "/="])) \(value)"
    case 5: return "\(name())[\(expression(1))] = \(value)"
    case 6: return "m.k = \(value)"
    case 7 where depth > 0: return "if \(value) { \(block(depth)) } else { \(block(depth)) }"
    case 8 where depth > 0:
      return
        "for \(random.pick(["a", "a, b"])) in \(value) { \(block(depth))\nif a == 3 { \(random.pick(["break", "continue"])) } }"
    case 9 where depth > 0: return "try { \(block(depth)) } catch e { c = e.message }"
    case 10, 11:
      guard depth > 0 else { return "fn g(a) = \(value)" }
      return
        "fn \(random.pick(["f", "g"]))(\(random.pick(["", "a", "a, b: 1", "b"]))) { \(block(depth))\nreturn \(value) }"
    case 12 where depth > 0: return "while \(value) { \(block(depth)) }"
    case 13: return "a, b = \(value)"
    case 14: return "\(name())[\(expression(0)):\(expression(0))] = \(value)"
    case 15: return "raise \(value)"
    case 16: return "assert \(value), \"no\""
    case 17: return "m.k += \(value)"
    case 18: return "push xs, \(expression(0))"
    default: return value
    }
  }

  private mutating func block(_ depth: Int) -> String {
    (0...random.below(3)).map { _ in statement(depth - 1) }.joined(separator: "\n")
  }
}
