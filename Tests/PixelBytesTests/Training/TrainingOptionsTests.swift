import PixelBytes
import Tensors
import Testing

/// What each option may be, at its bounds, and what a run says that cannot go on.
@Suite struct TrainingOptionsTests {
  private func trainer(
    _ model: any TokenModel = BigramModel(), _ change: (inout TrainingOptions) -> Void
  ) throws -> Trainer {
    var options = TrainingOptions()
    (options.sequence, options.stride, options.batch, options.epochs) = (2, 1, 2, 1)
    change(&options)
    return try Trainer(model, training: .centers([[0, 1, 2, 3]]), testing: nil, options)
  }

  private func refuses(_ message: String, _ change: (inout TrainingOptions) -> Void) {
    #expect(throws: ConfigurationError(message)) { _ = try trainer(BigramModel(), change) }
  }

  @Test func refusesWhatLiesOutside() {
    for wrong in [0, -1, 1 << 31] {
      let range = "must be from 1 to 2147483647, found \(wrong)"
      refuses("epochs \(range)") { $0.epochs = wrong }
      refuses("steps \(range)") { $0.steps = wrong }
      refuses("batch \(range)") { $0.batch = wrong }
      refuses("sequence \(range)") { $0.sequence = wrong }
      refuses("stride \(range)") { $0.stride = wrong }
      refuses("accumulate \(range)") { $0.accumulate = wrong }
      refuses("samples \(range)") { $0.samples = wrong }
    }
    refuses("every must be 1 or more, found 0") { $0.every = 0 }
    refuses("every must be 1 or more, found -2") { $0.every = .steps(-2) }
    refuses("patience must be 1 or more, found 0") { $0.patience = 0 }
    refuses("warmup must be 0 or more, found -1") { $0.warmup = -1 }
    refuses("lr must be more than 0, found 0") { $0.rate = 0 }
    refuses("lr must be more than 0, found -0.5") { $0.rate = -0.5 }
    refuses("lr must be more than 0, found inf") { $0.rate = .infinity }
    refuses("lr must be more than 0, found nan") { $0.rate = .nan }
    refuses("weight_decay must be 0 or more, found -0.5") { $0.weightDecay = -0.5 }
    refuses("weight_decay must be 0 or more, found nan") { $0.weightDecay = .nan }
    refuses("clip must be more than 0, found 0") { $0.clip = 0 }
    refuses("clip must be more than 0, found nan") { $0.clip = .nan }
    for (wrong, text) in [(-0.5, "-0.5"), (1, "1"), (.nan, "nan")] as [(Float, String)] {
      let range = "must be at least 0 and less than 1, found \(text)"
      refuses("momentum \(range)") { ($0.optimizer, $0.momentum) = (.sgd, wrong) }
      refuses("label_smoothing \(range)") { $0.labelSmoothing = wrong }
      refuses("dropout \(range)") { $0.dropout = wrong }
      refuses("ema \(range)") { $0.ema = wrong }
      refuses("numbers of betas \(range)") { $0.betas = [0.5, Double(wrong)] }
    }
    refuses("betas must be 2 numbers, found 3") { $0.betas = [0.1, 0.2, 0.3] }
    refuses("numbers of class_weights must be 0 or more, found -1") { $0.classWeights = .numbers([1, -1, 1, 1]) }
    refuses("class_weights are all 0, so that no token counts") { $0.classWeights = .numbers([0, 0, 0, 0]) }
    for numbers in [[1, 2, 3], [], [1, 1, 1, 1, 1]] as [[Double]] {
      refuses("class_weights must be 4 numbers, one for each token, found \(numbers.count)") {
        $0.classWeights = .numbers(numbers)
      }
    }
  }

