import PixelScript
import Testing

/// Mutated and random texts: the parser must answer each of them with a tree or with errors whose places lie in the text.
@Suite struct FuzzTests {
  private struct SplitMix: RandomNumberGenerator {
    var state: UInt64
    mutating func next() -> UInt64 {
      state &+= 0x9E37_79B9_7F4A_7C15
      var z = state
      z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
      z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
      return z ^ (z >> 31)
    }
  }

  private static let words = [
    "x", "f", " ", " ", "\n", "(", ")", "[", "]", "{", "}", ",", ":", ".", "=", "==", "+", "-", "**", "//", "@", "+=",
    "?", ";",
    "1", "0xff", "1e-3", ".5", "\"a\"", "\"", "'", "\"\"\"", "f\"{", "f\"\"\"{", "}\"", ":.3f}", "r\"\\\"", "\\u{",
    "\\x4", "fn", "fn(",
    "if ", "else ", "for ", "in ", "while ", "not ", "and ", "or ", "return ", "try ", "catch ", "param ", "import ",
    "as ",
    "raise ", "assert ", "break", "continue", "true", "nil", "# c\n", "# %% t\n", "# %% [markdown]\n", "é", "日", "👍",
    "\t", "\r", "&&", "!",
    "\u{FEFF}", "\0", "\u{202E}",
  ]

  private static let script = """
    # %% Data
    param epochs = 5 in [1, 5] "passes"
    data = sprites(count: 512, size: 16, seed: 1);
    train_rows, test_rows = split(data, test: 0.1)
    fn area(w, h: 2) { return w * h }
    h = train net, train_rows, epochs: epochs, lr: 1e-3
    for k, v in {a: 1, "b c": [2, 3]} { if not k in xs and v > 1 { print f"{k}: {v:.2f}" } else { continue } }
    try { raise "bad" } catch e { print e.kind, r"\\d", "\\u{41}" }
    y = x[:, 0, ::-1] @ w.transpose() ** -2 if a else fn(x) = x + 1
    """

  private func check(_ bytes: [UInt8], render: Bool) {
    let source = SourceText(name: "fuzz", bytes: bytes)
    do throws(SyntaxFailure) {
      let script = try Script.parse(source)
      let isWhole = script.cells.allSatisfy { $0.span.range.upperBound <= bytes.count }
      if !isWhole { Issue.record("a cell reaches beyond the text \(bytes)") }
    } catch {
      let isInside = error.diagnostics.allSatisfy { diagnostic in
        let spans = [diagnostic.location?.span ?? Span(0, .max)] + diagnostic.labels.map(\.span)
        return spans.allSatisfy { $0.range.upperBound <= bytes.count }
      }
      if error.diagnostics.isEmpty || !isInside { Issue.record("an error without a place in the text \(bytes)") }
      if render, DiagnosticRenderer(usesColor: true, width: 50).text(of: error.diagnostics).isEmpty {
        Issue.record("an error without text for \(bytes)")
      }
    }
  }

  @Test(arguments: 1...4) func randomWords(seed: UInt64) {
    var random = SplitMix(state: seed)
    for round in 0..<40_000 {
      let count = Int.random(in: 1...30, using: &random)
      let text = (0..<count).map { _ in Self.words[Int.random(in: 0..<Self.words.count, using: &random)] }.joined()
      check(Array(text.utf8), render: round % 8 == 0)
    }
  }

  @Test(arguments: 1...4) func mutatedScripts(seed: UInt64) {
    var random = SplitMix(state: seed)
    let original = Array(Self.script.utf8)
    for round in 0..<10_000 {
      var bytes = original
      for _ in 0..<Int.random(in: 1...6, using: &random) {
        let place = Int.random(in: 0..<bytes.count, using: &random)
        switch Int.random(in: 0..<4, using: &random) {
        case 0: bytes[place] = UInt8.random(in: 0...255, using: &random)
        case 1: bytes.remove(at: place)
        case 2:
          bytes.insert(contentsOf: Self.words[Int.random(in: 0..<Self.words.count, using: &random)].utf8, at: place)
        default: bytes.removeSubrange(place..<min(bytes.count, place + 40))
        }
      }
      check(bytes, render: round % 8 == 0)
    }
  }

  @Test func everyPrefixIsAnswered() throws {
    let bytes = Array(Self.script.utf8)
    #expect(try Script.parse(SourceText(name: "whole", bytes: bytes)).statements.count == 8)
    for length in 0..<bytes.count { check(Array(bytes[..<length]), render: true) }
  }
}
