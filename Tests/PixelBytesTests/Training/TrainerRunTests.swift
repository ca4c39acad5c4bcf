import PixelBytes
import Tensors
import Testing

/// What a run asks of its model, in which order, and when it evaluates, tells and ends.
@Suite struct TrainerRunTests {
  /// Sixteen windows of two tokens: each pair of 0 to 3 occurs once, so that a window's tokens tell its number.
  private static let pairs: [UInt8] = [0, 0, 1, 0, 2, 0, 3, 1, 1, 2, 1, 3, 2, 2, 3, 3]

  private func options(_ change: (inout TrainingOptions) -> Void = { _ in }) -> TrainingOptions {
    var options = TrainingOptions()
    (options.sequence, options.stride, options.batch, options.epochs, options.every) = (2, 1, 5, 3, 100)
    change(&options)
    return options
  }

  /// The training batches of a run, each as the numbers of its windows.
  private func batches(_ options: TrainingOptions) throws -> [[Int]] {
    var options = options
    options.part = options.batch
    let model = BigramModel()
    _ = try Trainer(model, training: .centers([Self.pairs]), testing: nil, options).run { _ in }
    let windows = Self.pairs.indices.map { [Self.pairs[$0], Self.pairs[($0 + 1) % Self.pairs.count]] }
    return model.calls.filter(\.isTraining).map { call in call.tokens.compactMap { windows.firstIndex(of: $0) } }
  }

