import PixelScript
import Testing

/// Random programs, most of them wrong somewhere, neither crash nor hang nor leak registers.
@Suite struct MachineFuzzTests {
  /// A small random generator, so that a failing program comes again.
  struct Source: RandomNumberGenerator {
    var state: UInt64
    mutating func next() -> UInt64 {
      state &+= 0x9e37_79b9_7f4a_7c15
      var mixed = state
      mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
      mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
      return mixed ^ (mixed >> 31)
    }
  }

  struct Writer {
    var random: Source
    let names = ["a", "b", "c", "f", "g", "xs", "m"]

    mutating func pick(_ texts: [String]) -> String { texts.randomElement(using: &random) ?? "" }

    mutating func expression(_ depth: Int) -> String {
      guard depth > 0 else { return pick(names + ["1", "2", "0", "-3", "0.5", "\"s\"", "true", "nil", "[]", "{}"]) }
      let (x, y) = (expression(depth - 1), expression(depth - 1))
      switch Int.random(in: 0..<16, using: &random) {
      case 0...3: return "(\(x) \(pick(["+", "-", "*", "/", "//", "%", "**", "@"])) \(y))"
      case 4: return "(\(x) \(pick(["<", "<=", "==", "!=", "in", "not in", "and", "or"])) \(y))"
      case 5: return "[\(x), \(y)]"
      case 6: return "{k: \(x), \"j\": \(y)}"
      case 7: return "\(pick(names))[\(x)]"
      case 8: return "\(pick(names))[\(x):\(y)]"
      case 9: return "\(pick(["f", "g", "len", "map", "push", "str", "answer"]))(\(x), \(y))"
      case 10: return "\(pick(["f", "g", "len", "str"]))(\(x))"
      case 11: return "(fn(p) = \(x))"
      case 12: return "(\(x) if \(y) else \(x))"
      case 13: return "\(pick(names)).\(pick(["k", "j", "len()", "f(1)", "push(2)"]))"
      case 14: return "f\"{\(pick(names))} {\(pick(names)):5}\""
      default: return "(\(x) < \(y) < \(x))"
      }
    }

    mutating func statement(_ depth: Int) -> String {
      let value = expression(2)
      switch Int.random(in: 0..<14, using: &random) {
      case 0...3: return "\(pick(names)) = \(value)"
      case 4: return "\(pick(names)) += \(value)"
      case 5: return "\(pick(names))[\(expression(1))] = \(value)"
      case 6: return "m.k = \(value)"
      case 7 where depth > 0: return "if \(value) { \(block(depth)) } else { \(block(depth)) }"
      case 8 where depth > 0: return "for \(pick(["a", "a, b"])) in \(value) { \(block(depth))\nif a == 3 { break } }"
      case 9 where depth > 0: return "try { \(block(depth)) } catch e { c = e.message }"
      case 10 where depth > 0:
        return "fn \(pick(["f", "g"]))(\(pick(["a", "a, b: 1", "b"]))) { \(block(depth))\nreturn \(value) }"
      case 11 where depth > 0: return "while \(value) { \(block(depth)) }"
      case 12: return "a, b = \(value)"
      default: return value
      }
    }

    mutating func block(_ depth: Int) -> String {
      (0..<Int.random(in: 1...3, using: &random)).map { _ in statement(depth - 1) }.joined(separator: "\n")
    }
  }

  @Test(arguments: 0..<8) func randomProgramsEndWell(seed: Int) throws {
    let limits = Limits(depth: 500, steps: 20_000, memory: 8 << 20)
    var finished = 0
    for round in 0..<400 {
      var writer = Writer(random: Source(state: UInt64(seed * 1_000_000 + round)))
      let interpreter = Interpreter(registry: TestCommands.registry()) { _ in }
      interpreter.limits = limits
      for _ in 0..<6 {
        let text = writer.statement(3)
        do {
          _ = try interpreter.run(text)?.echo
          finished += 1
        } catch is SyntaxFailure {
          Issue.record("the generator wrote no script: \(text)")
        } catch let error as Diagnostic {
          #expect(error.kind != .internal, "\(error) in \(text)")
          #expect(error.location != nil, "\(error) in \(text)")
        }
      }
      #expect(try interpreter.run("1 + 1") == .number(2))
    }
    #expect(finished > 100)
  }
}
