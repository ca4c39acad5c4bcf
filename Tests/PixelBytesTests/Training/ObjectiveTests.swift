import PixelBytes
import Tensors
import Testing

/// What a model learns, by objectives of another program than those of the library.
@Suite struct ObjectiveTests {
  /// The next token after every second position of a window.
  private struct EverySecond: Objective {
    let name = "second"
    let positions = Positions.all

    func example(of windows: ContextBatch) -> Example {
      let all = NextToken(.all).example(of: windows)
      let length = all.inputs.length
      return Example(
        all.inputs, targets: all.targets.enumerated().map { $0 % length % 2 == 0 ? $1 : Example.ignored })
    }
  }

  /// Both cells of the next context, from all positions.
  private struct BothCells: Objective {
    let name = "both"
    let positions = Positions.all

    func example(of windows: ContextBatch) -> Example {
      let length = windows.length - 1
      return Example(
        windows.positions(0..<length), targets: windows.positions(1..<length + 1).ids.map { Int32($0) })
    }
  }

  /// The token itself, which even a model that reads both ways may learn from all positions; a mistake costs three times as much.
  private struct Itself: Objective {
    let name = "itself"
    let positions = Positions.all

    func check(_ model: any TokenModel) {}
    func example(of windows: ContextBatch) -> Example {
      let inputs = windows.positions(0..<windows.length - 1)
      return Example(inputs, targets: inputs.tokens.map { Int32($0) })
    }
    func loss(_ logits: Tensor, _ targets: [Int32], divisor: Float) -> Tensor {
      logits.crossEntropy(targets, divisor: divisor) * Tensor(3)
    }
  }

  private func options(steps: Int) -> TrainingOptions {
    var options = TrainingOptions()
    (options.steps, options.sequence, options.stride, options.batch) = (steps, 4, 4, 8)
    (options.rate, options.weightDecay, options.every) = (0.1, 0, 1000)
    return options
  }

  @Test func thoseOfTheLibraryAreTheNextTokens() throws {
    let windows = try Windows(.centers([[1, 2, 3, 0]]), length: 3, stride: 2)
    for objective in [NextToken(.last), .all] {
      let example = try windows.example([0, 1], for: objective)
      #expect(example.inputs.tokens == [1, 2, 3, 3, 0, 1] && example.inputs.length == 3)
      #expect(example.targets == (objective.positions == .all ? [2, 3, 0, 0, 1, 2] : [0, 2]))
      #expect(objective.measured.positions == .last && objective.name == objective.positions.rawValue)
    }
  }

