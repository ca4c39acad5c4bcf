import PixelScript
import Testing
import Workbench

/// What is colored while it is typed.
@Suite struct SyntaxPartsTests {
  /// The parts of a text with what they are.
  private func parts(_ text: String) -> [String] {
    let bytes = Array(text.utf8)
    return TestSession().session.syntaxParts(of: text).map { part in
      "\(part.kind) \(String(decoding: bytes[part.range], as: UTF8.self))"
    }
  }

  @Test(arguments: [
    ("if x { print 1 } # end", ["keyword if", "command print", "number 1", "comment # end"]),
    ("train net, data, epochs: 5", ["command train", "label epochs", "number 5"]),
    ("x = sorted(xs, by: fn(v) = v)", ["command sorted", "label by", "keyword fn"]),
    ("m = {lr: 1e-3, on: true}", ["label lr", "number 1e-3", "label on", "constant true"]),
    ("f\"a {x + 1:.2f} b\"", ["text f\"a {", "number 1", "text :.2f} b\""]),
    ("x = \"never closed", ["text \"never closed"]), ("y = f\"{", ["text f\"{"]),
    ("x.sort()", ["command sort"]), ("x.sort", []), ("sort = 3; sort + 1", ["number 3", "number 1"]),
    ("# a\n# b\nx = nil", ["comment # a", "comment # b\n", "constant nil"]), ("vars", ["command vars"]),
    ("\"\"\"a\nb\"\"\"", ["text \"\"\"a\nb\"\"\""]), ("", []), ("猫 = 'é'", ["text 'é'"]),
    ("# %% Data", ["comment # %% Data"]),
  ])
  func partsAreTold(text: String, wanted: [String]) { #expect(parts(text) == wanted, "\(text)") }

  /// Whatever is typed, parts lie in the text, in order, and none over another.
  @Test func partsNeverOverlap() {
    let text =
      "fn f(x, n: 2) { return f\"{x:>{n}} {g(\"a\", b: 1)!r}\" } # %% \n\"\"\"x\"\"\"; try { r'\\' } catch e { 0xff .5 猫 }"
    let session = TestSession().session
    let characters = Array(text)
    for end in 0...characters.count {
      for start in [0, end / 2, end] {
        let part = String(characters[start..<end])
        var last = 0
        for found in session.syntaxParts(of: part) {
          #expect(found.range.lowerBound >= last && found.range.upperBound <= part.utf8.count, "\(part)")
          last = found.range.upperBound
        }
      }
    }
  }

  /// A key must be seen at once: two milliseconds are far more than the colors of a hundred lines may take.
  @Test func aHundredLinesTakeNoTime() {
    let text = String(repeating: "x = sorted([v * 2 for v in xs if v > 1], by: fn(v) = v) # note\n", count: 100)
    let session = TestSession().session
    _ = session.syntaxParts(of: text)
    let best = (0..<10).map { _ in ContinuousClock().measure { _ = session.syntaxParts(of: text) } }.min() ?? .zero
    #expect(best < .milliseconds(2), "\(best)")
  }
}
