import Formats
import Foundation
import PixelBytes
import Safepoint
import Tensors
import Testing

/// What a model remembers of its training, and the card that tells it.
@Suite struct ModelCardTests {
  private let folder = FileManager.default.temporaryDirectory.appending(path: "pixelbytes-\(UUID().uuidString)").path
  private let rows = TokenSequences(["abcdefgh", "a cat"].map { Tokenizer().encode(text: $0) })

  private func trained(_ change: (inout TrainingOptions) -> Void = { _ in }) throws -> SequenceModel {
    let model = try SequenceModel(try ModelConfiguration(width: 9, state: 4, depth: 1, bidirectional: false), seed: 1)
    var options = TrainingOptions()
    (options.sequence, options.stride, options.steps, options.rate) = (4, 1, 3, 1e-2)
    change(&options)
    _ = try Trainer(model, training: rows, testing: rows, options).run { _ in }
    return model
  }

  @Test func aRunIsRemembered() throws {
    let model = try trained { $0.clip = 0.5 }
    let run = try #require(model.training.first)
    #expect(model.training.count == 1 && run.steps == 3)
    #expect(run.data == run.test && run.data.rows == 2 && run.data.tokens == 15 && run.data.name == nil)
    #expect(run.options["clip"] == .fraction(0.5) && run.options["lr"] == .fraction(0.01))
    #expect(run.options["steps"] == .count(3) && run.options["epochs"] == nil && run.options["threads"] == nil)
    #expect(run.evaluations.last?.test?.loss.isFinite == true)
    #expect(try model.copy().training == model.training)
  }

  /// The hash is that of a definition that anybody can repeat: Python's hashlib gave the expected one.
  @Test func theHashIsThatOfLengthsAndTokens() throws {
    let model = try trained()
    #expect(model.training[0].data.sha256 == "c649481734ef0db5464ce76d0fbce6a66501281a682266b84f2dab930f25ec85")
    let other = TokenSequences(["abcdefgh\na cat"].map { Tokenizer().encode(text: $0) })
    #expect(try TrainingRecord.Source(other).sha256 != model.training[0].data.sha256)
  }