  /// `r = Random(SEED, "shuffle"); [r.permutation(16) for _ in range(3)]` of a xoshiro256** written in Python.
  @Test(arguments: [0, 9]) func everyEpochHasAnOrderOfItsOwnFromTheSeed(_ seed: UInt64) throws {
    let orders: [UInt64: [[Int]]] = [
      0: [
        [9, 5, 8, 7, 0, 6, 4, 10, 15, 1, 3, 13, 2, 14, 11, 12],
        [0, 7, 9, 2, 6, 1, 8, 13, 10, 11, 3, 12, 15, 14, 5, 4],
        [14, 5, 12, 7, 1, 0, 9, 4, 2, 6, 3, 8, 11, 10, 13, 15],
      ],
      9: [
        [6, 10, 12, 5, 13, 4, 9, 1, 7, 11, 2, 15, 3, 8, 0, 14],
        [8, 10, 9, 5, 13, 11, 3, 4, 1, 0, 15, 7, 12, 2, 14, 6],
        [4, 6, 7, 11, 14, 5, 10, 8, 3, 15, 1, 12, 2, 9, 0, 13],
      ],
    ]
    let expected = try #require(orders[seed]).flatMap { order in
      [Array(order[..<5]), Array(order[5..<10]), Array(order[10..<15]), [order[15]]]
    }
    #expect(try batches(options { $0.seed = seed }) == expected)
    // A run that ends within an epoch takes the same windows up to there.
    #expect(try batches(options { ($0.seed, $0.steps) = (seed, 6) }) == Array(expected[..<6]))
    #expect(try batches(options { ($0.seed, $0.epochs) = (seed, 1) }) == Array(expected[..<4]))
  }

  /// `Random(Random(5, "dropout", at: step).next(), "dropout", at: part).next()` of the same Python, for two steps of two parts.
  @Test func dropoutDrawsAnewInEveryStepAndPart() throws {
    let model = BigramModel()
    let options = options { ($0.seed, $0.batch, $0.steps) = (5, 16, 2) }
    _ = try Trainer(model, training: .centers([Self.pairs]), testing: nil, options).run { _ in }
    let training = model.calls.filter(\.isTraining)
    #expect(training.map(\.tokens.count) == [8, 8, 8, 8])
    #expect(
      training.map(\.draw) == [
        0xbe32_5c45_a9d9_ac9f, 0x4529_3d7c_2ce4_85d8, 0x57f0_ae42_84db_fbbb, 0x39bd_d0c2_654a_cb66,
      ])
  }

  /// Evaluations do not train, ask for the last token alone whatever the loss is of, and come before the first step, at every
  /// interval and behind the last step; an epoch has four steps.
  @Test(
    arguments: [
      (1, 4, [0, 1, 2, 3, 4]), (2, 5, [0, 2, 4, 5]), (3, 6, [0, 3, 6]), (4, 2, [0, 2]), (5, 11, [0, 5, 10, 11]),
      (.steps(1), 1, [0, 0.25, 0.5, 0.75, 1]), (.steps(3), 2, [0, 0.75, 1.5, 2]), (.steps(8), 3, [0, 2, 3]),
      (.steps(9), 1, [0, 1]),
    ] as [(EvaluationInterval, Int, [Double])], Positions.allCases)
  func evaluatesBeforeAtIntervalsAndBehind(
    _ run: (every: EvaluationInterval, epochs: Int, expected: [Double]), _ loss: Positions
  ) throws {
    let model = BigramModel()
    let options = options { ($0.every, $0.epochs, $0.positions) = (run.every, run.epochs, loss) }
    let rows = TokenSequences.centers([Self.pairs])
    let history = try Trainer(model, training: rows, testing: .centers([[1, 2, 3]]), options).run { _ in }
    #expect(history.map(\.epoch) == run.expected)
    let measured = model.calls.filter { !$0.isTraining }
    #expect(measured.allSatisfy { $0.positions == .last })
    // As many training windows as test windows, the same ones each time, then all test windows in their order.
    #expect(measured.map(\.tokens.count) == run.expected.flatMap { _ in [3, 3] })
    #expect(Set(stride(from: 0, to: measured.count, by: 2).map { measured[$0].tokens }).count == 1)
    for k in stride(from: 1, to: measured.count, by: 2) { #expect(measured[k].tokens == [[1, 2], [2, 3], [3, 1]]) }
    #expect(model.calls.filter(\.isTraining).allSatisfy { $0.positions == loss })
    #expect(model.records.map { $0.evaluations.map(\.epoch) } == [run.expected])
  }

  /// Without test rows 1024 training windows are measured, or all when there are fewer.
  @Test(arguments: [(1023, 1023), (1024, 1024), (1025, 1024)])
  func measuresOnAtMost1024TrainingWindows(_ count: (windows: Int, measured: Int)) throws {
    let model = BigramModel()
    let tokens = (0..<count.windows).map { UInt8($0 % 4) }
    let options = options { ($0.steps, $0.batch) = (1, 1) }
    let history = try Trainer(model, training: .centers([tokens]), testing: nil, options).run { _ in }
    #expect(model.calls.filter { !$0.isTraining }.reduce(0) { $0 + $1.tokens.count } == 2 * count.measured)
    #expect(history.count == 2 && history[0].test == nil)
  }

  /// Every step is told once without an evaluation or more, and an evaluation once, behind its step.
  @Test func tellsEveryStepAndEvaluation() throws {
    var told: [String] = []
    let options = options { ($0.epochs, $0.every) = (2, 1) }
    let rows = TokenSequences.centers([[0, 1, 2, 3, 0, 2, 1]])
    let trainer = try Trainer(BigramModel(), training: rows, testing: nil, options)
    let history = try trainer.run { progress in
      let line =
        "\(progress.step)/\(progress.steps) of \(progress.epoch)/\(progress.epochs)"
        + (progress.evaluation.map { " measured \($0.epoch)" } ?? "")
      if told.last != line { told.append(line) }
    }
    #expect(
      told == [
        "0/4 of 1/2 measured 0.0", "1/4 of 1/2", "2/4 of 1/2", "2/4 of 1/2 measured 1.0", "3/4 of 2/2",
        "4/4 of 2/2", "4/4 of 2/2 measured 2.0",
      ])
    #expect(history.count == 3)
  }

  /// A loss that stays or rises is one more without progress; a lower one than all before begins the count again.
  @Test(arguments: [
    (1, [2, 1, 1], 3), (1, [2, 2], 2), (2, [2, 2, 1.5, 1.6, 1.5], 5), (2, [2, 1, 1.5, 0.9, 1, 0.8, 0.9, 0.85], 8),
    (3, [1, 2, 1.5, 1.2], 4), (3, [1, 2, 1.5, 0.9, 2, 1, 0.9], 7),
  ])
  func endsWhenThePatienceIsOutAndNotBefore(_ run: (patience: Int, losses: [Float], count: Int)) throws {
    let options = options { ($0.epochs, $0.every, $0.patience) = (run.count + 3, 1, run.patience) }
    let rows = TokenSequences.centers([[0, 0, 0]])
    let going: [Float] = [0.1, 0.09, 0.08, 0.07]
    // Without test rows the loss on training windows counts.
    let alone = try Trainer(ToldModel(losses: run.losses + going), training: rows, testing: nil, options).run { _ in }
    #expect(alone.count == run.count)
    for (row, loss) in zip(alone, run.losses) { #expect(abs(row.train.loss - Double(loss)) < 1e-5) }
    // With test rows theirs alone does, be the other falling or rising.
    for sign: Float in [-1, 1] {
      let both = (run.losses + going).enumerated().flatMap { [3 + sign * Float($0) / 8, $1] }
      let history = try Trainer(ToldModel(losses: both), training: rows, testing: rows, options).run { _ in }
      #expect(history.count == run.count)
      for (row, loss) in zip(history, run.losses) { #expect(abs((row.test?.loss ?? 0) - Double(loss)) < 1e-5) }
    }
    // Without patience nothing ends early.
    let patient = self.options { ($0.epochs, $0.every) = (run.count + 3, 1) }
    #expect(
      try Trainer(ToldModel(losses: run.losses + going), training: rows, testing: nil, patient).run { _ in }.count
        == run.count + 4)
  }

  /// The first step of Adam is the rate times g / (|g| + eps), with the gradient g that a step of SGD of rate 1 shows.
  @Test(arguments: [OptimizerKind.adam, .adamW], [nil, 1e-8, 0.01, 0.5] as [Float?])
  func epsilonIsThatOfTheOptions(optimizer: OptimizerKind, epsilon: Float?) throws {
    func step(_ optimizer: OptimizerKind, _ rate: Float, _ epsilon: Float?) throws -> [Float] {
      let model = BigramModel()
      let options = options {
        ($0.optimizer, $0.rate, $0.epsilon, $0.weightDecay, $0.steps) = (optimizer, rate, epsilon, 0, 1)
      }
      let before = model.table.value.values
      _ = try Trainer(model, training: .centers([Self.pairs]), testing: nil, options).run { _ in }
      return zip(before, model.table.value.values).map { $0 - $1 }
    }
    let gradient = try step(.sgd, 1, nil)
    #expect(gradient.contains { abs($0) > 0.01 })
    for (found, g) in zip(try step(optimizer, 0.25, epsilon), gradient) where abs(g) > 1e-4 || g == 0 {
      #expect(abs(found - (g == 0 ? 0 : 0.25 * g / (abs(g) + (epsilon ?? 1e-8)))) < 1e-4)
    }
  }

  /// Six tokens, of which two are different: 6 / (2 * 4) for the one that is there four times, 6 / (2 * 2) for the other; one that
  /// never occurs has 0. Only their proportions matter, as the loss is divided by their sum.
  @Test func balancedWeightsAreThoseByHand() throws {
    let rows = TokenSequences.centers([[0, 0, 2, 0], [], [2, 0]])
    func weights(_ weights: ClassWeights) throws -> [[Float]] {
      let model = BigramModel()
      _ = try Trainer(model, training: rows, testing: nil, options { ($0.classWeights, $0.steps) = (weights, 3) })
        .run { _ in }
      return model.parameters.map(\.value.values)
    }
    #expect(try weights(.balanced) == weights(.numbers([0.75, 0, 1.5, 0])))
    #expect(try weights(.balanced) != weights(.numbers([0.75, 0, 0.75, 0])))
  }

  /// Whoever changes the weights behind the end keeps them, however often the run is told to finish.
  @Test func aRunFinishesOnce() throws {
    let model = BigramModel()
    let run = try Trainer(
      model, training: .centers([Self.pairs]), testing: nil, options { ($0.ema, $0.steps) = (0.5, 2) }
    )
    .start()
    while try run.next() != nil {}
    let trained = model.table.value.values
    run.finish()
    #expect(model.table.value.values != trained)
    model.table.update { $0[0] = 7 }
    run.finish()
    #expect(model.table.value.values[0] == 7)
  }

  /// The record names every option as scripts do, and the steps that were done.
  @Test func theRecordHoldsEveryOption() throws {
    let model = BigramModel()
    var options = TrainingOptions()
    (options.epochs, options.batch, options.rate, options.sequence, options.stride) = (3, 7, 0.03, 6, 2)
    (options.positions, options.weightDecay, options.schedule, options.warmup) = (.all, 0.2, .cosine, 4)
    (options.part, options.accumulate, options.optimizer, options.betas) = (3, 2, .muon, [0.5, 0])
    (options.momentum, options.decay, options.labelSmoothing, options.dropout) = (0.25, .matrices, 0.125, 0)
    (options.classWeights, options.ema, options.samples) = (.balanced, 0.75, 6)
    (options.clip, options.patience, options.every, options.seed, options.threads) = (1.5, 9, 8, 11, 2)
    _ = try Trainer(model, training: .centers([Self.pairs]), testing: nil, options).run { _ in }
    let record = try #require(model.records.first)
    #expect(model.records.count == 1 && record.steps == 3 && record.test == nil)
    let expected: [String: SettingValue] = [
      "epochs": .count(3), "batch": .count(7), "lr": .fraction(0.03), "sequence": .count(6), "stride": .count(2),
      "loss": .text("all"), "weight_decay": .fraction(0.2), "schedule": .text("cosine"), "warmup": .count(4),
      "part": .count(3), "clip": .fraction(1.5), "patience": .count(9), "every": .count(8), "seed": .count(11),
      "windows": .text("circular"), "accumulate": .count(2), "optimizer": .text("muon"),
      "betas": .list([.fraction(0.5), .count(0)]), "momentum": .fraction(0.25), "decay": .text("matrices"),
      "label_smoothing": .fraction(0.125), "dropout": .count(0), "class_weights": .text("balanced"),
      "ema": .fraction(0.75), "eps": .fraction(1e-8), "samples": .count(6),
    ]
    #expect(record.options == expected)
    #expect(record.data.rows == 1 && record.data.tokens == 16)
  }

  @Test func theDefaultsAreThoseOfTheDocs() {
    let options = TrainingOptions()
    #expect(options.epochs == 10 && options.steps == nil && options.batch == 32 && options.rate == 1e-3)
    #expect(options.sequence == nil && options.windows == nil && TrainingOptions.usualSequence == 128)
    #expect(options.stride == 32 && options.positions == .last)
    #expect(options.optimizer == .adamW && options.betas == nil && options.momentum == nil && options.decay == .all)
    #expect(options.accumulate == 1 && options.labelSmoothing == 0 && options.classWeights == nil)
    #expect(options.dropout == 0 && options.ema == nil && options.samples == nil && options.augment.isEmpty)
    #expect(options.weightDecay == nil && options.schedule == .constant && options.warmup == 0)
    #expect(
      options.clip == nil && options.patience == nil && options.every == 5 && options.seed == 0 && options.part == nil)
  }

  /// The tokens of a batch are those of its windows: 16 windows of 500 in each of three epochs. The time
  /// since the evaluation before, which the speed is over, is no longer than that between the two that rows tell.
  @Test func theSpeedIsThatOfTheTokensSinceTheEvaluationBefore() throws {
    let options = options { ($0.sequence, $0.positions) = (500, .all) }
    let rows = TokenSequences.centers([Self.pairs])
    let trainer = try Trainer(BigramModel(), training: rows, testing: .centers([[1]]), options)
    var last: TrainingProgress?
    let history = try trainer.run { last = $0 }
    #expect(history.map(\.epoch) == [0, 3])
    var before = 0.0
    for (row, tokens) in zip(history, [0.0, 24_000]) {
      #expect(row.tokensPerSecond * (row.seconds - before) >= tokens * 0.999)
      before = row.seconds
    }
    #expect(try #require(last).tokensPerSecond > 0)
  }
}