  /// Each optimizer tells each of its numbers, by the names of the options.
  @Test func optimizersTellTheirNumbers() {
    let numbers: [(OptimizerRule, [String], [SettingValue])] = [
      (
        .adamW(beta1: 0.1, beta2: 0.2, epsilon: 0.3, weightDecay: 0.4), ["betas", "eps", "weight_decay"],
        [.text("adamw"), .list([.fraction(0.1), .fraction(0.2)]), .fraction(0.3), .fraction(0.4)]
      ),
      (
        .adam(beta1: 0.1, beta2: 0.2, epsilon: 0.3, weightDecay: 0.4), ["betas", "eps", "weight_decay"],
        [.text("adam"), .list([.fraction(0.1), .fraction(0.2)]), .fraction(0.3), .fraction(0.4)]
      ),
      (
        .sgd(momentum: 0.1, weightDecay: 0.2), ["momentum", "weight_decay"],
        [.text("sgd"), .fraction(0.1), .fraction(0.2)]
      ),
      (
        .lion(beta1: 0.1, beta2: 0.2, weightDecay: 0.3), ["betas", "weight_decay"],
        [.text("lion"), .list([.fraction(0.1), .fraction(0.2)]), .fraction(0.3)]
      ),
      (
        .muon(momentum: 0.1, beta1: 0.2, beta2: 0.3, epsilon: 0.4, weightDecay: 0.5),
        ["momentum", "betas", "eps", "weight_decay"],
        [
          .text("muon"), .fraction(0.1), .list([.fraction(0.2), .fraction(0.3)]), .fraction(0.4), .fraction(0.5),
        ]
      ),
    ]
    for (rule, names, values) in numbers {
      #expect(rule.options.map(\.name) == ["optimizer"] + names)
      #expect(rule.options.map(\.value) == values)
    }
  }

  /// What an optimizer does not have cannot be set, and what nobody sets is what it has.
  @Test func optimizersHaveNumbersOfTheirOwn() throws {
    refuses("the optimizer \"sgd\" has no betas") { ($0.optimizer, $0.betas) = (.sgd, [0.9, 0.99]) }
    for kind in [OptimizerKind.adamW, .adam, .lion] {
      refuses("the optimizer \"\(kind.rawValue)\" has no momentum") { ($0.optimizer, $0.momentum) = (kind, 0.9) }
    }
    let expected: [OptimizerKind: [String: SettingValue]] = [
      .adamW: ["betas": .list([.fraction(0.9), .fraction(0.999)]), "weight_decay": .fraction(0.01)],
      .adam: ["betas": .list([.fraction(0.9), .fraction(0.999)]), "weight_decay": .count(0)],
      .sgd: ["momentum": .count(0), "weight_decay": .count(0)],
      .lion: ["betas": .list([.fraction(0.9), .fraction(0.99)]), "weight_decay": .fraction(0.01)],
      .muon: [
        "betas": .list([.fraction(0.9), .fraction(0.999)]), "momentum": .fraction(0.95),
        "weight_decay": .fraction(0.01),
      ],
    ]
    for kind in OptimizerKind.allCases {
      let model = BigramModel()
      _ = try trainer(model) { $0.optimizer = kind }.run { _ in }
      let told = try #require(model.records.first).options
      #expect(told["optimizer"] == .text(kind.rawValue))
      #expect(told.filter { ["betas", "momentum", "weight_decay"].contains($0.key) } == expected[kind])
    }
  }