  /// The mean is that of the positions that count, in parts of which one has fewer; the others leave no gradient.
  @Test(arguments: [1, 2, 8]) func whatDoesNotCountLeavesNoGradient(_ part: Int) throws {
    let model = BigramModel()
    for parameter in model.parameters { parameter.update { values in for k in values.indices { values[k] = 0 } } }
    let windows = try Windows(.centers([[0, 1, 2, 3], [0, 1, 2, 3], [0, 3, 0, 1]]), length: 3, stride: 4)
    let example = try windows.example([0, 1, 2], for: EverySecond())
    #expect(example.targets == [1, -100, 3, 1, -100, 3, 3, -100, 1] && example.countedTargets == 6)
    let (loss, gradients) = try TrainingStep(EverySecond(), threads: 1, part: part)(model, example)
    #expect(abs(loss - 1.3862944) < 1e-6)  // log 4
    let table = try #require(gradients[0])
    // After 0 come 1, 1, 3 and 1, after 2 twice 3; 1 and 3 are only where nothing counts.
    let expected: [Float] = [1, 1 - 3, 1, 1 - 1, 0, 0, 0, 0, 0.5, 0.5, 0.5, 0.5 - 2, 0, 0, 0, 0]
    for (a, b) in zip(table, expected) { #expect(abs(a - b / 6) < 1e-7) }
  }

  @Test func aTrainerLearnsByItAndIsMeasuredByIt() throws {
    let model = BigramModel()
    let before = model.table.value.values
    // Even places are followed by 2, odd ones by whatever.
    let rows = TokenSequences.centers([[0, 2, 1, 2, 0, 2, 1, 2]])
    let trainer = try Trainer(model, training: rows, testing: rows, options(steps: 60), objective: EverySecond())
    let test = try #require(try trainer.run { _ in }.last?.test)
    #expect(test.accuracy == 1 && test.loss < 0.05)
    // 2 stands where nothing counts, and 3 nowhere.
    #expect(model.table.value.values[8...] == before[8...] && model.table.value.values[0] != before[0])
    #expect(model.records.map { $0.options["loss"] } == [.text("second")])
    let report = try NextTokenReport(
      model, try Windows(rows, length: 3, stride: 1), EverySecond(), indices: [0, 1], threads: 1)
    // Of windows from 0 and from 1 the tokens after 0 and 1, and those after 2, of which nothing was learned.
    #expect(report.windows == 2 && report.classification.accuracy == 0.5)
  }

  /// Evaluations measure the plain loss of the next token, whatever changes the loss that a model learns by.
  @Test(arguments: WindowRule.allCases, Positions.allCases)
  func whatChangesTheLossIsNotMeasured(_ rule: WindowRule, _ positions: Positions) throws {
    guard rule == .circular || positions == .all else { return }
    let rows = TokenSequences.centers([[0, 1, 2, 3, 1, 0, 2], [3, 3, 1, 2, 0], [1, 0]])
    func run(_ change: (inout TrainingOptions) -> Void) throws -> (first: HistoryRow, model: BigramModel) {
      let model = BigramModel()
      var options = TrainingOptions()
      (options.batch, options.sequence, options.stride, options.steps) = (4, 3, 1, 2)
      (options.windows, options.positions, options.rate) = (rule, positions, 0.05)
      change(&options)
      let history = try Trainer(model, training: rows, testing: rows, options).run { _ in }
      return (try #require(history.first), model)
    }
    let plain = try run { _ in }
    let changes: [(inout TrainingOptions) -> Void] = [
      { $0.labelSmoothing = 0.4 }, { $0.classWeights = .numbers([0.5, 1, 2, 0.25]) }, { $0.classWeights = .balanced },
      { ($0.labelSmoothing, $0.classWeights) = (0.1, .balanced) },
    ]
    for change in changes {
      let other = try run(change)
      #expect(other.first.train == plain.first.train && other.first.test == plain.first.test)
      #expect(other.model.table.value.values != plain.model.table.value.values)
    }
  }

  @Test func aModelTellsSeveralTokensAtOnce() throws {
    let contexts: [UInt8] = [3, 1, 1, 2, 2, 3]
    let rows = TokenSequences([PatchSequence(ids: contexts, shape: ContextShape(columns: 2, predicted: 1))])
    let model = CellModel(rows.shape, targets: 2)
    let example = try Windows(rows, length: 2, stride: 3).example([0], for: BothCells())
    #expect(example.targets == [1, 2, 2, 3])
    let history = try Trainer(
      model, training: rows, testing: rows, options(steps: 80), objective: BothCells()
    ).run { _ in }
    #expect(try #require(history.last?.test).accuracy == 1)
  }

  @Test func anObjectiveDecidesWhoMayLearnByItAndWhatIsLost() throws {
    let model = try SequenceModel(try ModelConfiguration(width: 18, state: 8, depth: 1), seed: 1)
    let rows = TokenSequences([Tokenizer().encode(text: "a cat")])
    #expect(throws: ConfigurationError.seesAhead) {
      try Trainer(model, training: rows, testing: nil, options(steps: 1), objective: EverySecond())
    }
    _ = try Trainer(model, training: rows, testing: rows, options(steps: 1), objective: Itself()).run { _ in }
    let card = ModelCard(model).text
    #expect(card.contains("of the objective itself:") && card.contains("      name: \"itself\""))

    let bigram = BigramModel()
    let windows = try Windows(.centers([[0, 1, 2, 3]]), length: 4, stride: 1)
    let example = try windows.example([0, 1, 2, 3], for: Itself())
    let own = try TrainingStep(Itself(), threads: 1)(bigram, example)
    let plain = try TrainingStep(.all, threads: 1)(bigram, example)
    #expect(abs(own.loss - 3 * plain.loss) < 1e-5)
    for (a, b) in zip(own.gradients, plain.gradients) {
      for (a, b) in zip(a ?? [], b ?? []) { #expect(abs(a - 3 * b) < 1e-6) }
    }
    let measured = try NextTokenReport(bigram, windows, Itself(), threads: 1)
    #expect(abs(measured.loss - Double(own.loss)) < 1e-5)
  }
}
