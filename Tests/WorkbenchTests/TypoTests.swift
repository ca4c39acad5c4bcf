import Foundation
import PixelScript
import Testing
import Workbench

/// Typos of one edit, as errors meet them: the name meant must be the one suggested, nine times out of ten.
@Suite(.serialized) struct TypoTests {
  /// A typo, the name meant, and the names it is compared with.
  private struct Typo {
    let text: String
    let meant: String
    let known: Set<String>
  }

  /// Every text that one missing, added, wrong or swapped letter makes of a name, but names that are known themselves.
  private static func typos(of name: String, known: Set<String>) -> [Typo] {
    let letters = Array(name)
    let alphabet = Array("abcdefghijklmnopqrstuvwxyz_")
    var texts: Set<String> = []
    for place in 0...letters.count {
      for letter in alphabet { texts.insert(String(letters[..<place] + [letter] + letters[place...])) }
      guard place < letters.count else { continue }
      texts.insert(String(letters[..<place] + letters[(place + 1)...]))
      for letter in alphabet { texts.insert(String(letters[..<place] + [letter] + letters[(place + 1)...])) }
      guard place + 1 < letters.count else { continue }
      texts.insert(String(letters[..<place] + [letters[place + 1], letters[place]] + letters[(place + 2)...]))
    }
    return texts.subtracting(known).filter { isName($0) }.sorted().map { Typo(text: $0, meant: name, known: known) }
  }

  private static func isName(_ text: String) -> Bool {
    text.first.map { $0.isLetter || $0 == "_" } == true && Keyword(rawValue: text) == nil
  }

  private static func typos(of names: some Sequence<String>, among known: some Sequence<String>) -> [Typo] {
    let all = Set(known)
    return names.filter { $0.count >= 2 }.flatMap { typos(of: $0, known: all) }
  }

  /// A sample that is the same each time.
  private static func sample(_ typos: [Typo], _ count: Int) -> [Typo] {
    var state: UInt64 = 42
    return (0..<min(count, typos.count)).map { _ in
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return typos[Int(state >> 33) % typos.count]
    }
  }

  /// The part of the typos for which the help of an error names what was meant.
  private static func share(_ what: String, _ typos: [Typo], help: (Typo) -> String?) -> Double {
    let right = typos.count { typo in
      let near = help(typo).flatMap { text in text.firstRange(of: "did you mean ").map { text[$0.upperBound...] } }
      return near.map { $0.hasPrefix("`\(typo.meant)`?") || $0.hasPrefix("\"\(typo.meant)\"?") } ?? false
    }
    let share = Double(right) / Double(max(typos.count, 1))
    print("typos of \(what): \(right) of \(typos.count) right, \((share * 1000).rounded() / 10) %")
    return share
  }

  private static func help(_ test: TestSession, _ script: String) -> String? {
    test.session.run(script, name: "typo", echo: false).diagnostics.first?.help.first
  }

  // MARK: Names

  private static let variables = [
    "data", "train_rows", "test_rows", "net", "history", "rate", "passes", "hidden", "weights", "image", "caption",
    "accuracy", "tokenizer", "model", "optimizer", "width", "height", "palette", "pixels", "row", "label", "labels",
    "tokens", "result", "results", "settings", "learning_rate", "total", "average", "small_net", "large_net",
  ]
  private static let keys = [
    "epochs", "batch", "lr", "sequence", "stride", "patience", "schedule", "name", "path", "size", "depth", "state",
    "dim",
    "heads", "dropout", "weight_decay", "warmup", "seed",
  ]
  private static let columns = [
    "epoch", "train_loss", "train_accuracy", "train_f1", "test_loss", "test_accuracy", "test_f1", "seconds",
    "tokens_per_second",
  ]

  @Test func commands() {
    let test = TestSession()
    let names = test.session.registry.names
    let typos = Self.sample(Self.typos(of: names, among: names), 2000)
    #expect(Self.share("commands", typos) { Self.help(test, "\($0.text)()") } >= 0.9)
  }

  @Test func variables() {
    let test = TestSession()
    let set = Self.variables.map { "\($0) = 1" }.joined(separator: "\n")
    #expect(test.run(set) == "")
    let typos = Self.sample(Self.typos(of: Self.variables, among: Self.variables + test.session.registry.names), 1000)
    #expect(Self.share("variables", typos) { Self.help(test, "1 + \($0.text)") } >= 0.9)
  }

  /// In a call that has nothing else, so that only the names count.
  @Test func namedArguments() {
    let test = TestSession()
    var typos: [(command: String, typo: Typo)] = []
    for name in test.session.registry.names {
      guard let forms = test.session.registry[name]?.forms, forms.count == 1,
        forms[0].signature.allSatisfy({ $0.gathering != .named })
      else { continue }
      let labels = forms[0].signature.filter { $0.gathering == .one }.map(\.name)
      typos += Self.sample(Self.typos(of: labels, among: labels), 15).map { (name, $0) }
    }
    var next = typos.map(\.command).makeIterator()
    #expect(typos.count > 1000)
    #expect(
      Self.share("named arguments", typos.map(\.typo)) { Self.help(test, "\(next.next() ?? "")(\($0.text): 1)") } >= 0.9
    )
  }

  @Test func choices() {
    let lists = TestSession().session.registry.entries.flatMap(\.forms).flatMap(\.signature).map(\.choices)
    let typos = Set(lists.filter { !$0.isEmpty }).sorted { $0.joined() < $1.joined() }.flatMap {
      Self.sample(Self.typos(of: $0, among: $0), 400)
    }
    #expect(typos.count > 3000)
    #expect(
      Self.share("choices", typos) { typo in
        Suggestion.best(for: typo.text, in: typo.known).map { "did you mean \"\($0)\"?" }
      } >= 0.9)
  }

  @Test func keys() {
    let test = TestSession()
    #expect(test.run("m = {\(Self.keys.map { "\($0): 1" }.joined(separator: ", "))}") == "")
    let typos = Self.sample(Self.typos(of: Self.keys, among: Self.keys), 1000)
    #expect(Self.share("keys of maps", typos) { Self.help(test, "m.\($0.text);") } >= 0.9)
  }

  @Test func columns() throws {
    let test = TestSession()
    try test.session.interpreter.setVariable(
      "history", to: .object(TableObject(columns: Self.columns, rows: [Self.columns.map { _ in .number(1) }])))
    let typos = Self.sample(Self.typos(of: Self.columns, among: Self.columns), 1000)
    #expect(Self.share("columns", typos) { Self.help(test, "history[\"\($0.text)\"];") } >= 0.9)
  }

  @Test func files() throws {
    let test = TestSession()
    let names = [
      "train.csv", "test.csv", "notes.txt", "settings.json", "creature.png", "first-model", "captions.jsonl",
    ]
    #expect(
      test.run(
        "for name in [\(names.map { "\"\($0)\"" }.joined(separator: ", "))] { write_text \"typos-\" + name, \"\" }")
        == "")
    let typos = names.flatMap { name in
      let stem = name.split(separator: ".")[0]
      return Self.typos(of: [String(stem)], among: [String(stem)]).map {
        Typo(text: name.replacing(stem, with: $0.text), meant: "typos-" + name, known: [])
      }
    }.filter { !names.contains($0.text) }
    #expect(
      Self.share("files", Self.sample(typos, 800)) { Self.help(test, "read_text \"typos-\($0.text)\"") } >= 0.9)
  }
}
