import PixelScript
import Testing
import Workbench

@Suite struct CompletionTests {
  private let registry = Registry(
    CommandGroup(
      "Tests",
      [
        Command(
          "train", "Trains.", Parameter<Value>("model", "the model"),
          Parameter<Int>("epochs", "how often", default: 10),
          Parameter<String>("schedule", "the schedule", default: "flat", choices: ["flat", "cosine"]),
          Parameter<Bool>("shuffle", "mix the rows", default: true, byName: true),
          Parameter<[String]>(
            "metrics", "what to measure", default: [], choices: ["loss", "accuracy"], byName: true), example: ""
        ) { _, _, _, _, _, _ in .nil },
        Command(
          "draw", "Draws.", Parameter<Value>("table", "what to draw"),
          Parameter<String?>("y", "the column", byName: true, completion: .column), example: ""
        ) { _, _, _ in .nil },
        Command("help", "Helps.", Parameter<String?>("name", "the command", completion: .command), example: "") {
          _, _ in
          .nil
        },
        Command("trace", "Sums a diagonal.", Parameter<ScriptMap>("map", "the map"), example: "") { _, _ in .nil },
      ]))

  private let variables: [(name: String, value: Value)] = [
    ("net", .number(1)), ("nested", .map([("inner", .map([("depth", .number(2))])), ("two words", .nil)])),
    ("shape_count", .number(3)), ("rows", .list([.map([("width", .number(1))])])),
  ]

  /// The candidates at the end of a text; lines before the last are a block typed before.
  private func candidates(_ text: String) -> [String] {
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    let line = String(lines.last ?? "")
    let block = lines.dropLast().map { $0 + "\n" }.joined()
    let completer = Completer(registry: registry, names: variables.map(\.name)) { name in
      variables.first { $0.name == name }?.value
    }
    let found = completer.completion(of: line, cursor: line.utf8.count, after: block)
    return found?.candidates.map(\.text) ?? []
  }

  @Test(arguments: [
    ("tra", ["trace", "train"]),
    ("x = tra", ["trace", "train"]),
    ("whi", ["while"]),
    ("ne", ["nested", "net"]),
    ("zzz", []),
    ("train ne", ["nested", "net"]),
    ("train net, ep", ["epochs: "]),
    ("train(net, ep", ["epochs: "]),
    ("x = train net, ep", ["epochs: "]),
    ("x = train net,\n  ep", ["epochs: "]),
    ("train net, sh", ["shuffle: ", "shape_count"]),
    ("train net, ", ["epochs: ", "schedule: ", "shuffle: ", "metrics: "]),
    ("train net, epochs: 3, ", ["schedule: ", "shuffle: ", "metrics: "]),
    ("train net, 3, ", ["schedule: ", "shuffle: ", "metrics: "]),
    ("train net, metrics: [\"", ["loss\"", "accuracy\""]),
    ("train net, metrics: [\"loss\", \"a", ["accuracy\""]),
    ("train net, epochs: 3, schedule: ", ["\"flat\"", "\"cosine\""]),
    ("train net, schedule: \"co", ["cosine\""]),
    ("train net, schedule: 'co", ["cosine'"]),
    ("train net, shuffle: ", ["true", "false"]),
    ("train net, shuffle: tr", ["true"]),
    ("train(net, epochs: (1 + ne", ["nested", "net"]),
    ("f(train(net, ep", ["epochs: "]),
    ("train net\nsha", ["shape_count"]),
    ("train net; sha", ["shape_count"]),
    ("fn f() {\n  train net, ep", ["epochs: "]),
    ("nested.", ["inner", "trace("]),
    ("nested[\"", ["inner\"", "two words\""]),
    ("nested[\"inner\"].", ["depth", "trace("]),
    ("rows[0].", ["width", "trace("]),
    ("rows[-1].wi", ["width"]),
    ("rows[7].", []),
    ("rows[1].", []),
    ("rows[-2].", []),
    ("rows[-0].wi", ["width"]),
    ("", ["  "]),
    ("n", ["nan", "nested", "net", "nil", "not"]),
    ("train", ["train"]),
    ("trains", []),
    ("rows[1e300].", []),
    ("draw nested, y: \"", ["inner\"", "two words\""]),
    ("draw(nested.inner, y: \"", ["depth\""]),
    ("nested.draw(y: \"in", ["inner\""]),
    ("print f\"{ne", ["nested", "net"]),
    ("print f\"{net} and {nested.", ["inner", "trace("]),
    ("trace ", ["nested"]),
    ("train net, schedule: \"flat\", ", ["epochs: ", "shuffle: ", "metrics: "]),
    (
      "help tr",
      [
        "trace", "train", "train a minute", "train-compare", "training", "training loop", "traits read back", "true",
        "truth",
        "try", "try it", "trying settings",
      ]
    ),
    ("?trac", ["trace"]),
    ("nested.inner.de", ["depth"]),
    ("x + nested.inner.", ["depth", "trace("]),
    ("missing.", []),
    ("1 + 1 # tra", []),
    ("  ", ["    "]),
  ])
  func whatCanStandAtTheCursor(text: String, expected: [String]) {
    #expect(candidates(text) == expected)
  }

  @Test func theRestOfTheLineDoesNotMatter() {
    let completer = Completer(registry: registry, names: variables.map(\.name)) { name in
      variables.first { $0.name == name }?.value
    }
    let completion = completer.completion(of: "é = nest + 1", cursor: 9)
    #expect(completion == Completion(start: 5, candidates: [.init("nested")]))
  }

  @Test func theCommonPartIsInserted() {
    func prefix(_ texts: String...) -> String { Completion(start: 0, candidates: texts.map { .init($0) }).commonPrefix }
    #expect(prefix("train", "trace") == "tra")
    #expect(prefix("a", "b") == "")
    #expect(prefix() == "")
    #expect(prefix("train") == "train")
    #expect(prefix("train", "train: ") == "train")
    #expect(prefix("naïve", "naïf") == "naï")
  }

  @Test func listsFitTheTerminal() {
    let names = (0..<50).map { Completion.Candidate("candidate\($0)") }
    // A row that is just full makes no empty one behind it.
    for (count, lines) in [(1, 1), (6, 1), (7, 2), (12, 2), (13, 3)] {
      let listing = Completion(start: 0, candidates: Array(names.suffix(count))).listing(width: 85)
      #expect(listing.split(separator: "\n", omittingEmptySubsequences: false).count == lines + 1)
    }
    for width in 14...200 {
      let lines = Completion(start: 0, candidates: names).listing(width: width).split(separator: "\n")
      #expect(lines.allSatisfy { $0.count < width && !$0.contains("…") })
      let columns = (width - 1) / 13
      #expect(lines.count == (50 + columns - 1) / columns)
    }
    let explained = Completion(
      start: 0, candidates: [.init("epochs: ", detail: String(repeating: "long ", count: 30)), .init("lr: ")])
    #expect(explained.listing(width: 30).split(separator: "\n").allSatisfy { $0.count < 30 })
  }
}
