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
  }

  @Test func takesTheBounds() throws {
    let changes: [(inout TrainingOptions) -> Void] = [
      { $0.steps = 1 }, { $0.batch = 1 }, { $0.batch = .init(Int32.max) }, { $0.sequence = 1 },
      { $0.stride = .init(Int32.max) }, { $0.every = 1 }, { $0.patience = 1 }, { $0.every = .steps(.max) },
      { $0.warmup = 0 },
      { $0.warmup = .max }, { $0.rate = .leastNonzeroMagnitude }, { $0.weightDecay = 0 },
      { $0.clip = .leastNonzeroMagnitude }, { $0.clip = .infinity },
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
    #expect(message == "the loss became nan at step 1; try a lower lr, or clip: 1")
  }
}