  @Test func someOptionsNeedOneKindOfModelOrLoss() throws {
    refuses(
      "dropout needs a model of a family, whose embedding it clears; among layers it is one of them"
    ) { $0.dropout = 0.1 }
    for change in [{ $0.labelSmoothing = 0.1 }, { $0.classWeights = .balanced }]
      as [(inout TrainingOptions) -> Void]
    {
      var options = TrainingOptions()
      change(&options)
      #expect(throws: ConfigurationError("label_smoothing and class_weights are of the loss of the next token")) {
        try Trainer(
          BigramModel(), training: .centers([[0, 1, 2, 3]]), testing: nil, options, objective: NextToken(.last))
      }
    }
  }

  /// So many batches are one batch of so many times the windows, to the bit, dropout and the last step of an epoch included.
  @Test func accumulatedBatchesAreOneLargeOne() throws {
    func weights(_ batch: Int, _ accumulate: Int) throws -> [[Float]] {
      let family = TransformerFamily(heads: 1, dropout: 0.3, isCausal: true)
      let model = try SequenceModel(try ModelConfiguration(family, width: 9, depth: 1), seed: 3)
      var options = TrainingOptions()
      (options.sequence, options.stride, options.epochs, options.dropout) = (6, 1, 2, 0.1)
      (options.batch, options.accumulate, options.threads) = (batch, accumulate, 2)
      let rows = TokenSequences(["abcdefgh", "a cat, a bat.", "0123456789"].map { Tokenizer().encode(text: $0) })
      _ = try Trainer(model, training: rows, testing: nil, options).run { _ in }
      return model.parameters.map(\.value.values)
    }
    #expect(try weights(10, 2) == weights(20, 1) && weights(5, 4) == weights(20, 1))
    #expect(try weights(10, 1) != weights(20, 1))
  }

  @Test func takesTheBounds() throws {
    let changes: [(inout TrainingOptions) -> Void] = [
      { $0.steps = 1 }, { $0.batch = 1 }, { $0.batch = .init(Int32.max) }, { $0.sequence = 1 },
      { $0.stride = .init(Int32.max) }, { $0.every = 1 }, { $0.patience = 1 }, { $0.every = .steps(.max) },
      { $0.warmup = 0 },
      { $0.warmup = .max }, { $0.rate = .leastNonzeroMagnitude }, { $0.weightDecay = 0 },
      { $0.clip = .leastNonzeroMagnitude }, { $0.clip = .infinity }, { $0.accumulate = .init(Int32.max) },
      { ($0.batch, $0.accumulate) = (.init(Int32.max), .init(Int32.max)) }, { $0.samples = 1 },
      { $0.samples = .init(Int32.max) }, { $0.ema = 0 }, { $0.ema = 1 - .ulpOfOne }, { $0.betas = [0, 0] },
      { ($0.optimizer, $0.momentum) = (.muon, 0) }, { $0.labelSmoothing = 1 - .ulpOfOne },
      { $0.classWeights = .numbers([0, 0, 0, 1e-30]) },
    ]
    for change in changes { #expect(try trainer(BigramModel(), change).run { _ in }.count == 2) }
  }

  @Test func refusesRowsWithoutTokens() throws {
    for rows in [[], [[]], [[], []]] as [[[UInt8]]] {
      #expect(throws: ConfigurationError("there are no tokens to train on")) {
        try Trainer(BigramModel(), training: .centers(rows), testing: nil, TrainingOptions())
      }
      #expect(throws: ConfigurationError("there are no tokens to validate on")) {
        try Trainer(BigramModel(), training: .centers([[1]]), testing: .centers(rows), TrainingOptions())
      }
    }
  }

  /// The step that found no number is told, counted from 1, and it leaves the weights of the one before; a run without a
  /// whole step leaves no record.
  @Test(arguments: [1, 2, 3]) func aLossThatIsNoNumberEndsTheRun(_ wrong: Int) throws {
    let model = BigramModel()
    let trainer = try trainer(model) { ($0.epochs, $0.every) = (4, 100) }
    var weights: [Float] = []
    func poison(_ step: Int) {
      guard step == wrong - 1 else { return }
      weights = model.bias.value.values
      model.table.update { values in for k in values.indices { values[k] = .nan } }
    }
    poison(0)
    #expect(
      throws: TrainingError.self, "at step \(wrong)",
      performing: { _ = try trainer.run { poison($0.step) } })
    #expect(model.bias.value.values == weights)
    #expect(model.records.map(\.steps) == (wrong == 1 ? [] : [wrong - 1]))
  }

  @Test func theErrorNamesTheStep() throws {
    let model = BigramModel()
    model.table.update { values in for k in values.indices { values[k] = .nan } }
    var message = ""
    do { _ = try trainer(model) { _ in }.run { _ in } } catch { message = "\(error)" }
    #expect(message == "the train loss is nan in the evaluation after step 0, before the model has learned anything")
  }
}