  /// Rows are told one by one, those that are measured on behind those that are learned from; whoever hears of them may stop.
  @Test func readingTheRowsIsToldAndStops() throws {
    struct Stop: Error {}
    var told: [Int] = []
    let model = try SequenceModel(try ModelConfiguration(width: 9, state: 4, depth: 1), seed: 1)
    _ = try Trainer(model, training: rows, testing: rows, TrainingOptions()) { told.append($0) }
    #expect(told == [1, 2, 3, 4])
    #expect(throws: Stop.self) {
      try Trainer(model, training: rows, testing: nil, TrainingOptions()) { if $0 == 2 { throw Stop() } }
    }
    // One row of a million tokens looks too, and a hash in pieces is that of the whole.
    let long = TokenSequences([Tokenizer().encode(text: String(repeating: "abcdefgh", count: 1 << 17))])
    #expect(
      try TrainingRecord.Source(long).sha256 == "fcf34263e408d358c9a05d027cfacc49197669cf54f1780956d7a2be88e0736a")
    let watch = Watch(Interruption())
    watch.interruption.request()
    Safepoint.$watch.withValue(watch) {
      #expect(throws: Stopped.self) { try TrainingRecord.Source(long) }
    }
  }

  @Test func aRunThatIsStoppedIsRememberedToo() throws {
    struct Stop: Error {}
    let model = try SequenceModel(try ModelConfiguration(width: 9, state: 4, depth: 1), seed: 1)
    var options = TrainingOptions()
    (options.sequence, options.stride, options.batch) = (4, 1, 2)
    let trainer = try Trainer(model, training: rows, testing: nil, options)
    #expect(throws: Stop.self) { try trainer.run { if $0.step == 2 { throw Stop() } } }
    #expect(model.training.map(\.steps) == [2])
  }

  @Test func loadingAndSavingLosesNothing() throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let model = try trained()
    (model.license, model.vocabulary) = ("mit", .pixelbytes)
    try Checkpoint.save(model, to: folder + "/a")
    let loaded = try Checkpoint.load(folder + "/a")
    #expect(loaded.training == model.training && loaded.license == "mit")
    try Checkpoint.save(loaded, to: folder + "/b")
    for name in Checkpoint.files + ["README.md"] {
      #expect(try readFile("\(folder)/a/\(name)") == readFile("\(folder)/b/\(name)"), "\(name)")
    }
  }

  @Test func theCardTellsWhatIsKnown() throws {
    let model = try trained()
    model.license = "mit"
    let card = ModelCard(model).text
    let beginning = """
      ---
      license: "mit"
      library_name: pixelbytes
      tags:
      - pixelbytes
      - lstm
      - pixel-art
      model-index:
      - name: pixelbytes-lstm
        results:
        - task:
            type: text-generation
            name: next token
          dataset:
            type: "unnamed"
            name: "unnamed"
          metrics:
          - type: loss
            value: 
      """
    #expect(card.hasPrefix(beginning))
    let test = try #require(model.training[0].evaluations.last?.test)
    for line in [
      "| class in PyTorch | SimpleRNNModel |", "| bidirectional | false |", "| vocabulary | 113 tokens |",
      "| parameters | 3,325 |", "| training | unnamed | 2 | 15 | \(model.training[0].data.sha256) |",
      "| test | \((test.loss * 1e4).rounded() / 1e4) | ", "load_model(\"model\")", "load(\"model\")  # SimpleRNNModel",
      "3 steps; accumulate 1, batch 32, betas \\[0.9, 0.999\\], decay all, dropout 0, eps 1e-08, every 5, label_smoothing 0, ",
    ] { #expect(card.contains(line), "\(line)") }
    #expect(!card.contains(FileManager.default.currentDirectoryPath))
    #expect(ModelCard(try trained()).text == card.replacingOccurrences(of: "license: \"mit\"\n", with: ""))
  }

  @Test func aModelThatWasNotTrainedSaysSo() throws {
    let model = try SequenceModel(try ModelConfiguration(MambaFamily(state: 4), width: 16), seed: 1)
    let card = ModelCard(model).text
    #expect(card.hasPrefix("---\nlibrary_name: pixelbytes\ntags:\n- pixelbytes\n- mamba\n- pixel-art\n---\n"))
    #expect(card.contains("No run of `train` is known for this model."))
  }

  /// Names come from paths, so they may hold what Markdown, HTML and YAML read as their own.
  @Test func namesCannotBreakTheCard() throws {
    let model = try trained()
    let name = "a\"b\\|<b>`x`\n---"
    model.training[0].data.name = name
    model.training[0].test?.name = name
    let card = ModelCard(model).text
    #expect(card.contains(#"      name: "a\"b\\|<b>`x` ---""#))
    #expect(card.contains(#"| training | a"b\\\|\<b\>\`x\` --- | 2 |"#))
  }

  @Test func onlyTheLastRunsAreTold() throws {
    let model = try trained()
    model.training = (0..<12).map { number in
      var run = model.training[0]
      run.steps = number
      return run
    }
    let card = ModelCard(model).text
    #expect(card.contains("The runs before number 3 are in training.json."))
    #expect(!card.contains("### Run 2\n") && card.contains("### Run 3\n") && card.contains("### Run 12\n"))
  }

  /// Groups of three digits, four decimal places, and an objective by its name.
  @Test func numbersOfACard() throws {
    let model = try trained()
    func card(_ rows: Int, _ loss: Double, _ objective: String = "last") -> [Substring] {
      (model.training[0].data.rows, model.training[0].steps) = (rows, rows)
      model.training[0].options["loss"] = .text(objective)
      model.training[0].evaluations[model.training[0].evaluations.count - 1].train.loss = loss
      return ModelCard(model).text.split(separator: "\n")
    }
    for (rows, text) in [
      (0, "0"), (999, "999"), (1000, "1,000"), (12_345, "12,345"), (999_999, "999,999"), (1_234_567, "1,234,567"),
    ] {
      let lines = card(rows, 1)
      #expect(lines.contains { $0.hasPrefix("| training | unnamed | \(text) | 15 | ") }, "\(text)")
      #expect(lines.contains { $0.hasPrefix("\(text) steps; ") }, "\(text)")
    }
    for (loss, text) in [
      (0.00005, "0.0001"), (0.000049, "0.0"), (2.99996, "3.0"), (1.23456, "1.2346"), (-0.5, "-0.5"), (.nan, "nan"),
      (.infinity, "inf"),
    ] {
      #expect(card(2, loss).contains { $0.hasPrefix("| training | \(text) | ") }, "\(text)")
    }
    for (objective, name, words) in [
      ("last", "next token", "the next token"), ("all", "next token", "the next token"),
      ("a*b", "\"a*b\"", "the objective a\\*b"),
    ] {
      let lines = card(2, 1, objective)
      #expect(
        lines.contains("      name: \(name)") && lines.contains { $0.hasSuffix(", of \(words):") }, "\(objective)")
    }
  }

  @Test func anEditedCardStaysAsItIs() throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let model = try trained()
    let path = folder + "/README.md", second = folder + "/MODEL_CARD.md"
    try Checkpoint.save(model, to: folder)
    let first = try readTextFile(path)
    model.license = "mit"
    try Checkpoint.save(model, to: folder)
    #expect(try readTextFile(path) != first, "a card that nobody has edited is replaced")
    #expect(!FileManager.default.fileExists(atPath: second))

    let edited = try readTextFile(path).replacingOccurrences(of: "# PixelBytes lstm", with: "# My cats")
    try AtomicFile.write(edited, to: path)
    try Checkpoint.save(model, to: folder)
    #expect(try readTextFile(path) == edited)
    #expect(try readTextFile(second).contains("# PixelBytes lstm"))
    try AtomicFile.write("mine too", to: second)
    try Checkpoint.save(model, to: folder)
    #expect(try readTextFile(path) == edited && readTextFile(second) == "mine too")
  }

  @Test(arguments: ["", "MIT", "my license", "a\nb", "é", String(repeating: "a", count: 65)])
  func aLicenseIsANameOfTheHub(_ text: String) throws {
    #expect(throws: ConfigurationError.self) { try ModelCard.checked(license: text) }
    #expect(try ModelCard.checked(license: "cc-by-4.0") == "cc-by-4.0")
  }
}
