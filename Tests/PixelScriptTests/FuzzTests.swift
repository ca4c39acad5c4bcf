import Foundation
import FuzzInputs
import PixelScript
import Testing

/// Damaged, random and grammatical texts: each is answered with a value or with errors whose places lie in the text.
/// `Scripts/fuzz` tries as many as one likes.
@Suite struct FuzzTests {
  private static let corpus = [
    """
    # %% Data
    param epochs = 5 in [1, 5] "passes"
    data = {count: 512, size: 16};
    train_rows, test_rows = sorted([2, 1])
    fn area(w, h: 2) { return w * h }
    h = sorted xs, by: fn(x) = -x, descending: true
    for k, v in {a: 1, "b c": [2, 3]} { if not k in xs and v > 1 { print f"{k}: {v:.2f}" } else { continue } }
    try { raise "bad" } catch e { print e.kind, r"\\d", "\\u{41}" }
    y = x[:, 0, ::-1] @ w.transpose() ** -2 if a else fn(x) = x + 1
    """
  ].map { Array($0.utf8) }

  @Test(arguments: 0..<4) func texts(part: Int) {
    let fuzzer = Fuzzer(corpus: Self.corpus, kinds: [.words, .damaged])
    for number in part * 15_000..<(part + 1) * 15_000 {
      if let fault = fuzzer.fault(of: number) { Issue.record("input \(number): \(fault)") }
    }
  }

  @Test(arguments: 0..<4) func programs(part: Int) {
    let fuzzer = Fuzzer(corpus: [], kinds: [.program])
    for number in part * 5_000..<(part + 1) * 5_000 {
      if let fault = fuzzer.fault(of: number) { Issue.record("input \(number): \(fault)") }
    }
  }

  @Test func programsDoThings() throws {
    let fuzzer = Fuzzer(corpus: [], kinds: [.program])
    let interpreter = Interpreter(registry: Registry([Builtins.values])) { _ in }
    interpreter.limits = Limits(depth: 300, steps: 5_000, memory: 8 << 20)
    let finished = (0..<500).count { number in
      let text = String(decoding: fuzzer.input(number).bytes, as: UTF8.self)
      do { _ = try interpreter.run(text) } catch { return false }
      return true
    }
    #expect(finished > 60, "most generated statements fail")
  }

  @Test func everyPrefixIsAnswered() throws {
    let bytes = Self.corpus[0]
    #expect(try Script.parse(SourceText(name: "whole", bytes: bytes)).statements.count == 8)
    for length in 0..<bytes.count {
      do throws(SyntaxFailure) {
        _ = try Script.parse(SourceText(name: "prefix", bytes: Array(bytes[..<length])))
      } catch {
        #expect(!DiagnosticRenderer(width: 50).text(of: error.diagnostics).isEmpty)
      }
    }
  }
}
