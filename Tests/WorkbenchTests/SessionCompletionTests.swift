import PixelScript
import Testing
import Workbench

/// A host without a terminal asks a session what can stand at the cursor and what stands there.
@Suite struct SessionCompletionTests {
  private let session: Session

  init() {
    session = Session(console: Console(write: { _ in }))
    _ = session.run("net = {depth: 2}\nfn area(w, h) = w * h", name: "test")
  }

  @Test func completesCommandsAndVariables() {
    #expect(session.completion(of: "net.", cursor: 4)?.candidates.first?.text == "depth")
    let options = session.completion(of: "  ep", cursor: 4, after: "train(m,\n")?.candidates.map(\.text)
    #expect(options == ["epochs: ", "eps: "])
    #expect(session.completion(of: "zzz", cursor: 3) == nil)
  }

  @Test(arguments: [
    // The name at the cursor, whether it stands in it, before it or behind it; else the call around it.
    ("train net", 2, "train("), ("train net", 5, "train("), ("train net", 6, "net: map"),
    ("print(area(1, ", 14, "area(w, h)"),
    ("train(net, epochs: 3", 20, "train("), ("train(net, epochs: 3", 14, "train("),
  ])
  func helpIsForTheCursor(text: String, cursor: Int, start: String) {
    #expect(session.help(at: cursor, of: text)?.hasPrefix(start) == true)
  }

  /// A key must be answered at once, however many variables there are.
  @Test func tenThousandVariablesAreCompletedAtOnce() {
    _ = session.run((0..<10_000).map { "variable_\($0) = \($0)" }.joined(separator: "\n"), name: "many")
    let lines = ["variable_77", "load_da", "train net, ", "print variable_1", "variable_7.", "help vari"]
    for line in lines {
      _ = session.completion(of: line, cursor: line.utf8.count)
      let best =
        (0..<5).map { _ in
          ContinuousClock().measure { _ = session.completion(of: line, cursor: line.utf8.count) }
        }.min() ?? .zero
      #expect(best < .milliseconds(10), "\(line): \(best)")
    }
    #expect(session.completion(of: "variable_999", cursor: 12)?.candidates.count == 11)
  }

  @Test func unknownNamesHaveNone() {
    #expect(session.help(at: 1, of: "zzz") == nil)
    #expect(session.help(at: 0, of: "") == nil)
    #expect(session.help(at: 0, of: "train", width: 40) != session.help(at: 0, of: "train", width: 100))
  }
}
