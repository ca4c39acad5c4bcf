import Foundation
import PixelBytes
import Tensors
import Testing

/// Contexts of other numbers of cells than the nine of the paper.
@Suite struct ContextShapeTests {
  /// Two tokens twice each, in turns: what follows a token is known by the one before it.
  private static let pairs = (0..<6).flatMap { _ in [1, 1, 2, 2] as [UInt8] }

  private func options(_ positions: Positions = .all) -> TrainingOptions {
    var options = TrainingOptions()
    (options.steps, options.sequence, options.stride, options.batch) = (120, 8, 1, 24)
    (options.rate, options.positions, options.every) = (0.1, positions, 1000)
    return options
  }

  /// One cell cannot tell which of the pair it is in; five can.
  @Test(arguments: [1, 5], Positions.allCases) func trainAndAreMeasured(_ cells: Int, _ positions: Positions) throws {
    let rows = TokenSequences([PatchSequence(Self.pairs, cells: cells)])
    let model = CellModel(rows.shape)
    let history = try Trainer(model, training: rows, testing: rows, options(positions)).run { _ in }
    let test = try #require(history.last?.test)
    let report = try NextTokenReport(model, try Windows(rows, length: 3, stride: 1), threads: 2)
    for (loss, accuracy) in [(test.loss, test.accuracy), (report.loss, report.classification.accuracy)] {
      if cells == 1 {
        #expect(abs(loss - 0.6931472) < 0.01)  // log 2
      } else {
        #expect(loss < 0.05 && accuracy == 1)
      }
    }
  }

  /// The cell that is predicted is the target, wherever it stands.
  @Test(arguments: 0..<6) func theTargetIsTheCellThatIsPredicted(_ predicted: Int) throws {
    let shape = ContextShape(rows: 2, columns: 3, predicted: predicted)
    let sequence = PatchSequence(ids: (0..<24).map { UInt8($0) }, shape: shape)
    #expect(sequence.count == 4 && sequence.tokens == [0, 6, 12, 18].map { UInt8($0 + predicted) })
    #expect(sequence[1..<3].ids == Array(6..<18) && sequence[1..<3].shape == shape)
    let example = try Windows(TokenSequences([sequence]), length: 3, stride: 3).example([0, 1], for: .all)
    #expect(example.inputs.shape == shape && example.inputs.ids == Array(0..<18) + Array(18..<24) + Array(0..<12))
    #expect(example.targets == [6, 12, 18, 0, 6, 12].map { Int32($0 + predicted) })
    #expect(example.sequences(1..<2).inputs.positions(2..<3).ids == Array(6..<12))
    #expect(example.sequences(1..<2).targets == [0, 6, 12].map { Int32($0 + predicted) })
  }

  @Test(arguments: [(1, 1, 0), (1, 5, 4), (1, 5, 2), (2, 2, 3)], EmbeddingKind.allCases)
  func areReadByEveryEmbeddingAndKeptInCheckpoints(_ size: (Int, Int, Int), _ embedding: EmbeddingKind) throws {
    let shape = ContextShape(rows: size.0, columns: size.1, predicted: size.2)
    let configuration = try ModelConfiguration(
      LSTMFamily(state: 16, bidirectional: false), width: 16, depth: 1, embedding: embedding, vocabulary: 4,
      contextShape: shape)
    let model = try SequenceModel(configuration, seed: 1)
    let ids = Self.pairs.flatMap { token in (0..<shape.cells).map { $0 == shape.predicted ? token : 0 } }
    let rows = TokenSequences([PatchSequence(ids: ids, shape: shape)])
    var options = options()
    (options.rate, options.steps) = (0.03, 100)
    let history = try Trainer(model, training: rows, testing: rows, options).run { _ in }
    #expect(try #require(history.last?.test).accuracy == 1)

    let folder = FileManager.default.temporaryDirectory.appending(path: "pixelbytes-\(UUID().uuidString)").path
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try Checkpoint.save(model, to: folder)
    let loaded = try Checkpoint.load(folder)
    #expect(loaded.configuration == configuration)
    let batch = ContextBatch(PatchSequence(ids: ids, shape: shape))
    let whole = model.logits(batch)
    #expect(loaded.logits(batch).values == whole.values)
    var stepper = try #require(loaded.stepper(batch: 1))
    _ = try stepper.logits(batch.positions(0..<10))
    let stepped = try stepper.logits(batch.positions(10..<batch.length))
    for (a, b) in zip(stepped.values, whole.values) { #expect(abs(a - b) < 1e-5) }
  }

  /// What config.json says of a context is checked before anything is made of it; that of a patch stands in no file.
  @Test func aFileSaysWhichContext() throws {
    let patches = try ModelConfiguration(LSTMFamily()).encoded()
    #expect(!patches.contains("context"))
    for (text, isShape) in [
      ("[1, 5, 4]", true), ("[3, 3, 4]", true), ("[3, 3]", false), ("[0, 3, 0]", false), ("[3, -3, 4]", false),
      ("[3, 3, 9]", false), ("[3, 3, -1]", false), ("[8, 8, 0]", true), ("[9, 8, 0]", false),
      ("[9223372036854775807, 3, 4]", false), ("[3, 3, 4, 1]", false), ("5", false), ("[1, 1.5, 0]", false),
    ] {
      let changed = patches.replacing("{\n", with: "{\n  \"context\": \(text),\n", maxReplacements: 1)
      guard !isShape else {
        let configuration = try ModelConfiguration(decoding: changed)
        #expect(try ModelConfiguration(decoding: configuration.encoded()) == configuration)
        continue
      }
      #expect(throws: ConfigurationError.self, "\(text)") { try ModelConfiguration(decoding: changed) }
    }
  }

  @Test func aModelIsGivenNoOthersThanItReads() throws {
    let model = CellModel(ContextShape(columns: 5, predicted: 4), tokens: 113)
    let rows = TokenSequences([Tokenizer().encode(text: "a cat")])
    let expected = ConfigurationError(
      "the model reads contexts of 1 x 5 cells, number 4 predicted, found 3 x 3 cells, number 4 predicted")
    #expect(throws: expected) { try Trainer(model, training: rows, testing: nil, TrainingOptions()) }
    let five = TokenSequences([PatchSequence(Self.pairs, cells: 5)])
    #expect(throws: expected) { try Trainer(model, training: five, testing: rows, TrainingOptions()) }
    #expect(throws: expected) { try NextTokenReport(model, try Windows(rows, length: 2, stride: 1), threads: 1) }
    #expect(throws: expected) { try Generator(model, Tokenizer(), try Sampler()) }
  }

  /// A model of another program that goes on from where it was draws what one draws that reads all again.
  @Test func aStepperOfAnotherProgramIsFedEveryContextOnce() throws {
    var model = CellModel(.patch, tokens: 113)
    model.table.update { values in
      var random = Random(seed: 3, stream: "weights")
      for k in values.indices { values[k] = Float(random.below(1000)) / 250 }
    }
    func draw() throws -> [[UInt8]] {
      let generator = try Generator(model, Tokenizer(), try Sampler())
      var randoms = (0..<3).map { Random(seed: UInt64($0), stream: "sampling") }
      return try generator.generate(after: Tokenizer().encode(text: "a cat"), count: 20, using: &randoms).map(\.ids)
    }
    let whole = try draw()
    model.steps = true
    #expect(try draw() == whole && Set(whole).count > 1)
  }
}
